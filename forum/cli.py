"""The commands of the forum. Exit codes: 0 done, 1 refused or not true, 2 wrong use."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app
from flask.cli import AppGroup

from forum.accounts import links, signin
from forum.accounts.models import Role, User
from forum.accounts.signup import add_user
from forum.db import db, writing
from forum.debates import article_files, articles, queries, translations
from forum.debates.models import Debate
from forum.errors import Refused
from forum.extensions import speaking
from forum.moderation.screening import content_flags
from forum.search import index
from forum.start import link_address
from forum.tables import bring_up_to_date
from forum.terminal import _, _l, language
from forum.transparency import chain
from forum.transparency.queries import facts

debates = AppGroup("debates", help=_l("Open debates and close them."))
users = AppGroup("users", help=_l("Make accounts and change roles."))
log = AppGroup("log", help=_l("Check the public log of moderation."))
search = AppGroup("search", help=_l("Look after the index of the search."))


def say(message: str) -> None:
    """Tell the person at the terminal, on standard error."""
    click.echo(message, err=True)


def refuse(message: str) -> NoReturn:
    """End with one sentence and exit code 1."""
    say(message)
    sys.exit(1)


@contextmanager
def changing() -> Iterator[None]:
    """Run the block as one transaction; a refusal becomes a sentence and exit code 1."""
    bring_up_to_date()
    try:
        with current_app.test_request_context(base_url="http://127.0.0.1"), speaking(language()), writing():
            yield
    except (Refused, article_files.BadArticle) as error:
        refuse(str(error))


@debates.command(
    "import",
    help=_l(
        "Open a debate from FILE (Markdown with front matter); at a known slug: give its article a new wording.\n\n"
        "With `translation_of` in the front matter: give that debate its article in one more language."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
def import_debate(file: Path) -> None:
    """Publish an article, a new wording of it, or a translation."""
    with changing():
        if article_files.is_translation(file):
            translation = translations.publish(article_files.read_translation(file))
            facts = {"title": translation.title, "language": translation.language}
            said = _("%(title)s: %(language)s, passages: %(count)s", **facts, count=len(translation.passages))
            say(said)
            return
        debate, changed = articles.publish(article_files.read(file))
        slug, title = debate.slug, debate.title
    place = f"{title}: /debates/{slug}"
    say(place if changed else _("%(place)s (the article has not changed)", place=place))


@debates.command("close", help=_l("Close the debate SLUG; its replies stay."))
@click.argument("slug")
@click.option("--reason", required=True, help=_l("Shown on the page of the debate."))
def close_debate(slug: str, reason: str) -> None:
    """Close the debate SLUG; its replies stay."""
    with changing():
        articles.close(_debate(slug), reason)
    say(_("Closed: %(place)s", place=f"/debates/{slug}"))


@debates.command("list", help=_l("List all debates: slug, state, replies for and against, title."))
def list_debates() -> None:
    """Print a line for each debate, for programs: it is the same in every language."""
    bring_up_to_date()
    for debate, counts in queries.all_debates():
        state = "open" if debate.is_open else "closed" if debate.has_opened else "not open yet"
        click.echo("\t".join([debate.slug, state, *(str(count) for count in counts.values()), debate.title]))


@users.command(
    "add",
    help=_l(
        "Add a person and print a one-time link (72 hours) to set the password; asking again ends the former link."
    ),
)
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), help=_l("member, unless the person is here."))
def add(name: str, role: str | None) -> None:
    """Let somebody come in by a link, whether or not they are here already."""
    with changing():
        user = signin.find(name)
        if user is not None and user.password_hash:
            raise Refused(_("%(name)s has an account already.", name=user.name))
        if user is not None and role and user.role.value != role:
            links.change_role(user, Role(role))
        token = links.make(user or add_user(name, Role(role or Role.MEMBER)))
    click.echo(link_address(token))


@users.command("promote", help=_l("Give NAME another role; the person's sessions end."))
@click.argument("name")
@click.argument("role", type=click.Choice([role.value for role in Role]))
def promote(name: str, role: str) -> None:
    """Change a role without a second lead."""
    with changing():
        links.change_role(_user(name), Role(role))
    say(_("%(name)s is %(role)s now and has to sign in again.", name=name, role=role))


@users.command(
    "reset", help=_l("End NAME's password, second factor, codes and sessions and print a new one-time link.")
)
@click.argument("name")
def reset(name: str) -> None:
    """Let somebody who is locked out come in by a new link."""
    with changing():
        token = links.reset(_user(name))
    click.echo(link_address(token))


@log.command(
    "verify",
    help=_l(
        "Check that no entry of the public log was changed, taken out, put in or moved; with --head, none cut off."
    ),
)
@click.option(
    "--head", help=_l("A head that was seen before, as it stands at the foot of a page: it must still be there.")
)
def verify_log(head: str | None) -> None:
    """Walk along the chain of the log."""
    bring_up_to_date()
    entries = list(facts())
    if fault := chain.first_fault(entries, head):
        refuse(fault)
    last = entries[-1][-1] if entries else chain.GENESIS
    whole = _(
        "Every entry continues the one before it. Entries: %(count)s; head: %(head)s", count=len(entries), head=last
    )
    say(whole)


@search.command("reindex", help=_l("Make the index of the search anew; until it is done, some things are not found."))
def reindex() -> None:
    """Begin with an empty index and catch up."""
    bring_up_to_date()
    index.clear()
    say(_("Texts that can be found: %(count)s", count=index.catch_up()))


@click.command(
    "screen",
    help=_l('Read JSON lines {"id", "text"} on standard input; print what screening finds in each text by itself.'),
)
def screen() -> None:
    """Answer line by line."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            click.echo(_screened(line, number))


def _screened(line: bytes, number: int) -> str:
    """Return one answer line; a line that is no such object ends the command with exit code 2."""
    try:
        asked = json.loads(line)
        key, text = asked["id"], asked["text"]
    except (ValueError, TypeError, KeyError, RecursionError):
        key = text = None
    if not isinstance(text, str):
        say(_('Line %(number)s is not a JSON object with "id" and "text".', number=number))
        sys.exit(2)
    flags = [{"code": flag.code, "start": flag.start, "end": flag.end} for flag in content_flags(text)]
    return json.dumps({"id": key, "flags": flags})


def _user(name: str) -> User:
    user = signin.find(name)
    if user is None:
        raise Refused(_("Nobody here is called %(name)s.", name=name))
    return user


def _debate(slug: str) -> Debate:
    debate = queries.by_slug(slug)
    if debate is None:
        raise Refused(_("There is no debate at %(slug)s.", slug=slug))
    db.session.refresh(debate, with_for_update=True)
    return debate
