"""How fast the forum is, beside the least that its stack can do and beside other forums. See README.md."""
