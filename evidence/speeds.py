"""README's table of speeds, written from the records of the attacks and of the bench."""

from course.generated import README, fill
from evidence import records


def table() -> str:
    """Write the table. Raises FileNotFoundError, with the command to type, without a record."""
    attacks, bench, tab = (records.read(name) for name in ("attacks", "bench", "tab"))
    one, compared = bench["one"], bench["compared"]
    minutes, seconds = divmod(attacks["seconds"], 60)
    count = compared["submissions"]
    rows = {
        f"{len(attacks['attacks'])} attacks, on nbgrader alone and on this grader": (
            f"{minutes} min {seconds} s"
        ),
        f"grading lstm-gates by nbgrader, {count} submissions in one command": (
            f"{compared['nbgrader']:.1f} s per submission"
        ),
        "the same by this grader, its start included": (
            f"{compared['autograder']:.2f} s per submission"
        ),
        "one submission, cold and with warm judges": f"{one['cold']:.1f} s and {one['warm']:.1f} s",
        f"the first check in a browser tab, which loads {tab['bytes'] / 1e6:.0f} MB": (
            f"{tab['cold']:.1f} s, and {tab['warm']:.1f} s at the next visit"
        ),
        "a later check there": f"{tab['later']:.2f} s",
    }
    lines = [f"| {what} | {time} |" for what, time in rows.items()]
    processors = bench["measured"]["processors"]
    return "\n".join([f"On {processors} processors:", "", "| | |", "|---|---|", *lines])


def update_readme() -> None:
    """Bring README's table in step with the records."""
    fill(README, "speeds", f"\n{table()}\n\n")
