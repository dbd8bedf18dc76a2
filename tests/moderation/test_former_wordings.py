"""A former public wording that breaks a rule is taken out of the history; its reply stays where it is."""

import re

import pytest
from sqlalchemy import delete, select

from forum.db import db, writing
from forum.debates.models import ReplyStatus
from forum.errors import Overtaken
from forum.events import Event
from forum.moderation.desk_models import Claim
from forum.moderation.models import Action
from forum.notifications.models import Notification
from tests.world import PLEA, WHY, World, typed

WORDINGS = [
    "The clinic asks for no name, so the visits are all that we can count, zqfirst.",
    "The clinic asks for no name, and the one who goes there is zqmiddle.",
    "The clinic asks for no name, and the ministry counts the visits, zqlast.",
]


def reworded(world: World) -> tuple[int, list[int]]:
    """Let a reply be public in three wordings, one after the other; return it and them."""
    reply = world.published("aigerim", text=WORDINGS[0])
    numbers = [world.wording(reply)]
    for text in WORDINGS[1:]:
        numbers.append(world.reword(reply, text))
        world.decide(reply, Action.PUBLISH, by="zarina")
    return reply, numbers


def marks(page: str) -> set[str]:
    return set(re.findall(r"zq[a-z]+", page))


def test_a_former_wording_leaves_the_history_and_its_author_can_appeal(world: World) -> None:
    reply, (_first, middle, last) = reworded(world)
    maria, reader, history = world.visitor("maria"), world.visitor(), f"/replies/{reply}/history"
    world.report(reply, "boris", "privacy", wording=middle), world.report(reply, "saule", "topic")
    page = maria.get(f"/moderation/replies/{reply}").text
    assert "2 former wordings, in the history" in page
    sent = {"action": "remove_wording", "revision": last, "rule": "privacy", "explanation": WHY}
    door = f"/moderation/replies/{reply}/decisions"
    missing = maria.post(door, **sent)
    assert (missing.status_code, typed(missing.text, "explanation")) == (422, WHY)
    assert "Choose the wording that breaks a rule." in missing.text
    asked = maria.post(f"/moderation/replies/{reply}/author", revision=last, former=middle).text
    assert re.search(rf'name="former"[^>]* value="{middle}" checked', asked), "chosen already, and not lost"
    assert maria.post(door, **sent, former=middle).status_code == 303
    assert "Taken out of the history, " in maria.get("/moderation").text

    page = reader.get(history).text
    assert marks(page) == {"zqfirst", "zqlast"}
    assert "A moderator has taken this wording out of the history." in page
    assert "Rule 2: Nobody may be recognised" in page
    assert world.status(reply) == "published"
    answered, still_open = (world.visitor(name).get(f"/reports/{n}").text for n, name in ((1, "boris"), (2, "saule")))
    assert "took the wording that you reported out of the history; the reply stays" in answered
    assert "took the wording that you reported" in world.visitor("boris").get("/notifications").text
    assert "Open: a moderator has yet to answer" in still_open
    assert reader.post(f"/replies/{reply}/report", reason="topic", wording=middle).status_code == 409
    log = reader.get("/log?action=remove_wording")
    assert log.status_code == 200

    own = world.visitor("aigerim").get("/accounts/replies").text
    assert f"A former wording of your reply {reply} was taken out of its history." in own
    assert "You can appeal until" in own
    decision = int(re.search(r"/decisions/(\d+)/appeal", own)[1])
    appeal = world.appeal(decision, PLEA)
    case = world.visitor("timur").get(f"/moderation/appeals/{appeal}").text
    assert "zqmiddle" in case
    assert "It is about a former wording of a published reply" in case
    world.decide(reply, Action.REMOVE)  # the appeal is about the wording, wherever the reply stands
    world.judge(appeal, "decision_reversed")
    assert "your former wording stands in the history again" in world.visitor("aigerim").get("/accounts/replies").text
    assert "the wording stands in the history again" in world.visitor("boris").get("/reports/1").text
    world.decide(reply, Action.RESTORE)
    assert marks(reader.get(history).text) == {"zqfirst", "zqmiddle", "zqlast"}


def test_only_what_the_history_shows_is_taken_out_of_it_once_and_can_be_put_back(world: World) -> None:
    reply, (first, middle, last) = reworded(world)
    waiting = world.reword(reply, "What waits stands in no history, and nobody has read it yet.")
    for wording in (last, waiting):
        with pytest.raises(Overtaken):
            world.decide(reply, Action.REMOVE_WORDING, former=wording)
    decision = world.decide(reply, Action.REMOVE_WORDING, former=first)
    assert world.decide(reply, Action.REMOVE_WORDING, former=first) == decision, "a double click"
    with pytest.raises(Overtaken, match=r"maria has taken a former wording out of the history meanwhile. Rule 1"):
        world.decide(reply, Action.REMOVE_WORDING, by="timur", former=first)
    world.reword(reply), world.report(reply)
    world.undo(decision)
    assert marks(world.visitor().get(f"/replies/{reply}/history").text) == {"zqfirst", "zqmiddle", "zqlast"}
    world.decide(reply, Action.REMOVE)
    with pytest.raises(Overtaken, match="maria has removed this reply meanwhile"):
        world.decide(reply, Action.REMOVE_WORDING, by="timur", former=middle)
    assert world.status(reply) == ReplyStatus.REMOVED


def test_who_has_the_new_wording_open_keeps_it_and_nobody_is_told_of_an_answer_anew(world: World) -> None:
    above = world.published("boris")
    reply = world.published("aigerim", parent=above)
    first = world.wording(reply)
    world.reword(reply)
    world.decide(reply, Action.PUBLISH)
    world.reword(reply)
    world.visitor("timur").post(f"/moderation/replies/{reply}/claim")
    with world.at_work(), writing():
        db.session.execute(delete(Notification).where(Notification.event == Event.REPLY_ANSWERED))
    world.decide(reply, Action.REMOVE_WORDING, former=first)
    assert world.count(Claim) == 1
    with world.at_work():
        assert Event.REPLY_ANSWERED not in set(db.session.scalars(select(Notification.event)))


def test_a_restored_wording_that_is_taken_out_anew_leaves_the_first_decision_reversed(world: World) -> None:
    reply, (_first, middle, _last) = reworded(world)
    first = world.decide(reply, Action.REMOVE_WORDING, former=middle)
    world.judge(world.appeal(first), "decision_reversed")
    own = world.visitor("aigerim").get("/accounts/replies").text
    assert "You can appeal until" not in own
    second = world.decide(reply, Action.REMOVE_WORDING, former=middle, by="zarina", rule="privacy")
    own = world.visitor("aigerim").get("/accounts/replies").text
    assert own.count("You can appeal until") == 1
    assert f"/decisions/{second}/appeal" in own
    assert f"/decisions/{first}/appeal" not in own


def test_the_history_shows_words_as_they_are_read_and_leads_to_a_report_of_a_former_wording(world: World) -> None:
    reply = world.published("aigerim", text="The clinic asks for **no name**, and that is zqgood.")
    first = world.wording(reply)
    last = world.reword(reply, "The clinic asks for **no papers**, and that is zqgood.")
    world.decide(reply, Action.PUBLISH)
    reader, address = world.visitor(), f"/replies/{reply}/history"
    page = reader.get(address).text
    assert "**" not in page
    assert "<strong>no name</strong>" in page
    assert re.search(r"<ins>.*papers,", page)
    link = f"/replies/{reply}/report?wording={first}"
    assert link in page
    assert f"wording={last}" not in page
    assert link not in world.visitor("aigerim").get(address).text
    asked = reader.get(link).text
    assert "you report these former words" in asked
    assert "<strong>no name</strong>" in asked
    assert f'name="wording" value="{first}"' in asked
    assert reader.get(f"/replies/{reply}/report?wording=first").status_code == 404


def test_where_only_a_link_leads_elsewhere_the_history_shows_what_was_typed(world: World) -> None:
    reply = world.published("aigerim", text="The [report](https://one.example/) counts the visits of a year.")
    world.reword(reply, "The [report](https://two.example/) counts the visits of a year.")
    world.decide(reply, Action.PUBLISH)
    assert re.search(r"<ins>.*two\.example", world.visitor().get(f"/replies/{reply}/history").text)


def test_a_statement_quotes_the_words_as_they_were_read_and_keeps_what_was_typed(world: World) -> None:
    world.reply_that_is("rejected", text="You are a **liar**, all of [you](https://hidden.example/) there.")
    own = world.visitor("aigerim").get("/accounts/replies").text
    statement = own[own.index("Which words") :]
    assert "<strong>liar</strong>" in statement[: statement.index("</dd>")]
    assert "The same as it was typed" in statement
    assert "**liar**, all of [you](https://hidden.example/)" in statement
    world.reply_that_is("rejected", author="boris", text="You are all liars, and you know it well enough.")
    assert "The same as it was typed" not in world.visitor("boris").get("/accounts/replies").text


def test_the_desk_shows_former_wordings_page_by_page_and_keeps_the_chosen_one(world: World) -> None:
    world.app.config["EDITS_PER_HOUR"] = 100
    reply = world.published("aigerim", text=f"{WORDINGS[0]} Wording zqw.")
    numbers = [world.wording(reply)]
    for number in range(24):
        numbers.append(world.reword(reply, f"{WORDINGS[0]} Wording zqw{chr(ord('a') + number)}."))
        world.decide(reply, Action.PUBLISH, by="zarina")
    maria, page = world.visitor("maria"), f"/moderation/replies/{reply}"
    first = maria.get(page).text
    assert "24 former wordings, in the history" in first
    assert re.findall(r'name="former"[^>]* value="(\d+)"', first) == [str(number) for number in numbers[-2:-12:-1]]
    assert re.search(r'href="([^"]+)">Newer wordings', first) is None
    older = re.search(r'href="([^"]+)#former">Older wordings', first)[1]
    second = maria.get(older).text
    assert re.findall(r'name="former"[^>]* value="(\d+)"', second) == [str(number) for number in numbers[-12:-22:-1]]
    assert re.search(r'href="[^"]+formers=1[^"]*#former">Newer wordings', second)
    sent = {"action": "remove_wording", "revision": numbers[-1], "former": numbers[0], "explanation": WHY}
    missing = maria.post(f"{page}/decisions", **sent)
    assert missing.status_code == 422, "the rule is missing"
    assert re.search(rf'name="former"[^>]* value="{numbers[0]}" checked', missing.text), "the oldest one, still chosen"
