"""All that enters the wall. It imports nothing of the rest of the grader.

forkserver   the warm process that forks learners' processes; namespaces: their walls
memory       how much memory processes take up
responder    a learner's process: runs cells and answers the judge's requests
shell, wire  shared with the judge: runs cells in IPython; plain data as bytes
"""
