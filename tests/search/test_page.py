"""The page of the search: for everybody, of both sides alike, and for any string."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

from forum.debates.models import Stance
from forum.moderation.models import Action
from tests.search.test_index import HOSTILE
from tests.world import DEBATE, SLUG, World


def ask(world: World, who: str = "", **fields: Any) -> str:
    """Return the page that answers a question."""
    answer = world.visitor(who).get(f"/search?{urlencode(fields)}")
    assert answer.status_code == 200, fields
    return answer.text


def found(page: str) -> list[int]:
    """Return the numbers of the replies on a page, in their order."""
    return [int(number) for number in re.findall(r'aria-labelledby="by-(\d+)"', page)]


def fill(world: World) -> tuple[list[int], list[int]]:
    """Let twelve replies for the motion and eleven against it speak of zebras."""
    world.app.config.update(REPLIES_PER_HOUR=1000, WAITING_PER_MEMBER=1000)
    text = "The zebra of number {} stands at the border and waits for its papers."
    pro = [world.published("aigerim", text=text.format(n)) for n in range(12)]
    anti = [world.published("boris", Stance.ANTI, text=text.format(n)) for n in range(12, 23)]
    return pro[::-1], anti[::-1]


def test_both_sides_alternate_and_each_goes_on_where_it_stopped(world: World) -> None:
    pro, anti = fill(world)
    answer = world.published("dana", Stance.NEITHER, text="Which zebra is it that stands there?", parent=pro[-1])
    page = ask(world, q="zebras at the border")
    shown = found(page)
    assert [n for n in shown if n in pro] == pro[:10]
    assert [n for n in shown if n in anti] == anti[:10]
    assert all((one in pro) != (other in pro) for one, other in zip(shown[:20:2], shown[1:20:2], strict=True))
    assert shown[20:] == [answer]  # it has one of the two words that tell something
    assert re.search(rf'id="by-{answer}"><span class="stance">.*?</svg>Neither side<', page)
    following = unescape(re.search(r'rel="next nofollow" href="([^"]+)"', page)[1])
    world.published("aigerim", text="A newer zebra at the border moves nobody of the second page.")
    second = world.visitor().get(following)
    assert sorted(found(second.text)) == sorted([*pro[10:], *anti[10:]])
    assert "More results" not in second.text


def test_the_hit_is_marked_and_nothing_else_is_markup(world: World) -> None:
    world.published("aigerim", text="The <b>zebra</b> & its *papers* wait at the border: <script>alert(1)</script>")
    page = ask(world, q="zebras <script>")
    assert "<mark>zebra</mark>" in page
    assert "&lt;<mark>script</mark>&gt;" in page
    assert "<script>alert" not in page
    assert 'value="zebras &lt;script&gt;"' in page


def test_articles_and_debates_are_found(world: World) -> None:
    page = ask(world, q="prostitution kazakhstan")
    assert f'href="{DEBATE}"' in page
    assert f'href="{DEBATE}#passage-' in page
    assert "In the articles" in page


def test_what_narrows_the_search_stays_in_the_form(world: World) -> None:
    pro, anti = fill(world)
    for fields, numbers in [
        ({"side": "anti"}, anti[:10]),
        ({"person": "Aigerim"}, pro[:10]),
        ({"person": "nobody-at-all"}, []),
        ({"debate": SLUG, "language": "ru"}, []),
        ({"since": "2020-01-01", "side": "pro"}, pro[:10]),
        ({"until": "2020-01-01"}, []),
    ]:
        page = ask(world, q="zebra", **fields)
        assert found(page) == numbers, fields
        assert "<details open>" in page
        for name, value in fields.items():
            assert f'value="{value}"' in page, name
    answer = world.visitor().get("/search?q=zebra&since=yesterday")
    assert answer.status_code == 422
    assert 'aria-describedby="since-error"' in answer.text
    assert 'value="zebra"' in answer.text
    assert 'type="text" value="yesterday"' in answer.text  # a field for days would drop it
    for name, value in (("side", "both"), ("debate", "none"), ("language", "xx")):
        answer = world.visitor().get(f"/search?q=zebra&{name}={value}")
        assert answer.status_code == 422, name
        assert f'<select id="{name}" name="{name}" aria-invalid="true" aria-describedby="{name}-error">' in answer.text
        assert found(answer.text) == []
    for query in ("pro=a", "pro=1", "anti=1-"):
        assert world.visitor().get(f"/search?q=zebra&{query}").status_code == 404, query


def test_who_finds_nothing_reads_what_to_do(world: World) -> None:
    fill(world)
    assert "Write a word to look for, too" in ask(world, side="pro")
    assert f'<a href="{DEBATE}"' in ask(world, debate=SLUG)
    assert "Nothing is published here under the pseudonym “nobody”" in ask(world, q="zebra", person="nobody")
    page = ask(world, q="giraffe", person="aigerim")
    assert "within what you have chosen" in page
    assert '<a href="/search?q=giraffe">search everything</a>' in page
    assert "Try fewer or other ones." in ask(world, q="giraffe")


def test_any_string_and_any_cursor_has_an_answer(world: World) -> None:
    world.published("aigerim", text="The law on paper is not the law here.")
    for typed in HOSTILE:
        ask(world, q=typed, person=typed)
    for cursor in ("0-0", "99-1", "1-0", f"1-{'9' * 18}"):
        ask(world, q="law", pro=cursor, article=cursor)
    assert world.visitor().get("/search?q=%ff%00%c3").status_code == 200
    assert "There is no word in this" in ask(world, q="😀 ?!")


def test_a_reader_gets_no_cookie_and_the_page_asks_little(world: World) -> None:
    fill(world)
    for who, most in (("", 10), ("dana", 13)):
        visitor = world.visitor(who)
        visitor.get("/search?q=zebra")
        with world.counted_queries() as sent:
            answer = visitor.get("/search?q=zebar+the+border+prostitution")
        assert len(found(answer.text)) == 20
        assert len(sent) <= most, sent
        assert who or "Set-Cookie" not in answer.headers
    assert 'name="robots" content="noindex"' in answer.text


def test_whom_one_has_muted_is_folded(world: World) -> None:
    world.published("boris", text="A zebra stands at the border and waits.")
    world.mute("boris", by="dana")
    assert "whom you have muted" in ask(world, "dana", q="zebra")
    assert "whom you have muted" not in ask(world, q="zebra")


def test_of_many_debates_whose_title_answers_the_newest_twenty_are_named(world: World) -> None:
    world.app.test_cli_runner().invoke(args=["generate", "--debates", "30", "--replies", "0"])
    page = ask(world, q="synthetic debate")
    named = re.findall(r'<a href="/debates/(g1-\d+)"', page)
    assert named == [f"g1-{number}" for number in range(30, 10, -1)]
    assert SLUG not in named


def test_the_same_question_is_answered_by_what_is_public_now(world: World) -> None:
    """What was found for a question is kept, but never past the act that changes it."""
    reply = world.published("aigerim", text="The zebra stands at the border and waits for its papers.")
    assert found(ask(world, q="zebra")) == [reply]
    world.decide(reply, Action.REMOVE)
    assert found(ask(world, q="zebra")) == []
    world.decide(reply, Action.RESTORE)
    assert found(ask(world, q="zebra")) == [reply]
    other = world.published("boris", text="A zebra has no papers, and needs none to cross a street.")
    assert found(ask(world, q="zebra")) == [other, reply]
    world.reword(reply, "A horse stands at the border and waits for its papers, as horses do.")
    assert found(ask(world, q="zebra")) == [other, reply], "the new wording waits"
    world.decide(reply, Action.PUBLISH)
    assert found(ask(world, q="zebra")) == [other]
    assert "boris" in ask(world, q="zebra")
    world.leave("boris")
    assert "boris" not in ask(world, q="zebra")
