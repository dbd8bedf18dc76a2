"""WHAT PEOPLE THINK: pure arithmetic over their answers."""
