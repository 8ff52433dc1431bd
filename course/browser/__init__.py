"""The course in a browser tab: what it is built from, and what runs there."""
