"""What instructors read and export.

grades  all grades of a class as a table, and what needs a human
report  a page about how an assignment went
export  grades for Canvas, Moodle and spreadsheets
"""
