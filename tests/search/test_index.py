"""The index follows what is public, in the same transaction and on both engines alike."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from forum import create_app, words
from forum.accounts import signin
from forum.db import db, writing
from forum.debates import article_files, articles, queries, replies
from forum.debates.models import Outcome, Reply, ReplyStatus, Revision, Stance
from forum.moderation import decisions
from forum.moderation.models import Action
from forum.search import index, questions, vocabulary
from forum.search.expressions import filter_of
from forum.search.models import SearchEntry, SearchTrigram, SearchWord
from forum.search.queries import WORDS, question_of, search
from forum.search.ranking import PER_LIST, Cursor, Wanted, place_of, ranked
from forum.start import SEED
from forum.text import render
from tests.conftest import without_postgres
from tests.world import SLUG, WHY, World

CORPUS = Path(__file__).parent.parent / "moderation" / "screening" / "corpus"
SIDES = ("pro", "anti", "neither")


def find(world: World, typed: str, **wanted: Any) -> list[int]:
    """Return the numbers of the replies that answer a question, those for the motion first."""
    with world.at_work():
        found = search(questions.keys(typed), Wanted(**wanted), {})
        return [hit.reply.id for side in SIDES for hit in found.hits.get(side, [])]


def ranked_places(keys: list[str], wanted: Wanted, after: dict[str, Cursor] | None = None) -> dict[str, list[Cursor]]:
    rated, _unknown = vocabulary.groups_of(keys)
    return ranked(question_of(rated[:WORDS]), wanted, after or {})


def passages(world: World, typed: str, **wanted: Any) -> list[str]:
    with world.at_work():
        found = search(questions.keys(typed), Wanted(**wanted), {}).hits.get("article", [])
        return ["".join(part.text for part in hit.parts) for hit in found]


def rows(world: World) -> dict[str, list[Any]]:
    """Return all that the index holds, but for the numbers of its words."""
    trigrams = select(SearchTrigram.trigram, SearchWord.word).join(SearchWord)
    entries = select(SearchEntry.place, SearchEntry.reply_id, SearchEntry.revision_id, SearchEntry.stems)
    words = select(SearchWord.word, SearchWord.stem, SearchWord.entries)
    with world.at_work():
        held = {"entries": entries, "words": words, "trigrams": trigrams}
        return {name: sorted(map(tuple, db.session.execute(query))) for name, query in held.items()}


def assert_is_whole(world: World) -> None:
    """Compare the index that has followed every change with one that is made anew, and ask the engine for each word."""
    followed = rows(world)
    with world.at_work():
        index.clear()
        assert not db.session.scalar(select(SearchEntry.place))
        index.catch_up()
    assert rows(world) == followed


def test_a_reply_is_found_as_long_as_it_is_public(world: World) -> None:
    reply = world.reply("aigerim", text="A zebra crosses the border, and nobody asks for its papers.")
    assert find(world, "zebra") == []
    decision = world.decide(reply, Action.PUBLISH)
    assert find(world, "zebra") == find(world, "Zebras crossing") == [reply]
    world.undo(decision)
    assert find(world, "zebra") == []
    world.decide(reply, Action.PUBLISH)
    removal = world.decide(reply, Action.REMOVE)
    assert find(world, "zebra") == []
    world.judge(world.appeal(removal), "decision_reversed")
    assert find(world, "zebra") == [reply]
    world.reword(reply, "A giraffe crosses the border, and nobody asks for its papers.")
    assert find(world, "zebra") == [reply]
    assert find(world, "giraffe") == []
    reworded = world.decide(reply, Action.PUBLISH)
    assert find(world, "zebra") == []
    assert find(world, "giraffe") == [reply]
    world.undo(reworded)
    assert find(world, "zebra") == [reply]
    assert_is_whole(world)
    world.withdraw(reply)
    assert find(world, "zebra") == []
    with world.at_work():
        assert not db.session.scalar(select(SearchWord.id).where(SearchWord.word.in_(["zebra", "giraffe"])))
    assert_is_whole(world)


def test_what_is_not_stored_after_all_changes_nothing(world: World) -> None:
    reply = world.published("aigerim", text="A zebra crosses the border, and nobody asks for its papers.")
    before = rows(world)
    with world.at_work():
        with suppress(ZeroDivisionError), writing():
            found = queries.reply_to_change(reply)
            replies.withdraw(found, by=found.author)
            assert ranked_places(["zebra"], Wanted())["pro"] == []
            raise ZeroDivisionError
        assert len(ranked_places(["zebra"], Wanted())["pro"]) == 1
    assert rows(world) == before


def test_a_decision_makes_no_stem_and_no_markdown(world: World) -> None:
    """All that takes milliseconds was done before the transaction in which the reply was posted."""
    reply = world.reply("aigerim", text="Полиция не защищает әйелдерді, and nobody legalises what the zebras ask for.")
    world.published("boris")  # what any decision needs once
    for made in (words.key_of, words.stems_of, words.main_stem):
        made.cache_clear()
    withheld = world.decide(reply, Action.PUBLISH)
    world.undo(withheld)
    world.decide(reply, Action.PUBLISH)
    world.decide(reply, Action.REMOVE)
    assert [made.cache_info().misses for made in (words.key_of, words.stems_of, words.main_stem)] == [0, 0, 0]


def test_words_without_stored_stems_are_found_all_the_same(world: World) -> None:
    """Wordings of an earlier version, and those of `flask generate`, have none."""
    reply = world.published("aigerim", text="A zebra crosses the border, and nobody asks for its papers.")
    with world.at_work(), writing():
        db.session.execute(update(Revision).values(words="", stemmer=0))
    assert_is_whole(world)
    world.decide(reply, Action.REMOVE)
    world.decide(reply, Action.RESTORE)
    assert find(world, "zebra") == [reply]
    assert_is_whole(world)


def test_an_erased_text_leaves_no_words_behind(world: World) -> None:
    reply = world.reply("aigerim", text="A zebra crosses the border, and nobody asks for its papers.")
    with world.at_work(), writing():
        found = queries.reply_to_change(reply)
        assert "zebra" in found.latest_revision.words
        found.latest_revision.text = found.latest_revision.html = ""
    with world.at_work():
        assert db.session.scalar(select(Revision.words).where(Revision.reply_id == reply)) == ""


def test_an_article_is_found_in_its_present_wording(world: World) -> None:
    assert len(passages(world, "Zhenya says")) > 0
    with world.at_work(), writing():
        seed = article_files.read(SEED)
        seed.paragraphs[0] = article_files.Paragraph("A quagga is no zebra.", begins_section=False)
        articles.publish(seed)
    assert passages(world, "quagga")[0] == "A quagga is no zebra."
    assert passages(world, "quagga", person="aigerim") == []
    assert_is_whole(world)


def test_more_words_come_first_then_the_newer_reply(world: World) -> None:
    both = world.published("aigerim", text="The zebra and the giraffe have met here before.")
    zebra = world.published("boris", text="One zebra alone was standing there for an hour.")
    again = world.published("boris", text="Another zebra alone was standing there for an hour.")
    other = world.published("boris", Stance.ANTI, text="A giraffe stands on the other side, and waits.")
    assert find(world, "zebra giraffe") == [both, again, zebra, other]
    assert find(world, "zebra giraffe okapi") == [both]  # at least half of the words
    for wanted, numbers in [
        ({"side": "anti"}, [other]),
        ({"person": "AIGERIM"}, [both]),
        ({"person": "nobody"}, []),
        ({"language": "ru"}, []),
        ({"debate": 2}, []),
        ({"until": datetime(2020, 1, 1, tzinfo=UTC).date()}, []),
        ({"since": datetime(2020, 1, 1, tzinfo=UTC).date(), "side": "pro"}, [both, again, zebra]),
    ]:
        assert find(world, "zebra giraffe", **wanted) == numbers, wanted


def test_a_typing_error_finds_what_was_meant(world: World) -> None:
    reply = world.published("aigerim", text="Legalisation protects; Полиция закрывает глаза; құқық бұзылады.")
    for typed in ["legalisatoin", "legalizasoin", "Полицыя", "закрвает", "кукык", "zebra legalisaton"]:
        assert find(world, typed) == [reply], typed
    assert find(world, "legislation") == []


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [("law", "law", 0), ("law", "lwa", 1), ("law", "laws", 1), ("law", "low", 1), ("", "law", 3), ("abc", "cab", 2)],
)
def test_errors_between_two_words_are_counted(one: str, other: str, errors: int) -> None:
    assert vocabulary.distance(one, other) == vocabulary.distance(other, one) == errors


ANY = st.text(st.characters(codec="utf-8") | st.sampled_from("'\"*()-:^\0 ’§&|!\\"), max_size=60)
HOSTILE = ["", "\0", '"', "'", '" OR 1=1 --', "NEAR(a b)", "a AND NOT", "stems:law", "law*", "^law", "law & !", "law)"]
HOSTILE += ["law " * 2500, "x" * 10_000, "\u202elaw", "§s70726f", "😀", "%", "_", "\\", "-law", "(law", "ﷺ" * 900]


def test_any_string_is_a_question(world: World) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(HOSTILE) | ANY)
    def ask(typed: str) -> None:
        keys = questions.keys(typed)
        if keys:
            search(keys, Wanted(person=typed.replace("\0", "")[:30]), {})

    world.published("aigerim", text="The law on paper is not the law here.")
    with world.at_work():
        for typed in HOSTILE:
            keys = questions.keys(typed)
            assert not keys or search(keys, Wanted(), {})
        ask()


def test_reindexing_makes_all_anew(world: World) -> None:
    world.published("aigerim", text="A zebra crosses the border.")
    with world.at_work(), writing():
        entry = db.session.scalars(select(SearchEntry)).first()
        entry.stemmer = 0  # of an earlier version
    before = rows(world)
    with world.at_work():
        assert index.catch_up() == len(before["entries"])
        assert index.catch_up() == 0
    assert rows(world) == before
    result = world.app.test_cli_runner().invoke(args=["search", "reindex"])
    assert result.exit_code == 0
    assert str(len(before["entries"])) in result.stderr
    assert rows(world) == before


def test_the_parts_of_the_engines_index_become_one_and_find_the_same(world: World) -> None:
    replies = [world.published("aigerim", text=f"A zebra crosses border {n} without papers.") for n in range(3)]
    with world.at_work():
        if db.session.get_bind().dialect.name != "sqlite":
            pytest.skip("the index of PostgreSQL has no parts")
        parts = text("select count(distinct segid) from search_index_idx")
        assert db.session.scalar(parts) > 1
    with world.at_work():
        index.compact()
        assert db.session.scalar(parts) == 1
    assert sorted(find(world, "zebra")) == replies
    assert_is_whole(world)


def texts() -> list[str]:
    """Return what people argue, in three languages."""
    lines = [line for file in sorted(CORPUS.glob("arguments_*.txt")) for line in file.read_text().splitlines()]
    return [line for line in lines if line and not line.startswith("#")][::2]


def fill(app: Flask) -> World:
    """Return a forum in which everything that `texts` gives was published, day by day."""
    world = World(app)
    world.index_article()
    author = world.person("aigerim")
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with world.at_work(), writing():
        debate_id = queries.by_slug(SLUG).id
        for n, line in enumerate(texts()):
            at = {"created_at": start + timedelta(hours=n), "published_at": start + timedelta(hours=n)}
            who = {"author_id": author, "debate_id": debate_id, "key": str(n), "language": "ru" if n % 3 else "kk"}
            reply = Reply(stance=Stance.PRO if n % 2 else Stance.ANTI, **who, **at)
            db.session.add(reply)
            db.session.flush()
            made = {"number": 1, "text": line, "html": render(line), "renderer": 1, "outcome": Outcome.PUBLISHED}
            revision = Revision(reply_id=reply.id, **made, **at)
            db.session.add(revision)
            db.session.flush()
            reply.status, reply.shown_revision_id = ReplyStatus.PUBLISHED, revision.id
    with world.at_work():
        index.catch_up()
        assert signin.find("aigerim").id == author
    return world


@pytest.fixture
def both(sqlite_database: str, postgresql_database: str, tmp_path: Path) -> Iterator[list[World]]:
    worlds = []
    for name, url in (("one", sqlite_database), ("other", postgresql_database)):
        environ = {"FORUM_INSTANCE": str(tmp_path / name), "FORUM_DATABASE_URL": url, "FORUM_SECRET_KEY": "x"}
        (tmp_path / name).mkdir()
        worlds.append(fill(create_app(environ, TESTING=True)))
    yield worlds
    for world in worlds:
        with world.app.app_context():
            db.engine.dispose()


@without_postgres
@pytest.mark.long
@pytest.mark.parametrize("count", [40, 200])
def test_questions_have_the_same_answers_on_both_engines(both: list[World], count: int) -> None:
    dice = random.Random(6)
    lines = texts()
    asked = []
    for n in range(count):
        some = [word for line in dice.sample(lines, 1 + n % 2) for word in dice.sample(line.split(), 2)]
        word = dice.choice(some)
        at = dice.randrange(len(word))
        asked.append(" ".join(some) if n % 4 else word[:at] + dice.choice("aeио") + word[at + 1 :])
    answers = []
    for world in both:
        with world.at_work():
            answers.append([ranked_places(questions.keys(typed), Wanted()) for typed in asked])
    for typed, one, other in zip(asked, *answers, strict=True):
        assert one == other, typed
    assert sum(any(found.values()) for found in answers[0]) > 0.9 * count
    for world, found in zip(both, answers, strict=True):
        with world.at_work():
            for typed, first in list(zip(asked, found, strict=True))[::10]:
                assert first == counted(typed, Wanted(), {}), typed
                assert_goes_on(typed)


def counted(typed: str, wanted: Wanted, after: dict[str, Cursor]) -> dict[str, list[Cursor]]:
    """Return what `ranked` should, by counting the words of every entry."""
    rated, _unknown = vocabulary.groups_of(questions.keys(typed))
    groups = [stems for _frequency, stems in rated[:WORDS]]
    found: dict[str, list[Cursor]] = {name: [] for name in wanted.lists}
    for place, stems in db.session.execute(select(SearchEntry.place, SearchEntry.stems)):
        words = set(stems.split())
        count = sum(not words.isdisjoint(group) for group in groups)
        for name, entries in found.items():
            entry = (count, place_of(name, (count, place)))
            is_after = name not in after or entry < after[name]
            if 2 * count >= len(groups) > 0 and filter_of("s", name) in words and is_after:
                entries.append(entry)
    return {name: sorted(entries, reverse=True)[: PER_LIST[name] + 1] for name, entries in found.items()}


def assert_goes_on(typed: str) -> None:
    """Follow the pages of a question, each list from the last entry that was shown, as long as there are any."""
    after: dict[str, Cursor] = {}
    for _page in range(4):
        found = ranked_places(questions.keys(typed), Wanted(), after)
        assert found == counted(typed, Wanted(), after), (typed, after)
        after |= {name: entries[: PER_LIST[name]][-1] for name, entries in found.items() if entries}


def test_a_decision_while_the_index_is_made_anew_stops_neither(world: World) -> None:
    number, is_held = (
        world.published("aigerim", text="The zebras of the zoo speak for a licence of their own."),
        Event(),
    )
    with world.at_work():
        index.clear()

    def remove() -> None:
        with world.at_work(), writing():
            reply = queries.reply_to_change(number)
            is_held.set()
            time.sleep(0.5)  # until the other one waits for this reply
            by = signin.find("maria")
            decisions.decide(reply.shown_revision, Action.REMOVE, by=by, rule="respect", explanation=WHY)

    def catch_up() -> None:
        is_held.wait(10)
        with world.at_work():
            index.catch_up()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(remove), pool.submit(catch_up)]:
            done.result()
    with world.at_work():
        assert db.session.scalar(select(SearchEntry.place).where(SearchEntry.reply_id == number)) is None
