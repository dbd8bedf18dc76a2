"""Every setting of the forum: its name, its default, and one line of why.

A setting is read from the environment (`FORUM_SITE_NAME`), else from `instance/settings.toml`
(`site_name`), else its default. The README's table is held to this list by a test.
"""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent


class BadSetting(Exception):
    """A setting has a value that the forum cannot use; the message names it."""


@dataclass(frozen=True)
class Setting:
    """One setting; `default` gives its type: text or a whole number."""

    name: str
    default: str | int
    why: str


SETTINGS = [
    Setting("HOST", "127.0.0.1", "where the server listens"),
    Setting("PORT", 8000, "and on which port"),
    Setting("INSTANCE", str(ROOT / "instance"), "folder of the database, the secret and the operator's texts"),
    Setting("DATABASE_URL", "", "empty: SQLite in the instance folder; or `postgresql+psycopg://…`"),
    Setting("SECRET_KEY", "", "signs sessions and drafts; empty: made at first start, kept with mode 0600"),
    Setting("URL", "", "the public address; with it, requests for another host are refused"),
    Setting("TRUSTED_PROXIES", 0, "how many proxies in front may say which address and scheme a request has"),
    Setting("SITE_NAME", "Evenhand", "the name in the bar, the titles and the list of reserved names"),
    Setting(
        "EXIT_URL", "https://www.wikipedia.org/", "where “Leave this page” leads: dull, quick, visited by everybody"
    ),
    Setting("LANGUAGES", "en,ru,kk", "the first has no prefix in addresses, the others do: `/ru/…`"),
    Setting("TIMEZONE", "UTC", "for every time on a page"),
    Setting("REPLY_MIN", 20, "characters; below it there is no argument"),
    Setting("REPLY_MAX", 1500, "characters; one reason, read in two minutes"),
    Setting("REPLIES_PER_HOUR", 10, "of one member; more is a flood, and a moderator reads each"),
    Setting("WAITING_PER_MEMBER", 5, "replies of one member that may wait at once, so that nobody fills the queue"),
    Setting("SIGN_UPS_PER_HOUR", 20, "from one address prefix; a school or an office may share one"),
]


def load(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return all settings by name, each of the type of its default.

    `DATABASE_URL`, `SECRET_KEY` and the instance folder are filled in where they are empty.
    Raises `BadSetting` in a sentence for people.
    """
    environ = os.environ if environ is None else environ
    instance = Path(environ.get("FORUM_INSTANCE") or str(ROOT / "instance")).resolve()
    file = _read_file(instance / "settings.toml")
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        raw = environ.get(f"FORUM_{setting.name}", file.pop(setting.name.lower(), setting.default))
        values[setting.name] = _typed(setting, raw)
    if file:
        raise BadSetting(f"{instance / 'settings.toml'} has a setting that does not exist: {sorted(file)[0]}.")
    values["INSTANCE"] = str(instance)
    values["LANGUAGES"] = [code.strip() for code in values["LANGUAGES"].split(",") if code.strip()] or ["en"]
    try:
        ZoneInfo(values["TIMEZONE"])
    except (KeyError, ValueError, OSError) as error:
        raise BadSetting(f"FORUM_TIMEZONE names no time zone: {values['TIMEZONE']}.") from error
    instance.mkdir(parents=True, exist_ok=True)
    values["DATABASE_URL"] = values["DATABASE_URL"] or f"sqlite:///{instance / 'forum.sqlite3'}"
    values["SECRET_KEY"] = values["SECRET_KEY"] or _kept_secret(instance / "secret.key")
    return values


def _read_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path} is not valid TOML: {error}.") from error


def _typed(setting: Setting, raw: Any) -> str | int:
    if isinstance(setting.default, int):
        try:
            number = int(raw)
        except (TypeError, ValueError):
            number = -1
        if number < 0:
            raise BadSetting(f"FORUM_{setting.name} must be a whole number, not “{raw}”.")
        return number
    return str(raw)


def _kept_secret(path: Path) -> str:
    """Return the secret in `path`; make it first where there is none, readable by its owner only."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        secret = secrets.token_hex(32)
        file.write(secret)
    return secret
