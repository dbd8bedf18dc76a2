"""What happens in the midst of an erasure, or while an archive is made."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from forum.accounts import signin
from forum.db import db
from forum.moderation.models import Action
from forum.privacy import exports
from forum.privacy.models import Erased
from tests.conftest import without_postgres
from tests.privacy.test_export import ask, opened
from tests.world import WHY, World


@contextmanager
def once_after(world: World, part: str, act: Callable[[], Any]) -> Iterator[None]:
    """Do something else once, in a thread of its own, as soon as a statement with this part was sent."""
    acts = [act]

    def look(connection, cursor, statement, *rest) -> None:
        if part in statement and acts:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(acts.pop()).result()

    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", look)
    assert not acts, "nothing was done meanwhile"


def test_who_asks_while_the_archive_of_another_is_made_gets_their_own(world: World) -> None:
    """SQLite gives the number of a row that has gone to the next one."""
    aigerim, boris = world.visitor("aigerim"), world.visitor("boris")
    ask(aigerim, "make")

    def meanwhile() -> None:
        ask(aigerim, "forget"), ask(boris, "make")

    with once_after(world, "FROM passkeys", meanwhile):
        world.do_jobs()
    assert opened(ask(boris, "fetch").data)["account"][0]["name"] == "boris"
    assert ask(aigerim, "fetch").status_code == 303


def test_nobody_keeps_an_archive_with_a_name_or_words_that_are_erased(world: World) -> None:
    secret, theirs = "What Maria wrote about it.", "What Timur noted about it."
    reply = world.reply("aigerim")
    world.visitor("timur").post(f"/moderation/replies/{reply}/notes", note=theirs)
    world.decide(reply, Action.REJECT, explanation=secret)
    world.report(world.published("aigerim"), by="boris", explanation="What Boris wrote about it.")
    world.mute("aigerim", by="dana")
    for name in ("maria", "timur", "boris", "dana", "zhenya"):
        world.export(name)
    world.leave("aigerim", Erased.ACCOUNT_AND_WORDS)
    with world.at_work():
        kept = {name: exports.of(signin.find(name)) for name in ("maria", "timur", "boris", "dana", "zhenya")}
    assert [name for name, export in kept.items() if export] == ["zhenya"]


def test_two_leads_erase_words_from_archives_too(world: World) -> None:
    world.decide(world.reply("aigerim"), Action.REJECT)
    for name in ("maria", "aigerim"):
        world.export(name)
    world.confirm(world.propose_purge("aigerim"))
    with world.at_work():
        assert [exports.of(signin.find(name)) for name in ("maria", "aigerim")] == [None, None]


def test_an_archive_that_is_being_made_meanwhile_is_made_anew(world: World) -> None:
    world.decide(world.reply("aigerim"), Action.REJECT, explanation=WHY)
    maria = world.visitor("maria")
    ask(maria, "make")
    with once_after(world, "FROM claims", lambda: world.erase_words("aigerim")):
        world.do_jobs()
    (decision,) = opened(ask(maria, "fetch").data)["decisions_as_moderator"]
    assert decision["explanation"] == ""


@without_postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_erasure_and_a_decision_do_not_wait_for_each_other(world: World) -> None:
    first = world.published("aigerim")
    last = world.published("aigerim", parent=world.published("boris", parent=first))
    maria = world.visitor("maria")
    fields = {"action": "remove", "rule": "respect", "explanation": WHY, "revision": world.wording(last)}

    with ThreadPoolExecutor(1) as pool:
        answers = []

        def decide() -> None:
            answers.append(pool.submit(maria.post, f"/moderation/replies/{last}/decisions", **fields))
            until = time.monotonic() + 5
            while not _somebody_waits(world) and time.monotonic() < until:
                pass

        with once_after(world, "pg_advisory_xact_lock", decide):
            world.leave("aigerim", Erased.ACCOUNT_AND_WORDS)
        assert answers[0].result().status_code == 409
    assert world.status(last) == "withdrawn"


def _somebody_waits(world: World) -> bool:
    with world.app.app_context(), db.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
