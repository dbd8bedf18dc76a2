"""Every setting of the forum: its name, its default, and one line of why.

A setting is read from the environment (`FORUM_SITE_NAME`), else from `instance/settings.toml`
(`site_name`), else its default. The README's table is held to this list by a test.
"""

import os
import secrets
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from forum.terminal import _

ROOT = Path(__file__).resolve().parent.parent


class BadSetting(click.ClickException):
    """A setting has a value that the forum cannot use; at a terminal, the message is all that shows."""


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
    Setting("REDIS_URL", "", "empty: workers are woken through a file in the instance folder; or `redis://…`"),
    Setting(
        "SECRET_KEY",
        "",
        "signs sessions and drafts, seals answers; keep it as long as the data; empty: made at first start, mode 0600",
    ),
    Setting("URL", "", "the public address; with it, requests for another host are refused"),
    Setting("SMTP_URL", "", "empty: no mail; or `smtps://name:password@mail.example.org?from=forum@example.org`"),
    Setting("TRUSTED_PROXIES", 0, "how many proxies in front may say which address and scheme a request has"),
    Setting("PROXY_NETWORKS", "", "where they may stand, `10.0.0.0/24,…`; empty: on this machine only"),
    Setting("HSTS_DAYS", 365, "how long browsers keep to https for this host and all below it; 0: they forget it"),
    Setting("LOG", "requests", "what goes to standard error: `requests`, a line for each; `faults`: these only"),
    Setting("KEPT_MIB", 32, "memory for whole pages that are the same for everybody; 0: every page is made anew"),
    Setting(
        "SHARED_SECONDS",
        0,
        "how long a CDN may give out such a page without asking; above 0 decisions show at once on this server only",
    ),
    Setting("SITE_NAME", "Evenhand", "the name in the bar, the titles and the list of reserved names"),
    Setting(
        "EXIT_URL", "https://www.wikipedia.org/", "where “Leave this page” leads: dull, quick, visited by everybody"
    ),
    Setting("NEUTRAL_TITLE", "", "what every tab and the history say, with a plain icon; empty: the title of the page"),
    Setting("LANGUAGES", "en,ru,kk", "the first has no prefix in addresses, the others do: `/ru/…`"),
    Setting("TIMEZONE", "UTC", "for every time on a page"),
    Setting("REPLY_MIN", 20, "characters; below it there is no argument"),
    Setting("REPLY_MAX", 1500, "characters; one reason, read in two minutes"),
    Setting("REPLIES_PER_HOUR", 10, "of one member; more is a flood, and a moderator reads each"),
    Setting("EDITS_PER_HOUR", 20, "new wordings of one member; a moderator reads each that is not replaced before"),
    Setting("VOTES_PER_HOUR", 120, "answers of one member to “is it well argued?”; more are not read before"),
    Setting("WAITING_PER_MEMBER", 5, "replies of one member that may wait at once, so that nobody fills the queue"),
    Setting("REPORTS_PER_HOUR", 10, "of one member, or from one address prefix without an account"),
    Setting("SIGN_UPS_PER_HOUR", 20, "from one address prefix; a school or an office may share one"),
]

# The longest reply fits into the body of a request (`web.MAX_BODY`) if every character takes twelve bytes in a form.
LARGEST = {
    "PORT": 65535,
    "TRUSTED_PROXIES": 9,
    "HSTS_DAYS": 3650,
    "KEPT_MIB": 4096,
    "SHARED_SECONDS": 3600,
    "REPLY_MAX": 5000,
}


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
        where, name = instance / "settings.toml", sorted(file)[0]
        raise BadSetting(_("%(file)s has a setting that does not exist: %(name)s.", file=where, name=name))
    values["INSTANCE"] = str(instance)
    values["LANGUAGES"] = [code.strip() for code in values["LANGUAGES"].split(",") if code.strip()] or ["en"]
    values["PROXY_NETWORKS"] = _networks(values["PROXY_NETWORKS"])
    try:
        ZoneInfo(values["TIMEZONE"])
    except (KeyError, ValueError, OSError) as error:
        raise BadSetting(_("FORUM_TIMEZONE names no time zone: %(name)s.", name=values["TIMEZONE"])) from error
    instance.mkdir(parents=True, exist_ok=True)
    values["DATABASE_URL"] = values["DATABASE_URL"] or f"sqlite:///{instance / 'forum.sqlite3'}"
    _check_database(values["DATABASE_URL"])
    if not values["REDIS_URL"].startswith(("redis://", "rediss://", "unix://")) and values["REDIS_URL"]:
        raise BadSetting(_("FORUM_REDIS_URL must begin with redis://, rediss:// or unix://."))
    if values["LOG"] not in {"requests", "faults"}:
        raise BadSetting(_("FORUM_LOG must be requests or faults, not “%(value)s”.", value=values["LOG"]))
    _check_mail(values["SMTP_URL"], values["URL"])
    values["SECRET_KEY"] = values["SECRET_KEY"] or _kept_secret(instance / "secret.key")
    return values


def _networks(written: str) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(part.strip()) for part in written.split(",") if part.strip()]
    except ValueError as error:
        said = _("FORUM_PROXY_NETWORKS must be networks like 10.0.0.0/24: %(error)s.", error=error)
        raise BadSetting(said) from error


def _check_database(address: str) -> None:
    try:
        known = make_url(address).drivername in {"sqlite", "postgresql+psycopg"}
    except ArgumentError:
        known = False
    if not known:
        raise BadSetting(_("FORUM_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://."))


def _check_mail(address: str, url: str) -> None:
    if not address:
        return
    server = urlsplit(address)
    if server.scheme not in {"smtp", "smtps"} or not server.hostname:
        raise BadSetting(_("FORUM_SMTP_URL must begin with smtps:// or smtp:// and name a server."))
    if not urlsplit(url).hostname:
        raise BadSetting(_("FORUM_SMTP_URL needs FORUM_URL: letters lead to the public address."))


def _read_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(_("%(file)s is not valid TOML: %(error)s.", file=path, error=error)) from error


def _typed(setting: Setting, raw: Any) -> str | int:
    if isinstance(setting.default, str):
        if not isinstance(raw, str):
            raise BadSetting(_("%(name)s must be a text, not “%(value)s”.", name=f"FORUM_{setting.name}", value=raw))
        return raw
    written = str(raw) if type(raw) in {int, str} else ""
    if not (written.isascii() and written.isdigit()):
        name = f"FORUM_{setting.name}"
        raise BadSetting(_("%(name)s must be a whole number, not “%(value)s”.", name=name, value=raw))
    largest = LARGEST.get(setting.name, 2**31 - 1)
    if int(written) > largest:
        name = f"FORUM_{setting.name}"
        raise BadSetting(_("%(name)s must be a whole number of at most %(largest)s.", name=name, largest=largest))
    return int(written)


def _kept_secret(path: Path) -> str:
    """Return the secret in `path`; make it first where there is none, readable by its owner only.

    It appears whole or not at all, so that of several first starts at once all have the same.
    """
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=path.parent)  # with mode 0600
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    secret = path.read_text(encoding="ascii").strip()
    if not secret:
        said = _("%(file)s is empty; remove it, and a new secret is made (everybody has to sign in anew).", file=path)
        raise BadSetting(said)
    return secret
