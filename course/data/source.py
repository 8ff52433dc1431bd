"""What is known of a file of data, for whoever reads or uses it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where the data of a file comes from, in words. Each text is a paragraph of Markdown.

    file: its name. content: what it holds, with shapes and units. origin: who made the data, and
    the package that it was taken from. licence: what is known of it. changes: what was done here.
    """

    file: str
    content: str
    origin: str
    licence: str
    changes: str

    def markdown(self) -> str:
        """Describe the file as a section of a README."""
        return (
            f"## {self.file}\n\n{self.content}\n\n**Source.** {self.origin}\n\n"
            f"**Licence.** {self.licence}\n\n**What was done.** {self.changes}\n"
        )
