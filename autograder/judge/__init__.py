"""Split execution: the learner's cells run in a sandbox, the instructor's cells in a judge.

execute       nbgrader's seam: the preprocessor that stands in place of nbgrader's Execute
master, job   what the instructor's notebook says; all that a judge needs to execute a submission
judges        starts judges on this machine and hands them jobs; judge: such a process
notebook      executes one notebook, cell by cell, on the right side of the wall
learner_side  runs the learner's cells in a sandbox, and revives it; limits
sandbox       talks to a learner's process, watches its limits, and ends it
bubblewrap    the wall, in which a fork server makes learners' processes; unconfined: without a wall
seccomp       what a learner's process may not ask of the kernel
judge_side    runs the instructor's cells; stand_ins: what it holds in place of learners' functions
memory        what a test cell asked of a right answer, so that Keras need not answer again
names         what names code uses and defines; outputs: which outputs of learners are kept
"""
