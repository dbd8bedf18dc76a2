"""Who may pass which door."""

from typing import Any


def everyone(user: Any) -> bool:
    """Allow all, signed in or not."""
    return True


def members(user: Any) -> bool:
    """Allow all who are signed in."""
    return bool(user.is_authenticated)


def moderators(user: Any) -> bool:
    """Allow moderators and leads; the second factor of staff will be asked for here."""
    return bool(user.is_authenticated and user.is_staff)
