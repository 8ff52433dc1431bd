"""Where the formgrader looks for its templates: here, then where nbgrader has them.

`formgrade/mathjax.html.j2` stands in place of nbconvert's, which loads MathJax from another host.
The formulas are MathML already.
"""

from pathlib import Path

import nbgrader

FOLDERS = [
    str(Path(__file__).parent),
    str(Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"),
]
