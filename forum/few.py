"""How many people nothing shown may tell apart."""

FEW = 5  # fewer answers, or readers of one side, are never counted, added or shown by themselves
