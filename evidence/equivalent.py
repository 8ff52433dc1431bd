"""Mutants that no allowed input tells from the solution, each with the reason."""

EQUIVALENT: dict[tuple[str, str], dict[str, str]] = {}
