"""What instructors read and export, and what learners get back.

grades     all grades of a class as a table, and what needs a human
report     a page about how an assignment went
export     grades for Canvas, Moodle and spreadsheets
feedback   a page about a learner's notebook
rendering  the notebook's cells on that page
template   fills in the templates of all pages
book       where a page links to a book
"""
