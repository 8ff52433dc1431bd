"""The course in a browser tab: what is recorded, fetched, bundled and written for it."""
