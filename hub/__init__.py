"""A Hub for a class on one machine: JupyterHub with nbgrader, an account for each learner."""

from pathlib import Path

COURSE = Path(__file__).resolve().parent.parent
COURSE_ID = "lstm"
"""The course's id, as nbgrader_config.py has it."""


class HubError(Exception):
    """What keeps the Hub from starting, and what to do about it."""
