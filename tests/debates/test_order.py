"""The fair order: drawn for each hour, alike in every process, favouring nobody, and with pages that fit together."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from forum.db import db
from forum.debates import order, places, published_scores, queries
from forum.debates.models import SIDES, Debate, HourlyScores, Reply, ReplyStatus, Stance
from forum.debates.published_scores import Published
from forum.moderation.models import Action
from forum.settings import ROOT
from tests.debates.test_columns import NOON, column, fill, shown, tops, undone
from tests.world import DEBATE, World

HOURS = 1000
HALF_PAST = NOON + timedelta(days=1, minutes=30)  # a day after everything was published


@pytest.mark.parametrize("replies", [25, 100, 500])
def test_over_a_thousand_hours_every_reply_stands_in_the_middle_on_average(app: Flask, replies: int) -> None:
    ids = np.arange(3, 3 + 7 * replies, 7)
    places = np.zeros(replies)
    with app.app_context():
        for hour in range(HOURS):
            found = order.drawn(1, NOON + timedelta(hours=hour), ids)
            assert sorted(found) == ids.tolist()
            places[(found - 3) // 7] += np.arange(replies)
    assert np.abs(places / HOURS - (replies - 1) / 2).max() <= 0.05 * replies


def test_every_process_draws_the_same_and_each_hour_and_debate_another(app: Flask) -> None:
    ids = np.arange(1, 101)
    program = (
        "import numpy as np; from datetime import datetime, UTC; from forum import create_app; "
        "from forum.debates import order\n"
        "with create_app().app_context(): "
        f"print(order.drawn(7, datetime.fromisoformat('{NOON.isoformat()}'), np.arange(1, 101)).tolist())"
    )
    environ = {"FORUM_INSTANCE": app.config["INSTANCE"], "FORUM_SECRET_KEY": app.config["SECRET_KEY"]}
    drawn = [
        subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True, env=os.environ | environ | more)
        for more in ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2", "FORUM_TIMEZONE": "Asia/Almaty"})
    ]
    with app.app_context():
        mine = [order.drawn(debate, NOON + timedelta(hours=hour), ids).tolist() for debate in (7, 8) for hour in (0, 1)]
        app.config["SECRET_KEY"] = "another"
        mine.append(order.drawn(7, NOON, ids).tolist())
    assert drawn == [f"{mine[0]}\n"] * 2
    assert len({tuple(found) for found in mine}) == 5


def test_which_of_two_replies_comes_first_does_not_depend_on_the_others(app: Flask) -> None:
    with app.app_context():
        few, many = (order.drawn(1, NOON, np.arange(1, 1000, step)).tolist() for step in (10, 1))
    assert few == [number for number in many if number in set(few)]


def test_the_fair_order_is_the_usual_one_and_says_when_the_next_is_drawn(world: World) -> None:
    old = fill(world, Stance.PRO, 12)
    found = set()
    for hour in range(5):
        with time_machine.travel(HALF_PAST + timedelta(hours=hour), tick=False):
            page = shown(world)
            assert tops(page) == tops(shown(world, "?sort=fair"))
            assert sorted(tops(page)) == sorted(old)
            assert f">{13 + hour}:00</time>" in page
            assert re.search(r'aria-current="true">Fair<', page)
        found.add(tuple(tops(page)))
    assert len(found) == 5


def test_each_order_is_explained_by_a_sentence_of_its_own(world: World) -> None:
    pages = [world.visitor().get(f"{DEBATE}?sort={sort}").text for sort in ("fair", "newest", "oldest", "well-argued")]
    said = [re.search(r'<nav class="order".*?<p>([^.:]*):', page, re.DOTALL)[1] for page in pages]
    assert said == ["Fair", "Newest", "Oldest", "Well argued"]


def test_a_second_page_repeats_nothing_of_the_first_though_the_hour_has_passed_and_more_was_published(
    world: World,
) -> None:
    old = fill(world, Stance.PRO, 40)
    with time_machine.travel(HALF_PAST, tick=False):
        page = shown(world).replace("&amp;", "&")
        first = column(page, "pro")
    follow = f"{DEBATE}?hour=2031-05-04T12&pro=2"
    assert f'href="{follow}#replies"' in page
    with time_machine.travel(HALF_PAST + timedelta(minutes=50), tick=False):
        new = [world.published("boris") for _ in range(3)]
        second = world.visitor().get(follow).text
        assert column(second, "pro")[-3:] == new, "who comes within the hour stands behind"
        assert sorted(first + column(second, "pro")) == sorted(old + new)
        assert "as it was drawn for" in second
        assert f'href="{DEBATE}?hour=2031-05-04T12#replies"' in second.replace("&amp;", "&")
        assert column(shown(world), "pro") != first


def test_a_new_reply_moves_nobody_until_the_next_hour(world: World) -> None:
    old = fill(world, Stance.PRO, 5)
    with time_machine.travel(HALF_PAST, tick=False):
        before, added = tops(shown(world)), []
        for _ in range(4):
            added.append(world.published("boris"))
            assert tops(shown(world)) == before + added
    later = []
    for hour in range(1, 8):
        with time_machine.travel(HALF_PAST + timedelta(hours=hour), tick=False):
            later.append(tops(shown(world)))
    assert all(sorted(found) == sorted(old + added) for found in later)
    assert any(found[0] in added for found in later)


def test_a_tombstone_keeps_its_place(world: World) -> None:
    numbers = fill(world, Stance.PRO, 6)
    world.published("boris", parent=numbers[2])
    with time_machine.travel(HALF_PAST, tick=False):
        before = tops(shown(world))
        world.decide(numbers[2], Action.REMOVE)
        assert tops(shown(world)) == before


def test_only_hours_of_the_last_day_can_be_asked_for(world: World) -> None:
    fill(world, Stance.PRO, 10)
    with time_machine.travel(HALF_PAST, tick=False):
        present = tops(shown(world))
        for hour in ("2031-05-04T11", "2031-05-03T12"):
            assert tops(shown(world, f"?hour={hour}")) != present
        for strange in (
            *("2031-05-03T11", "2031-05-04T13", "2032-05-04T11", "1-1-1T1", "0001-01-01T00", "9999-12-31T23"),
            *("", "x", "2031-05-04", "2031-05-04T11:00", "2031-5-4T11", "2031-05-04T11b", "2031-05-04T1%00", "b"),
            *("2031-05-04T११", "9" * 5000),
        ):
            assert tops(shown(world, f"?hour={strange}")) == present, strange
        assert "hour=" not in shown(world, "?sort=oldest&hour=2031-05-04T11")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Almaty", "Asia/Kolkata", "Europe/Berlin", "America/St_Johns"])
def test_every_hour_of_a_year_has_a_name_of_its_own(app: Flask, zone: str) -> None:
    app.config["TIMEZONE"] = zone
    start = datetime(2031, 1, 1, tzinfo=UTC)
    with app.app_context():
        hours = [order.hour_of(start + timedelta(hours=n, minutes=10)) for n in range(366 * 24)]
        names = [order.name_of(hour) for hour in hours]
        offsets = [order._local(hour).utcoffset() for hour in hours]
        for n in [n for n in range(1, len(hours)) if len(set(offsets[n - 1 : n + 3])) > 1] or [9]:  # clocks change
            with time_machine.travel(hours[n] + timedelta(minutes=20), tick=False):
                assert order._past(names[n]) == hours[n]
    assert len(set(names)) == len(names)
    assert {later - earlier for earlier, later in pairwise(hours)} == {timedelta(hours=1)}
    assert sum(name.endswith("b") for name in names) == (zone in {"Europe/Berlin", "America/St_Johns"})


def by_hand(
    debate: Debate, asked: order.Order, passage: int | None, scores: dict[int, float]
) -> dict[Stance, list[int]]:
    """Return the numbers of both columns as anybody would find them who reads every row."""
    rows = list(db.session.scalars(select(Reply).options(joinedload(Reply.marks))))
    rows = [reply for reply in rows if reply.parent_id is None and (reply.is_public or reply.is_tombstone)]
    rows = [reply for reply in rows if passage is None or reply.stands_at == passage]
    drawn = order.drawn(debate.id, asked.hour, np.array([reply.id for reply in rows], np.int64)).tolist()

    def place(reply: Reply) -> tuple:
        by_date = (reply.published_at, reply.id)
        if not asked.is_drawn:
            return by_date
        if reply.published_at >= asked.hour:
            return (1, *by_date)
        score = 0 if asked.is_fair else scores.get(reply.shown_revision_id, USUAL[reply.stance])
        return (0, -score, drawn.index(reply.id))

    found = sorted(rows, key=place, reverse=asked.sort == order.NEWEST)
    return {side: [reply.id for reply in found if reply.stance is side] for side in SIDES}


USUAL = dict(zip(SIDES, (40.0, 60.0), strict=True))  # score of a reply without one
CHANGE = st.tuples(
    st.integers(0, 99),  # which reply
    st.sampled_from([-3601, -1, 0, 0, 1, 5]),  # seconds after the hour
    st.sampled_from(SIDES),
    st.sampled_from([None, 3, 4]),
    st.sampled_from([0, 40, 50.25, 60, 100]),
    st.sampled_from([ReplyStatus.PUBLISHED, ReplyStatus.PUBLISHED, ReplyStatus.REMOVED, ReplyStatus.WITHDRAWN]),
)


def test_columns_stand_as_if_every_row_was_read_in_each_order_on_each_page(world: World) -> None:
    world.app.test_cli_runner().invoke(args=["generate", "--replies", "160"])

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(CHANGE, min_size=10, max_size=60))
    def holds(changes: list[Any]) -> None:
        with undone(world), time_machine.travel(HALF_PAST, tick=False):
            debate = queries.by_slug("g1-1")
            query = select(Reply).where(Reply.parent_id.is_(None), Reply.status == ReplyStatus.PUBLISHED)
            replies, scores = list(db.session.scalars(query.order_by(Reply.id))), {}
            for which, seconds, side, passage, score, status in changes:
                reply = replies[which % len(replies)]
                reply.published_at = HALF_PAST.replace(minute=0) + timedelta(seconds=seconds)
                reply.stance, reply.stands_at, reply.status = side, passage, status
                scores[reply.shown_revision_id] = score
            db.session.flush()
            db.session.execute(delete(HourlyScores))
            made = Published(np.array([*scores]), np.array([*scores.values()], np.float32), tuple(USUAL.values()))
            published_scores.publish(debate.id, order.hour_of(HALF_PAST), made)
            db.session.expire_all()
            for sort, passage in product(order.SORTS, (None, 3)):
                asked, where = order.asked(debate, {"sort": sort}), [Reply.stands_at == passage] if passage else []
                wanted = by_hand(debate, asked, passage, scores)
                counts = places.tally(debate, *where)
                assert counts.places == {side: len(numbers) for side, numbers in wanted.items()}
                for pages in ((1, 1), (2, 1), (1, 3)):
                    _counts, found = places.both(debate, asked, dict(zip(SIDES, pages, strict=True)), where)
                    for side, page in zip(SIDES, pages, strict=True):
                        there = wanted[side][25 * (page - 1) : 25 * page]
                        assert [number for number in found if number in wanted[side]] == there

    holds()


def test_the_side_that_opens_takes_turns_by_the_hour_and_every_hour_of_the_day_belongs_to_both(app: Flask) -> None:
    sides = {Stance.PRO: ["pro"], Stance.ANTI: ["anti"]}
    with app.app_context():
        first = [queries.alternating(sides, NOON + timedelta(hours=hour))[0] for hour in range(48)]
    assert first.count("pro") == 24
    assert all(first[hour] != first[hour + 24] for hour in range(24))
    assert sum(one == other for one, other in pairwise(first)) == 2, "only at midnight the same opens twice"


def test_a_carried_hour_carries_the_side_that_opens(world: World) -> None:
    fill(world, Stance.PRO, 1), fill(world, Stance.ANTI, 1)
    with time_machine.travel(HALF_PAST, tick=False):
        before = tops(shown(world))
    with time_machine.travel(HALF_PAST + timedelta(hours=1), tick=False):
        assert tops(shown(world)) == before[::-1]
        assert tops(shown(world, "?hour=2031-05-04T12")) == before
