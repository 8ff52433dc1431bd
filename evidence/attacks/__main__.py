"""Attacks stock nbgrader and this grader; `python -m evidence.attacks` writes the table."""

from evidence.attacks.outcomes import TABLE, table

if __name__ == "__main__":
    rows = table()
    TABLE.touch()  # for make
    for name, column in (("stock nbgrader", "stock"), ("this grader", "ours")):
        print(f"{name}: {sum(bool(row[column]) for row in rows)} of {len(rows)} got through")
