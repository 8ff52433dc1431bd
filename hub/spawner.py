"""Starts servers under the accounts of their users: learners' with limits, the instructor's not."""

import os
import pwd
from collections.abc import Callable

from jupyterhub.spawner import LocalProcessSpawner
from traitlets import Dict, Set, Unicode

from hub import HubError
from hub.accounts import close_home
from hub.in_memory import FOLDERS, own_folders
from hub.limits import bound


class AccountSpawner(LocalProcessSpawner):
    """A server under an account of the system."""

    people = Set(help="The accounts of the class, with the instructor's.").tag(config=True)
    instructor = Unicode(help="The account of the instructor.").tag(config=True)
    instructor_folder = Unicode(help="Where the instructor's server begins.").tag(config=True)
    instructor_environment = Dict(help="Variables for the instructor alone.").tag(config=True)

    @property
    def _is_instructor(self) -> bool:
        return self.user.name == self.instructor

    def make_preexec_fn(self, name: str) -> Callable[[], None]:
        """Return what the new process does before it becomes the server."""
        become_user = super().make_preexec_fn(name)
        if self._is_instructor:
            return become_user
        account = pwd.getpwnam(name).pw_uid
        memory, processors = self.mem_limit, int(self.cpu_limit)

        def begin() -> None:
            bound(account, memory, processors)
            try:
                own_folders(memory)
            except OSError as error:
                print(f"{name} shares {' and '.join(FOLDERS)} with all: {error}", flush=True)
            os.umask(0o077)  # nobody reads what they write outside their home, as in /tmp
            become_user()

        return begin

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """Add variables of the user's own."""
        variables = super().user_env(env)
        return variables | self.instructor_environment if self._is_instructor else variables

    async def start(self) -> tuple[str, int]:
        """Start the server; nobody else enters the home of its user.

        Raises HubError for anybody who is not of the class: an administrator of the Hub can add any
        name to it, and would get a shell under the account of that name.
        """
        if self.user.name not in self.people:
            raise HubError(
                f"{self.user.name} is not in this class, so the Hub starts no server for them. Add "
                "them to the list of learners or to the group, and start the Hub again."
            )
        close_home(self.user.name)
        if self._is_instructor:
            self.notebook_dir = self.instructor_folder
        return await super().start()
