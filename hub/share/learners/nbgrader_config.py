"""nbgrader's settings for learners on the Hub."""

import os

c = get_config()  # noqa: F821 (nbgrader defines it)
c.CourseDirectory.course_id = "lstm"
c.Exchange.root = os.environ["COURSE_EXCHANGE"]
c.Exchange.timezone = "UTC"
