"""Why no sandbox could be made, and what to do about it."""

import re


class SandboxUnavailable(RuntimeError):
    """No sandbox can be made on this machine; the message says what to do."""


def refusal(message: str) -> SandboxUnavailable:
    """Explain what bubblewrap, or Python in it, printed when no learner's process started."""
    reason = next(text for pattern, text in REASONS if re.search(pattern, message, re.MULTILINE))
    text = message.strip() or "there was no message"
    return SandboxUnavailable(f"{reason.format(message=text)} {OTHERWISE}")


OTHERWISE = "Or grade with --no-sandbox if you trust every submission."
MISSING = (
    "bubblewrap is not installed, and without it a submission could read and change everything "
    "that you can. Install it (Debian, Ubuntu: apt-get install bubblewrap). " + OTHERWISE
)
UNCLEAR = (
    "Python needs {place}, which is also a folder to hide from submissions. Keep the class and the "
    "folder autograder/ apart from Python. " + OTHERWISE
)
TOO_OLD = (
    "bubblewrap is too old here: {message}\n"
    "It must know the options --perms and --clearenv, as version 0.5.0 of 2021 does. Install a "
    "newer one."
)
NO_TOOL = (
    "As root, the sandbox starts with the commands setpriv (of util-linux) and bwrap below /usr, "
    "and one of them is not there: {message}\n"
    "Install it there, or grade as an ordinary user."
)
UNREADABLE = (
    "bubblewrap works, but the user that submissions run as may not read Python: {message}\n"
    "Started by root, that is the user nobody, and the files of Python and its packages must be "
    "readable for all (chmod -R a+rX on their folder); otherwise it is you."
)
NOT_SHOWN = (
    "bubblewrap works, but could not show a file or folder that Python needs: {message}\n"
    "Move Python and the virtual environment to a disk of this machine, or grade as the user who "
    "owns them."
)
ADVICE = (
    "The sandbox shows /usr and the places that Python itself names: sys.prefix, sys.base_prefix, "
    "sys.executable and the folders of packages in sys.path. Started by root, it needs them "
    "readable for all. Make a virtual environment from a Python that needs nothing else, install "
    "requirements.txt in it, and grade with that."
)
NO_PYTHON = "bubblewrap works, but Python is not found in the sandbox: {message}\n" + ADVICE
NOT_WHOLE = (
    "bubblewrap works and Python starts in the sandbox, but something that it needs is missing "
    "there: {message}\n" + ADVICE
)
REFUSED = (
    "bubblewrap could not make a sandbox here: {message}\n"
    "Often user namespaces are switched off: sysctl kernel.unprivileged_userns_clone=1 or "
    "kernel.apparmor_restrict_unprivileged_userns=0 allows them, user.max_user_namespaces limits "
    "their number; in a container its runtime must allow them."
)
REASONS = (
    (r"^bwrap: Unknown option", TOO_OLD),
    (r"^bwrap: execvp (setpriv|bwrap)\b|^setpriv: failed to execute", NO_TOOL),
    (r"^bwrap: execvp .*: Permission denied$", UNREADABLE),
    (r"^bwrap: execvp ", NO_PYTHON),
    (r"^bwrap: Can't (find source path|get type of source)", NOT_SHOWN),
    (r"^bwrap: |inside/namespaces\.py|\A\s*\Z", REFUSED),
    (r"", NOT_WHOLE),
)
"""What a message holds, and what it means; the first that fits."""
