"""The tag under which a member's position in a debate is kept.

It is a keyed digest of both numbers, so only who holds the forum's secret can tell whose position it is. Nothing but
the verbs of `positions` imports this module: a contract of import-linter says so.
"""

import hmac
from collections.abc import Iterable
from hashlib import sha256

from flask import current_app

PURPOSE = b"evenhand: whose position in which debate, 1"  # makes a key that serves nothing else


def tags(debate_ids: Iterable[int], member_ids: Iterable[int]) -> dict[tuple[int, int], bytes]:
    """Return the tag of every member in every debate, by both their numbers: debate, member."""
    key = hmac.digest(current_app.config["SECRET_KEY"].encode(), PURPOSE, sha256)
    members = list(member_ids)
    return {(d, m): hmac.digest(key, f"{d}:{m}".encode(), sha256) for d in debate_ids for m in members}
