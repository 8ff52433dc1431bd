"""Names the files of the LTI tool, and says which of the two users writes each.

The grader's user owns the class's folder and `lti/` in it. The user of the web application owns
`submitted/` and `lti/tool/`.
"""

from dataclasses import dataclass
from pathlib import Path

from autograder.settings import Settings


@dataclass(frozen=True)
class Places:
    """The files of the LTI tool of one class. folder: of the class. submitted: nbgrader's."""

    folder: Path
    submitted: Path

    @property
    def grader(self) -> Path:
        """What the grader's user writes; the web application reads some of it."""
        return self.folder / "lti"

    @property
    def registrations(self) -> Path:
        """The platforms that may launch the tool."""
        return self.grader / "registrations.json"

    @property
    def public_keys(self) -> Path:
        """The tool's public key, for platforms."""
        return self.grader / "public.json"

    @property
    def private_key(self) -> Path:
        """The tool's private key, for the grader's user alone."""
        return self.grader / "private" / "key.pem"

    @property
    def outbox(self) -> Path:
        """Scores to be sent, for the grader's user alone."""
        return self.grader / "private" / "outbox"

    @property
    def invitation(self) -> Path:
        """What somebody must show who registers a platform."""
        return self.grader / "invitation.json"

    @property
    def signer(self) -> Path:
        """The socket at which the grader's user signs choices of assignments."""
        return self.grader / "signer.socket"

    @property
    def tool(self) -> Path:
        """What the web application writes besides submissions."""
        return self.folder / "lti" / "tool"

    @property
    def secret(self) -> Path:
        """What the web application seals cookies with."""
        return self.tool / "secret"

    @property
    def waiting(self) -> Path:
        """Registrations that wait for the instructor to accept them."""
        return self.tool / "waiting"

    def arrival(self, assignment: str, learner: str) -> Path:
        """The note on who handed in, and where the score belongs."""
        return self.tool / "arrivals" / assignment / f"{learner}.json"

    def submission(self, assignment: str, learner: str) -> Path:
        """The folder of a submission, as nbgrader collects it."""
        return self.submitted / learner / assignment


def places_of(settings: Settings) -> Places:
    """Name the files of a class."""
    return Places(settings.class_folder, settings.class_folder / "submitted")
