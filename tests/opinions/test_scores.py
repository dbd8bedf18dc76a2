"""The stored scores: what a job makes of the answers, in an hour and at once, and what it keeps of whom."""

import numpy as np
import pytest
import time_machine
from sqlalchemy import select

from forum.db import db, now, writing
from forum.debates import articles, queries
from forum.debates.models import ReplyMarks, Stance
from forum.jobs import Kind
from forum.opinions import bridging
from forum.opinions.models import DebateUsual, VoterWeight
from forum.opinions.scores import CELLS
from tests.conftest import rarely_on_postgres
from tests.world import SLUG, World

VOTERS = {f"reader-{n}": (1, -1, 0)[n % 3] for n in range(12)}  # where each stands before reading


def scores(world: World) -> dict[int, float]:
    with world.at_work():
        return {marks.reply_id: marks.score for marks in db.session.scalars(select(ReplyMarks))}


@pytest.fixture
def replies(world: World) -> list[int]:
    """Return two replies of each side, with answers of twelve readers in the same way each time."""
    made = [world.published("aigerim", side) for side in (Stance.PRO, Stance.ANTI) * 2]
    dice = np.random.default_rng(1)
    for name, position in VOTERS.items():
        world.answer(name, before=position)
        for reply in made[:3]:
            world.vote(reply, name, bool(dice.random() < 0.6))
    return made


def test_the_hourly_scores_are_those_of_the_formula_and_one_at_once_is_the_same(
    world: World, replies: list[int]
) -> None:
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    hourly = scores(world)
    dice, rows = np.random.default_rng(1), []
    names = [name for name, position in VOTERS.items() if position]
    for name in VOTERS:
        for place in range(3):
            yes = bool(dice.random() < 0.6)
            if name in names:
                rows.append((names.index(name), place, yes))
    voter, reply, yes = np.array(rows).T
    sides = np.array([0 if VOTERS[name] > 0 else 1 for name in names])
    wanted = bridging.scores(bridging.Ballots(voter, reply, yes.astype(float), sides, np.array([0, 1, 0, 1])))
    assert [hourly[number] for number in replies] == pytest.approx(wanted.tolist())
    world.vote(replies[0], "reader-0", None), world.vote(replies[0], "reader-0", False)
    world.do_jobs()
    again = scores(world)
    assert again[replies[0]] <= hourly[replies[0]]
    world.vote(replies[0], "somebody", True)  # who has no side
    world.do_jobs()
    assert scores(world) == again


def test_nothing_that_is_kept_tells_a_side(world: World, replies: list[int]) -> None:
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    with world.at_work():
        kept = set(db.session.scalars(select(VoterWeight.voter_id)))
    assert kept == {world.person(name) for name in VOTERS}, "those without a side have a row as well"
    names = {column.name for model in (VoterWeight, DebateUsual, ReplyMarks) for column in model.__table__.columns}
    assert not names & {"stance", "side", "position", "tag"}


def test_a_reply_without_answers_has_what_its_debate_usually_gives(world: World, replies: list[int]) -> None:
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    with world.at_work():
        usual = db.session.scalars(select(DebateUsual)).one()
        of_anti = [getattr(usual, cell) for cell in CELLS if cell.endswith("_anti")]
    assert scores(world)[replies[3]] == pytest.approx(100 * np.sqrt(np.prod(of_anti)))


@rarely_on_postgres
def test_of_a_debate_that_has_ended_the_scores_are_made_once_more_and_then_stay(
    world: World, replies: list[int]
) -> None:
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    with world.at_work(), writing():
        articles.close(queries.by_slug(SLUG), "All has been said.")

    def computed() -> object:
        with world.at_work():
            return db.session.scalar(select(DebateUsual.computed_at))

    before = computed()
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    after = computed()
    assert after > before
    with time_machine.travel(now().timestamp() + 7200):
        world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    assert computed() == after


@rarely_on_postgres
def test_who_is_no_longer_compared_keeps_the_last_weight(
    world: World, replies: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    oldest = world.person("reader-0")
    with world.at_work(), writing():
        weight = db.session.scalars(select(VoterWeight).where(VoterWeight.voter_id == oldest)).one()
        weight.on_pro = weight.on_anti = 0.125
    monkeypatch.setattr(bridging, "MOST_VOTERS", 3)
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    with world.at_work():
        kept = db.session.scalars(select(VoterWeight).where(VoterWeight.voter_id == oldest)).one()
        assert (kept.on_pro, kept.on_anti) == (0.125, 0.125)
