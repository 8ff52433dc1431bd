"""What readers and learners get, and what builds it. `python -m course --help` lists the commands.

curriculum         the assignments in the order of the course, and where the book treats what
checks/            compares a learner's function with Keras
exercises          solutions/ to exercises/; release: exercises/ to zip files
book               book/ to pages; pages: executes their cells; reads: which files these open
headings           makes sections of the headings that a page's cells write
steps              does again only what has to be; fingerprint: tells what changed
nbgrader_commands  runs nbgrader's commands side by side
readme             the parts of README that commands write
"""

from pathlib import Path

COURSE = Path(__file__).resolve().parents[1]
"""The folder of the course."""
