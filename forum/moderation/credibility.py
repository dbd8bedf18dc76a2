"""How far a member's earlier reports speak for the next one. Pure arithmetic; it orders a list and hides nothing.

With `led` of `judged` reports having led to a removal:

    credibility = (led + PRIOR / 2) / (judged + PRIOR)

That is the share of reports that led to a decision, as if PRIOR more had been judged and half of them had led to one.
"""

SCALE = 1000  # per mille: whole numbers sort alike on every database
NEUTRAL = SCALE // 2  # of a newcomer, and of everybody without an account
PRIOR = 4  # one or two answers say little of a person: after four in vain it is halved, never nothing


def credibility(led: int, judged: int) -> int:
    """Return the credibility of a member in thousandths, between 0 and `SCALE` and never either of them."""
    value = round(SCALE * (led + PRIOR / 2) / (judged + PRIOR))
    return min(SCALE - 1, max(1, value))


def rank(most_credible: int, *, is_illegal: bool) -> int:
    """Return the rank of a reported reply by its most credible reporter: low comes first, “illegal” before all."""
    return SCALE - most_credible + (0 if is_illegal else SCALE)
