"""What somebody learns who has the database and not the secret: not who answered what, and not who is on which side."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from itertools import product
from typing import Any

import numpy as np
import time_machine
from sqlalchemy import delete, inspect, text

from forum.db import db, writing
from forum.debates import votes
from forum.debates.models import HourlyScores, ReplyMarks
from forum.debates.position_models import Position
from forum.debates.vote_models import Vote
from forum.jobs import Job, Kind
from forum.opinions.models import DebateVoters
from tests.world import World

Dump = Mapping[str, list[dict[str, Any]]]
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
SIDES = {f"reader-{n}": "pro" if n < 5 else "anti" for n in range(10)}
GUESSES = (b"", b"0", b"votes", b"evenhand: who answered about which reply, 1", b"secret")


def dump(world: World) -> Dump:
    """Return every row of every table, as a copy of the database has it."""
    with world.at_work():
        names = set(inspect(db.engine).get_table_names()) - {"page_versions"}  # drawn by lot, whatever has happened
        rows = {name: db.session.execute(text(f'SELECT * FROM "{name}"')).mappings().all() for name in names}  # noqa: S608
        return {name: [dict(row) for row in found] for name, found in rows.items()}


def recovered(copy: Dump) -> dict[int, str]:
    """Return the sides that somebody works out who has named votes and the counts of them, by trying all ways."""
    voters, equations = set(), []
    for marks in copy["reply_marks"]:
        said = named(copy, marks["reply_id"])
        voters |= said.keys()
        equations += [(said, side, marks[f"{side}_yes"], marks[f"{side}_all"]) for side in ("pro", "anti")]
    order = sorted(voters)
    ways = np.array(list(product(("pro", "anti", ""), repeat=len(order)))) if order else np.zeros((0, 0))
    for said, side, yes, every in equations:
        taken = np.array([voter in said for voter in order], bool)
        for_yes = np.array([bool(said.get(voter)) for voter in order], bool)
        here = ways == side
        ways = ways[((here & taken).sum(axis=1) == every) & ((here & for_yes).sum(axis=1) == yes)]
    return {voter: str(ways[0, n]) for n, voter in enumerate(order) if len(ways) and len(set(ways[:, n])) == 1}


def named(copy: Dump, reply: int) -> dict[int, bool]:
    """Return who answered what about a reply, as far as a copy tells or lets guess."""
    people = {row["id"] for row in copy["users"]}
    found = {}
    for row in copy["votes"]:
        who = [value for key, value in row.items() if key != "author_id" and is_of_person(key, value, people, reply)]
        who += [person for person in people for value in row.values() if is_guessed(value, reply, person)]
        what = [row[key] for key in ("well_argued", "yes", "answer") if key in row]
        if row["reply_id"] == reply and who:
            found[who[0]] = bool(what and what[0])
    return found


def is_of_person(key: str, value: object, people: set[int], reply: int) -> bool:
    return key not in {"id", "reply_id", "revision_id"} and key.endswith("_id") and value in people


def is_guessed(value: object, reply: int, person: int) -> bool:
    """Say whether bytes are what somebody would compute who knows how tags are made, but not the secret."""
    if not isinstance(value, bytes):
        return False
    words = f"{reply}:{person}".encode()
    keys = [*GUESSES, *(hmac.digest(guess, purpose, sha256) for guess in GUESSES for purpose in GUESSES)]
    return value == sha256(words).digest() or any(hmac.digest(key, words, sha256) == value for key in keys)


def let_all_answer(world: World, reply: int, other: int, sides: Mapping[str, str]) -> None:
    """Let those who are for say yes, and the others no; of another reply some are undecided."""
    for name, side in sides.items():
        world.answer(name, before=1 if side == "pro" else -1)
        world.vote(reply, name, side == "pro")
        world.vote(other, name, side == "anti")
    world.count_votes()
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])


def test_a_copy_of_the_database_tells_nobodys_side(world: World) -> None:
    reply, other = (world.published("aigerim") for _ in range(2))
    let_all_answer(world, reply, other, SIDES)
    copy = dump(world)
    assert [(row["pro_yes"], row["anti_yes"]) for row in copy["reply_marks"]] == [(5, 0), (0, 5)]
    assert recovered(copy) == {}
    assert [named(copy, number) for number in (reply, other)] == [{}, {}], "not even who has answered"
    people = {world.person(name): side for name, side in SIDES.items()}
    for row in copy["votes"]:  # the same attack, if only the names were there
        row["voter_id"], row["well_argued"] = read(world, row)
    assert recovered(copy) == people


def read(world: World, row: dict[str, Any]) -> tuple[int, bool]:
    """Read a row with the secret."""
    with world.at_work():
        found = {(reply, said.voter_id): said.well_argued for reply, said in votes.said()}
        for (reply, voter), answer in found.items():
            if reply == row["reply_id"] and votes.vote_tags.tags([reply], voter) == [bytes(row["tag"])]:
                return voter, bool(answer)
    raise AssertionError("a row of nobody")


def test_whoever_answered_what_the_database_looks_the_same_without_the_secret(world: World) -> None:
    replies = [world.published("aigerim") for _ in range(2)]
    turned = dict(zip(SIDES, reversed(SIDES.values()), strict=True))
    seen, sealed = [], []
    with time_machine.travel(NOON, tick=False):
        for sides in (SIDES, turned):
            let_all_answer(world, *replies, sides)
            copy = {name: rows for name, rows in dump(world).items() if name not in {"sessions", "code_apps"}}
            seen.append({name: sorted(map(in_clear, rows)) for name, rows in copy.items()})
            sealed += [row["sealed"] for rows in copy.values() for row in rows if "sealed" in row]
            with world.at_work(), writing():
                for table in (Vote, Position, ReplyMarks, HourlyScores, DebateVoters, Job):
                    db.session.execute(delete(table))
    assert seen[0] == seen[1]
    assert len(seen[0]["votes"]) == 20
    assert len(sealed) == len(set(map(bytes, sealed))) == 2 * (20 + 1 + 1), "the same is never sealed alike"


def in_clear(row: Mapping[str, Any]) -> str:
    """Return what of a row is not sealed, with the length of what is."""
    values = {key: len(value) if isinstance(value, bytes) else value for key, value in row.items() if key != "id"}
    return repr(sorted(values.items()))


def test_a_seal_opens_only_where_it_was_made(world: World) -> None:
    reply, other = (world.published("aigerim") for _ in range(2))
    world.vote(reply, "boris"), world.vote(other, "boris", False)
    with world.at_work(), writing():
        first, second = db.session.query(Vote).order_by(Vote.reply_id).all()
        first.sealed = second.sealed
    with world.at_work():
        assert [number for number, _said in votes.said()] == [other]
