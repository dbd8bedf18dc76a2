"""FINDING: what is public, by its words."""
