"""All that enters the wall. It imports nothing of the rest of the grader.

forkserver   the warm process that forks learners' processes; namespaces: their walls
memory       how much memory processes take up
responder    a learner's process: runs cells and answers the judge's requests
kept         the learner's objects that the judge knows; raised: what it is told of an exception
proxies      the test's functions that the learner's code calls
shell        shared with the judge: runs cells in IPython
wire         shared: values as bytes; arrays, codecs, libraries, records: how each kind crosses
exchange     shared: keeps one object one object over several calls; in_place changes it
facts        shared: describes functions
"""
