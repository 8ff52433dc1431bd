"""JupyterHub's settings: `python -m hub` starts it with them."""

import os
import sys

from hub import COURSE, accounts, instructor
from hub.settings import read_settings
from hub.spawner import AccountSpawner

settings = read_settings()
programs = settings.environment / "bin"
learners = set(accounts.members(settings.group)) - {settings.instructor}
if settings.learners:
    learners &= set(accounts.read_list(settings.learners))
people = learners | {settings.instructor}

c = get_config()  # noqa: F821 (JupyterHub defines it)

# What the Hub starts for itself ends with it, however it ends; learners' servers go on.
with_the_hub = ["setpriv", "--pdeathsig", "KILL"]

# Where it is reached. The Hub and the proxy's own interface stay on this machine.
scheme = "https" if settings.tls else "http"
c.JupyterHub.bind_url = f"{scheme}://{settings.address}:{settings.port}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{settings.port + 1}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings.port + 2}"
proxy = "from hub.proxy import main; main()"
c.ConfigurableHTTPProxy.command = [*with_the_hub, sys.executable, "-c", proxy]

# What is kept from one start to the next.
c.JupyterHub.db_url = f"sqlite:///{settings.state / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(settings.state / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(settings.state / "proxy.pid")

# Who may sign in: those on the list, with a password that they choose the first time, or the
# accounts of the class's group, with those that they have.
c.Authenticator.allowed_users = people
c.Authenticator.admin_users = {settings.instructor}
c.Authenticator.allow_existing_users = False
if settings.learners:
    c.JupyterHub.authenticator_class = "firstuseauthenticator.FirstUseAuthenticator"
    c.FirstUseAuthenticator.dbm_path = str(settings.state / "passwords")
    c.FirstUseAuthenticator.create_users = False
else:
    c.JupyterHub.authenticator_class = "pam"

# Their servers.
home = instructor.folder(settings.instructor)
c.JupyterHub.spawner_class = AccountSpawner
c.AccountSpawner.people = people
c.AccountSpawner.mem_limit = settings.memory
c.AccountSpawner.cpu_limit = float(settings.processors)
c.AccountSpawner.cmd = [str(programs / "jupyterhub-singleuser")]
c.AccountSpawner.default_url = "/lab"
# A login shell, which terminals start by themselves, would set PATH anew.
c.AccountSpawner.args = ["--ServerApp.terminado_settings=shell_command=/bin/bash"]
c.AccountSpawner.env_keep = ["LANG", "LC_ALL"]
c.AccountSpawner.environment = {
    "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
    "HUB_SHARE": str(settings.share),
    "COURSE_EXCHANGE": str(settings.exchange),
    "JUPYTER_CONFIG_PATH": str(settings.share / "learners"),
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}
# Idle is what has not been used for so long; use is noted four times in that time.
noted = max(1, min(300, settings.idle // 4))
c.JupyterHub.last_activity_interval = noted
c.AccountSpawner.environment["JUPYTERHUB_ACTIVITY_INTERVAL"] = str(noted)

c.AccountSpawner.instructor = settings.instructor
c.AccountSpawner.instructor_folder = str(home)
c.AccountSpawner.instructor_environment = {
    "COURSE_CLASS": "class",
    "COURSE_BOOK": os.environ.get("COURSE_BOOK", "http://127.0.0.1:8000/book/"),
    "JUPYTER_CONFIG_PATH": str(home),
}
c.AccountSpawner.start_timeout = 120
c.AccountSpawner.http_timeout = 120

service = [*with_the_hub, sys.executable, "-m"]
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [*service, "jupyterhub_idle_culler", f"--timeout={settings.idle}"],
    },
    {
        "name": "limits",
        "command": [*service, "hub", "limits"],
        "cwd": str(COURSE),
        "environment": {name: os.environ[name] for name in os.environ if name.startswith("HUB_")},
    },
]
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "services": ["idle-culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    }
]
