"""Restoring: the forum of a backup in the place of this one, here or elsewhere, or nothing is changed."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import IO

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import delete, inspect, select
from sqlalchemy.exc import DatabaseError

from forum import archives, files, snapshots
from forum.accounts.models import OneTimeLink, Session, User
from forum.backups import ABOUT, TEXTS, Facts, alone, print_of_secret, refusing
from forum.db import db, now, writing
from forum.debates.models import Reply
from forum.errors import Refused
from forum.privacy import carried, erasure
from forum.privacy.models import Erasure
from forum.search import index
from forum.tables import revisions, upgrade
from forum.terminal import _, _l
from forum.transparency import chain
from forum.transparency.queries import facts


@click.command(
    "restore",
    help=_l("Put the forum of a backup in the place of this one, check it, and erase again what was erased since."),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help=_l("Also where there is content; the present state is kept beside it."))
@click.option("--identity", type=click.Path(exists=True, path_type=Path), help=_l("The file of the secret key of age."))
@click.option(
    "--other-secret", is_flag=True, help=_l("Even if votes, positions and addresses can then be read by nobody.")
)
@with_appcontext
def restore(file: Path, replace: bool, identity: Path | None, other_secret: bool) -> None:
    """Unpack, check, put in place, and look whether it is whole; on the way back nothing has changed."""
    with refusing(), alone() as work:
        _open(file, work, identity)
        about = _about(work)
        is_damaged = snapshots.is_damaged()
        _refuse_content(replace, is_damaged)
        if snapshots.is_in_use():
            raise Refused(_("The forum is being served; stop it first, or what is written meanwhile is lost."))
        snapshots.check(work / about["database"])
        _note_erasures(file.absolute().parent, is_damaged)
        brought = _secret_to_bring(work, about, other_secret)
        texts = _bringing_texts(work)
        with snapshots.put(work / about["database"]) as former, _bringing(brought), texts:
            upgrade()
            entries = list(facts())
            if fault := chain.first_fault(entries):
                broken = _("Nothing is changed, because the public log in the backup is broken: %(fault)s", fault=fault)
                raise Refused(broken)
            index.catch_up()
            with current_app.test_request_context(base_url="http://127.0.0.1"):
                erased = erasure.replay()
            _end_old_ways_in()
    told = _(
        "The forum of %(moment)s is back, its log whole (entries: %(count)s); "
        "all sessions and one-time links in it are ended",
        moment=about["made_at"],
        count=len(entries),
    )
    again = _("; erased again: %(count)s", count=erased) if erased else ""
    kept = _("; what was here before is kept in %(place)s", place=former) if former else ""
    click.echo(f"{told}{again}{kept}.", err=True)


def _open(file: Path, work: Path, identity: Path | None) -> None:
    """Unpack a backup into the folder `work`."""
    is_sealed, by_passphrase = archives.is_sealed(file)
    with ExitStack() as files:
        source: IO[bytes] = files.enter_context(file.open("rb"))
        if is_sealed:
            if not by_passphrase and identity is None:
                raise Refused(_("This backup is encrypted for a key: name the file of that key by --identity."))
            passphrase = click.prompt(_("Passphrase"), hide_input=True, err=True) if by_passphrase else ""
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
        raise Refused(_("This file is no backup of a forum.")) from error
    if name != snapshots.name() or not is_whole:
        other = _("The backup is of the other kind of database; FORUM_DATABASE_URL has to name one of its kind.")
        raise Refused(other)
    if revision not in revisions(current_app.config["MIGRATIONS"]):
        raise Refused(_("The backup was made by a newer version of the forum; update this one first."))
    return about


def _refuse_content(replace: bool, is_damaged: bool) -> None:
    """Refuse to put anything in the place of people or replies, or of what cannot be read, unless told so."""
    if not replace and is_damaged:
        raise Refused(
            _("The database here is damaged; with --replace it is kept aside and the backup takes its place.")
        )
    if not replace and _has_content():
        raise Refused(
            _("There is a forum with content here; with --replace it is kept aside and the backup takes its place.")
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
    carried.add(carried.read(beside))
    with suppress(DatabaseError) if is_damaged else nullcontext():
        if inspect(db.engine).has_table(Erasure.__tablename__):
            erasure.carry()
    db.session.rollback()


def _secret_to_bring(work: Path, about: Facts, other_secret: bool) -> str:
    """Return the secret that this forum needs, empty where it has it; refuse where the seals would stay closed."""
    if about["secret"] == print_of_secret() or other_secret:
        return ""
    brought, own = work / "secret.key", Path(current_app.config["INSTANCE"]) / "secret.key"
    is_own = own.exists() and own.read_text(encoding="ascii").strip() == current_app.config["SECRET_KEY"]
    if brought.exists() and is_own:
        return brought.read_text(encoding="ascii")
    if is_own:
        what = _("put that forum's into %(file)s, or say --other-secret", file=own)
    else:
        what = _("set FORUM_SECRET_KEY to that forum's, or say --other-secret")
    raise Refused(
        _(
            "This forum has another secret, with which votes, positions and mail addresses of the backup cannot be "
            "read: %(what)s.",
            what=what,
        )
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


@contextmanager
def _bringing_texts(work: Path) -> Iterator[None]:
    """Put the operator's texts and settings where none are, after the block; if anything fails, none of them is there.

    What is there already stays. All are copied aside before the block, so that afterwards names only change.
    """
    instance = Path(current_app.config["INSTANCE"])
    found = [path.relative_to(work) for path in sorted(work.rglob("*")) if path.is_file()]
    wanted = [name for name in found if name.parts[0] in TEXTS or str(name) == "settings.toml"]
    missing = [name for name in wanted if not (instance / name).exists()]
    with tempfile.TemporaryDirectory(dir=instance, prefix=".restoring-") as folder, ExitStack() as undone:
        aside = Path(folder)
        for name in missing:
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(work / name, aside / name)
        yield
        for name in missing:
            _make(instance / name.parent, undone)
            (aside / name).rename(instance / name)
            undone.callback((instance / name).unlink)
        undone.pop_all()


def _make(folder: Path, undone: ExitStack) -> None:
    """Make a folder and those above it, to be taken away again with `undone`."""
    if not folder.is_dir():
        _make(folder.parent, undone)
        folder.mkdir()
        undone.callback(folder.rmdir)
