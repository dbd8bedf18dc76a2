"""Backups: a copy of the forum while it is used, and back, here or elsewhere; `docs/operating.md` says how often."""

import fcntl
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

import click
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import delete, inspect, select
from sqlalchemy.exc import DatabaseError, DBAPIError

from forum import archives, files, seals, snapshots
from forum.accounts.models import OneTimeLink, Session, User
from forum.db import db, now, writing
from forum.debates.models import Reply
from forum.errors import Refused
from forum.privacy import erasure
from forum.privacy.models import Erasure
from forum.search import index
from forum.start import is_current, revision
from forum.transparency import chain
from forum.transparency.queries import facts

ABOUT = "about.json"
TEXTS = ("pages", "words")  # the operator's own, in every backup
SECRETS = ("secret.key", "settings.toml")  # only in one that is encrypted: the first opens seals and signs sessions
NAME, NAMES = "forum-{:%Y%m%d-%H%M%S}.backup", "forum-*.backup"
Facts = dict[str, Any]


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--recipient", "recipients", multiple=True, metavar="age1…", help="Encrypt for this public key of age.")
@click.option("--passphrase", "asks", is_flag=True, help="Encrypt with a passphrase, which is asked for.")
@click.option("--keep", type=click.IntRange(1), help="FILE is a folder: add a backup to it, keep this many.")
@with_appcontext
def backup(file: Path, recipients: tuple[str, ...], asks: bool, keep: int | None) -> None:
    """Copy the forum into FILE while it is used; with its secret only if the copy is encrypted."""
    if recipients and asks:
        raise click.UsageError("Choose between --recipient and --passphrase.")
    with _refusing(), _alone() as work:
        _refuse_nothing()
        passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True) if asks else ""
        is_sealed = bool(recipients or passphrase)
        if keep and not file.is_dir():
            raise Refused(f"{file} is no folder; --keep wants one.")
        target = file / NAME.format(now()) if keep else file
        with archives.whole(target) as whole:
            _pack(work, whole, recipients, passphrase)
            erasure.carry(target.absolute().parent)
        gone = archives.remove_older(file, NAMES, keep) if keep else 0
    inside = "with its secret and settings" if is_sealed else "without the secret, which you keep apart"
    removed = f"; older ones removed: {gone}" if gone else ""
    click.echo(f"The forum is copied to {target}, {inside}{removed}.", err=True)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also where there is content; the present state is kept beside it.")
@click.option("--identity", type=click.Path(exists=True, path_type=Path), help="The file of the secret key of age.")
@click.option("--other-secret", is_flag=True, help="Even if votes, positions and addresses can then be read by nobody.")
@with_appcontext
def restore(file: Path, replace: bool, identity: Path | None, other_secret: bool) -> None:
    """Put the forum of a backup in the place of this one, check it, and erase again what was erased since."""
    with _refusing(), _alone() as work:
        _open(file, work, identity)
        about = _about(work)
        is_damaged = snapshots.is_damaged()
        _refuse_content(replace, is_damaged)
        if snapshots.is_in_use():
            raise Refused("The forum is being served; stop it first, or what is written meanwhile is lost.")
        snapshots.check(work / about["database"])
        _note_erasures(file.absolute().parent, is_damaged)
        brought = _secret_to_bring(work, about, other_secret)
        with snapshots.put(work / about["database"]) as former, _bringing(brought):
            upgrade()
            entries = list(facts())
            if fault := chain.first_fault(entries):
                raise Refused(f"Nothing is changed, because the public log in the backup is broken: {fault}")
            _bring_texts(work)
            index.catch_up()
            with current_app.test_request_context(base_url="http://127.0.0.1"):
                erased = erasure.replay()
            _end_old_ways_in()
    again = f"; erased again: {erased}" if erased else ""
    kept = f"; what was here before is kept in {former}" if former else ""
    told = f"The forum of {about['made_at']} is back, its log of {len(entries)} entries whole"
    ended = "; all sessions and one-time links in it are ended"
    click.echo(f"{told}{ended}{again}{kept}.", err=True)


@contextmanager
def _refusing() -> Iterator[None]:
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
        click.echo(f"Nothing is changed, because a file could not be read or written: {told}.", err=True)
        sys.exit(1)
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split()).rstrip(".")
        click.echo(f"Nothing is changed, because of the database: {reason}.", err=True)
        sys.exit(1)
    finally:
        signal.signal(signal.SIGTERM, former)


def _end(number: int, _frame: object) -> None:
    """Go as after an error: what lies about in clear is removed, and a database comes back."""
    signal.signal(number, signal.SIG_IGN)  # once is enough
    sys.exit(128 + number)


@contextmanager
def _alone() -> Iterator[Path]:
    """Give an empty folder to work in; of several commands at once one works, and clears what a dead one has left."""
    instance = Path(current_app.config["INSTANCE"])
    with (instance / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refused("Another backup or restore is at work in this forum.") from error
        for left in instance.glob(".backup-*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=instance) as work:
            yield Path(work)


def _refuse_nothing() -> None:
    """Refuse to copy what is no forum, or one whose tables are not those of this program; nothing is changed in it."""
    if not snapshots.is_there() or revision() is None:
        raise Refused("There is no forum to copy; FORUM_INSTANCE and FORUM_DATABASE_URL say where it is.")
    if not is_current():
        raise Refused("The tables are those of another version of the forum; restart it first, so that they agree.")


def _pack(work: Path, target: IO[bytes], recipients: Iterable[str], passphrase: str) -> None:
    instance, database = Path(current_app.config["INSTANCE"]), work / snapshots.name()
    snapshots.take(database)
    about = {
        "database": database.name,
        "revision": revision(),
        "secret": _print(),
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


def _open(file: Path, work: Path, identity: Path | None) -> None:
    """Unpack a backup into the folder `work`."""
    is_sealed, by_passphrase = archives.is_sealed(file)
    with ExitStack() as files:
        source: IO[bytes] = files.enter_context(file.open("rb"))
        if is_sealed:
            if not by_passphrase and identity is None:
                raise Refused("This backup is encrypted for a key: name the file of that key by --identity.")
            passphrase = click.prompt("Passphrase", hide_input=True, err=True) if by_passphrase else ""
            keys = identity.read_text(encoding="utf-8") if identity and not by_passphrase else ""
            plain = files.enter_context(tempfile.TemporaryFile(dir=work))
            archives.open_with(source, plain, passphrase=passphrase, identities=keys)
            plain.seek(0)
            source = plain
        archives.unpack(source, work)


def _about(work: Path) -> Facts:
    """Return what a backup says of itself; refuse one that this forum cannot use."""
    try:
        about: Facts = json.loads((work / ABOUT).read_text(encoding="utf-8"))
        name, revision = about["database"], about["revision"]
        is_whole = (work / name).is_file()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused("This file is no backup of a forum.") from error
    if name != snapshots.name() or not is_whole:
        raise Refused("The backup is of the other kind of database; FORUM_DATABASE_URL has to name one of its kind.")
    known = {script.revision for script in ScriptDirectory(str(current_app.config["MIGRATIONS"])).walk_revisions()}
    if revision not in known:
        raise Refused("The backup was made by a newer version of the forum; update this one first.")
    return about


def _refuse_content(replace: bool, is_damaged: bool) -> None:
    """Refuse to put anything in the place of people or replies, or of what cannot be read, unless told so."""
    if not replace and is_damaged:
        raise Refused("The database here is damaged; with --replace it is kept aside and the backup takes its place.")
    if not replace and _has_content():
        raise Refused(
            "There is a forum with content here; with --replace it is kept aside and the backup takes its place."
        )


def _has_content() -> bool:
    there = {table for table in (User.__tablename__, Reply.__tablename__) if inspect(db.engine).has_table(table)}
    models = [model for model in (User, Reply) if model.__tablename__ in there]
    try:
        return any(db.session.scalar(select(model.id).limit(1)) for model in models)
    finally:
        db.session.rollback()


def _note_erasures(beside: Path, is_damaged: bool) -> None:
    """List what the folder of the backup and this database know of erasures, where a restored one finds it."""
    erasure.add(erasure.read(beside))
    with suppress(DatabaseError) if is_damaged else nullcontext():
        if inspect(db.engine).has_table(Erasure.__tablename__):
            erasure.carry()
    db.session.rollback()


def _secret_to_bring(work: Path, about: Facts, other_secret: bool) -> str:
    """Return the secret that this forum needs, empty where it has it; refuse where the seals would stay closed."""
    if about["secret"] == _print() or other_secret:
        return ""
    brought, own = work / "secret.key", Path(current_app.config["INSTANCE"]) / "secret.key"
    is_own = own.exists() and own.read_text(encoding="ascii").strip() == current_app.config["SECRET_KEY"]
    if brought.exists() and is_own:
        return brought.read_text(encoding="ascii")
    where = f"put that forum's into {own}" if is_own else "set FORUM_SECRET_KEY to that forum's"
    raise Refused(
        "This forum has another secret, with which votes, positions and mail addresses of the backup cannot be read: "
        f"{where}, or say --other-secret."
    )


def _end_old_ways_in() -> None:
    """End what may have been ended or used after the backup was made: a later thief would come in by it."""
    with writing():
        for model in (Session, OneTimeLink):
            db.session.execute(delete(model))


@contextmanager
def _bringing(secret: str) -> Iterator[None]:
    """Let this forum have another secret; if the block fails, its own comes back."""
    if not secret:
        yield
        return
    own, former = Path(current_app.config["INSTANCE"]) / "secret.key", current_app.config["SECRET_KEY"]
    kept = own.with_name(f"secret.key.before-restore-{now():%Y%m%d-%H%M%S}")
    with files.replaced(own, secret, kept):
        current_app.config["SECRET_KEY"] = secret
        try:
            yield
        except BaseException:
            current_app.config["SECRET_KEY"] = former
            raise


def _bring_texts(work: Path) -> None:
    """Put the operator's texts and settings where none are; what is there already stays."""
    instance = Path(current_app.config["INSTANCE"])
    for path in sorted(work.rglob("*")):
        name = path.relative_to(work)
        is_wanted = path.is_file() and (name.parts[0] in TEXTS or str(name) == "settings.toml")
        if is_wanted and not (instance / name).exists():
            (instance / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, instance / name)


def _print() -> str:
    """Return what tells this secret from others and nothing of it."""
    return blake2b(seals.key("which secret a backup belongs to"), digest_size=8).hexdigest()
