"""The book in print: a PDF and an EPUB of the reader's pages, made from the pages that were built.

manuscript  the articles of pages as one document of plain HTML, with links inside it
quizzes     a quiz as a question, its answers at the end of the chapter
drawings    the drawings that stand in a page, as files
elements    what is done to elements of a page
pdf         the document as a PDF, by pandoc and Typst; book.typ and sheet.typ are its forms
epub        the document as an EPUB, by pandoc
edition     makes all of it
"""
