"""The command line of the Hub: `python -m hub --help`."""

import argparse
import json
import os
import sys
from contextlib import suppress

from hub import COURSE, HubError
from hub.settings import Settings, read_settings


def start(settings: Settings) -> None:
    """Prepare the machine, and become JupyterHub."""
    from hub.passwords import first_password
    from hub.prepare import prepare

    prepare(settings)
    if settings.learners:
        password = first_password(settings.state / "passwords", settings.instructor)
        if password:
            print(f"{settings.instructor} signs in with the password {password}")
            print("It is shown once. To change it: /hub/auth/change-password")
    # The last proxy ended with the last Hub. JupyterHub would wait for it where it is a zombie.
    (settings.state / "proxy.pid").unlink(missing_ok=True)
    scheme = "https" if settings.tls else "http"
    print(f"The Hub: {scheme}://{settings.address}:{settings.port} (Ctrl-C stops)", flush=True)
    os.chdir(COURSE)
    program = str(settings.environment / "bin" / "jupyterhub")
    os.umask(0o022)
    os.environ["PATH"] = f"{settings.environment / 'bin'}:{os.environ['PATH']}"
    os.environ["PYTHONPATH"] = str(COURSE)
    os.execv(program, [program, "--config", str(COURSE / "hub" / "jupyterhub_config.py")])


def print_values(settings: Settings) -> None:
    """Print the values of a class on a cluster; JSON is YAML, too."""
    from hub.accounts import read_list
    from hub.cluster import class_values

    if not settings.learners:
        raise HubError("HUB_LEARNERS is not set. Give the path of the list of learners.")
    values = class_values(read_list(settings.learners), settings.instructor)
    print(json.dumps(values, indent=2))


def main() -> None:
    """Do what the command line says. Raises SystemExit where the Hub cannot start."""
    parser = argparse.ArgumentParser("python -m hub", description="A Hub for a class.")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("limits", help="keep learners within their limits; the Hub starts it")
    commands.add_parser("share", help="write what all servers read; the image for a cluster does")
    commands.add_parser("values", help="print the class as values for Zero to JupyterHub")
    command = parser.parse_args().command
    try:
        if command == "values":
            print_values(read_settings())
        elif os.geteuid():
            raise HubError(
                "The Hub starts each server under the account of its learner, which only root may "
                "do. Please type: sudo HUB_LEARNERS=learners.csv make hub"
            )
        elif command == "limits":
            from hub.limits import watch

            with suppress(KeyboardInterrupt):  # with which the Hub's terminal ends them all
                watch(read_settings())
        elif command == "share":
            from hub.prepare import share

            share(read_settings())
        else:
            start(read_settings())
    except HubError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
