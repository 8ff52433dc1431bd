"""The grader as a tool of a learning platform (LTI 1.3): hand-ins come in, scores go back.

places        where everything lies, and which of two users writes it
registration  the platforms that may launch the tool
keys          the tool's key pair, and the public keys of platforms
sealed        values that the tool hands to a browser and takes back
launch        from a platform's login request to a verified launch
intake        writes what a learner hands in, as nbgrader collects it
web           the web application: launches, the course's pages, hand-ins
dynamic       registers the tool with a platform that offers to (dynamic registration)
linking       signs the choice of an assignment (deep linking), for the web application
service       asks a platform's services: access tokens, line items, scores
outbox        what is to be sent to platforms, on disk
sending       reads the gradebook, and sends what has changed
commands      the command line: `python -m autograder lti --help`

Two users share the work. The web application's user writes submissions and notes on who handed
them in, and can read neither the gradebook nor the key. The grader's user has these, and asks no
question of the web application that could change a grade.

Source: LTI 1.3, LTI Advantage and the 1EdTech Security Framework 1.0, www.imsglobal.org/spec.
"""


class Refused(Exception):
    """A request that is not carried out; the message tells whoever sent it what to do."""
