"""Says which cases of a test belong to the lane of `make test-long`."""

from collections.abc import Collection, Iterable

import pytest


def long_but(soon: Collection, cases: Iterable) -> list:
    """Make parameters of cases, each a value or a tuple of them; mark `long` all but `soon`."""
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=[] if case in soon else [pytest.mark.long],
        )
        for case in cases
    ]
