"""Attacks: submissions that try to get more than their answers deserve, from nbgrader and from us.

attack      what an attack is, and how it changes an honest submission
victim      the assignments that are attacked, the course around them, and its secrets
asserts, reach, endings, notebooks
            the attacks
bank        all of them
service     something on the machine that no submission should reach
promises    what a submission must not do, and which promises it broke
ours        grades all attacks with this grader, in one class
outcomes    their outcomes, measured once for the same sources
stock       grades them one by one with stock nbgrader, in a cage; caged runs inside it
record      both graders' outcomes, kept in evidence/attacks.json, and whether they are up to date

`python -m evidence attacks` measures both sides and writes the record, which the book's page on the
attacks shows. The tests measure this grader's side again, and hold the record against the bank.
"""
