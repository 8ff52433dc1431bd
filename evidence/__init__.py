"""What the course's claims are measured with. What a page or the README says was measured is read
from here.

banks         wrong and right implementations of the graded functions: what the checks find
realistic     wrong answers as learners write them: how often a message names the mistake
check_cells   runs them against the check cells
mutants       small changes to any source, one at each place
survivors     runs the mutants of the solutions against the check cells
equivalent    mutants that do what the solution does, with the reason
sample_class  made-up learners in nbgrader's whole loop: what a class gets
attacks       submissions that want more than they deserve: what the grader withstands
courses       assignments as other people's courses have them, graded by nbgrader and here
bench         how fast the grader is
stock         nbgrader's own execution, with which the grader is compared
records       measurements that are kept: JSON files beside this one, with the versions used
browser       Chromium and a server, for the pictures and for the tests of pages
pictures      the pictures of the README
speeds        README's table of them

`python -m evidence attacks` and `python -m evidence bench` measure, write the record, and bring the
README's table in step. The pages of the book read the records when they are built.
"""
