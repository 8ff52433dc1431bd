"""Attacks: submissions that want more than their answers deserve, on stock nbgrader and on this.

attack      what an attack is, and how it changes an honest submission
victim      the assignments that are attacked, the course around them, and what is secret in it
asserts, reach, endings, notebooks
            the attacks
bank        all of them
service     something on the machine that no submission should reach
promises    what a submission must not do, and which of that it did
ours        grades them all with this grader, in one class
outcomes    what that came to, measured once for the same sources
stock       grades them one by one with stock nbgrader, in a cage; caged: what runs in there
record      both, as kept in evidence/attacks.json, and whether that is still true

`python -m evidence attacks` measures both sides and writes the record, which the book's page on the
attacks shows. The tests measure this grader's side again, and hold the record against the bank.
"""
