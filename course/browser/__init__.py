"""The course in a browser tab: what it is built from, and what runs there.

record             what Keras gives to the checks
packages           Pyodide and the editor, from the registries
site               the files that a page loads; pages: the page of each assignment; finish: adds
                   scripts and a policy to all pages of the book
moving             the directive of a figure with sliders
cell_diagram       the directive of the LSTM cell with a part lit
js/                runs in the page, except worker.mjs, which runs Python beside it; figures/: a
                   figure with sliders each
python/            runs in that worker
"""

from course import COURSE

BUILT = COURSE / "build" / "browser"
RECORDS = BUILT / "records"
