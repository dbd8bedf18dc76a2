"""Safe for people at risk, hard to break."""
