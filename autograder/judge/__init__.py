"""The trusted side: executes a notebook; the instructor's cells run here, the learner's inside.

From a job to the learner's function and back, from the top down:

job              all that a judge needs to execute a notebook, and what becomes of it
pool             starts judges on this machine and hands them jobs; process: where judges come from
execution        executes one notebook, cell by cell, on the right side of the wall
instructor_side  runs the instructor's cells; replay: what a test cell asked of a right answer,
                 alone: whether that says all; recordings: that as bytes;
                 hidden_lines: what no output may show
learners_names   which names are the learner's; names: what names code uses and defines
stand_ins        what a test cell holds in place of the learner's functions, classes and values
caller           carries a stand-in's call to the learner's code, and what came of it back;
                 own_functions: the test's, which it calls back; exceptions: raises its errors;
                 randomness: how a test seeds random numbers; filters: whose decide on warnings
learner_side     runs the learner's cells in a sandbox, asks it, and replaces it where it is lost
outputs          which outputs of the learner's are kept
"""
