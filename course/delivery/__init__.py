"""What a reader's browser is sent, made small: figures, formulas, fonts, styles, scripts.

figures     how the cells of a page draw figures: an IPython extension
formulas    formulas become MathML: a Sphinx extension
pictures    the built figures get the letters that they need, and the pages their sizes
styles      one style sheet for all pages, with what they use of the theme's and its icons
scripts     one script for a page in place of the theme's many
fonts       cuts a font to the characters in use
lighten     does this to the built pages, after Sphinx
"""
