"""What readers and learners get: the curriculum, the checks, and what builds book and exercises."""

from pathlib import Path

COURSE = Path(__file__).resolve().parents[1]
"""The folder of the course."""
