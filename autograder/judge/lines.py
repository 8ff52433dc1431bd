"""Which lines of a test cell led to what runs, or to what failed."""

import traceback
from collections.abc import Iterator
from types import FrameType

CELL = "<ipython-input-"  # the names of cells begin with it


def cell_lines(frame: FrameType | None) -> Iterator[int]:
    """List the lines of the test cell that led to a frame, from the last to the first."""
    while frame is not None:
        if frame.f_code.co_filename.startswith(CELL):
            yield frame.f_lineno
        frame = frame.f_back


def cell_line(frame: FrameType | None) -> int:
    """Find the first line of the test cell that led to a frame, 0 where none did."""
    return [0, *cell_lines(frame)][-1]


def failed_line(error: BaseException) -> int:
    """Find the line of the test cell at which an exception came up, 0 where there is none."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 0 for f in frames if f.filename.startswith(CELL)), 0)
