"""The course's machinery: checks for notebooks, and the tools that build and grade the course."""

from pathlib import Path

COURSE = Path(__file__).resolve().parents[1]
"""The folder of the course."""
