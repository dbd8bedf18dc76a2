"""What members do with their replies, and what is refused: nothing typed is ever lost."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from forum.db import db, now, writing
from forum.debates import articles, queries, replies
from forum.debates.models import MOVES, Reply, ReplyStatus, Revision, Stance
from forum.errors import Overtaken
from forum.moderation.models import Action
from tests.world import DEBATE, SLUG, Visitor, World, at_once, hidden_field, typed

TEXT = "A licence that nobody checks is a sheet of paper. Begin with the inspectors & their <pay>."
OTHER = "Whoever wants inspectors has to say from which budget they are paid, and who inspects them."
REVISED = TEXT + " Here is my source."
FAR = 10**6
STATUSES = [status.value for status in ReplyStatus]


def send(visitor: Visitor, **fields: Any) -> TestResponse:
    return visitor.post(f"{DEBATE}/replies", **({"stance": "pro", "text": TEXT} | fields))


def edit(visitor: Visitor, reply: int, **fields: Any) -> TestResponse:
    return visitor.post(f"/replies/{reply}/edit", **({"stance": "pro", "text": REVISED} | fields))


def wordings(world: World, reply: int) -> list[tuple[str, str]]:
    with world.at_work():
        query = select(Revision).where(Revision.reply_id == reply).order_by(Revision.number)
        return [(revision.text, revision.outcome.value) for revision in db.session.scalars(query)]


def change_debate(world: World, **columns: Any) -> None:
    with world.at_work(), writing():
        for name, value in columns.items():
            setattr(queries.by_slug(SLUG), name, value)


def close(world: World, reason: str) -> None:
    with world.at_work(), writing():
        articles.close(queries.by_slug(SLUG), reason)


# Posting


def test_a_reply_takes_a_side_and_only_an_answer_may_take_neither(world: World) -> None:
    parent, aigerim = world.published("boris"), world.visitor("aigerim")
    codes = {}
    for place in ("", parent):
        for stance in ("pro", "anti", "neither", "both", ""):
            answer = send(aigerim, stance=stance, parent=place)
            codes[bool(place), stance] = answer.status_code
            assert answer.status_code == 303 or typed(answer.text) == TEXT
    taken = {place_stance for place_stance, code in codes.items() if code == 303}
    assert taken == {(False, "pro"), (False, "anti"), (True, "pro"), (True, "anti"), (True, "neither")}
    assert set(codes.values()) == {303, 422}
    assert world.count(Reply) == 1 + 5


def test_an_answer_at_the_third_level_is_answered_beside_it_and_the_answer_names_it(world: World) -> None:
    boris = world.visitor("boris")
    deepest = world.published("aigerim")
    for _level in range(3):
        deepest = world.published("aigerim", Stance.ANTI, parent=deepest)
    page = boris.get(f"{DEBATE}/replies/{deepest}").text
    assert f"replies/new?parent={deepest}" in page
    assert f"reply {deepest}</a>." in boris.get(f"{DEBATE}/replies/new?parent={deepest}").text
    assert send(boris, parent=deepest).status_code == 303
    beside = deepest + 1
    with world.at_work():
        answered, answer = (db.session.get_one(Reply, number) for number in (deepest, beside))
        assert (answer.parent_id, answer.depth, answer.in_answer_to_id) == (answered.parent_id, 3, deepest)
    named = f'In answer to <a href="{DEBATE}/replies/{deepest}#reply-{deepest}">aigerim, No. {deepest}</a>'
    assert named in boris.get(f"{DEBATE}/replies/{beside}").text
    assert f"It answers reply {deepest}:" in world.visitor("maria").get(f"/moderation/replies/{beside}").text
    assert f"In answer to reply {deepest}<" in boris.get("/accounts/replies").text
    world.decide(beside, Action.PUBLISH)
    again = world.published("aigerim", parent=beside)
    reader = world.visitor()
    assert named in reader.get(DEBATE).text
    assert f"boris, No. {beside}</a>" in reader.get(f"{DEBATE}/replies/{again}").text
    world.withdraw(deepest)
    page = reader.get(f"{DEBATE}/replies/{beside}").text
    assert f"In answer to No. {deepest}, which is no longer public" in page
    with world.at_work():
        counts = [db.session.get_one(Reply, number).public_answers for number in range(1, again + 1)]
    assert counts == [4, 3, 2, 0, 0, 0]


def test_only_a_public_reply_can_be_answered(world: World) -> None:
    aigerim, codes = world.visitor("aigerim"), {}
    for status in STATUSES:
        answer = send(aigerim, parent=world.reply_that_is(status, "boris"))
        codes[status] = answer.status_code
        assert answer.status_code == 303 or typed(answer.text) == TEXT
    assert codes == {**dict.fromkeys(STATUSES, 422), "published": 303}


def test_a_removed_reply_that_is_still_shown_as_a_tombstone_cannot_be_answered(world: World) -> None:
    parent = world.reply_that_is("published", "boris")
    world.published("aigerim", parent=parent)
    world.withdraw(parent)
    assert f"new?parent={parent}" not in world.visitor("timur").get(DEBATE).text
    assert send(world.visitor("aigerim"), parent=parent).status_code == 422


def test_an_answer_stays_in_the_debate_of_its_parent(world: World) -> None:
    world.app.test_cli_runner().invoke(args=["generate", "--replies", "20"])
    with world.at_work():
        elsewhere = db.session.scalar(select(Reply.id).where(Reply.status == "published", Reply.depth == 0))
    answer = send(world.visitor("aigerim"), parent=elsewhere)
    assert answer.status_code == 422
    assert typed(answer.text) == TEXT
    assert world.visitor().get(f"{DEBATE}/replies/{elsewhere}").status_code == 404


PASSAGES = {"": 303, "1": 303, "26": 303, "27": 422, "0": 422, "-1": 422, "two": 422, str(2**53): 422, "9" * 30: 422}


@pytest.mark.parametrize(("field", "codes"), [("passage", PASSAGES), ("parent", {str(2**53): 422, "9" * 30: 422})])
def test_what_is_answered_must_be_there(world: World, field: str, codes: dict[str, int]) -> None:
    aigerim, found = world.visitor("aigerim"), {}
    for number in codes:
        answer = send(aigerim, **{field: number})
        found[number] = answer.status_code
        assert answer.status_code in {303, 500} or typed(answer.text) == TEXT
    assert found == codes


LENGTHS = {
    "one too few": ("x" * 19, False),
    "the fewest": ("x" * 20, True),
    "the most": ("x" * 1500, True),
    "one too many": ("x" * 1501, False),
    "space at the ends does not count": (" \n" + "x" * 19 + "\t ", False),
    "nothing but space": (" " * 40, False),
    "CRLF is one character, too few": ("x" * 9 + "\r\n" + "x" * 9, False),
    "CRLF is one character, the fewest": ("x" * 9 + "\r\n" + "x" * 10, True),
    "CRLF is one character, the most": ("x\r\n" * 749 + "xy", True),
    "CRLF is one character, too many": ("x\r\n" * 749 + "xyz", False),
    "a composed letter is one, too few": ("e\u0301" * 19, False),
    "a composed letter is one, the fewest": ("e\u0301" * 20, True),
    "a composed letter is one, the most": ("e\u0301" * 1500, True),
    "a composed letter is one, too many": ("e\u0301" * 1501, False),
    "an emoji is one, too few": ("🙂" * 19, False),
    "an emoji is one, the fewest": ("🙂" * 20, True),
    "an emoji is one, the most": ("🙂" * 1500, True),
    "an emoji is one, too many": ("🙂" * 1501, False),
}


def test_the_length_is_counted_in_characters_as_people_see_them(world: World) -> None:
    aigerim, found = world.visitor("aigerim"), {}
    world.app.config.update(REPLIES_PER_HOUR=100, WAITING_PER_MEMBER=100)
    for case, (words, fits) in LENGTHS.items():
        answer = send(aigerim, text=words)
        found[case] = answer.status_code
        normal = unicodedata.normalize("NFC", words.replace("\r\n", "\n")).strip()
        if fits:
            assert wordings(world, world.count(Reply)) == [(normal, "waiting")]
        else:
            assert typed(answer.text).replace("\r\n", "\n") == words.replace("\r\n", "\n"), case
            assert ("at least 20 characters" in answer.text) == (len(normal) < 20)
            assert ("This is 1 character too long" in answer.text) == (len(normal) > 1500)
    assert found == {case: 303 if fits else 422 for case, (_words, fits) in LENGTHS.items()}


# The key of a form


def test_the_same_form_sent_twice_is_one_reply(world: World) -> None:
    aigerim = world.visitor("aigerim")
    first, second = send(aigerim, key="k"), send(aigerim, key="k", text=f"{TEXT}\r\n")
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert world.count(Reply) == world.count(Revision) == 1


def test_another_text_from_the_same_form_is_refused_and_kept(world: World) -> None:
    aigerim = world.visitor("aigerim")
    send(aigerim, key="k")
    answer = send(aigerim, key="k", text=OTHER)
    assert answer.status_code == 409
    assert typed(answer.text) == OTHER
    assert wordings(world, 1) == [(TEXT, "waiting")]
    assert world.count(Reply) == 1


def test_a_text_that_was_refused_for_its_key_can_be_sent_again_from_the_page_it_is_on(world: World) -> None:
    aigerim = world.visitor("aigerim")
    send(aigerim, key="k")
    page = send(aigerim, key="k", text=OTHER)
    assert send(aigerim, key=hidden_field(page.text, "key"), text=OTHER).status_code == 303


def test_who_goes_back_to_a_form_that_was_sent_is_led_to_its_reply_and_can_write_another(world: World) -> None:
    aigerim, new = world.visitor("aigerim"), f"{DEBATE}/replies/new"
    opened = aigerim.client.get(f"{new}?passage=4&key=bad/key")
    assert opened.status_code == 302
    assert re.fullmatch(rf"{new}\?passage=4&key=[\w-]{{16}}", opened.location)
    key = hidden_field(aigerim.get(opened.location).text, "key")
    sent = send(aigerim, key=key, passage=4)
    back = aigerim.get(opened.location).text
    assert "You have sent reply 1 from this page" in back
    assert hidden_field(back, "key") == key
    assert send(aigerim, key=key, passage=4).location == sent.location
    assert world.count(Reply) == 1
    for _again in range(2):  # the browser sends the form of the page before once more
        refused = send(aigerim, key=key, passage=4, text=OTHER)
        assert refused.status_code == 409
        assert send(aigerim, key=hidden_field(refused.text, "key"), passage=4, text=OTHER).status_code == 303
    assert world.count(Reply) == 2
    assert hidden_field(aigerim.get(new).text, "key") != hidden_field(aigerim.get(new).text, "key")
    carried = hidden_field(send(world.visitor(), key=key, passage=4).text, "carried")
    resumed = aigerim.post("/accounts/resume", carried=carried).text
    assert send(aigerim, key=hidden_field(resumed, "key"), passage=4).location == sent.location
    assert send(aigerim, key="another-page", passage=4).status_code == 303, "the same words from another form"
    assert world.count(Reply) == 3


def test_two_members_may_have_the_same_key(world: World) -> None:
    assert send(world.visitor("aigerim"), key="k").status_code == 303
    assert send(world.visitor("boris"), key="k").status_code == 303
    assert world.count(Reply) == 2


@pytest.mark.parametrize("second", [TEXT, OTHER])
def test_two_requests_with_the_same_key_at_once_make_one_reply(world: World, second: str) -> None:
    windows = [world.visitor("aigerim"), world.visitor("aigerim")]
    tokens = [window.token() for window in windows]
    for key in range(5):
        answers = at_once(
            lambda key=key: send(windows[0], key=f"k{key}", token=tokens[0], text=f"{TEXT} {key}"),
            lambda key=key: send(windows[1], key=f"k{key}", token=tokens[1], text=f"{second} {key}"),
        )
        codes = sorted(answer.status_code for answer in answers)
        assert codes == ([303, 303] if second == TEXT else [303, 409])
        assert len({answer.location for answer in answers if answer.location}) == 1
        assert world.count(Reply) == world.count(Revision) == key + 1


# Opening and closing


def test_a_closed_debate_says_when_and_why_and_keeps_the_text(world: World) -> None:
    parent = world.published("aigerim")
    with time_machine.travel(datetime(2031, 5, 3, 12, tzinfo=UTC)):
        close(world, "The vote in parliament is over.")
    with time_machine.travel(datetime(2031, 5, 4, 12, tzinfo=UTC)):
        boris = world.visitor("boris")
        for answer in (send(boris), send(boris, parent=parent), world.visitor().get(DEBATE)):
            assert "This debate closed on" in answer.text
            assert "3 May 2031" in answer.text
            assert "The vote in parliament is over." in answer.text
        for person in (boris, world.visitor()):  # who has not signed in is not led to do so in vain
            answer = send(person)
            assert (answer.status_code in {409, 422}, typed(answer.text)) == (True, TEXT)
            assert "Your text is kept on this page: you can copy it." in answer.text
            assert "<h1>Sign in" not in answer.text
    assert world.count(Reply) == 1


def test_a_debate_whose_time_is_over_takes_no_reply(world: World) -> None:
    boris = world.visitor("boris")
    change_debate(world, closes_at=now() - timedelta(minutes=1))
    answer = send(boris)
    assert answer.status_code in {409, 422}
    assert "This debate closed on" in answer.text
    assert typed(answer.text) == TEXT
    assert world.count(Reply) == 0


def test_a_debate_that_has_not_opened_says_when_it_does(world: World) -> None:
    boris = world.visitor("boris")
    change_debate(world, opens_at=datetime(2099, 2, 1, tzinfo=UTC))
    answer = send(boris)
    assert answer.status_code in {409, 422}
    assert "This debate opens on 1 February 2099" in answer.text
    assert typed(answer.text) == TEXT
    assert world.count(Reply) == 0


def test_a_closed_debate_keeps_its_replies_and_lets_authors_take_theirs_back(world: World) -> None:
    public, waiting = world.published("aigerim", text=TEXT), world.reply("aigerim")
    close(world, "Enough was said.")
    aigerim = world.visitor("aigerim")
    assert "A licence that nobody checks" in world.visitor().get(DEBATE).text
    assert edit(aigerim, waiting).status_code in {409, 422}
    assert aigerim.post(f"/replies/{public}/withdraw").status_code == 303
    assert world.status(public) == "withdrawn"


# Editing


@pytest.mark.parametrize(("status", "former"), [("pending", "withdrawn"), ("returned", "returned")])
def test_a_new_wording_waits_and_the_former_one_does_not(world: World, status: str, former: str) -> None:
    reply = world.reply_that_is(status, text=TEXT)
    assert edit(world.visitor("aigerim"), reply, revision=world.wording(reply)).status_code == 303
    assert world.status(reply) == "pending"
    assert wordings(world, reply) == [(TEXT, former), (REVISED, "waiting")]


@pytest.mark.parametrize("status", ["pending", "returned"])
def test_the_side_can_be_changed_while_the_reply_waits_or_is_returned(world: World, status: str) -> None:
    reply = world.reply_that_is(status, text=TEXT)
    assert edit(world.visitor("aigerim"), reply, stance="anti", text=TEXT).status_code == 303
    with world.at_work():
        assert db.session.get_one(Reply, reply).stance is Stance.ANTI
    assert world.status(reply) == "pending"


def test_a_reply_at_top_level_cannot_be_edited_to_take_neither_side(world: World) -> None:
    top = world.published("boris")
    aigerim = world.visitor("aigerim")
    refused = edit(aigerim, world.reply("aigerim"), stance="neither")
    assert refused.status_code == 422
    assert typed(refused.text) == REVISED
    assert edit(aigerim, world.reply("aigerim", parent=top), stance="neither").status_code == 303


def test_the_same_text_again_is_no_new_wording(world: World) -> None:
    reply = world.reply("aigerim", text=TEXT)
    aigerim = world.visitor("aigerim")
    assert edit(aigerim, reply, text=f"  {TEXT}\r\n").status_code == 303
    assert wordings(world, reply) == [(TEXT, "waiting")]
    assert "Nothing was changed" in aigerim.get(DEBATE).text
    assert edit(aigerim, reply, text=OTHER).status_code == 303
    assert "Nothing was changed" not in aigerim.get(DEBATE).text


def test_an_edit_of_a_wording_that_is_no_longer_the_latest_shows_both(world: World) -> None:
    reply = world.reply("aigerim", text=TEXT)
    opened, aigerim = world.wording(reply), world.visitor("aigerim")
    edit(aigerim, reply, revision=opened)
    answer = edit(aigerim, reply, revision=opened, text=OTHER)
    assert answer.status_code == 409
    assert typed(answer.text) == OTHER
    assert "Here is my source." in answer.text
    assert [words for words, _outcome in wordings(world, reply)] == [TEXT, REVISED]
    assert edit(aigerim, reply, revision=world.wording(reply), text=OTHER).status_code == 303


def test_a_refused_edit_of_an_old_wording_does_not_pass_as_one_of_the_newest(world: World) -> None:
    reply = world.reply("aigerim", text=TEXT)
    opened, aigerim = world.wording(reply), world.visitor("aigerim")
    edit(aigerim, reply, revision=opened)
    page = edit(aigerim, reply, revision=opened, text="too short")
    assert page.status_code == 409 or f'name="revision" value="{opened}"' in page.text


def test_a_wording_that_cannot_be_stored_is_given_back(world: World) -> None:
    reply, aigerim = world.reply("aigerim", text=TEXT), world.visitor("aigerim")
    for words in ("short", "x" * 1501, "", "A NUL \0 is not a character that can be kept."):
        answer = edit(aigerim, reply, text=words)
        assert answer.status_code == 422
        assert typed(answer.text).replace("\ufffd", "\0") == words
    assert wordings(world, reply) == [(TEXT, "waiting")]


def test_a_reply_that_was_decided_on_can_no_longer_be_edited(world: World) -> None:
    aigerim = world.visitor("aigerim")
    for status in ("rejected", "removed", "withdrawn"):
        reply = world.reply_that_is(status)
        before = wordings(world, reply)
        answer = edit(aigerim, reply, revision=world.wording(reply))
        assert answer.status_code == 409
        assert typed(answer.text) == REVISED
        assert aigerim.get(f"/replies/{reply}/edit").status_code == 409
        assert (wordings(world, reply), world.status(reply)) == (before, status)


def test_nobody_else_can_edit_a_reply_or_take_it_back_or_learn_that_it_is_there(world: World) -> None:
    mine = {status: world.reply_that_is(status, by="timur") for status in STATUSES}
    for name in ("boris", "maria", "zarina"):
        other = world.visitor(name)
        token = other.token()
        for reply in [*mine.values(), FAR]:
            assert other.get(f"/replies/{reply}/edit").status_code == 404
            assert edit(other, reply, token=token).status_code == 404
            assert other.post(f"/replies/{reply}/withdraw", token=token).status_code == 404
    assert world.visitor().post(f"/replies/{mine['pending']}/withdraw", token="none").status_code == 401
    assert {status: world.status(reply) for status, reply in mine.items()} == {status: status for status in STATUSES}


# Taking back


def test_the_author_takes_a_reply_back_from_every_state_and_twice_is_once(world: World) -> None:
    aigerim = world.visitor("aigerim")
    for status in STATUSES:
        reply = world.reply_that_is(status, text=f"{TEXT} ({status})")
        for _try in range(2):
            assert aigerim.post(f"/replies/{reply}/withdraw").status_code == 303
            assert world.status(reply) == "withdrawn"
            assert "waiting" not in [outcome for _words, outcome in wordings(world, reply)]
        assert f"({status})" in aigerim.get("/accounts/replies").text
        assert f"({status})" not in world.visitor().get(DEBATE).text


# States


def test_a_reply_moves_as_the_table_says_and_no_other_way(world: World) -> None:
    found: dict[ReplyStatus, set[ReplyStatus]] = {}
    for before in ReplyStatus:
        number, found[before] = world.reply_that_is(before.value), set()
        for after in ReplyStatus:
            with world.at_work():
                reply = queries.reply_to_change(number)
                try:
                    replies.move(reply, after, reverses=True)
                except Overtaken:
                    assert reply.status is before
                else:
                    assert reply.status is after
                    found[before].add(after)
                db.session.rollback()
    assert found == MOVES


def test_the_table_of_moves_is_the_one_that_was_decided() -> None:
    moves = {before.value: sorted(after.value for after in moves) for before, moves in MOVES.items()}
    assert moves == {
        "pending": ["published", "rejected", "returned", "withdrawn"],
        "returned": ["pending", "withdrawn"],
        "published": ["removed", "withdrawn"],
        "removed": ["published", "withdrawn"],
        "rejected": ["published", "withdrawn"],
        "withdrawn": [],
    }
