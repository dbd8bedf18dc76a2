"""What members are told: each decision on their words, with the rule and the reason, and nobody else."""

import re

from sqlalchemy import select

from forum.db import db
from forum.moderation.models import Action, Decision
from forum.notifications.models import Notification
from tests.world import WHY, World

TEXT = "Nobody who works at night can come to an office that opens at nine."


def titles(page: str) -> list[str]:
    """Return what each notice of a page says was decided."""
    return [re.sub(r"\s+", " ", title) for title in re.findall(r"<b>([^<]*)</b>", page)]


def test_each_decision_is_told_with_the_rule_and_the_reason_the_newest_first(world: World) -> None:
    reply = world.reply("aigerim", text=TEXT)
    world.decide(reply, Action.PUBLISH)
    world.decide(reply, Action.REMOVE, rule="privacy")
    world.decide(reply, Action.RESTORE, by="timur")
    world.decide(world.reply("aigerim"), Action.RETURN, rule="topic")
    world.decide(world.reply("aigerim"), Action.REJECT, rule="honesty")
    page = world.visitor("aigerim").get("/notifications").text
    assert titles(page) == [
        "Rejected; it has not appeared, rule 7: Do not invent quotations or figures",
        "Returned for an edit, rule 5: Keep to the motion",
        "Restored at its old place",
        "Removed; it is no longer shown, rule 2: Nobody may be recognised: no names, numbers, places",
        "Published",
    ]
    assert page.count(WHY) == 3
    assert page.count(f'href="/accounts/replies#reply-{reply}"') == 3
    assert page.count("Nobody who works at night") == 3


def test_a_notice_names_no_moderator_and_own_replies_show_a_number_in_place_of_the_name(world: World) -> None:
    world.reply_that_is("returned")
    aigerim = world.visitor("aigerim")
    for address in ("/notifications", "/accounts/replies"):
        page = aigerim.get(address).text
        assert "maria" not in page
        assert "Moderator 1. A person read it and decided." in page
        assert "No automatic check took part." in page


def test_only_the_author_is_told(world: World) -> None:
    world.reply_that_is("rejected", text=TEXT)
    for name in ("boris", "maria", "timur"):
        page = world.visitor(name).get("/notifications").text
        assert "Nothing yet." in page
        assert TEXT not in page
    assert world.visitor().get("/notifications").status_code == 401
    with world.at_work():
        rows = db.session.execute(select(Notification.user_id, Notification.decision_id, Decision.id).join(Decision))
        assert [tuple(row) for row in rows] == [(world.person("aigerim"), 1, 1)]


def test_unread_notices_are_counted_in_the_menu_until_they_are_marked_as_read(world: World) -> None:
    world.published("aigerim"), world.reply_that_is("returned")
    world.published("boris")
    aigerim = world.visitor("aigerim")
    assert 'Notices <span class="n">2</span>' in aigerim.get("/rules").text
    page = aigerim.get("/notifications").text
    assert page.count("<span>new</span>") == 2
    assert 'Notices <span class="n">2</span>' in aigerim.get("/rules").text, "looking changes nothing"
    assert aigerim.post("/notifications/read").status_code == 303
    page = aigerim.get("/notifications").text
    assert "<span>new</span>" not in page
    assert len(titles(page)) == 2
    assert 'Notices <span class="n">' not in page
    assert 'Notices <span class="n">1</span>' in world.visitor("boris").get("/rules").text


def test_a_notice_keeps_the_wording_that_was_judged(world: World) -> None:
    reply = world.reply_that_is("returned", text=TEXT)
    aigerim = world.visitor("aigerim")
    aigerim.post(f"/replies/{reply}/edit", stance="pro", text="Another wording, which nobody has judged yet.")
    page = aigerim.get("/notifications").text
    assert TEXT in page
    assert "Another wording" not in page


def test_notices_of_a_reply_that_was_taken_back_stay(world: World) -> None:
    world.withdraw(world.reply_that_is("returned", text=TEXT))
    assert WHY in world.visitor("aigerim").get("/notifications").text


def test_the_reason_is_shown_as_it_was_written_and_never_as_markup(world: World) -> None:
    reply = world.reply("aigerim")
    world.decide(reply, Action.RETURN, explanation="Leave out <b>the name</b> & the *street*.")
    for address in ("/notifications", "/accounts/replies"):
        page = world.visitor("aigerim").get(address).text
        assert "Leave out &lt;b&gt;the name&lt;/b&gt; &amp; the *street*." in page


def test_notices_are_paged_by_fifty(world: World) -> None:
    reply = world.published("aigerim")
    for _ in range(25):
        world.decide(reply, Action.REMOVE)
        world.decide(reply, Action.RESTORE)
    aigerim = world.visitor("aigerim")
    pages = [aigerim.get(f"/notifications?page={number}").text for number in (1, 2)]
    assert [len(titles(page)) for page in pages] == [50, 1]
    assert ['href="/notifications?page=2"' in page for page in pages] == [True, False]
    for beyond in ("3", "0", "-1", "two", ""):
        assert aigerim.get(f"/notifications?page={beyond}").status_code == 404


def test_the_page_takes_as_many_queries_for_many_notices_as_for_one(world: World) -> None:
    world.published("boris")
    for status in ("published", "returned", "rejected", "removed") * 2:
        world.reply_that_is(status)
    costs = []
    for name in ("boris", "aigerim"):
        visitor = world.visitor(name)
        with world.counted_queries() as sent:
            assert visitor.get("/notifications").status_code == 200
        costs.append(len(sent))
    assert costs[0] == costs[1] <= 12
