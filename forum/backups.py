"""Backups: a copy of the forum while it is used; `docs/operating.md` says how often."""

import fcntl
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from forum import archives, seals, snapshots
from forum.db import now
from forum.errors import Refused
from forum.privacy import erasure
from forum.tables import is_current, revision
from forum.terminal import _, _l

ABOUT = "about.json"
TEXTS = ("pages", "words")  # the operator's own, in every backup
SECRETS = ("secret.key", "settings.toml")  # only in one that is encrypted: the first opens seals and signs sessions
NAME, NAMES = "forum-{:%Y%m%d-%H%M%S}.backup", "forum-*.backup"
Facts = dict[str, Any]


@click.command(
    "backup",
    help=_l("Copy the forum into FILE while it is used; with its secret only if the copy is encrypted."),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--recipient", "recipients", multiple=True, metavar="age1…", help=_l("Encrypt for this public key of age.")
)
@click.option("--passphrase", "asks", is_flag=True, help=_l("Encrypt with a passphrase, which is asked for."))
@click.option("--keep", type=click.IntRange(1), help=_l("FILE is a folder: add a backup to it, keep this many."))
@with_appcontext
def backup(file: Path, recipients: tuple[str, ...], asks: bool, keep: int | None) -> None:
    """Pack all that a forum is, whole or not at all."""
    if recipients and asks:
        raise click.UsageError(_("Choose between --recipient and --passphrase."))
    with refusing(), alone() as work:
        _refuse_nothing()
        passphrase = click.prompt(_("Passphrase"), hide_input=True, confirmation_prompt=True, err=True) if asks else ""
        is_sealed = bool(recipients or passphrase)
        if keep and not file.is_dir():
            raise Refused(_("%(file)s is no folder; --keep wants one.", file=file))
        target = file / NAME.format(now()) if keep else file
        with archives.whole(target) as whole:
            _pack(work, whole, recipients, passphrase)
            erasure.carry(target.absolute().parent)
        gone = archives.remove_older(file, NAMES, keep) if keep else 0
    inside = _("with its secret and settings") if is_sealed else _("without the secret, which you keep apart")
    removed = _("; older ones removed: %(count)s", count=gone) if gone else ""
    said = _("The forum is copied to %(file)s, %(inside)s%(removed)s.", file=target, inside=inside, removed=removed)
    click.echo(said, err=True)


@contextmanager
def refusing() -> Iterator[None]:
    """Let a refusal be one sentence and exit code 1."""
    os.umask(0o077)
    former = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    except Refused as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:
        told = f"{error.strerror or error} ({error.filename})" if error.filename else str(error.strerror or error)
        said = _("Nothing is changed, because a file could not be read or written: %(reason)s.", reason=told)
        click.echo(said, err=True)
        sys.exit(1)
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split()).rstrip(".")
        click.echo(_("Nothing is changed, because of the database: %(reason)s.", reason=reason), err=True)
        sys.exit(1)
    finally:
        signal.signal(signal.SIGTERM, former)


def _end(number: int, _frame: object) -> None:
    """Go as after an error: what lies about in clear is removed, and a database comes back."""
    signal.signal(number, signal.SIG_IGN)  # once is enough
    sys.exit(128 + number)


@contextmanager
def alone() -> Iterator[Path]:
    """Give an empty folder to work in; of several commands at once one works, and clears what a dead one has left."""
    instance = Path(current_app.config["INSTANCE"])
    with (instance / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refused(_("Another backup or restore is at work in this forum.")) from error
        for left in instance.glob(".backup-*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=instance) as work:
            yield Path(work)


def _refuse_nothing() -> None:
    """Refuse to copy what is no forum, or one whose tables are not those of this program; nothing is changed in it."""
    if not snapshots.is_there() or revision() is None:
        raise Refused(_("There is no forum to copy; FORUM_INSTANCE and FORUM_DATABASE_URL say where it is."))
    if not is_current():
        raise Refused(_("The tables are those of another version of the forum; restart it first, so that they agree."))


def _pack(work: Path, target: IO[bytes], recipients: Iterable[str], passphrase: str) -> None:
    instance, database = Path(current_app.config["INSTANCE"]), work / snapshots.name()
    snapshots.take(database)
    about = {
        "database": database.name,
        "revision": revision(),
        "secret": print_of_secret(),
        "made_at": f"{now():%Y-%m-%d %H:%M} UTC",
    }
    (work / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    members = [(ABOUT, work / ABOUT), (database.name, database)]
    members += [(name, instance / name) for name in TEXTS if (instance / name).is_dir()]
    if not (recipients or passphrase):
        archives.pack(members, target)
        return
    (work / "secret.key").write_text(current_app.config["SECRET_KEY"], encoding="ascii")
    members.append(("secret.key", work / "secret.key"))
    if (instance / "settings.toml").exists():
        members.append(("settings.toml", instance / "settings.toml"))
    with ExitStack() as files:
        plain = files.enter_context((work / "plain").open("w+b"))
        archives.pack(members, plain)
        plain.seek(0)
        if passphrase:
            archives.seal_with(plain, target, passphrase)
        else:
            archives.seal_for(plain, target, recipients)


def print_of_secret() -> str:
    """Return what tells this secret from others and nothing of it."""
    return blake2b(seals.key("which secret a backup belongs to"), digest_size=8).hexdigest()
