"""Words quoted from the article: picked in a passage, shown over the reply, found again or said to be gone."""

import random
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from forum.db import db, writing
from forum.debates import article_files, articles, queries, quotes
from forum.debates.models import LONGEST_QUOTE, SIDES, Quote, Reply, Stance
from forum.debates.passage_queries import PassageRead, texts_of
from forum.errors import Refused
from forum.moderation.models import Action
from forum.start import SEED
from forum.text import plain, render
from tests.debates.test_anchors import edited
from tests.debates.test_anchors import plain as letters_to_text
from tests.world import DEBATE, SLUG, Visitor, World, at_once, hidden_field, typed

CONTENT = SEED.read_text(encoding="utf-8")
HEAD = "---\n" + CONTENT.split("---\n", 2)[1].split("notes:")[0] + "---\n"
PARAGRAPHS = [part for part in CONTENT.split("---\n", 2)[2].strip().split("\n\n") if part != "* * *"]
TEXT = "A right that one cannot use at the desk of the police is not a right at all."
POLICE = "we can’t ask police for help"  # in passage 4
GONE = "these words are no longer in the text"
NEW = "Nobody asked the neighbours, the nurses or the tax office what they would make of it."


def publish(world: World, parts: list[str], folder: Path) -> None:
    file = folder / "article.md"
    file.write_text(HEAD + "\n\n".join(parts) + "\n", encoding="utf-8")
    with world.at_work(), writing():
        articles.publish(article_files.read(file))


def send(visitor: Visitor, **fields: Any) -> TestResponse:
    return visitor.post(f"{DEBATE}/replies", **({"stance": "pro", "text": TEXT, "passage": 4} | fields))


def quotation(page: str) -> str:
    """Return the first quotation over a reply, words and caption, as they are read."""
    found = re.search(r'<figure class="quote">(.*?)</figure>', page, re.DOTALL)
    return plain(found[1]) if found else ""


def over(world: World, reply: int) -> str:
    return quotation(world.visitor().get(f"{DEBATE}/replies/{reply}").text)


def kept(world: World) -> list[Quote]:
    with world.at_work():
        return list(db.session.scalars(select(Quote).order_by(Quote.id)))


def passage(markdown: str) -> PassageRead:
    return PassageRead(number=4, html=render(markdown), article=1, revision_id=1, is_shown=True)


# Picking


def test_a_reader_quotes_words_of_a_passage_without_scripts_and_everybody_reads_them_over_the_reply(
    world: World,
) -> None:
    aigerim = world.visitor("aigerim")
    assert f'href="{DEBATE}/replies/new?passage=4"' in world.visitor().get(DEBATE).text
    form = aigerim.get(f"{DEBATE}/replies/new?passage=4").text
    assert POLICE in form, "the form shows the words of the passage"
    fields = {name: hidden_field(form, name) for name in ("passage", "article", "key", "prefix", "suffix")}
    sent = send(aigerim, quote=f"  {POLICE.replace(' ', chr(10), 1)} ", **fields)
    assert sent.status_code == 303
    assert POLICE in aigerim.get(DEBATE).text.split('class="quote"')[1]
    assert quotation(world.visitor().get(DEBATE).text) == "", "it waits"
    assert f"It quotes these words: “{POLICE}”" in plain(world.visitor("maria").get("/moderation/replies/1").text)
    world.decide(1, Action.PUBLISH)
    for page in (DEBATE, f"{DEBATE}/replies/1", f"{DEBATE}/passages/4"):
        text = world.visitor().get(page).text
        assert quotation(text) == f"“{POLICE}” Passage 4"
        assert f'href="{DEBATE}#passage-4">Passage 4</a>' in text
    assert quotation(aigerim.get("/accounts/replies").text) == f"“{POLICE}” Passage 4"
    (quote,) = kept(world)
    assert (quote.passage, quote.exact, quote.prefix, quote.found_at) == (4, POLICE, "“If we’re in trouble, ", 22)
    assert quote.suffix == ",” Zhenya says. “If we reported "


def test_the_address_of_the_form_can_carry_the_quotation(world: World) -> None:
    form = world.visitor().get(f"{DEBATE}/replies/new?passage=4&article=1&quote=We have no rights&prefix=want. ").text
    assert typed(form, "quote") == "We have no rights"
    assert hidden_field(form, "prefix") == "want. "
    refused = world.visitor().get(f"{DEBATE}/replies/new?passage=4&quote=We have all rights")
    assert refused.status_code == 422
    assert typed(refused.text, "quote") == "We have all rights"
    assert "do not stand in passage 4" in refused.text
    for beyond in ("passage=4&article=2", "passage=4&article=0", "passage=4&article=x", "passage=27&quote=police"):
        assert world.visitor().get(f"{DEBATE}/replies/new?{beyond}").status_code == 404


FIRST_OF_FIVE = PARAGRAPHS[4][:40]
UNUSABLE = {
    "words of another passage": ({"quote": FIRST_OF_FIVE}, "do not stand in passage 4"),
    "words of two passages": ({"quote": f"{PARAGRAPHS[3][-30:]} {FIRST_OF_FIVE}"}, "do not stand in passage 4"),
    "other words": ({"quote": "We have all rights."}, "do not stand in passage 4"),
    "10 kB": ({"quote": "police " * 1500}, "characters too long"),
    "words that occur twice": ({"quote": "If we"}, "more than once"),
    "words that occur twice, picked elsewhere": ({"quote": "If we", "prefix": "and so "}, "more than once"),
    "a broken character": ({"quote": "We have \ufffd rights"}, "Some characters arrived damaged"),
    "no passage": ({"quote": POLICE, "passage": ""}, "goes with a reply to the passage"),
    "an answer": ({"quote": POLICE, "parent": 1}, "goes with a reply to the passage"),
}


def test_words_that_are_not_there_are_refused_beside_their_field_and_everything_is_kept(world: World) -> None:
    world.published("boris")
    aigerim = world.visitor("aigerim")
    drafts: dict[Any, str] = {}  # each page of a refusal keeps one for its place, and says which
    for case, (fields, words) in UNUSABLE.items():
        place = fields.get("passage", 4), fields.get("parent")
        answer = send(aigerim, draft=drafts.get(place, ""), **fields)
        drafts[place] = hidden_field(answer.text, "draft")
        assert answer.status_code == 422, case
        assert words in unescape(answer.text), case
        assert 'id="quote-error"' in answer.text, case
        assert (typed(answer.text), typed(answer.text, "quote")) == (TEXT, fields["quote"].strip()) or (
            typed(answer.text, "quote") == fields["quote"]
        ), case
    assert kept(world) == []
    assert world.count(Reply) == 1


def test_of_words_that_occur_twice_their_neighbours_tell_which_ones(world: World) -> None:
    aigerim = world.visitor("aigerim")
    for around in (
        {"prefix": "Zhenya says. “"},
        {"suffix": " reported it"},
        {"prefix": "says.\n “", "suffix": "reported"},
    ):
        assert send(aigerim, text=f"{TEXT} {around}", quote="If we", **around).status_code == 303
    assert [quote.start for quote in kept(world)] == [67] * 3


def test_a_reply_without_a_quotation_is_on_its_passage_as_before(world: World) -> None:
    aigerim = world.visitor("aigerim")
    assert send(aigerim).status_code == send(aigerim, quote=" \n").status_code == 303
    assert kept(world) == []
    assert "On passage 4" in aigerim.get(DEBATE).text


PICKED = {
    "Markdown is not read": ("He *never* said “[so](https://example.org)”.", "never said “so”", "never said “so”"),
    "entities": ("Bread &amp; butter &lt;3", "Bread & butter <3", "Bread & butter <3"),
    "Cyrillic": ("Ұлттық мүдде – бәрінен жоғары. Ёлка.", "бәрінен жоғары. Ёлка", "бәрінен жоғары. Ёлка"),
    "decomposed": ("Ёлка и йод", "Е\u0308лка и и\u0306од", "Ёлка и йод"),
    "emoji": ("A family 👨‍👩‍👧 and a flag 🇰🇿 here", "👨‍👩‍👧 and a flag 🇰🇿", "👨‍👩‍👧 and a flag 🇰🇿"),
    "spaces of other kinds": (
        "10 000 people, says\nthe report",
        "10\u00a0000 people,\u2009says the",
        "10 000 people, says the",
    ),
    "two items of a list": ("- one thing\n- another", "thing another", "thing another"),
    "typed by hand": ("“We can’t – not now,” she says", '"We can\'t - not now,"', "“We can’t – not now,”"),
    "in marks of one's own": ("It was a bad law", '"a bad law"', "a bad law"),
}


@pytest.mark.parametrize("case", PICKED)
def test_the_words_are_those_that_one_reads_however_they_arrive(case: str) -> None:
    markdown, words, exact = PICKED[case]
    picked = quotes.read(passage(markdown), words)
    assert picked is not None
    assert picked.selector.exact == exact
    assert plain(render(markdown))[picked.start :].startswith(exact)


def test_the_longest_quotation_is_taken_and_one_more_character_is_not(world: World) -> None:
    with world.at_work():
        assert quotes.read(passage("x" * LONGEST_QUOTE), "x" * LONGEST_QUOTE)
        with pytest.raises(Refused):
            quotes.read(passage("x" * 2000), "x" * (LONGEST_QUOTE + 1))


def test_words_that_bring_their_marks_get_no_others(world: World) -> None:
    ways = {
        "“If we’re in trouble": "“If we’re in trouble” Passage 4",
        "“If we reported it to the police, they’d ask who we are and what we want. We have no rights.”": None,
        "Zhenya says": "“Zhenya says” Passage 4",
    }
    for words, shown in ways.items():
        reply = world.published("aigerim", passage=4, quote=words)
        assert over(world, reply) == (shown or f"{words} Passage 4")


# Revisions of the article


def test_a_quotation_moves_with_its_words_and_says_so(world: World, tmp_path: Path) -> None:
    moving = "they’d ask who we are and what we want. We have no rights.”"
    reply = world.published("aigerim", passage=4, quote="who we are and what we want")
    there = world.published("boris", Stance.ANTI, passage=4)
    parts = list(PARAGRAPHS)
    parts[3] = parts[3].replace(f" {moving}", "")
    parts[5] += f" {moving}"
    publish(world, parts, tmp_path)
    assert over(world, reply) == (
        "“who we are and what we want” Passage 6; when they were quoted, these words stood in passage 4."
    )
    page = world.visitor().get(DEBATE).text
    assert "Replies to passage 6: 1 for, 0 against" in page
    assert "Replies to passage 4: 0 for, 1 against" in page
    assert f'id="reply-{reply}"' in world.visitor().get(f"{DEBATE}/passages/6").text
    of_four = world.visitor().get(f"{DEBATE}/passages/4").text
    assert f'id="reply-{reply}"' not in of_four
    assert f'id="reply-{there}"' in of_four


def test_words_that_went_are_said_to_be_gone_and_found_again_when_they_come_back(world: World, tmp_path: Path) -> None:
    reply = world.published("aigerim", passage=4, quote=POLICE)
    other = [*PARAGRAPHS[:3], PARAGRAPHS[3].replace("ask police for help", "ask anybody for help"), *PARAGRAPHS[4:]]
    publish(world, other, tmp_path)
    assert over(world, reply) == f"“{POLICE}” Quoted from passage 4; {GONE}."
    assert "Replies to passage 4: 1 for, 0 against" in world.visitor().get(DEBATE).text, "it stands at the passage"
    item = plain(world.visitor("maria").get(f"/moderation/replies/{reply}").text)
    assert f"It quotes these words, which are no longer in the text: “{POLICE}”" in item
    publish(world, PARAGRAPHS, tmp_path)
    assert over(world, reply) == f"“{POLICE}” Passage 4"


def test_a_passage_that_went_keeps_its_replies_and_its_page(world: World, tmp_path: Path) -> None:
    quoted = world.published("aigerim", passage=5, quote="the so-called krysha")
    whole = world.published("boris", Stance.ANTI, passage=5)
    publish(world, [*PARAGRAPHS[:4], NEW, *PARAGRAPHS[5:]], tmp_path)
    assert over(world, quoted) == f"“the so-called krysha” Quoted from passage 5; {GONE}."
    page = world.visitor().get(DEBATE).text
    assert "On <a" in page
    assert "Replies to passage" not in page
    page = world.visitor().get(f"{DEBATE}/passages/5").text
    assert "This passage is no longer in the text" in page
    assert "The women say they would prefer to pay taxes" in page
    assert "replies/new?passage=5" not in page
    assert all(f'id="reply-{reply}"' in page for reply in (quoted, whole))
    assert world.visitor().get(f"{DEBATE}/replies/new?passage=5").status_code == 404
    item = world.visitor("maria").get(f"/moderation/replies/{whole}").text
    assert "It answers passage 5, which is no longer in the text" in item
    assert "prefer to pay taxes" in item

    publish(world, PARAGRAPHS, tmp_path)
    assert over(world, quoted) == "“the so-called krysha” Passage 5", "the same paragraph has its number again"
    assert "Replies to passage 5: 1 for, 1 against" in world.visitor().get(DEBATE).text


def test_an_article_revised_between_opening_and_sending_gives_the_selector_of_what_was_read(
    world: World, tmp_path: Path
) -> None:
    aigerim = world.visitor("aigerim")
    form = aigerim.get(f"{DEBATE}/replies/new?passage=4").text
    publish(world, [*PARAGRAPHS[:3], PARAGRAPHS[3].replace("trouble", "need"), *PARAGRAPHS[4:]], tmp_path)
    fields = {name: hidden_field(form, name) for name in ("passage", "article")}
    assert send(aigerim, quote="If we’re in trouble", **fields).status_code == 303
    assert send(aigerim, text=f"{TEXT} So it is.", quote=POLICE, **fields).status_code == 303
    gone, found = kept(world)
    assert (gone.found_at, gone.start, gone.suffix) == (None, 1, ", we can’t ask police for help,”")
    assert found.found_at == found.start - len("trouble") + len("need")
    assert GONE in aigerim.get(DEBATE).text
    refused = send(aigerim, quote="If we’re in trouble")
    assert refused.status_code == 422, "without a stated wording it is the shown one"
    again = aigerim.get(f"{DEBATE}/replies/new?passage=4&article=1&quote=If we’re in trouble")
    assert again.status_code == 200
    assert "The article has been revised since" in again.text
    assert hidden_field(again.text, "article") == "1"


def test_a_draft_still_quotes_what_its_author_has_read_after_the_article_was_revised(
    world: World, tmp_path: Path
) -> None:
    aigerim = world.visitor("aigerim")
    quoted = {"passage": 4, "article": 1, "quote": POLICE}
    aigerim.post(f"{DEBATE}/replies/draft", **({"stance": "pro", "text": TEXT} | quoted))
    publish(world, [part.replace(POLICE, "nobody helps us") for part in PARAGRAPHS], tmp_path)
    form = aigerim.get(f"{DEBATE}/replies/new?passage=4").text
    fields = {name: hidden_field(form, name) for name in ("article", "key", "draft", "prefix", "suffix")}
    assert send(aigerim, quote=POLICE, **fields).status_code == 303
    assert GONE in quotation(aigerim.get(f"{DEBATE}/replies/1").text)


def test_a_passage_that_went_between_opening_and_sending_can_still_be_answered(world: World, tmp_path: Path) -> None:
    publish(world, [*PARAGRAPHS[:4], NEW, *PARAGRAPHS[5:]], tmp_path)
    aigerim = world.visitor("aigerim")
    assert send(aigerim, passage=5).status_code == 422
    assert send(aigerim, passage=5, article=1, quote="krysha").status_code == 303
    assert f"“krysha” Quoted from passage 5; {GONE}." in plain(aigerim.get(DEBATE).text)


def test_a_reply_and_a_new_wording_at_the_same_time_leave_no_quotation_behind(world: World, tmp_path: Path) -> None:
    aigerim, boris = world.visitor("aigerim"), world.visitor("boris")
    tokens = {person: person.token() for person in (aigerim, boris)}
    other = [*PARAGRAPHS[:3], f"{NEW} {PARAGRAPHS[3]}", *PARAGRAPHS[4:]]
    for turn, parts in enumerate((other, PARAGRAPHS, other)):
        said: dict[str, Any] = {"text": f"{TEXT} {turn}", "quote": POLICE, "article": 1}
        at_once(
            lambda said=said: send(aigerim, **said, token=tokens[aigerim]),
            lambda parts=parts: publish(world, parts, tmp_path),
            lambda said=said: send(boris, **said, token=tokens[boris]),
        )
    with world.at_work():
        shown = queries.article(queries.by_slug(SLUG))
        text = texts_of(shown.id)[4]
    assert {quote.found_at for quote in kept(world)} == {text.index(POLICE)}
    assert len(kept(world)) == 6


def quoted_places(text: str, draw: random.Random) -> str:
    """Return some words of a text."""
    words = text.split()
    start = draw.randrange(len(words))
    return " ".join(words[start : start + draw.choice([1, 3, 8, 20])])


def through_edits(world: World, folder: Path, rounds: int) -> Iterator[dict[int, str]]:
    """Publish one edited article after the other; give the words of each as it is shown."""
    draw = random.Random(5)
    now = {n: [(c, i) for i, c in enumerate(text)] for n, text in enumerate(PARAGRAPHS, 1)}
    for step in range(rounds):
        now = edited(now, draw)
        shown = PARAGRAPHS if step % 5 == 4 else [text for text in letters_to_text(now).values() if text.strip()]
        publish(world, shown, folder)
        with world.at_work():
            yield texts_of(queries.article(queries.by_slug(SLUG)).id)


@pytest.mark.long
def test_through_many_wordings_each_quotation_stands_on_its_words_or_is_said_to_be_gone(
    world: World, tmp_path: Path
) -> None:
    world.app.config.update(REPLIES_PER_HOUR=1000, WAITING_PER_MEMBER=1000)
    draw, found, gone = random.Random(3), 0, 0
    for number, text in enumerate(PARAGRAPHS, 1):
        words = quoted_places(plain(render(text)), draw)
        try:
            world.published("aigerim", SIDES[number % 2], passage=number, quote=words)
        except Refused:  # they occur twice there
            world.published("aigerim", SIDES[number % 2], passage=number)
    for texts in through_edits(world, tmp_path, 25):
        with world.at_work():
            rows = db.session.execute(select(Quote, Reply.stands_at).join(Reply)).all()
        for quote, stands_at in rows:
            if quote.found_at is None:
                gone += 1
                continue
            found += 1
            assert texts[stands_at][quote.found_at :].startswith(quote.exact)
        page = plain(world.visitor().get(DEBATE).text)
        assert page.count(GONE) == sum(quote.found_at is None for quote, _at in rows)
    assert found > 3 * gone > 0


def test_one_more_quotation_is_no_more_query(world: World) -> None:
    counts = []
    for _ in range(3):
        world.published("aigerim", passage=4, quote=POLICE)
        with world.counted_queries() as sent:
            world.visitor().get(DEBATE)
        counts.append(len(sent))
    assert len(set(counts)) == 1
