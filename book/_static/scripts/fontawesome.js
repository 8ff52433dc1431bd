// Replaces the theme's copy of 1.5 MB: the theme's style sheet draws the same icons from its font.
