"""Synthetic content in bulk, for load and growth tests."""

import random
from datetime import timedelta
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import Table, func, insert, select, update

from forum import generated_votes
from forum.accounts import names
from forum.accounts.models import NameLook, Role, User
from forum.db import db, now, writing
from forum.debates import anchors
from forum.debates.models import (
    MAX_DEPTH,
    ArticleRevision,
    Debate,
    Outcome,
    Passage,
    Quote,
    Reply,
    ReplyStatus,
    Revision,
    Stance,
)
from forum.moderation import order
from forum.tables import bring_up_to_date
from forum.terminal import _, _l
from forum.text import RENDERER

BATCH = 5000  # rows in one statement
SHOWN = 10_000  # replies after which it says how far it has come
PASSAGES = 20
WORDS = [
    *(
        "law",
        "right",
        "work",
        "police",
        "state",
        "tax",
        "street",
        "clinic",
        "court",
        "market",
        "choice",
        "harm",
        "duty",
        "risk",
        "price",
        "city",
    ),
    *(
        "family",
        "report",
        "number",
        "licence",
        "proof",
        "reason",
        "question",
        "answer",
        "safety",
        "control",
        "office",
        "health",
        "money",
    ),
    *("debt", "border", "child", "school", "year", "country"),
]
# Of a hundred replies: what became of them.
STATUSES = [ReplyStatus.PUBLISHED] * 90 + [ReplyStatus.PENDING] * 4 + [ReplyStatus.REJECTED] * 3
STATUSES += [ReplyStatus.RETURNED] * 2 + [ReplyStatus.WITHDRAWN]
OUTCOMES = {
    ReplyStatus.PUBLISHED: Outcome.PUBLISHED,
    ReplyStatus.PENDING: Outcome.WAITING,
    ReplyStatus.REJECTED: Outcome.REJECTED,
    ReplyStatus.RETURNED: Outcome.RETURNED,
    ReplyStatus.WITHDRAWN: Outcome.WITHDRAWN,
}
Row = dict[str, Any]


@click.command(
    "generate",
    help=_l("Add synthetic debates, people and replies in all states; nobody can sign in as these people."),
)
@click.option("--debates", "debate_count", type=click.IntRange(1), default=1, help=_l("How many debates."))
@click.option("--replies", "reply_count", type=click.IntRange(0), default=500, help=_l("How many replies in all."))
@click.option("--users", "user_count", type=click.IntRange(1), default=50, help=_l("How many people write them."))
@click.option(
    "--votes", "each", type=click.IntRange(0), default=0, help=_l("About how many replies each person answers.")
)
@click.option("--seed", type=int, default=1, help=_l("The same seed gives the same content."))
@with_appcontext
def generate(debate_count: int, reply_count: int, user_count: int, each: int, seed: int) -> None:
    """Write rows in bulk, past all verbs."""
    bring_up_to_date()
    if db.session.scalar(select(User.id).where(User.name_key == f"g{seed}-1")) is not None:
        raise click.ClickException(_("Content of seed %(seed)s is here already; take another seed.", seed=seed))
    dice = random.Random(seed)  # noqa: S311 (nothing secret)
    with writing():
        users = _add_users(user_count, seed)
        debates = _add_debates(debate_count, seed, dice)
        _add_replies(reply_count, users, debates, dice)
        _repair_sequences()
        votes = generated_votes.add(users, debates, each, dice) if each else 0
    many = {"debates": debate_count, "people": user_count, "replies": reply_count, "votes": votes}
    said = _("Added: debates %(debates)s, people %(people)s, replies %(replies)s, votes %(votes)s.", **many)
    click.echo(said, err=True)


def _add_users(count: int, seed: int) -> list[int]:
    first = _next_id(User)
    called = [f"g{seed}-{n}" for n in range(1, count + 1)]
    made = {"role": Role.MEMBER, "language": "en", "created_at": now()}
    users: list[Row] = [{"id": first + n, "name": name, "name_key": name, **made} for n, name in enumerate(called)]
    _insert(User, users)
    looks = [{"look": look, "user_id": user["id"]} for user in users for look in names.looks(user["name"])]
    _insert(NameLook, [{**look, "created_at": now()} for look in looks])
    return [user["id"] for user in users]


def _add_debates(count: int, seed: int, dice: random.Random) -> list[int]:
    first, first_revision = _next_id(Debate), _next_id(ArticleRevision)
    start = now() - timedelta(days=30)
    sides = {"pro_label": "For the motion", "anti_label": "Against the motion"}
    gists = {"pro_gist": "Change what holds today.", "anti_gist": "Keep what holds today."}
    facts = {"language": "en", "source": "Synthetic", "opens_at": start, "created_at": start, **sides, **gists}
    numbers = range(count)
    _insert(
        Debate,
        [
            {"id": first + n, "slug": f"g{seed}-{n + 1}", "title": f"Synthetic debate {seed}-{n + 1}", **facts}
            | {"motion": _sentence(dice, 8)}
            for n in numbers
        ],
    )
    revisions = [{"id": first_revision + n, "debate_id": first + n, "number": 1, "created_at": start} for n in numbers]
    _insert(ArticleRevision, revisions)
    passages = []
    for revision in revisions:
        for number in range(1, PASSAGES + 1):
            words = _sentence(dice, 50)
            place = {"revision_id": revision["id"], "number": number, "position": number, "begins_section": False}
            passages.append({**place, "text": words, "html": f"<p>{words}</p>\n", "created_at": start})
    _insert(Passage, passages)
    return [first + n for n in numbers]


def _add_replies(count: int, users: list[int], debates: list[int], dice: random.Random) -> None:
    first, first_revision = _next_id(Reply), _next_id(Revision)
    public: dict[int, list[Row]] = {debate: [] for debate in debates}
    everything: dict[int, Row] = {}
    start = now() - timedelta(days=29)
    for n in range(count):
        debate = debates[n % len(debates)]
        row = _reply(first + n, debate, dice.choice(users), start + n * timedelta(days=29) / max(1, count), dice)
        if public[debate] and dice.random() < 0.3:
            _answer(row, dice.choice(public[debate]), dice)
        everything[row["id"]] = row
        if row["status"] is ReplyStatus.PUBLISHED:
            public[debate].append(row)
            _count_above(row, everything)
    # A published reply shows a wording, and a wording belongs to a reply: so they wait first, and appear afterwards.
    rows = list(everything.values())
    for begin in range(0, count, SHOWN):
        if begin:
            click.echo(_("Replies: %(number)s of %(count)s", number=f"{begin:,}", count=f"{count:,}"), err=True)
        some = rows[begin : begin + SHOWN]
        _insert(Reply, [{**row, "status": ReplyStatus.PENDING} for row in some])
        _insert(Revision, [_revision(row, first_revision - first, dice) for row in some])
    _insert(Quote, _quotes(rows))
    reply, revision = Reply.__table__, Revision.__table__
    shown = reply.c.id + (first_revision - first)
    outcome = select(revision.c.outcome).where(revision.c.id == shown).scalar_subquery()
    for status, result in OUTCOMES.items():
        if status is not ReplyStatus.PENDING:
            values = {"status": status} | ({"shown_revision_id": shown} if status is ReplyStatus.PUBLISHED else {})
            db.session.execute(
                update(reply).where(reply.c.id >= first, outcome == result).values(values)  # type: ignore[arg-type]
            )


def _reply(number: int, debate: int, author: int, moment: Any, dice: random.Random) -> Row:
    status = dice.choice(STATUSES)
    return {
        "id": number,
        "debate_id": debate,
        "author_id": author,
        "parent_id": None,
        "root_id": None,
        "depth": 0,
        **_at(dice.choice([None, dice.randint(1, PASSAGES)])),
        "stance": dice.choice([Stance.PRO, Stance.ANTI]),
        "status": status,
        "language": "en",
        "key": f"g-{number}",
        "published_at": moment + timedelta(hours=1) if status is ReplyStatus.PUBLISHED else None,
        "public_answers": 0,
        "version": 1,
        "created_at": moment,
    }


def _at(passage: int | None) -> Row:
    """Return where a reply to a passage stands: there, as long as the article is as it was."""
    return {"passage": passage, "stands_at": passage}


def _quotes(rows: list[Row]) -> list[Row]:
    """Let every third reply to a passage quote six of its words."""
    query = select(ArticleRevision.debate_id, Passage.revision_id, Passage.number, Passage.text).join(Passage)
    texts = {(debate, number): (revision, text) for debate, revision, number, text in db.session.execute(query)}
    quotes = []
    for row in rows:
        if row["passage"] and row["id"] % 3 == 0:
            revision, text = texts[row["debate_id"], row["passage"]]
            begin = len(" ".join([*text.split()[: row["id"] % 40], ""]))
            length = len(" ".join(text[begin:].split()[:6]))
            picked = anchors.pick({row["passage"]: text}, anchors.Place(row["passage"], begin, begin + length))
            made = {"reply_id": row["id"], "article_revision_id": revision, "created_at": row["created_at"]}
            quotes.append(made | vars(picked) | {"start": begin, "found_at": begin})
    return quotes


def _answer(row: Row, parent: Row, dice: random.Random) -> None:
    """Make `row` an answer to `parent`, if there is room below it."""
    if parent["depth"] < MAX_DEPTH:
        row.update(parent_id=parent["id"], root_id=parent["root_id"] or parent["id"], depth=parent["depth"] + 1)
        row.update(_at(None), stance=dice.choice(list(Stance)))


def _count_above(row: Row, everything: dict[int, Row]) -> None:
    above = everything.get(row["parent_id"] or 0)
    while above:
        above["public_answers"] += 1
        above = everything.get(above["parent_id"] or 0)


def _revision(row: Row, shift: int, dice: random.Random) -> Row:
    words = _sentence(dice, dice.randint(40, 140))
    texts = {"text": words, "html": f"<p>{words}</p>\n", "renderer": RENDERER}
    number = {"id": row["id"] + shift, "reply_id": row["id"], "number": 1, "created_at": row["created_at"]}
    place = order.place(order.tier(0, came_back=False), row["created_at"], row["stance"], row["id"] // 2)
    outcome = OUTCOMES[row["status"]]
    published = row["published_at"] if outcome is Outcome.PUBLISHED else None
    return {**number, **texts, "outcome": outcome, "published_at": published, "severity": 0, "place": place}


def _sentence(dice: random.Random, length: int) -> str:
    return " ".join(dice.choices(WORDS, k=length)).capitalize() + "."


def _next_id(model: Any) -> int:
    return (db.session.scalar(select(func.max(model.id))) or 0) + 1


def _insert(model: Any, rows: list[Row]) -> None:
    table: Table = model.__table__
    for begin in range(0, len(rows), BATCH):
        db.session.execute(insert(table), rows[begin : begin + BATCH])


def _repair_sequences() -> None:
    """Let PostgreSQL count on from the numbers given here; SQLite does so by itself."""
    if db.engine.dialect.name != "postgresql":
        return
    for model in (User, NameLook, Debate, ArticleRevision, Passage, Reply, Revision, Quote):
        highest = select(func.max(model.id)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
        db.session.execute(select(func.setval(sequence, highest)))
