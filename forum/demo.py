"""A believable debate to try the forum with: its people, their replies, and what became of them."""

import random
import secrets
import shlex
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp
from operator import itemgetter
from pathlib import Path
from typing import Any

import click
import pyotp
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from forum import clock
from forum.accounts import second_factor, signup
from forum.accounts.models import Role, User
from forum.db import db, now, writing
from forum.debates import positions, quotes, replies, votes
from forum.debates.models import Debate, Reply, Stance
from forum.debates.passage_queries import passage_in
from forum.debates.position_models import SCALE, Reading
from forum.debates.queries import reply_to_change
from forum.moderation import claims, decisions, explanations, reports
from forum.moderation.models import NEEDS_RULE, Action
from forum.opinions import counts, scores, shifts
from forum.start import open_first_debate
from forum.tables import bring_up_to_date
from forum.terminal import _, _l

STAFF = {"zarina": Role.LEAD, "sanzhar": Role.LEAD, "maria": Role.MODERATOR, "timur": Role.MODERATOR}
AGE = timedelta(days=9)  # of the debate
Entry = dict[str, Any]  # of `demo.toml`
READERS = [f"reader-{n}" for n in range(1, 119)]  # who answer both times, say what is well argued, and write nothing


@dataclass
class Stage:
    """Where the cast plays: the debate, the people, and what they have written, by the names of the story."""

    debate: Debate
    people: dict[str, User]
    written: dict[str, Reply] = field(default_factory=dict)


Act = Callable[[Stage, Entry], None]


@click.command("demo", help=_l("Fill an empty database with a debate and a cast, and print how to sign in."))
@with_appcontext
def demo() -> None:
    """Fill an empty database with a debate and a cast, and print how to sign in."""
    bring_up_to_date()
    if db.session.scalar(select(User.id).limit(1)) is not None:
        raise click.ClickException(_("The demo wants an empty database; this one has people in it."))
    password, secret = secrets.token_hex(4), second_factor.new_secret()
    cast = tomllib.loads((Path(__file__).parent / "demo.toml").read_text(encoding="utf-8"))
    with current_app.test_request_context(base_url="http://127.0.0.1"), writing():
        with clock.at(now() - AGE):
            people = _add_people([*cast["people"], *({"name": name} for name in READERS)], password)
            for name in STAFF:
                second_factor.add_app(people[name], secret, pyotp.TOTP(secret).at(now()))
            debate = open_first_debate()
            explanations.ship()
        stage = Stage(debate, people)
        for moment, act, entry in sorted(_story(cast), key=itemgetter(0)):
            with clock.at(moment):
                act(stage, entry)
                db.session.flush()
        _take_positions(debate, stage.written.values(), [people[name] for name in READERS])
        _vote(debate, stage.written.values(), [people[name] for name in READERS])
        number = debate.id
    scores.score_debate(number, at=now())
    for reply in stage.written.values():
        counts.count_votes(reply.id)
    _secret_file().write_text(secret, encoding="ascii")
    _secret_file().chmod(0o600)
    _print_sign_ins(password, secret)


@click.command("demo-code", help=_l("Print the code of this moment with which the staff of a demo sign in."))
@with_appcontext
def demo_code() -> None:
    """Print the code of this moment with which the staff of a demo sign in."""
    if not _secret_file().exists():
        raise click.ClickException(_("This is no demo: the codes of real people are made by their own apps."))
    totp = pyotp.TOTP(_secret_file().read_text(encoding="ascii"))
    click.echo(totp.at(now()))


def _add_people(people: list[dict[str, Any]], password: str) -> dict[str, User]:
    kept = signup.Secrets(password)  # one for all: the demo is thrown away
    roles = {**dict.fromkeys((person["name"] for person in people), Role.MEMBER), **STAFF}
    return {name: signup.join(name, kept, role=role) for name, role in roles.items()}


def _story(cast: dict[str, list[Entry]]) -> Iterator[tuple[datetime, Act, Entry]]:
    """Give all that happens, each with its moment; what waits since long is opened now."""
    for entry in cast["replies"]:
        yield _ago(entry), _post, entry
        if "by" in entry:
            yield _read_at(entry), _decide, entry
        if entry["status"] in {"removed", "withdrawn"}:  # only once its answers are there
            answers = [_read_at(other) for other in cast["replies"] if other.get("parent") == entry["id"]]
            yield max(answers) + timedelta(minutes=20), _take_down, entry
        if "open_with" in entry:
            yield now(), _open, entry
    for entry in cast["edits"]:
        yield _ago(entry), _edit, entry
        if "by" in entry:
            yield _ago(entry) + timedelta(minutes=40), _publish_edit, entry
    for entry in cast["reports"]:
        yield _ago(entry), _report, entry


def _ago(entry: Entry) -> datetime:
    return now() - timedelta(minutes=entry["minutes_ago"])


def _read_at(entry: Entry) -> datetime:
    """Return when a moderator has read a reply: within three hours."""
    return _ago(entry) + min(timedelta(minutes=entry["minutes_ago"] / 4), timedelta(hours=3))


def _post(stage: Stage, entry: Entry) -> None:
    stage.written[entry["id"]] = replies.post(
        stage.debate,
        replies.wording(entry["text"]),
        author=stage.people[entry["author"]],
        stance=Stance(entry["stance"]),
        parent=stage.written.get(entry.get("parent", "")),
        passage=entry.get("passage"),
        quote=_quoted(stage.debate, entry),
    )


def _decide(stage: Stage, entry: Entry) -> None:
    """Decide what was posted: what is taken down or back later was public first."""
    action = {"returned": Action.RETURN, "rejected": Action.REJECT}.get(entry["status"], Action.PUBLISH)
    _act(stage, action, entry)


def _take_down(stage: Stage, entry: Entry) -> None:
    if entry["status"] == "removed":
        _act(stage, Action.REMOVE, entry)
    else:
        replies.withdraw(_complete(stage.written[entry["id"]]), by=stage.people[entry["author"]])


def _open(stage: Stage, entry: Entry) -> None:
    claims.take(_complete(stage.written[entry["id"]]), by=stage.people[entry["open_with"]])


def _act(stage: Stage, action: Action, entry: Entry) -> None:
    words = {"rule": entry["rule"], "explanation": entry["explanation"]} if action in NEEDS_RULE else {}
    revision = _complete(stage.written[entry["id"]]).latest_revision
    decisions.decide(revision, action, by=stage.people[entry["by"]], **words)


def _edit(stage: Stage, entry: Entry) -> None:
    """Let an author change a published reply; without a moderator in the entry the new wording waits."""
    found = _complete(stage.written[entry["reply"]])
    said = replies.wording(found.latest_revision.text.replace(entry["old"], entry["new"]))
    replies.edit(found, said, by=found.author, stance=found.stance)


def _publish_edit(stage: Stage, entry: Entry) -> None:
    wording = _complete(stage.written[entry["reply"]]).latest_revision
    decisions.decide(wording, Action.PUBLISH, by=stage.people[entry["by"]])


def _report(stage: Stage, entry: Entry) -> None:
    by, receipt = stage.people.get(entry.get("by", "")), secrets.token_hex(32)
    number = stage.written[entry["reply"]].id
    reports.make(number, entry["reason"], entry.get("explanation", ""), by=by, receipt=receipt)


def _quoted(debate: Debate, entry: Entry) -> quotes.Picked | None:
    return quotes.read(passage_in(debate, entry["passage"]), entry["quote"]) if "quote" in entry else None


def _take_positions(debate: Debate, written: Iterable[Reply], readers: Iterable[User]) -> None:
    """Let the cast answer as it writes, and those who only read; then show what has moved."""
    sides = {reply.author: reply.stance for reply in written if reply.parent_id is None}
    dice = random.Random(5)  # noqa: S311 (nothing secret)
    for person, stance in sides.items():
        strength = dice.choice([1, 2])
        positions.answer(debate, strength if stance is Stance.PRO else -strength, Reading.BEFORE, by=person)
    for person in readers:
        before = dice.choices(SCALE, [22, 31, 19, 26, 20])[0]
        step = dice.choices([1, -1, 0], [16, 12, 72])[0]
        positions.answer(debate, before, Reading.BEFORE, by=person)
        positions.answer(debate, max(-2, min(2, before + step)), Reading.AFTER, by=person)
    db.session.flush()
    shifts.refresh(debate)


def _vote(debate: Debate, written: Iterable[Reply], readers: Iterable[User]) -> None:
    """Let readers say what is well argued: the better a reply and the nearer to their side, the likelier."""
    dice = random.Random(7)  # noqa: S311 (nothing secret)
    numbers = [person.id for person in readers]
    sides, answers = positions.sides(debate, numbers), []
    for reply in written:
        quality, read = dice.gauss(0.4, 1.2), dice.uniform(0.03, 0.7)
        for number in numbers if reply.is_public else ():
            nearness = {None: 0.0, reply.stance: 0.7}.get(sides.get(number), -0.7)
            yes = dice.random() < 1 / (1 + exp(-quality - nearness))
            if dice.random() < read:
                answers.append((reply.id, reply.shown_revision_id or 0, number, yes))
    votes.keep(answers)


def _complete(reply: Reply) -> Reply:
    found = reply_to_change(reply.id)
    if found is None:
        raise LookupError(reply.id)
    return found


def _secret_file() -> Path:
    """Return where the demo leaves the secret of its apps; no other forum has such a file."""
    return Path(current_app.config["INSTANCE"]) / "demo-secret"


def _print_sign_ins(password: str, secret: str) -> None:
    click.echo(_("A demo on a throwaway database. Sign in as:"), err=True)
    rows = [("aigerim", "member"), ("boris", "member"), *((name, role.value) for name, role in STAFF.items())]
    for name, role in rows:
        click.echo(f"  {name:<10} {role:<10} " + _("password %(password)s", password=password), err=True)
    folder = shlex.quote(str(current_app.config["INSTANCE"]))
    click.echo(
        _(
            "Moderators and leads are asked for a code as well. Now it is %(code)s; it works once for each of them, "
            "for half a minute. Later ones, from another terminal in this folder:\n  %(command)s\n"
            "or from any app for one-time codes with this secret: %(secret)s",
            code=pyotp.TOTP(secret).at(now()),
            command=f"FORUM_INSTANCE={folder} ./run flask demo-code",
            secret=secret,
        ),
        err=True,
    )
    command = f"FORUM_INSTANCE={folder} ./run flask …"
    click.echo(_("Commands for the demo: %(command)s", command=command), err=True)
