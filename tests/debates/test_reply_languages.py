"""The language of a reply: recognised by its letters, or as its author says; and reading one language alone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from time_machine import travel

from forum.db import db
from forum.debates.draft_models import Draft
from forum.debates.models import Reply, Stance
from forum.debates.order import SORTS
from forum.moderation.models import Action
from tests.debates.test_columns import column, fill, shown
from tests.world import DEBATE, PASSWORD, Visitor, World, hidden_field

ENGLISH = "A licence that nobody checks is a sheet of paper. Begin with those who do the checking."
RUSSIAN = "Закон, который никто не проверяет, остаётся листом бумаги: начинать надо с проверяющих."
KAZAKH = "Закон адамды коргауы керек, ал тексеру жок жерде онын пайдасы жок болады."  # typed without Kazakh letters
NEW = f"{DEBATE}/replies/new"
KAZAKH_CHOSEN = '<option value="kk" selected>'


def language_of(world: World, reply: int) -> str:
    with world.at_work():
        return db.session.get_one(Reply, reply).language


def send(visitor: Visitor, text: str = KAZAKH, **fields: str) -> int:
    answer = visitor.post(f"{DEBATE}/replies", stance="pro", text=text, **fields)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rpartition("-")[2])


def test_a_reply_is_in_the_language_that_its_author_says_and_else_in_the_one_of_its_letters(world: World) -> None:
    aigerim = world.visitor("aigerim")
    recognised, chosen = send(aigerim, key="a"), send(aigerim, key="b", language="kk")
    assert (language_of(world, recognised), language_of(world, chosen)) == ("ru", "kk")
    world.decide(chosen, Action.PUBLISH)
    assert language_of(world, chosen) == "kk"
    page = world.visitor().get(f"{DEBATE}/replies/{chosen}").text
    assert f'lang="kk" dir="auto"><p>{KAZAKH}' in page


def test_another_language_alone_makes_a_new_wording_and_the_public_one_keeps_its_own_until_then(world: World) -> None:
    reply, aigerim = world.published("aigerim", text=KAZAKH), world.visitor("aigerim")
    form = aigerim.get(f"/replies/{reply}/edit").text
    assert "Recognised by itself" in form
    assert KAZAKH_CHOSEN not in form
    fields = {"stance": "pro", "text": KAZAKH, "revision": world.wording(reply), "state": "published"}
    assert aigerim.post(f"/replies/{reply}/edit", **fields, language="kk").status_code == 303
    assert language_of(world, reply) == "ru"
    assert KAZAKH_CHOSEN in aigerim.get(f"/replies/{reply}/edit").text
    decision = world.decide(reply, Action.PUBLISH)
    assert language_of(world, reply) == "kk"
    history = world.visitor().get(f"/replies/{reply}/history").text
    assert history.count('lang="kk"') > 0 < history.count('lang="ru"')
    world.undo(decision)
    assert language_of(world, reply) == "ru"


def test_the_chosen_language_rides_along_through_refusals_drafts_and_sign_in(world: World) -> None:
    world.person("aigerim")
    reader = world.visitor()
    asked = reader.post(f"{DEBATE}/replies", stance="pro", text=KAZAKH, language="kk")
    assert asked.status_code == 401
    carried = hidden_field(asked.text, "carried")
    page = reader.post("/accounts/sign-in", name="aigerim", password=PASSWORD, carried=carried).text
    assert KAZAKH_CHOSEN in page
    aigerim = world.visitor("aigerim")
    assert KAZAKH_CHOSEN in aigerim.post(f"{DEBATE}/replies", stance="pro", text="Жок", language="kk").text
    aigerim.post(f"{DEBATE}/replies/draft", text=ENGLISH, language="kk", draft="1")
    with world.at_work():
        assert [draft.fields["language"] for draft in db.session.scalars(select(Draft))] == ["kk"]
    assert KAZAKH_CHOSEN in aigerim.get(NEW).text


def test_a_draft_of_an_edit_is_no_draft_until_something_differs_from_what_is_stored(world: World) -> None:
    reply, aigerim = world.reply("aigerim", text=KAZAKH), world.visitor("aigerim")
    for language, drafts in (("", 0), ("kk", 1)):
        aigerim.post(f"/replies/{reply}/edit/draft", text=KAZAKH, stance="pro", language=language)
        assert world.count(Draft) == drafts
    assert KAZAKH_CHOSEN in aigerim.get(f"/replies/{reply}/edit").text


def test_a_language_of_no_page_is_refused_beside_its_field_and_nothing_typed_is_lost(world: World) -> None:
    answer = world.visitor("aigerim").post(f"{DEBATE}/replies", stance="pro", text=ENGLISH, language="tlh")
    assert answer.status_code == 422
    assert 'id="language-error"' in answer.text
    assert ENGLISH in answer.text
    assert world.count(Reply) == 0


def test_a_forum_of_one_language_does_not_ask(world: World) -> None:
    world.app.config["LANGUAGES"] = ["en"]
    assert "Language of your text" not in world.visitor().get(NEW).text


def columns_of(world: World, query: str, name: str = "") -> tuple[list[int], list[int]]:
    page = shown(world, query, name)
    return column(page, "pro"), column(page, "anti")


def test_the_columns_can_be_read_in_one_language_by_every_rule_and_the_counts_stay_those_of_all(world: World) -> None:
    english = [world.published("aigerim", text=f"{ENGLISH} Number {n}.", passage=2) for n in range(2)]
    russian = world.published("boris", Stance.PRO, f"{RUSSIAN} Первое.", passage=2)
    against = world.published("dana", Stance.ANTI, f"{RUSSIAN} Второе.")
    answer = world.published("boris", Stance.NEITHER, ENGLISH, parent=russian)
    with travel(datetime.now(UTC) + timedelta(hours=1)):  # all are drawn by lot
        for sort in SORTS:
            assert columns_of(world, f"?language=ru&sort={sort}") == ([russian], [against])
            assert sorted(columns_of(world, f"?language=en&sort={sort}")[0]) == english
            assert sorted(columns_of(world, f"?sort={sort}")[0]) == [*english, russian]
        page = shown(world, "?language=ru")
        assert f'id="reply-{answer}"' in page, "answers stand below their reply, in whichever language"
        assert "3 replies" in page
        assert "the counts of the two sides are those of all languages" in page
        assert "the counts of the two sides are those of all languages" not in shown(world)
        passage = world.visitor().get(f"{DEBATE}/passages/2?language=ru").text
        assert column(passage, "pro") == [russian]
        assert f'href="{DEBATE}/passages/2?language=en#replies"' in passage


def test_only_languages_in_which_something_stands_are_offered_and_each_link_keeps_the_order(world: World) -> None:
    world.published("aigerim", text=ENGLISH)
    assert "Language of the replies" not in shown(world), "there is nothing to choose"
    world.published("boris", Stance.ANTI, RUSSIAN)
    page = shown(world, "?sort=newest&language=ru")
    for query in ("sort=newest", "sort=newest&amp;language=en", "sort=newest&amp;language=ru"):
        assert f'href="{DEBATE}?{query}#replies"' in page
    assert 'lang="ru" aria-current="true">Русский</a>' in page
    assert "Қазақша</a></li>\n    </ul>\n</nav>\n<p" not in page
    assert f'href="{DEBATE}?sort=oldest&amp;language=ru#replies"' in page
    empty = shown(world, "?language=kk")
    assert 'lang="kk" aria-current="true"' in empty
    assert empty.count("no replies in this language (Kazakh)") == 2
    assert f'<a href="{DEBATE}#replies">See those in all languages</a>' in empty


@pytest.mark.parametrize("unknown", ["tlh", "", "RU", "ru%00", "x" * 300])
def test_a_language_that_nobody_writes_is_as_if_none_had_been_asked_for(world: World, unknown: str) -> None:
    replies = [world.published("aigerim", text=ENGLISH), world.published("boris", text=RUSSIAN)]
    assert sorted(columns_of(world, f"?language={unknown}")[0]) == replies


def test_pages_of_one_language_are_counted_in_it_and_keep_the_language_and_the_hour(world: World) -> None:
    fill(world, Stance.PRO, 26)
    world.published("boris", Stance.ANTI, RUSSIAN)
    page = shown(world, "?language=en")
    assert "Page 1 of 2" in page
    following = re.search(r'href="([^"]*pro=2[^"]*)#replies"', page)[1].replace("&amp;", "&")
    assert "language=en&hour=" in following
    second = world.visitor().get(following).text
    assert len(column(second, "pro")) == 1
    assert not set(column(second, "pro")) & set(column(page, "pro"))
    assert world.visitor().get(f"{DEBATE}?language=ru&pro=2").status_code == 404


def test_the_own_waiting_reply_stands_at_the_head_of_its_language_only(world: World) -> None:
    reply = world.reply("aigerim", text=RUSSIAN)
    assert columns_of(world, "?language=ru", "aigerim") == ([reply], [])
    assert columns_of(world, "?language=en", "aigerim") == ([], [])
    assert columns_of(world, "?language=ru") == ([], [])


def test_a_page_of_one_language_is_kept_apart_and_follows_what_changes(world: World) -> None:
    reply = world.published("aigerim", text=ENGLISH)
    reader = world.visitor()
    for _time in range(2):
        assert column(reader.get(f"{DEBATE}?language=en").text, "pro") == [reply]
        assert column(reader.get(f"{DEBATE}?language=ru").text, "pro") == []
    russian = world.published("boris", text=RUSSIAN)
    assert column(reader.get(f"{DEBATE}?language=ru").text, "pro") == [russian]
    assert column(reader.get(f"{DEBATE}?language=en").text, "pro") == [reply]


def test_a_column_of_one_language_is_read_from_an_index_in_its_order(world: World) -> None:
    world.app.test_cli_runner().invoke(args=["generate", "--debates", "1", "--replies", "600", "--seed", "3"])
    with world.sent_statements() as sent:
        world.visitor().get("/debates/g3-1?language=ru&sort=newest")
    ((statement, values),) = [(said, values) for said, values in sent if "LIMIT" in said and "stance" in said]
    with world.at_work():
        is_sqlite = db.engine.dialect.name == "sqlite"
        if not is_sqlite:
            db.session.execute(text("ANALYZE"))
            db.session.execute(text("SET LOCAL enable_seqscan = off"))  # of so few rows it would read all
        explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        told = [str(row[-1]) for row in db.session.connection().exec_driver_sql(f"{explain} {statement}", values)]
    read = [line for line in told if "replies" in line]
    assert len(read) == 2, told
    assert all("ix_replies_column_of_language" in line for line in read), told
    assert not any("TEMP B-TREE" in line or "Sort" in line for line in told), told
