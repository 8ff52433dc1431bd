"""Measures what the course claims. The pages and the README read their figures from the records.

banks         wrong and right implementations of the graded functions, to test the checks
realistic     wrong answers as learners write them: how often a message names the mistake
check_cells   runs them against the check cells
mutants       small changes to any source, one at each place
survivors     runs the mutants of the solutions against the check cells
equivalent    mutants that do what the solution does, with the reason
sample_class  made-up learners in nbgrader's whole loop
attacks       submissions that try to get more than they deserve
courses       assignments like those of other people's courses, graded by nbgrader and here
bench         how fast the grader is
lighthouse    how fast and how accessible each page of the book is on a telephone
capacity      how the grader scales to a class of 10,000
stock         nbgrader's own execution, with which the grader is compared
records       reads and writes the JSON files of measurements, with the versions used
browser       Chromium and a server, for the pictures and for the tests of pages
pictures      the pictures of the README
speeds        README's table of them

`python -m evidence attacks` and `python -m evidence bench` measure, write the record, and bring the
README's table in step. The pages of the book read the records when they are built.
"""
