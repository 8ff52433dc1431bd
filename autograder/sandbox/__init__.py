"""The wall, seen from outside: starts a learner's process, watches its limits and ends it.

sandbox     a learner's process: requests, answers, time, memory; it always ends
bubblewrap  the wall, in which a fork server makes learners' processes
unconfined  a learner's process without a wall
descendants finds the processes whose memory counts
mounts      what a sandbox shows of the machine, and what it hides
refusals    why no sandbox could be made, and what to do
seccomp     the system calls that are allowed, of those in system_calls.txt
limits      what a submission may use
"""
