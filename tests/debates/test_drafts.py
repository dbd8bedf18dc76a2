"""Drafts: kept on the server for members, never overwritten unseen, gone with the reply that was sent; and previews."""

import re
from typing import Any

import pytest
from flask import template_rendered
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from forum.db import db, writing
from forum.debates import articles, queries
from forum.debates.draft_models import Draft
from forum.debates.drafts import MOST
from forum.debates.models import Reply
from forum.moderation.models import Action
from tests.world import DEBATE, SLUG, Visitor, World, at_once, hidden_field, typed

TEXT = "A licence that nobody checks is a sheet of paper. Begin with the inspectors & their <pay>."
OTHER = "Whoever wants inspectors has to say from which budget they are paid, and who inspects them."
NEW = f"{DEBATE}/replies/new"


def press(visitor: Visitor, door: str = "/draft", **fields: Any) -> TestResponse:
    return visitor.post(f"{DEBATE}/replies{door}", **({"text": TEXT} | fields))


def kept(world: World) -> list[tuple[str, str]]:
    with world.at_work():
        return [(draft.place, draft.text) for draft in db.session.scalars(select(Draft).order_by(Draft.id))]


def test_a_draft_is_kept_for_each_place_and_fills_its_form_again(world: World) -> None:
    world.published("boris")
    aigerim = world.visitor("aigerim")
    assert press(aigerim, text=TEXT).status_code == 200
    assert press(aigerim, text=OTHER, passage=4, stance="anti", quote="words").status_code == 200
    assert press(aigerim, text=OTHER, parent=1).status_code == 200
    assert kept(world) == [("", TEXT), ("passage-4", OTHER), ("reply-1", OTHER)]
    page = aigerim.get(f"{NEW}?passage=4").text
    assert typed(page) == OTHER
    assert 'value="anti" required checked' in page
    assert "is in the form" in page
    assert typed(aigerim.get(NEW).text) == TEXT
    own = aigerim.get("/accounts/replies").text
    assert "Drafts: only you see them" in own
    assert own.count("Go on writing") == 3
    assert typed(world.visitor("boris").get(NEW).text) == ""


@pytest.mark.parametrize("refusal", ["short", "many", "closed", "hints", "preview"])
def test_what_was_refused_or_looked_at_is_kept(world: World, refusal: str) -> None:
    aigerim, text, door, code = world.visitor("aigerim"), TEXT, "", 422
    if refusal == "short":
        text = "Too short"
    elif refusal == "many":
        world.app.config["WAITING_PER_MEMBER"], code = 0, 429
    elif refusal == "closed":
        with world.at_work(), writing():
            articles.close(queries.by_slug(SLUG), "Enough was said.")
    elif refusal == "hints":
        text, code = f"{TEXT} Write to me@example.org.", 200
    else:
        door, code = "/preview", 200
    answer = press(aigerim, door, text=text, stance="pro", hints_seen="", key="k")
    assert (answer.status_code, typed(answer.text)) == (code, text)
    assert kept(world) == [("", text)]
    if refusal == "closed":
        assert "the draft cannot be sent any more" in aigerim.get("/accounts/replies").text


def test_a_draft_is_deleted_with_the_sending_unless_it_holds_other_words(world: World) -> None:
    aigerim = world.visitor("aigerim")
    page = press(aigerim, key="k").text
    fields = {name: hidden_field(page, name) for name in ("draft", "key")}
    assert press(aigerim, "", stance="pro", **fields).status_code == 303
    assert kept(world) == []
    assert press(aigerim, **fields).status_code == 200, "what the script still had on its way"
    assert kept(world) == []
    back = aigerim.get(f"{NEW}?key={fields['key']}").text
    kept_now = press(aigerim, text=OTHER, key=fields["key"], draft=hidden_field(back, "draft"))
    assert "Kept as a draft" in kept_now.text
    assert kept(world) == [("", OTHER)], "other words, typed into a form that was sent, are not what was sent"
    with world.at_work(), writing():
        db.session.execute(delete(Draft))
    world.draft("aigerim", OTHER)
    assert press(aigerim, "", text=f"{TEXT} More.", stance="pro").status_code == 303
    assert kept(world) == [("", OTHER)]
    assert press(aigerim, "", text=f"{TEXT} {OTHER}", stance="pro").status_code == 303
    assert kept(world) == []


def test_of_two_windows_neither_overwrites_the_other_unseen(world: World) -> None:
    aigerim = world.visitor("aigerim")
    first, second = (hidden_field(aigerim.get(NEW).text, "draft") for _window in range(2))
    assert press(aigerim, draft=first).status_code == 200
    answer = press(aigerim, draft=second, text=OTHER)
    assert (answer.status_code, typed(answer.text)) == (409, OTHER)
    assert "The draft that another window has kept" in answer.text
    assert "inspectors &amp; their &lt;pay&gt;" in answer.text
    assert kept(world) == [("", TEXT)]
    again = press(aigerim, draft=hidden_field(answer.text, "draft"), text=OTHER)
    assert again.status_code == 200
    assert kept(world) == [("", OTHER)]


def test_two_windows_at_once_have_one_winner_and_both_texts_are_there(world: World) -> None:
    left, right = world.visitor("aigerim"), world.visitor("aigerim")
    tokens = left.token(), right.token()
    answers = at_once(
        lambda: press(left, text=TEXT, token=tokens[0]), lambda: press(right, text=OTHER, token=tokens[1])
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(kept(world)) == 1
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert {typed(loser.text), kept(world)[0][1]} == {TEXT, OTHER}


def test_a_draft_that_was_thrown_away_in_another_window_does_not_rise_again_unasked(world: World) -> None:
    aigerim = world.visitor("aigerim")
    number = world.draft("aigerim")
    assert aigerim.post(f"/drafts/{number}/discard", draft=7).status_code == 409
    answer = aigerim.post(f"/drafts/{number}/discard", draft=1, form=1)
    assert (answer.status_code, answer.location) == (303, NEW)
    answer = press(aigerim, draft=1)
    assert (answer.status_code, typed(answer.text), kept(world)) == (409, TEXT, [])
    assert press(aigerim, draft=hidden_field(answer.text, "draft")).status_code == 200
    assert kept(world) == [("", TEXT)]


def test_nobody_throws_the_draft_of_somebody_else_away_or_sees_it(world: World) -> None:
    number = world.draft("aigerim", "zqdraft")
    for name in ("boris", "maria", "zarina"):
        other = world.visitor(name)
        assert other.post(f"/drafts/{number}/discard", draft=1).status_code == 303
        for address in (NEW, "/accounts/replies", "/moderation", "/moderation/people/aigerim", DEBATE):
            assert "zqdraft" not in other.get(address).text
    assert kept(world) == [("", "zqdraft")]


def test_the_script_is_answered_in_a_few_words_for_which_no_page_is_made(world: World) -> None:
    number, aigerim = world.published("aigerim"), world.visitor("aigerim")
    fields = {"csrf_token": aigerim.token(), "text": TEXT}
    brief = {"headers": {"Accept": "application/json"}}
    made: list[str] = []
    with template_rendered.connected_to(lambda app, template, **more: made.append(template.name)):
        for door in (f"{DEBATE}/replies/draft", f"/replies/{number}/edit/draft"):
            answer = aigerim.client.post(door, data=fields, **brief)
            assert (answer.status_code, answer.json) == (200, {"version": 1, "said": ""})
            assert len(answer.data) < 40
            answer = aigerim.client.post(door, data=fields | {"text": OTHER}, **brief)
            assert answer.status_code == 409
            assert "Nothing is overwritten" in answer.json["said"]
        with world.at_work(), writing():
            articles.close(queries.by_slug(SLUG), "Enough was said.")
        answer = aigerim.client.post(f"{DEBATE}/replies/draft", data=fields | {"text": OTHER, "draft": 1}, **brief)
        assert answer.status_code == 409
        assert "Enough was said." in answer.json["said"]
    assert made == []
    assert kept(world) == [("", OTHER), (f"edit-{number}", TEXT)]


def test_a_draft_has_its_bounds_and_beyond_them_the_text_is_given_back(world: World) -> None:
    aigerim = world.visitor("aigerim")
    for text in ("x" * 15_001, "A NUL \0 in the text."):
        answer = press(aigerim, text=text)
        assert (answer.status_code, typed(answer.text).replace("\ufffd", "\0")) == (422, text)
    for number in range(MOST):
        world.draft("aigerim", place=f"reply-{number + 1}")
    answer = press(aigerim)
    assert (answer.status_code, typed(answer.text)) == (422, TEXT)
    assert "You have 20 drafts already." in answer.text
    assert world.count(Draft) == MOST


def test_a_draft_outlives_the_reply_that_it_answers(world: World) -> None:
    parent, aigerim = world.published("boris"), world.visitor("aigerim")
    page = press(aigerim, parent=parent, key="k").text
    world.withdraw(parent)
    answer = press(aigerim, "", stance="anti", parent=parent, draft=hidden_field(page, "draft"), key="k")
    assert (answer.status_code, typed(answer.text)) == (422, TEXT)
    assert "in another window" not in answer.text
    again = aigerim.get(f"{NEW}?parent={parent}")
    assert (again.status_code, typed(again.text)) == (422, TEXT)
    assert "can no longer be answered" in again.text
    fields = {name: hidden_field(again.text, name) for name in ("draft", "key")}
    assert press(aigerim, "", stance="anti", **fields).status_code == 303
    assert world.visitor("boris").get(f"{NEW}?parent={parent}").status_code == 404


@pytest.mark.parametrize("name", ["", "aigerim"])
def test_the_preview_shows_the_reply_as_it_would_look_and_sends_nothing(world: World, name: str) -> None:
    person = world.visitor(name)
    answer = press(person, "/preview", text="*Begin* with <b>this</b>.", stance="anti", key="k")
    assert answer.status_code == 200
    assert "<em>Begin</em> with &lt;b&gt;this&lt;/b&gt;." in answer.text
    assert "Preview: only you see this" in answer.text
    assert typed(answer.text) == "*Begin* with <b>this</b>."
    assert 'class="error"' not in answer.text
    assert world.count(Reply) == 0
    assert len(kept(world)) == (1 if name else 0)
    assert "On passage 4" in press(person, "/preview", text=OTHER, passage=4).text
    quoting = press(person, "/preview", text=OTHER, passage=4, quote="<police>").text
    assert re.search(r'<blockquote class="of-article"[^>]*>“&lt;police&gt;”</blockquote>', quoting)
    assert press(person, "/preview", text="", stance="both", parent="9" * 30).status_code == 200


@pytest.mark.parametrize("name", ["", "aigerim"])
def test_who_has_looked_at_the_preview_can_send_from_there(world: World, name: str) -> None:
    person, sends = world.visitor(name), '<button class="first">Send to the moderators</button>'
    assert person.get(NEW).text.count(sends) == 1
    looked = press(person, "/preview", stance="pro").text
    preview = looked[looked.index('id="preview-title"') :]
    assert sends in preview[: preview.index("</section>")]
    assert preview.index("</section>") < preview.index("</form>"), "it belongs to the form"
    ids = re.findall(r'\bid="([^"]+)"', looked)
    assert len(set(ids)) == len(ids)


def test_what_cannot_be_sent_has_no_button_below_its_preview(world: World) -> None:
    world.suspend("aigerim")
    looked = press(world.visitor("aigerim"), "/preview", stance="pro").text
    assert "Preview: only you see this" in looked
    assert "Send to the moderators" not in looked


@pytest.mark.parametrize("name", ["", "aigerim"])
def test_a_text_much_longer_than_a_reply_is_given_back_without_being_rendered(world: World, name: str) -> None:
    """The largest form, full of brackets, would keep a worker for a minute."""
    text = "[a](http://x" * 1251
    answer = press(world.visitor(name), "/preview", text=text)
    assert (answer.status_code, typed(answer.text)) == (422, text)
    assert "This is 13,512 characters too long; a reply has at most 1,500." in answer.text
    assert "Preview: only you see this" not in answer.text


@pytest.mark.parametrize("status", ["published", "pending"])
def test_a_new_wording_has_a_preview_and_a_draft_and_sends_nothing_by_either(world: World, status: str) -> None:
    number, aigerim = world.reply_that_is(status, text=OTHER), world.visitor("aigerim")
    edit = f"/replies/{number}/edit"
    page = aigerim.get(edit).text
    fields = {name: hidden_field(page, name) for name in ("draft", "revision", "state")}
    looked = aigerim.post(f"{edit}/preview", text="*Begin* with <b>this</b>.", **fields)
    assert "Preview: only you see this" in looked.text
    assert "<em>Begin</em> with &lt;b&gt;this&lt;/b&gt;." in looked.text
    assert looked.text.count(">Send to the moderators</button>") == 2
    assert aigerim.post(f"{edit}/draft", text=TEXT, stance="pro", **fields).status_code == 409, "a preview keeps it too"
    fields["draft"] = hidden_field(looked.text, "draft")
    said = aigerim.post(f"{edit}/draft", text=TEXT, stance="pro", **fields)
    assert said.status_code == 200
    assert "Kept as a draft, " in said.text
    assert kept(world) == [(f"edit-{number}", TEXT)]
    again = aigerim.get(edit).text
    assert typed(again) == TEXT
    assert "is in the form" in again
    own = aigerim.get("/accounts/replies").text
    assert f"A new wording of reply {number}" in own
    assert own.count(f'href="{edit}"') == 2
    fields["draft"] = hidden_field(again, "draft")
    contact = aigerim.post(edit, text=f"{TEXT} Write to me@example.org.", hints_seen="", **fields)
    assert "Not sent yet: please look at this first" in contact.text
    assert aigerim.post(edit, text=TEXT, **fields | {"draft": hidden_field(contact.text, "draft")}).status_code == 303
    assert kept(world) == []
    assert typed(aigerim.get(edit).text) == TEXT


def test_the_draft_of_a_wording_that_was_decided_on_meanwhile_is_there_and_says_so_when_sent(world: World) -> None:
    number, aigerim = world.reply("aigerim", text=OTHER), world.visitor("aigerim")
    edit = f"/replies/{number}/edit"
    page = aigerim.get(edit).text
    fields = {name: hidden_field(page, name) for name in ("draft", "revision", "state")}
    assert aigerim.post(f"{edit}/draft", text=TEXT, **fields).status_code == 200
    world.decide(number, Action.PUBLISH)
    page = aigerim.get(edit).text
    fields = {name: hidden_field(page, name) for name in ("draft", "revision", "state")}
    answer = aigerim.post(edit, text=TEXT, **fields)
    assert (answer.status_code, typed(answer.text)) == (409, TEXT)
    assert "A moderator has decided on this wording meanwhile." in answer.text
    world.withdraw(number)
    answer = aigerim.get(edit)
    assert (answer.status_code, typed(answer.text)) == (409, TEXT)
    assert kept(world) == [(f"edit-{number}", TEXT)]
    away = aigerim.post("/drafts/1/discard", draft=hidden_field(answer.text, "draft"), form=1)
    assert (away.status_code, away.location) == (303, edit)


def test_what_is_stored_already_is_no_draft_and_two_windows_of_one_wording_are_told(world: World) -> None:
    number, aigerim = world.published("aigerim", text=OTHER), world.visitor("aigerim")
    edit = f"/replies/{number}/edit"
    assert "Nothing is kept" in aigerim.post(f"{edit}/draft", text=OTHER).text
    assert kept(world) == []
    assert aigerim.post(f"{edit}/draft", text=TEXT).status_code == 200
    answer = aigerim.post(f"{edit}/draft", text=f"{TEXT} And more.")
    assert (answer.status_code, typed(answer.text)) == (409, f"{TEXT} And more.")
    assert "The draft that another window has kept" in answer.text
    assert kept(world) == [(f"edit-{number}", TEXT)]
    assert aigerim.post(f"{edit}/draft", text=OTHER, draft=1).status_code == 200
    assert kept(world) == [], "she has gone back to what is there"
    asked = world.visitor().post(f"{edit}/draft", text=TEXT)
    assert asked.status_code == 401
    back = aigerim.post("/accounts/resume", carried=hidden_field(asked.text, "carried"))
    assert typed(back.text) == TEXT


@pytest.mark.parametrize("name", ["", "aigerim"])
def test_a_closed_debate_offers_no_field_to_write_in_vain_but_keeps_what_was_written(world: World, name: str) -> None:
    person = world.visitor(name)
    assert "20 to 1,500 characters" in person.get(NEW).text
    with world.at_work(), writing():
        articles.close(queries.by_slug(SLUG), "Enough was said.")
    page = person.get(f"{NEW}?passage=4").text
    assert "Enough was said." in page
    assert "<textarea" not in page
    assert "Back to the debate" in page
    late = press(person, "", stance="pro", key="k")
    assert (late.status_code, typed(late.text)) == (422 if name else 409, TEXT)
    assert "Your text is kept on this page: you can copy it." in late.text
    assert "Send to the moderators" not in late.text
