"""What readers and learners get, and what builds it. `python -m course --help` lists the commands.

curriculum         the assignments in the order of the course, and where the book treats what
checks/            compares a learner's function with Keras
exercises          makes exercises/ from solutions/
browser/           the course in a browser tab: records the checks, and what replays them there
release            packs exercises/ into zip files
book               builds the pages of book/
pages              executes the cells of pages; reads: notes which files they open
print/             the book as a PDF and an EPUB, made from the built pages
contents           the table of contents by its parts, for readers and for instructors
searchable         keeps the instructors' pages out of the readers' search
visible_code/      finds out which code of a page runs in the page, and marks it
quiz/              reads the quizzes of a page, and shows them
headings           turns the headings that a page's cells write into sections
steps              repeats only the steps that have to be repeated
fingerprint        hashes files and the environment, to tell what changed
nbgrader_commands  runs nbgrader's commands side by side
generated          the parts of README and of the table of contents that commands write
"""

from pathlib import Path

COURSE = Path(__file__).resolve().parents[1]
"""The folder of the course."""
