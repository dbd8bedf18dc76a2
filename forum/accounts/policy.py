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
    """Allow moderators and leads who have a second factor."""
    return bool(user.is_authenticated and user.is_staff and user.second_factor_at)


def leads(user: Any) -> bool:
    """Allow leads who have a second factor."""
    return moderators(user) and user.role is Role.LEAD


def lacks_second_factor(user: Any) -> bool:
    """Say whether somebody would moderate here, but for the second factor."""
    return bool(user.is_authenticated and user.is_staff and not user.second_factor_at)


def may_write(user: Any) -> bool:
    """Members write unless they are suspended or banned, or have a warning to read first."""
    return members(user) and not (user.is_suspended or user.is_banned or user.warned_at)
