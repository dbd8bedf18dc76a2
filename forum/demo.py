"""A believable debate to try the forum with: its people, their replies, and what became of them."""

import random
import secrets
import tomllib
from collections.abc import Iterable
from datetime import timedelta
from math import exp
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forum.accounts import signup
from forum.accounts.models import Role, User
from forum.db import Base, db, now, writing
from forum.debates import article_files, articles, positions, quotes, replies
from forum.debates.models import Debate, Outcome, Reply, Revision, Stance
from forum.debates.passage_queries import passage_in
from forum.debates.position_models import SCALE, Reading
from forum.debates.queries import reply_to_change
from forum.debates.vote_models import Vote
from forum.events import AuditEntry
from forum.moderation import claims, decisions, explanations, report_ranks, reports, screened
from forum.moderation.models import Action, Decision
from forum.notifications.models import Notification
from forum.opinions import counts, scores, shifts
from forum.start import SEED, bring_up_to_date

STAFF = {"zarina": Role.LEAD, "sanzhar": Role.LEAD, "maria": Role.MODERATOR, "timur": Role.MODERATOR}
AGE = timedelta(days=9)  # of the debate
READERS = [f"reader-{n}" for n in range(1, 119)]  # who answer both times, say what is well argued, and write nothing


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Fill an empty database with a debate and a cast, and print how to sign in."""
    bring_up_to_date()
    if db.session.scalar(select(User.id).limit(1)) is not None:
        raise click.ClickException("The demo wants an empty database; this one has people in it.")
    password = secrets.token_hex(4)
    cast = tomllib.loads((Path(__file__).parent / "demo.toml").read_text(encoding="utf-8"))
    # The cast writes within a second what took it days.
    current_app.config.update(REPLIES_PER_HOUR=10_000, WAITING_PER_MEMBER=10_000)
    with current_app.test_request_context(base_url="http://127.0.0.1"), writing():
        people = _add_people([*cast["people"], *({"name": name} for name in READERS)], password)
        debate, _changed = articles.publish(article_files.read(SEED))
        debate.opens_at = now() - AGE
        explanations.ship()
        written = _play(debate, cast["replies"], people)
        for entry in cast["edits"]:
            _edit(written[entry["reply"]], entry, people)
        _place_anew()
        for entry in cast["reports"]:
            _report(written[entry["reply"]], entry, people)
        _take_positions(debate, written.values(), [people[name] for name in READERS])
        _vote(debate, written.values(), [people[name] for name in READERS])
        number = debate.id
    scores.score_debate(number)
    counts.count_votes(0)
    _print_sign_ins(password)


def _add_people(people: list[dict[str, Any]], password: str) -> dict[str, User]:
    kept = signup.Secrets(password)  # one for all: the demo is thrown away
    roles = {**dict.fromkeys((person["name"] for person in people), Role.MEMBER), **STAFF}
    people_by_name = {name: signup.join(name, kept, role=role) for name, role in roles.items()}
    for person in people_by_name.values():
        person.created_at = now() - AGE
    return people_by_name


def _play(debate: Debate, entries: list[dict[str, Any]], people: dict[str, User]) -> dict[str, Reply]:
    """Let the cast write in the order of time, then decide in the same order; return the replies by their names."""
    written: dict[str, Reply] = {}
    for entry in sorted(entries, key=lambda entry: -entry["minutes_ago"]):
        parent = written.get(entry.get("parent", ""))
        reply = replies.post(
            debate,
            replies.wording(entry["text"]),
            author=people[entry["author"]],
            stance=Stance(entry["stance"]),
            parent=parent,
            passage=entry.get("passage"),
            quote=_quoted(debate, entry),
        )
        written[entry["id"]] = reply
        _decide(reply, entry, people)
    for entry in entries:  # taken down or back only once the answers are there
        if entry["status"] == "removed":
            _act(written[entry["id"]], Action.REMOVE, entry, people[entry["by"]])
        elif entry["status"] == "withdrawn":
            replies.withdraw(_complete(written[entry["id"]]), by=people[entry["author"]])
    for entry in entries:
        _backdate(written[entry["id"]], entry["minutes_ago"])
    _place_anew()
    for entry in entries:
        if "open_with" in entry:
            claims.take(_complete(written[entry["id"]]), by=people[entry["open_with"]])
    return written


def _quoted(debate: Debate, entry: dict[str, Any]) -> quotes.Picked | None:
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
    sides = positions.sides(debate, numbers)
    for reply in written:
        quality, read = dice.gauss(0.4, 1.2), dice.uniform(0.03, 0.7)
        about = {"reply_id": reply.id, "author_id": reply.author_id, "revision_id": reply.shown_revision_id}
        for number in numbers if reply.is_public else ():
            nearness = {None: 0.0, reply.stance: 0.7}.get(sides.get(number), -0.7)
            yes = dice.random() < 1 / (1 + exp(-quality - nearness))
            if dice.random() < read:
                db.session.add(Vote(voter_id=number, well_argued=yes, **about))


def _report(reply: Reply, entry: dict[str, Any], people: dict[str, User]) -> None:
    by, receipt = people.get(entry.get("by", "")), secrets.token_hex(32)
    report, _is_new = reports.make(reply.id, entry["reason"], entry.get("explanation", ""), by=by, receipt=receipt)
    report.created_at = now() - timedelta(minutes=entry["minutes_ago"])
    db.session.flush()
    report_ranks.place(reply.id)


def _decide(reply: Reply, entry: dict[str, Any], people: dict[str, User]) -> None:
    action = {"returned": Action.RETURN, "rejected": Action.REJECT, "pending": None}.get(
        entry["status"], Action.PUBLISH
    )
    if action is not None and "by" in entry:
        _act(reply, action, entry, people[entry["by"]])


def _act(reply: Reply, action: Action, entry: dict[str, Any], by: User) -> None:
    revision = _complete(reply).latest_revision
    decisions.decide(revision, action, by=by, rule=entry.get("rule"), explanation=entry.get("explanation", ""))
    db.session.flush()


def _edit(reply: Reply, entry: dict[str, Any], people: dict[str, User]) -> None:
    """Let an author change a published reply; without a moderator in the entry the new wording waits."""
    found = _complete(reply)
    said = replies.wording(found.latest_revision.text.replace(entry["old"], entry["new"]))
    replies.edit(found, said, by=found.author, stance=found.stance)
    wording = _complete(reply).latest_revision
    wording.created_at = now() - timedelta(minutes=entry["minutes_ago"])
    if "by" in entry:
        decision = decisions.decide(wording, Action.PUBLISH, by=people[entry["by"]])
        wording.published_at = decision.created_at = wording.created_at + timedelta(minutes=40)
        db.session.flush()


def _complete(reply: Reply) -> Reply:
    found = reply_to_change(reply.id)
    if found is None:
        raise LookupError(reply.id)
    return found


def _backdate(reply: Reply, minutes: int) -> None:
    """Move a reply and all that hangs on it into the past; it was read within three hours."""
    posted = now() - timedelta(minutes=minutes)
    read = posted + min(timedelta(minutes=minutes / 4), timedelta(hours=3))
    wordings = _complete(reply).revisions
    rows: list[Base] = [reply, *wordings]
    for row in rows:
        row.created_at = posted
    for wording in wordings:
        wording.published_at = read if wording.published_at else None
    if reply.published_at:
        reply.published_at = read
    made = db.session.scalars(select(Decision).where(Decision.reply_id == reply.id))
    for step, decision in enumerate(made):
        decision.created_at = read + step * timedelta(minutes=20)
        notice = select(Notification).where(Notification.decision_id == decision.id)
        for row in db.session.scalars(notice):
            row.created_at = decision.created_at
    entries = select(AuditEntry).where(AuditEntry.subject_kind == "replies", AuditEntry.subject_id == reply.id)
    for entry in db.session.scalars(entries):
        entry.created_at = posted


def _place_anew() -> None:
    """Put what waits into the queue by the hours to which it was moved."""
    query = select(Revision).where(Revision.outcome == Outcome.WAITING).order_by(Revision.created_at)
    waiting = list(db.session.scalars(query.options(joinedload(Revision.reply))))
    for revision in waiting:
        revision.place = 0
    for revision in waiting:
        db.session.flush()
        screened.give_place(revision, revision.reply.stance, came_back=False)


def _print_sign_ins(password: str) -> None:
    click.echo("A demo on a throwaway database. Sign in as:", err=True)
    rows = [("aigerim", "member"), ("boris", "member"), *((name, role.value) for name, role in STAFF.items())]
    for name, role in rows:
        click.echo(f"  {name:<10} {role:<10} password {password}", err=True)
