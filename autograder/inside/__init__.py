"""What enters the sandbox, and what both sides share.

forkserver    the warm process that forks learners' processes; namespaces: their walls
learner       a learner's process: runs cells and answers calls
shell, wire   shared with the judge: runs cells in IPython; plain data as bytes
"""
