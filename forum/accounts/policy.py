"""Who may pass which door."""

from typing import Any

from forum.accounts.models import Role


def everyone(user: Any) -> bool:
    """Allow all, signed in or not."""
    return True


def members(user: Any) -> bool:
    """Allow all who are signed in."""
    return bool(user.is_authenticated)


def moderators(user: Any) -> bool:
    """Allow moderators and leads; the second factor of staff will be asked for here."""
    return bool(user.is_authenticated and user.is_staff)


def leads(user: Any) -> bool:
    """Allow leads."""
    return bool(user.is_authenticated and user.role is Role.LEAD)


def may_write(user: Any) -> bool:
    """Members write unless they are suspended or banned, or have a warning to read first."""
    return members(user) and not (user.is_suspended or user.is_banned or user.warned_at)
