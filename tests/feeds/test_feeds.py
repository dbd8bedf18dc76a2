"""Staying in touch without an account: what feed readers, search engines and sharers are given."""

import json
import re
from datetime import UTC, datetime
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import feedparser
import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import text

from forum.db import db
from forum.debates.models import Stance
from forum.debates.queries import by_slug
from forum.feeds import queries
from forum.moderation.models import Action
from tests.world import DEBATE, SLUG, World

OF_DEBATE = f"/feeds/debates/{SLUG}.atom"
OF_AIGERIM = "/feeds/people/aigerim.atom"
FEEDS = ["/feeds/debates.atom", OF_DEBATE, OF_AIGERIM]
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
TEXT = "The clinic asks for no name, so the number of visits is the only figure that we have."
HOSTILE = [
    "A text that ends a section ]]> and opens another <![CDATA[ in the middle of nowhere.",
    "</content></entry></feed><script>alert(1)</script> after which the rest of it stands.",
    "&lt;b&gt; &amp;amp; &#0; &#x1b; &nbsp; and & alone, as they were typed by somebody.",
    "Characters that XML cannot hold: \ufffe and \uffff, beside \u2028 and \U0001f54a of course.",
    "שלום \u202e reversed \u202c and long " + "w" * 900,
    '[a link](https://example.org/?a=1&b="2"), `code <x>`, and\n\n> a quotation\n\n1. a list',
]


@pytest.fixture
def reader(world: World) -> FlaskClient:
    return world.app.test_client()


def entries(reader: FlaskClient, address: str) -> list[feedparser.FeedParserDict]:
    """Return the entries of a feed that two readers understand."""
    answer = reader.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    root = ET.fromstring(answer.data)  # noqa: S314 (our own)
    for part in [root, *root.iter(f"{ATOM}entry")]:
        assert all(part.findtext(ATOM + name) for name in ("id", "title", "updated"))
    found = feedparser.parse(answer.data)
    assert not found.bozo
    assert found.version == "atom10"
    return found.entries


def test_a_debate_is_followed_without_an_account_with_both_sides_as_they_were_published(
    world: World, reader: FlaskClient
) -> None:
    first = world.published("aigerim", Stance.PRO, TEXT)
    second = world.published("boris", Stance.ANTI, TEXT + " It is not enough.")
    answer = world.published("boris", Stance.NEITHER, "Which clinic do you mean, please?", parent=first)
    found = entries(reader, OF_DEBATE)
    assert [entry.title.partition(":")[0] for entry in found] == [
        "Neither side",
        "Against legalisation",
        "For legalisation",
    ]
    assert [entry.author for entry in found] == ["boris", "boris", "aigerim"]
    assert [entry.tags[0].term for entry in found] == ["neither", "anti", "pro"]
    assert [entry.link.rpartition("-")[2] for entry in found] == [str(answer), str(second), str(first)]
    assert found[0].id != found[2].id
    assert found[0]["thr_in-reply-to"]["ref"] == found[2].id
    assert TEXT in found[2].content[0].value
    assert [entry.link for entry in entries(reader, OF_AIGERIM)] == [found[2].link]


def test_the_feed_of_the_site_lists_its_debates(reader: FlaskClient) -> None:
    (entry,) = entries(reader, "/feeds/debates.atom")
    assert entry.link == f"http://localhost{DEBATE}"
    assert "Prostitution should be legalised in Kazakhstan" in entry.content[0].value


def test_a_feed_tells_the_day_and_not_the_hour(world: World, reader: FlaskClient) -> None:
    with time_machine.travel(datetime(2030, 5, 14, 17, 23, 11, tzinfo=UTC), tick=False):
        world.published("aigerim", text=TEXT)
        assert {str(entry[key])[10:] for entry in entries(reader, OF_DEBATE) for key in ("published", "updated")} == {
            "T00:00:00+00:00"
        }


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_written_a_feed_can_be_read(world: World, reader: FlaskClient, text: str) -> None:
    world.published("aigerim", text=text)
    for address in FEEDS:
        for entry in entries(reader, address):
            assert "<script" not in entry.content[0].value


@pytest.mark.parametrize(
    "until", [["published", "removed"], ["published", "withdrawn"], ["undone"], ["pending"], ["returned"], ["rejected"]]
)
def test_what_is_not_public_stands_in_no_feed_and_on_no_page_of_a_member(
    world: World, reader: FlaskClient, until: list[str]
) -> None:
    world.published("boris", text="Something of somebody else, so that no feed is empty.")
    if until == ["undone"]:
        reply = world.reply("aigerim", text=TEXT)
        world.undo(world.decide(reply, Action.PUBLISH))
    else:
        reply = world.reply_that_is(until[0], text=TEXT)
        if until[0] == "published":
            assert TEXT in reader.get(OF_DEBATE).text
            assert TEXT in reader.get("/people/aigerim").text
        if until[-1] == "removed":
            world.decide(reply, Action.REMOVE)
        if until[-1] == "withdrawn":
            world.withdraw(reply)
    assert TEXT not in reader.get(OF_DEBATE).text
    for address in (OF_AIGERIM, "/people/aigerim"):
        assert reader.get(address).status_code == 404


def test_a_feed_that_has_not_changed_is_not_sent_again(world: World, reader: FlaskClient) -> None:
    world.published("aigerim", text=TEXT)
    for address in [*FEEDS, "/sitemap.xml", "/robots.txt"]:
        answer = reader.get(address)
        assert "Set-Cookie" not in answer.headers
        assert reader.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    before = reader.get(OF_DEBATE).headers["ETag"]
    world.published("boris", text=TEXT)
    assert reader.get(OF_DEBATE, headers={"If-None-Match": before}).status_code == 200


def test_an_entry_keeps_its_name_when_the_forum_moves(world: World, reader: FlaskClient) -> None:
    world.published("aigerim", text=TEXT)
    here = entries(reader, OF_DEBATE)
    world.app.config["URL"] = "https://debate.example.org"
    there = entries(reader, OF_DEBATE)
    assert [entry.id for entry in here] == [entry.id for entry in there]
    assert there[0].link.startswith("https://debate.example.org/debates/")


def test_a_feed_costs_the_same_whatever_is_stored(world: World, reader: FlaskClient) -> None:
    costs = []
    for _round in range(2):
        for number in range(4):
            world.published("aigerim", text=f"{TEXT} Number {number} of round {_round}.")
        with world.counted_queries() as sent:
            for address in [*FEEDS, "/people/aigerim", "/sitemap.xml"]:
                reader.get(address)
        costs.append(len(sent))
    assert costs[0] == costs[1] <= 25


def test_the_newest_of_a_debate_are_found_without_reading_all_of_it(world: World, reader: FlaskClient) -> None:
    with world.at_work():
        if db.engine.dialect.name == "postgresql":  # which reads a small table whole, whatever indexes it has
            db.session.execute(text("SET enable_seqscan = off"))
            db.session.execute(text("SET enable_bitmapscan = off"))
            db.session.execute(text("SET enable_sort = off"))
        debate = by_slug(SLUG)
        query = queries.newest_in(debate).compile(db.engine, compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
        plan = " ".join(str(row) for row in db.session.execute(text(f"{explain} {query}")))
    assert "ix_replies_published" in plan


def test_the_page_of_a_member_has_what_they_published_and_the_way_to_the_rest(
    world: World, reader: FlaskClient
) -> None:
    world.app.config.update(REPLIES_PER_HOUR=100)
    numbers = [world.published("aigerim", text=f"{TEXT} Number {number}.") for number in range(27)]
    page = reader.get("/people/aigerim")
    assert "27 published replies" in page.text
    assert f"No. {numbers[-1]}," in page.text
    assert 'name="robots" content="noindex"' in page.text
    assert "Set-Cookie" not in page.headers
    older = re.search(r'rel="next" href="([^"]*)"', page.text)[1]
    assert re.findall(r"No\. (\d+),", reader.get(older).text) == [str(numbers[1]), str(numbers[0])]
    assert reader.get("/people/AIGERIM").location == "/people/aigerim"
    assert [reader.get(f"/people/{name}").status_code for name in ("nobody", "maria", "a\x00b", "x" * 500)] == [404] * 4
    assert reader.get("/people/aigerim?before=no").status_code == 404


def test_the_name_over_a_reply_leads_to_the_page_of_its_author(world: World, reader: FlaskClient) -> None:
    reply = world.published("aigerim", text=TEXT)
    assert 'href="/people/aigerim">aigerim</a>' in reader.get(f"{DEBATE}/replies/{reply}").text


def test_search_engines_learn_the_debates_and_stay_away_from_people(world: World, reader: FlaskClient) -> None:
    map_of_site = ET.fromstring(reader.get("/sitemap.xml").data)  # noqa: S314 (our own)
    listed = [place.text for place in map_of_site.iter(f"{SITEMAP}loc")]
    assert f"http://localhost{DEBATE}" in listed
    robots = RobotFileParser()
    robots.parse(reader.get("/robots.txt").text.splitlines())
    assert robots.site_maps() == ["http://localhost/sitemap.xml"]
    assert all(robots.can_fetch("any", address) for address in listed)
    kept = ["/accounts/sign-in", "/moderation", "/people/aigerim", "/search?q=x", "/notifications", "/replies/1/report"]
    assert not any(robots.can_fetch("any", address) for address in kept)


def test_a_shared_page_says_what_it_is(world: World, reader: FlaskClient) -> None:
    hostile = world.published("aigerim", text='</script><script>alert("1")</script> & so on, and on.')
    answer = world.published("boris", Stance.ANTI, TEXT, parent=hostile)
    for address, kind, above in [
        (f"{DEBATE}?sort=newest", "DiscussionForumPosting", None),
        (f"{DEBATE}/replies/{hostile}", "Comment", "DiscussionForumPosting"),
        (f"{DEBATE}/replies/{answer}", "Comment", "Comment"),
    ]:
        page = reader.get(address).text
        (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
        told = json.loads(data)
        assert (told["@type"], told.get("parentItem", {}).get("@type")) == (kind, above)
        assert told["url"] == f"http://localhost{address.partition('?')[0]}"
        assert f'<link rel="canonical" href="{told["url"]}">' in page
        assert f'<meta property="og:url" content="{told["url"]}">' in page
    waiting = world.reply("aigerim", text=TEXT)
    own = world.visitor("aigerim").get(f"{DEBATE}/replies/{waiting}").text
    assert "canonical" not in own


def test_a_page_in_several_languages_names_the_others(world: World, reader: FlaskClient) -> None:
    page = reader.get(f"/ru{DEBATE}").text
    assert re.findall(r'hreflang="(..)" href="([^"]*)"', page) == [
        ("en", f"http://localhost{DEBATE}"),
        ("ru", f"http://localhost/ru{DEBATE}"),
        ("kk", f"http://localhost/kk{DEBATE}"),
    ]
    assert f'rel="canonical" href="http://localhost/ru{DEBATE}"' in page
    rules = reader.get("/robots.txt").text
    assert "Disallow: /ru/accounts/" in rules


def test_a_page_in_one_language_names_no_other(world: World, reader: FlaskClient) -> None:
    world.app.extensions["languages"] = ["en"]
    assert "hreflang" not in reader.get(DEBATE).text
