"""Measures each page of the book by Lighthouse, as a telephone shows it.

record      starts it, and writes the record
measure.mjs runs in Node, with the packages of package-lock.json here
"""
