"""A sample class: made-up learners whose submissions go through nbgrader's whole loop."""
