"""With the triggers gone, anybody with the database in hand can do anything to the log: it always shows."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from forum.db import db
from forum.debates.models import Stance
from forum.transparency import chain, log
from forum.transparency.models import LogAction
from forum.transparency.queries import RAW
from tests.world import SLUG, World

ENTRIES = 40
TRIGGERS = {
    "sqlite": [
        "DROP TRIGGER log_entries_no_update",
        "DROP TRIGGER log_entries_no_delete",
        "DROP TRIGGER log_entries_continue",
    ],
    "postgresql": [
        "ALTER TABLE log_entries DISABLE TRIGGER log_entries_only_grow",
        "ALTER TABLE log_entries DISABLE TRIGGER log_entries_continue",
    ],
}
COLUMNS = [*chain.FACTS, "hash"]
NEW = {  # what an entry is made to say instead; of another entry, or invented
    "hour": ["2026-01-01T00:00Z", "2026-11-25T03:17Z", "", "never"],
    "debate": ["another-debate", None, ""],
    "side": ["pro", "anti", "neither", None],
    "rule": ["privacy", "topic", None, "", "null"],
    "action": ["publish", "reject", "ban", "undone", ""],
    "moderator": [1, 2, 77, None],
    "commitment": ["0" * 64, None, ""],
    "about_id": [1, 2, 3, None],
    "previous_hash": ["0" * 64, ""],
    "hash": ["0" * 64, "f" * 64, ""],
}


@pytest.fixture
def open_log(world: World) -> World:
    """Return a forum whose log has entries of all kinds and no longer any triggers."""
    with world.at_work():
        for n in range(ENTRIES):
            side = list(Stance)[n % 3] if n % 4 else None
            rule = ["privacy", "topic", None][n % 3]
            words = f"Wording {n}" if n % 5 else None
            log.append(list(LogAction)[n % 12], staff=n % 3 or None, debate=SLUG, side=side, rule=rule, text=words)
        for statement in TRIGGERS[db.engine.dialect.name]:
            db.session.execute(text(statement))
        db.session.execute(text("DELETE FROM log_salts"))
        db.session.commit()
    yield world
    with world.at_work():
        if db.engine.dialect.name == "postgresql":
            for statement in TRIGGERS["postgresql"]:
                db.session.execute(text(statement.replace("DISABLE", "ENABLE")))
            db.session.commit()


def read() -> list[Any]:
    return [tuple(row) for row in db.session.execute(RAW.select().order_by(RAW.c.id))]


def run(statement: str, **values: Any) -> None:
    db.session.execute(text(statement), values)


def change(dice: random.Random) -> str:
    """Change one column of one entry."""
    column, number = dice.choice(list(NEW)), dice.randint(1, ENTRIES)
    run(f"UPDATE log_entries SET {column} = :new WHERE id = :id", new=dice.choice(NEW[column]), id=number)  # noqa: S608
    return f"{column} of {number}"


def change_and_hash(dice: random.Random) -> str:
    """Change one column and give the entry the hash that fits; those after it still tell."""
    number = dice.randint(1, ENTRIES - 1)
    said = change_of(dice, number)
    facts = read()[number - 1][:-1]
    run("UPDATE log_entries SET hash = :hash WHERE id = :id", hash=chain.digest(facts), id=number)
    return f"{said}, with a hash"


def change_of(dice: random.Random, number: int) -> str:
    column = dice.choice(["hour", "debate", "side", "rule", "action", "moderator", "commitment"])
    run(f"UPDATE log_entries SET {column} = :new WHERE id = :id", new=dice.choice(NEW[column]), id=number)  # noqa: S608
    return f"{column} of {number}"


def delete(dice: random.Random) -> str:
    """Take out an entry that is not the last."""
    number = dice.randint(1, ENTRIES - 1)
    run("DELETE FROM log_entries WHERE id = :id", id=number)
    return f"{number} deleted"


def close_up(dice: random.Random) -> str:
    """Take out an entry and let those after it move up."""
    number = dice.randint(1, ENTRIES - 1)
    run("DELETE FROM log_entries WHERE id = :id", id=number)
    for later in range(number + 1, ENTRIES + 1):
        run("UPDATE log_entries SET id = :new WHERE id = :old", old=later, new=later - 1)
    return f"{number} deleted and closed up"


def insert(dice: random.Random) -> str:
    """Put a copy of some entry in between, at the front or behind."""
    place, copied = dice.randint(0, ENTRIES + 1), dice.randint(1, ENTRIES)
    for later in range(ENTRIES, place - 1, -1) if place else ():
        run("UPDATE log_entries SET id = :new WHERE id = :old", old=later, new=later + 1)
    source = copied + 1 if place and copied >= place else copied
    names = ", ".join(COLUMNS[1:])  # of this file
    copied_row = f"INSERT INTO log_entries (id, {names}) SELECT :place, {names} FROM log_entries WHERE id = :from"  # noqa: S608
    run(copied_row, place=place, **{"from": source})
    return f"a copy of {copied} at {place}"


def swap(dice: random.Random) -> str:
    """Let two entries change places."""
    one, other = dice.sample(range(1, ENTRIES + 1), 2)
    for old, new in ((one, 10_000), (other, one), (10_000, other)):
        run("UPDATE log_entries SET id = :new WHERE id = :old", old=old, new=new)
    return f"{one} and {other} swapped"


def cut(dice: random.Random) -> str:
    """Cut off the end."""
    number = dice.randint(1, ENTRIES)
    run("DELETE FROM log_entries WHERE id >= :id", id=number)
    return f"cut off from {number}"


def rewrite(dice: random.Random) -> str:
    """Change an entry and write everything after it anew, as if it had always been so."""
    number = dice.randint(1, ENTRIES)
    said = change_of(dice, number)
    rows = read()
    before = rows[number - 2][-1] if number > 1 else chain.GENESIS
    for row in rows[number - 1 :]:
        digest = chain.digest([*row[:-2], before])
        run(
            "UPDATE log_entries SET previous_hash = :before, hash = :hash WHERE id = :id",
            before=before,
            hash=digest,
            id=row[0],
        )
        before = digest
    return f"{said}, all rewritten"


Tampering = Callable[[random.Random], str]
SEEN: list[Tampering] = [change, change, change, change_and_hash, delete, close_up, insert, swap]
SEEN_BY_THE_HEAD: list[Tampering] = [cut, rewrite]


def test_each_of_a_thousand_tamperings_is_found(open_log: World) -> None:
    """A head that was noted before is needed where the end was cut off, or all of it written anew."""
    dice = random.Random(20261125)
    missed, made = [], 0
    with open_log.at_work():
        whole = read()
        head = whole[-1][-1]
        assert chain.first_fault(whole, head) is None
        while made < 1000:
            tamper = dice.choice(SEEN + SEEN_BY_THE_HEAD)
            what = tamper(dice)
            tampered = read()
            if tampered != whole:  # else it was changed into what it was
                made += 1
                if not chain.first_fault(tampered, head[:16] if tamper in SEEN_BY_THE_HEAD else None):
                    missed.append(what)
            db.session.rollback()
    assert missed == []
