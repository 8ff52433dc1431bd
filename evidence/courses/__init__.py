"""Assignments like those of other people's courses, each graded here and by nbgrader alone.

assignments   reads them from the Markdown files beside it, a folder for each kind of course
throwaway     a course of them in a folder that is thrown away, with what learners hand in
stock         nbgrader's points of every graded cell
here          this grader's points of the same cells
comparison    where the two differ
record        keeps all this in evidence/courses.json

A file is a notebook: texts, and blocks of code, each marked with its role.

    python                      a cell that nbgrader does not know
    python locked ID            a locked cell without points
    python answer ID            the learner's cell, with the instructor's solution
    python test ID POINTS       a locked cell with points; `together` where it has to run in the
                                learner's process
    python partly ID            what the partly right submission has in place of the answer ID
    python other ID             another right answer
    text file NAME              a file beside the notebook; any language will do
"""
