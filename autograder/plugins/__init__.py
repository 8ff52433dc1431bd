"""Where nbgrader calls us; nbgrader_config.py names these classes.

split_execute  executes a submission in a sandbox and a judge, in place of nbgrader's Execute
late_penalty   takes points off for being late
feedback       makes the page that a learner gets back
inert          keeps what learners wrote from running in the browser that shows it
formulas       turns formulas into MathML, which needs no script
templates      replace those of nbgrader's formgrader
"""
