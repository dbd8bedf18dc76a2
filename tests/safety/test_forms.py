"""Every form of the forum with fields that it does not have, and with its fields twice: the rows are the same."""

import itertools
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import text

from forum.accounts import limits
from forum.db import Base, db
from tests.conftest import Forums
from tests.test_doors import FORMS, NAMES, addresses, link_in, make_busy
from tests.world import World

Rows = dict[str, list[tuple[Any, ...]]]
Left = dict[str, tuple[int, Rows]]  # by form: the status of the answer, and all rows after it
# What rows have and forms do not say: it is set by who is signed in, by the address, or by the clock.
STRANGE = {
    **dict.fromkeys(["id", "user_id", "author_id", "actor_id", "moderator_id", "reporter_id", "appellant_id"], "2"),
    **dict.fromkeys(["root_id", "in_answer_to_id", "debate_id", "reply_id", "shown_revision_id", "muted_id"], "1"),
    **dict.fromkeys(["first_moderator_id", "decided_by_id", "proposed_by_id", "confirmed_by_id", "closed_by_id"], "2"),
    **dict.fromkeys(["is_staff", "is_admin", "admin", "one_lead_decided", "automated", "fresh", "confirmed"], "1"),
    **dict.fromkeys(["created_at", "confirmed_at", "expires_at", "published_at", "undoable_until"], "2020-01-01"),
    "staff_number": "1",
    "password_hash": "x",
    "name_key": "maria",
    "token_digest": "x",
    "sid": "x",
    "status": "published",
    "severity": "0",
    "is_held": "",
    "banned_at": "",
    "suspended_until": "",
    "failures": "0",
    "outcome_": "published",
    "html": "<b>bold</b>",
    "words": "x",
    "salt": "",
    "_method": "DELETE",
    "_csrf": "x",
}
ROLE = {"role": "lead"}  # a field of one form, and of no other
TWICE = {"name": "maria", "role": "lead", "action": "publish", "stance": "pro", "kind": "ban", "position": "-2"}
TWICE |= {"outcome": "decision_reversed", "well_argued": "0", "frequency": "immediate", "moment": "after", "mute": "0"}
TWICE |= {"follow": "0", "rule": "privacy", "reason": "privacy", "language": "ru", "change": "remove", "end": "all"}
ARE_MANY = {"chosen", "languages"}  # a tick box for each
WAYS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "as its page sends it": lambda fields: fields,
    "with strange fields": lambda fields: {**STRANGE, **ROLE, **fields},
    "with its fields twice": lambda fields: {
        name: value if name in ARE_MANY or name == "csrf_token" else [value, TWICE.get(name, "1")]
        for name, value in fields.items()
    },
}
MADE_BY_LOT = re.compile(r"stamp|previous|commitment|digest|salt|hash|key|token|sealed|mark|tag|nonce|receipt")


def without_chance(rows: Rows) -> Rows:
    """Leave out of all rows what is drawn by lot."""
    kept = {}
    for table in Base.metadata.sorted_tables:
        plain = [place for place, column in enumerate(table.columns) if not MADE_BY_LOT.search(column.name)]
        kept[table.name] = sorted((tuple(row[place] for place in plain) for row in rows[table.name]), key=repr)
    return kept


def send_all(world: World, way: str, link: str) -> Left:
    """Send every form in turn; return the status of each answer and all rows after it."""
    where = addresses(world, "POST", link)
    people = {who: world.visitor(NAMES[who]) for who in ("author", "moderator", "lead")}
    found = {}
    for endpoint, (who, fields) in FORMS.items():
        person = people.get(who) or world.visitor()
        sent = {**fields, "revision": world.wording(1), "csrf_token": person.token()}
        answer = person.client.post(where[endpoint], data=WAYS[way](sent))
        found[endpoint] = answer.status_code, without_chance(world.everything())
    return found


@pytest.fixture
def left(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, forums: Forums) -> dict[str, Left]:
    """Return what each way of sending leaves of the same forum in the same second."""
    folder = tmp_path_factory.mktemp("forms")
    file, as_it_was = folder / "forum.sqlite3", folder / "before.sqlite3"
    shutil.copy(migrated_file, file)
    app = forums(f"sqlite:///{file}")
    found = {}
    with time_machine.travel(datetime.now(UTC), tick=False):
        world = make_busy(World(app))
        link = link_in(world)
        with app.app_context():
            db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        for way in WAYS:
            with app.app_context():
                db.engine.dispose()
            for old in folder.glob("forum.sqlite3-*"):
                old.unlink()
            shutil.copy(*((file, as_it_was) if not as_it_was.exists() else (as_it_was, file)))
            limits._counts.cache_clear()
            found[way] = send_all(world, way, link)
    with app.app_context():
        db.engine.dispose()
    return found


@pytest.mark.long
def test_a_form_does_what_its_own_fields_say_once(left: dict[str, Left]) -> None:
    usual = left.pop("as its page sends it")
    told = []
    for way, endpoint in itertools.product(left, FORMS):
        (status, rows), (other_status, others) = usual[endpoint], left[way][endpoint]
        told += [f"{endpoint} {way}: {other_status}"] if status != other_status else []
        told += [f"{endpoint} {way}: {table}" for table in rows if rows[table] != others[table]]
    assert told == []
