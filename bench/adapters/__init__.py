"""One module a server: install, fill, start, and what is asked of it."""
