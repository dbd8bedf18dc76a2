"""Which replies of its own debate a text names by their addresses; pure."""

import re
from collections.abc import Iterable

MOST = 5  # of one text; more is a list, not an argument


def named(text: str, slug: str, sites: Iterable[str]) -> list[int]:
    """Return the numbers of the replies whose address stands in `text`: as a path, or with one of `sites` before it.

    >>> named("See /debates/x/replies/7 and https://f.example/ru/debates/x/replies/8.", "x", ["https://f.example"])
    [7, 8]
    """
    before = "|".join(re.escape(site.rstrip("/")) for site in sites if site)
    address = (
        rf"(?<![\w./:-])(?:{before})?(?:/[a-z]{{2}})?/debates/{re.escape(slug)}/replies/([1-9]\d{{0,8}})(?![\w/-])"
    )
    return list(dict.fromkeys(int(number) for number in re.findall(address, text, re.ASCII)))[:MOST]
