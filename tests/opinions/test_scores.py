"""The stored scores: what a job makes of the answers for the next hour, and what it keeps of whom."""

from datetime import timedelta

import numpy as np
import pytest
import time_machine
from sqlalchemy import select

from forum.accounts import signin
from forum.db import db, now, writing
from forum.debates import articles, published_scores, queries, votes
from forum.debates.models import SIDES, HourlyScores, Reply, Stance
from forum.debates.published_scores import Published
from forum.jobs import Kind
from forum.opinions import bridging, scores, voters
from forum.opinions.models import DebateVoters
from forum.opinions.voters import Voters
from tests.conftest import rarely_on_postgres
from tests.world import SLUG, World

VOTERS = {f"reader-{n}": (1, -1, 0)[n % 3] for n in range(12)}  # where each stands before reading


def published(world: World) -> dict[int, float]:
    """Return the scores of the next hour, by reply."""
    with world.at_work():
        debate = queries.by_slug(SLUG)
        found = published_scores.in_use(debate, now() + timedelta(hours=1))
        rows = db.session.execute(select(Reply.id, Reply.stance, Reply.shown_revision_id).order_by(Reply.id))
        return {reply: float(found.of(side)(np.array([wording]))[0]) for reply, side, wording in rows}


def known(world: World) -> Voters:
    with world.at_work():
        return voters.last(queries.by_slug(SLUG).id)


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


def test_the_scores_are_those_of_the_formula_and_one_without_answers_has_what_the_debate_usually_gives(
    world: World, replies: list[int]
) -> None:
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    hourly = published(world)
    dice, rows = np.random.default_rng(1), []
    names = [name for name, position in VOTERS.items() if position]
    for name in VOTERS:
        for place in range(3):
            yes = bool(dice.random() < 0.6)
            if name in names:
                rows.append((names.index(name), place, yes))
    voter, reply, yes = np.array(rows).T
    sides = np.array([0 if VOTERS[name] > 0 else 1 for name in names])
    ballots = bridging.Ballots(voter, reply, yes.astype(float), sides, np.array([0, 1, 0, 1]))
    assert [hourly[number] for number in replies] == pytest.approx(bridging.scores(ballots).tolist(), rel=1e-6)
    usual = bridging.averages(ballots, bridging.weights(ballots))
    assert hourly[replies[3]] == pytest.approx(100 * np.sqrt(usual[:, 1].prod()), rel=1e-6)
    new = world.published("aigerim", Stance.ANTI)
    assert published(world)[new] == hourly[replies[3]], "and so has one that was published since"


def test_who_takes_the_last_answer_back_or_is_forgotten_has_no_weight_any_longer(
    world: World, replies: list[int]
) -> None:
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    before = published(world)
    assert set(known(world).weights) == {world.person(name) for name in VOTERS}
    for reply in replies[:3]:
        world.vote(reply, "reader-0", None)
    with world.at_work(), writing():
        votes.forget(signin.find("reader-1"))
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    gone = {world.person("reader-0"), world.person("reader-1")}
    assert set(known(world).weights) == {world.person(name) for name in VOTERS} - gone
    assert set(known(world).ballots) >= gone, "until there are new scores, theirs are in the old ones"
    assert published(world) == before
    for name in ("reader-3", "reader-4", "reader-6"):
        world.vote(replies[0], name, None)
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    assert not gone & set(known(world).ballots)
    assert published(world) != before


@rarely_on_postgres
def test_of_a_debate_that_has_ended_the_scores_are_made_once_more_and_then_stay(
    world: World, replies: list[int]
) -> None:
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    with world.at_work(), writing():
        articles.close(queries.by_slug(SLUG), "All has been said.")

    def computed() -> object:
        with world.at_work():
            return db.session.scalar(select(DebateVoters.computed_at))

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
        debate = queries.by_slug(SLUG).id
        kept = voters.last(debate)
        voters.keep(debate, Voters({**kept.weights, oldest: (0.125, 0.125)}, kept.ballots), now())
    with time_machine.travel(now() + timedelta(hours=1)):
        for name in list(VOTERS)[1:]:
            world.vote(replies[0], name, None), world.vote(replies[0], name, True)
        monkeypatch.setattr(bridging, "MOST_VOTERS", 3)
        world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    assert known(world).weights[oldest] == (0.125, 0.125)


def test_scores_are_kept_as_long_as_a_page_can_ask_for_them(world: World) -> None:
    with world.at_work():
        debate = queries.by_slug(SLUG)
        beginning = now().replace(minute=0, second=0, microsecond=0)
        for hour in (0, 10, 26, 40, 41):
            with time_machine.travel(beginning + timedelta(hours=hour, minutes=5), tick=False), writing():
                made = Published(np.array([7, 3]), np.array([1.0, float(hour)]), (20.0, 30.0))
                published_scores.publish(debate.id, beginning + timedelta(hours=hour + 1), made)
        kept = db.session.scalars(select(HourlyScores.hour).order_by(HourlyScores.hour)).all()
        assert kept == [beginning + timedelta(hours=hour + 1) for hour in (10, 26, 40, 41)]
        for hour, score in ((11, 10.0), (26, 10.0), (27, 26.0), (50, 41.0)):
            found = published_scores.in_use(debate, beginning + timedelta(hours=hour))
            assert [found.of(side)(np.array([3, 5])).tolist() for side in SIDES] == [[score, 20.0], [score, 30.0]]
        before = published_scores.in_use(debate, beginning)
        assert before.of(Stance.PRO)(np.array([3])).tolist() == [50.0]


@rarely_on_postgres
def test_with_another_secret_what_is_sealed_is_as_if_it_were_not_there(world: World, replies: list[int]) -> None:
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    world.app.config["SECRET_KEY"] = "lost, and made anew"
    assert set(published(world).values()) == {50.0}
    assert known(world) == Voters()
    for name in VOTERS:
        world.vote(replies[0], name)
    world.count_votes()
    with world.at_work():
        scores.score_debate(queries.by_slug(SLUG).id)
        debate = queries.by_slug(SLUG)
        assert len(list(votes.said(Reply.debate_id == debate.id))) == len(VOTERS), "those given since are counted"
