"""Attacks: submissions that want more than their answers deserve, against stock nbgrader and this.

attack      what an attack is, and how it changes an honest submission
victim      the assignments that are attacked, the course around them, and what is secret in it
asserts, reach, endings, notebooks
            the attacks
bank        all of them
service     something on the machine that no submission should reach
promises    what a submission must not do, and which of that it did
ours        grades them all by the class tool
outcomes    both, measured once
stock       grades them one by one by stock nbgrader, in a cage; caged: what runs in there

`python -m evidence.attacks` runs both and writes build/attacks.json, for the book's page on it.
"""
