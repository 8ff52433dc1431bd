"""Imports jsonschema without its parser of IRIs, which takes a second to import.

nbformat imports jsonschema, so a program that wants to start quickly imports this first. jsonschema
then checks all formats but "iri" and "iri-reference", which no schema of nbformat's uses.
"""

import sys
from importlib import import_module

PARSER = "rfc3987_syntax"  # it reads a grammar of IRIs with Lark

if PARSER not in sys.modules:
    sys.modules[PARSER] = None  # type: ignore[assignment]  # to `import`: there is no such module
    try:
        import_module("jsonschema")
    finally:
        del sys.modules[PARSER]
