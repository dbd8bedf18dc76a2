"""Letters: to whom they go, when, and how little they say."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from sqlalchemy import select

from forum import jobs, mail
from forum.accounts import second_factor, signin
from forum.db import db, writing
from forum.debates.models import Stance
from forum.jobs import Kind
from forum.moderation.models import UNDO_WITHIN, Action
from forum.notifications import mailboxes
from forum.notifications.mail_models import Frequency, MailAddress
from forum.notifications.models import Notification
from tests.world import SLUG, WHY, Visitor, World, at_once

AT = "quiet.fox@example.org"
SITE = "https://debate.example.org"
SOON = UNDO_WITHIN + timedelta(seconds=1)
MAIL = "/notifications/mail"


class Postbox:
    """A mail server on this machine; it keeps what it is given, and refuses whom it is told to."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refusal = self.at_data = ""
        self.asked = 0

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        self.asked += 1
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        if self.at_data:
            return self.at_data
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def taken(self) -> list[EmailMessage]:
        """Return what came since the last time."""
        letters, self.letters = self.letters, []
        return letters


@pytest.fixture
def postbox(world: World, port: int) -> Iterator[Postbox]:
    box = Postbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    former = {name: world.app.config[name] for name in ("SMTP_URL", "URL")}
    world.app.config.update(SMTP_URL=f"smtp://127.0.0.1:{port}?from=forum@debate.example.org", URL=SITE)
    yield box
    world.app.config.update(former)
    server.stop()


def subscribe(world: World, name: str, frequency: Frequency = Frequency.IMMEDIATE, **wishes: Any) -> None:
    """Let somebody have letters, confirmed."""
    number = world.give_address(name, frequency, confirmed=True)
    with world.at_work(), writing():
        db.session.get_one(MailAddress, number).tells_waiting = wishes.get("tells_waiting", False)


def post(world: World, after: timedelta = SOON) -> None:
    """Let some time pass and the letters of that time be sent."""
    with time_machine.travel(datetime.now(UTC) + after):
        world.do_jobs(kinds=[Kind.START_LETTERS])


def body(letter: EmailMessage) -> str:
    return letter.get_content().replace("\r\n", "\n")


def links(letter: EmailMessage) -> list[str]:
    return re.findall(r"https://\S+", body(letter))


def give(person: Visitor, **fields: str) -> Any:
    fields = {"change": "address", "address": AT, "frequency": "immediate"} | fields
    return person.post(MAIL, **fields)


def test_an_address_is_confirmed_by_a_button_behind_the_link_in_a_letter(world: World, postbox: Postbox) -> None:
    aigerim = world.visitor("aigerim")
    assert give(aigerim).status_code == 303
    world.do_jobs()
    (letter,) = postbox.taken()
    assert letter["To"] == AT
    assert letter["From"] == "forum@debate.example.org"
    place = links(letter)[0].removeprefix(SITE)
    world.published("aigerim")
    stranger = world.visitor()
    assert "Is this your address?" in stranger.get(place).text
    post(world)
    assert postbox.taken() == [], "a program that opened the link has confirmed it"
    for _twice in range(2):
        assert "The address is confirmed" in stranger.client.post(place).text
    assert "aigerim" not in stranger.get(place).text
    assert "q…@example.org" in aigerim.get(MAIL).text
    post(world)
    assert postbox.taken() == [], "what happened before is no news"
    world.published("aigerim")
    post(world)
    assert [links(letter)[0] for letter in postbox.taken()] == [f"{SITE}/notifications"]


def test_a_link_that_confirms_works_for_three_days_and_not_after_another_address_was_given(
    world: World, postbox: Postbox
) -> None:
    aigerim = world.visitor("aigerim")
    give(aigerim)
    world.do_jobs()
    first = links(postbox.taken()[0])[0].removeprefix(SITE)
    give(aigerim, address="other@example.org")
    assert world.visitor().get(first).status_code == 404
    world.do_jobs()
    second = links(postbox.taken()[0])[0].removeprefix(SITE)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=73)):
        assert world.visitor().client.post(second).status_code == 404
    assert world.count(MailAddress) == 1


def test_a_letter_names_nobody_and_quotes_nothing(world: World, postbox: Postbox) -> None:
    subscribe(world, "aigerim")
    postbox.taken()
    number = world.published("aigerim", text="A sentence that stands in no letter, published or not.")
    world.published("boris", Stance.ANTI, text="An answer that stands in no letter either, I hope.", parent=number)
    world.decide(world.reply("aigerim", text="Words that no reader may ever see, with a reason."), Action.REJECT)
    world.decide(number, Action.REMOVE)
    post(world)
    (letter,) = postbox.taken()
    assert "A moderator decided about a reply of yours. (3)" in body(letter)
    whole = letter.as_string().replace(SITE, "")
    for word in (
        "aigerim",
        "boris",
        "maria",
        "stands in no letter",
        "no reader",
        WHY[:20],
        SLUG,
        "legal",
        "rostitution",
    ):
        assert word not in whole, word


def test_a_decision_that_is_undone_in_time_is_told_in_no_letter(world: World, postbox: Postbox) -> None:
    subscribe(world, "aigerim")
    postbox.taken()
    decision = world.decide(world.reply("aigerim"), Action.REJECT)
    post(world, timedelta(seconds=1))
    assert postbox.taken() == []
    world.undo(decision)
    post(world)
    assert postbox.taken() == []


@pytest.mark.parametrize("what", ["removed", "withdrawn"])
def test_an_answer_that_has_gone_is_told_in_no_letter(world: World, postbox: Postbox, what: str) -> None:
    subscribe(world, "aigerim")
    number = world.published("aigerim")
    post(world)
    postbox.taken()
    answer = world.published("boris", parent=number)
    world.decide(answer, Action.REMOVE) if what == "removed" else world.withdraw(answer)
    post(world, timedelta(minutes=2))
    assert postbox.taken() == []


def test_what_was_read_on_the_site_is_told_in_no_letter_and_nothing_is_told_twice(
    world: World, postbox: Postbox
) -> None:
    subscribe(world, "aigerim")
    postbox.taken()
    world.published("aigerim")
    world.visitor("aigerim").post("/notifications/read")
    post(world)
    assert postbox.taken() == []
    world.published("aigerim")
    for _twice in range(2):
        post(world)
    assert len(postbox.taken()) == 1


def test_letters_of_the_day_come_once_a_day_with_what_is_new_in_what_one_follows(
    world: World, postbox: Postbox
) -> None:
    subscribe(world, "aigerim", Frequency.DAILY)
    world.follow("aigerim")
    postbox.taken()
    world.published("aigerim")
    for _each in range(3):
        world.published("boris")
    post(world)
    assert postbox.taken() == [], "the day is not over"
    post(world, timedelta(hours=25))
    (letter,) = postbox.taken()
    assert "A moderator decided about a reply of yours." in body(letter)
    assert "3 new replies in what you follow" in body(letter)
    post(world, timedelta(hours=26))
    post(world, timedelta(hours=50))
    assert postbox.taken() == [], "nothing new, no letter"


def test_staff_are_told_how_much_waits_once_an_hour_if_they_wish(world: World, postbox: Postbox) -> None:
    subscribe(world, "maria", tells_waiting=True)
    subscribe(world, "timur")
    subscribe(world, "boris", tells_waiting=True)
    postbox.taken()
    post(world)
    assert postbox.taken() == []
    world.reply("aigerim")
    world.reply("aigerim")
    for minutes in (1, 30, 59):
        post(world, timedelta(minutes=minutes))
    (letter,) = postbox.taken()
    assert "2 replies wait for a moderator." in body(letter)
    assert links(letter)[0] == f"{SITE}/moderation"
    post(world, timedelta(minutes=62))
    (later,) = postbox.taken()
    assert later["Message-ID"] != letter["Message-ID"], "mail servers drop the second of two with one name"
    with world.at_work(), writing():
        second_factor.forget(signin.find("maria"))
    post(world, timedelta(minutes=124))
    assert postbox.taken() == [], "who cannot open the desk is not told of it"


def test_a_mail_program_stops_the_letters_with_one_click(world: World, postbox: Postbox) -> None:
    subscribe(world, "aigerim")
    postbox.taken()
    world.published("aigerim")
    post(world)
    (letter,) = postbox.taken()
    place = letter["List-Unsubscribe"].strip("<>").removeprefix(SITE)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert SITE + place in links(letter)
    before = world.everything()
    assert "No more letters?" in world.visitor().get(place).text
    assert world.everything() == before
    after: list[Any] = []
    for _twice in range(2):
        answer = world.app.test_client().post(place, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        after.append(world.everything())
    assert after[0] == after[1], "a link that anybody who has it can press writes a line with each press"
    world.published("aigerim")
    post(world)
    assert postbox.taken() == []
    page = world.visitor("aigerim").get(MAIL).text
    assert re.search(r'value="off" checked', page)


def test_a_stranger_whose_address_was_given_can_have_it_forgotten(world: World, postbox: Postbox) -> None:
    give(world.visitor("aigerim"))
    world.do_jobs()
    (letter,) = postbox.taken()
    place = letter["List-Unsubscribe"].strip("<>").removeprefix(SITE)
    assert world.app.test_client().post(place).status_code == 200
    assert world.count(MailAddress) == 0
    assert world.app.test_client().get(place).status_code == 404


def test_an_address_that_nobody_confirms_is_forgotten_after_three_days(world: World, postbox: Postbox) -> None:
    subscribe(world, "maria")
    give(world.visitor("aigerim"), address="other@example.org")
    post(world, timedelta(hours=71))
    assert world.count(MailAddress) == 2
    post(world, timedelta(hours=73))
    assert world.count(MailAddress) == 1


def test_who_keeps_the_same_wish_loses_no_letter_of_the_day(world: World, postbox: Postbox) -> None:
    subscribe(world, "aigerim", Frequency.DAILY)
    world.follow("aigerim")
    world.published("boris")
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=23)):
        world.visitor("aigerim").post(MAIL, change="wishes", frequency="daily")
    postbox.taken()
    post(world, timedelta(hours=25))
    assert "1 new reply in what you follow" in body(postbox.taken()[0])


def test_nobody_floods_a_mailbox(world: World, postbox: Postbox) -> None:
    boris = world.visitor("boris")
    asked = [give(boris, address=f"a{n}@example.org").status_code for n in range(mailboxes.PER_HOUR + 1)]
    assert asked == [303] * mailboxes.PER_HOUR + [429]


def test_no_table_holds_an_address(world: World, postbox: Postbox) -> None:
    give(world.visitor("aigerim"))
    kept = repr(world.everything())
    assert "quiet.fox" not in kept
    assert "example.org" not in kept
    with world.at_work():
        row = db.session.scalars(select(MailAddress)).one()
        assert mailboxes.opened(row) == AT
        row.user_id += 1
        assert mailboxes.opened(row) is None, "a seal moved to another person can be read"
    world.app.config["SECRET_KEY"], former = "another secret", world.app.config["SECRET_KEY"]
    with world.at_work():
        assert mailboxes.opened(db.session.scalars(select(MailAddress)).one()) is None
    world.app.config["SECRET_KEY"] = former


def test_an_address_that_does_not_exist_gets_no_second_letter_and_its_owner_is_told(
    world: World, postbox: Postbox
) -> None:
    subscribe(world, "aigerim")
    postbox.refusal = "550 no such person"
    world.published("aigerim")
    post(world)
    postbox.refusal = ""
    world.published("aigerim")
    post(world)
    assert postbox.taken() == []
    assert "refused letters to this address for good" in world.visitor("aigerim").get(MAIL).text


@pytest.mark.parametrize("where", ["refusal", "at_data"])
def test_a_refusal_that_lasts_ends_the_letters_and_is_told(world: World, postbox: Postbox, where: str) -> None:
    subscribe(world, "aigerim")
    postbox.taken()
    setattr(postbox, where, "554 5.7.1 not from you")
    start = datetime.now(UTC)
    world.published("aigerim")
    page = ""
    for hours in range(0, 24 * 4, 7):
        with time_machine.travel(start + timedelta(hours=hours + 1), tick=False):
            world.do_jobs(kinds=[Kind.START_LETTERS])
            page = world.visitor("aigerim").get(MAIL).text
        if "for good" not in page:
            assert "A letter could not be sent yet" in page
    assert "refused letters to this address for good" in page
    with world.at_work():
        assert not jobs.has_failed(Kind.SEND_LETTER, db.session.scalars(select(MailAddress.user_id)).one())
    with time_machine.travel(start + timedelta(days=5), tick=False):
        asked = postbox.asked
        world.do_jobs(kinds=[Kind.START_LETTERS])
        assert postbox.asked == asked, "it is tried no more"


def test_who_waits_for_a_letter_is_told_that_the_mail_server_is_away(world: World, postbox: Postbox) -> None:
    postbox.refusal = "451 come back later"
    aigerim = world.visitor("aigerim")
    give(aigerim)
    assert "Not confirmed yet" in aigerim.get(MAIL).text
    world.do_jobs()
    assert "The letter to confirm it could not be sent yet" in aigerim.get(MAIL).text
    postbox.refusal = ""
    post(world, timedelta(minutes=2))
    assert len(postbox.taken()) == 1
    assert "Not confirmed yet" in aigerim.get(MAIL).text


def test_a_stranger_gets_one_letter_in_three_days_whoever_gives_their_address(world: World, postbox: Postbox) -> None:
    for name in ("aigerim", "boris", "saule"):
        assert give(world.visitor(name), address=AT.title()).status_code == 303
        assert give(world.visitor(name)).status_code == 303
        assert "Not confirmed yet" in world.visitor(name).get(MAIL).text, "nobody learns whether others have given it"
    world.do_jobs()
    (letter,) = postbox.taken()
    post(world, timedelta(hours=73))
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=74)):
        give(world.visitor("boris"))
        world.do_jobs()
        (letter,) = postbox.taken()
        place = letter["List-Unsubscribe"].strip("<>").removeprefix(SITE)
        assert world.app.test_client().post(place).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(days=300)):
        give(world.visitor("saule"))
        world.do_jobs()
    assert postbox.taken() == [], "a stranger who has pressed the button is left alone"


def test_who_changes_their_mind_before_the_letter_has_gone_gets_one_all_the_same(
    world: World, postbox: Postbox
) -> None:
    aigerim = world.visitor("aigerim")
    give(aigerim)
    give(aigerim, address="other@example.org")
    give(aigerim)
    world.do_jobs()
    assert [letter["To"] for letter in postbox.taken()] == [AT]


def test_given_once_more_before_it_is_confirmed_the_link_in_the_first_letter_works(
    world: World, postbox: Postbox
) -> None:
    aigerim = world.visitor("aigerim")
    give(aigerim)
    world.do_jobs()
    place = links(postbox.taken()[0])[0].removeprefix(SITE)
    give(aigerim)
    world.do_jobs()
    assert postbox.taken() == []
    assert "The address is confirmed" in world.visitor().client.post(place).text
    aigerim.post(MAIL, change="remove")
    give(aigerim)
    world.do_jobs()
    assert len(postbox.taken()) == 1, "whoever has confirmed it may give it again"


@pytest.mark.parametrize("refusal", ["451 come back later", "554 5.7.1 relay access denied"])
def test_a_letter_that_cannot_be_sent_now_is_sent_later(
    world: World, postbox: Postbox, caplog: pytest.LogCaptureFixture, refusal: str
) -> None:
    subscribe(world, "aigerim")
    postbox.taken()
    world.published("aigerim")
    postbox.refusal = refusal
    post(world)
    assert "SMTPRecipientsRefused" in caplog.text
    assert AT not in caplog.text
    postbox.refusal = ""
    post(world, timedelta(minutes=2))
    assert len(postbox.taken()) == 1


def test_rounds_of_letters_leave_a_mail_server_that_is_down_in_peace(world: World, postbox: Postbox) -> None:
    subscribe(world, "aigerim")
    postbox.taken()
    world.published("aigerim")
    postbox.refusal = "451 come back later"
    tried: list[int] = []
    send = world.app.extensions["jobs"][Kind.SEND_LETTER]
    jobs_of = world.app.extensions["jobs"]
    world.app.extensions["jobs"] = {**jobs_of, Kind.SEND_LETTER: lambda number: (tried.append(number), send(number))}
    for minute in range(1, 61):
        post(world, timedelta(minutes=minute))
    world.app.extensions["jobs"] = jobs_of
    assert len(tried) < 12, "it is asked at once with every round, whatever the delay"
    postbox.refusal = ""
    post(world, timedelta(hours=3))
    assert len(postbox.taken()) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"address": "not an address"}, "This is no mail address"),
        ({"address": "a@example.org\r\nBcc: b@example.org"}, "This is no mail address"),
        ({"frequency": "hourly"}, "Not a valid choice"),
        ({"address": ""}, "Please fill this in."),
    ],
)
def test_an_address_that_cannot_be_taken_is_refused_beside_its_field(
    world: World, fields: dict[str, str], words: str
) -> None:
    answer = give(world.visitor("aigerim"), **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert world.count(MailAddress) == 0


def test_a_member_deletes_the_address_and_no_row_is_left(world: World, postbox: Postbox) -> None:
    subscribe(world, "aigerim")
    aigerim = world.visitor("aigerim")
    assert aigerim.post(MAIL, change="remove").status_code == 303
    assert world.count(MailAddress) == 0
    assert aigerim.post(MAIL, change="remove").status_code == 303
    assert aigerim.post(MAIL, change="wishes", frequency="daily").status_code == 409
    world.do_jobs()
    assert postbox.taken() == [], "a letter went to an address that is not kept any more"


def test_an_address_can_be_deleted_while_a_letter_to_it_is_on_its_way(
    world: World, postbox: Postbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    subscribe(world, "aigerim")
    world.published("aigerim")
    aigerim, send = world.visitor("aigerim"), mail.send

    def send_and_delete(letter: EmailMessage) -> None:
        send(letter)
        at_once(lambda: aigerim.post(MAIL, change="remove"))  # in a thread, like any request

    monkeypatch.setattr(mail, "send", send_and_delete)
    post(world)
    assert world.count(MailAddress) == 0
    assert "failed" not in caplog.text


def test_where_no_mail_is_set_up_nothing_leads_to_letters(world: World) -> None:
    aigerim = world.visitor("aigerim")
    assert MAIL in aigerim.get("/accounts/settings").text
    world.app.config["SMTP_URL"] = ""
    assert MAIL not in aigerim.get("/accounts/settings").text
    assert aigerim.get(MAIL).status_code == 404
    subscribe(world, "aigerim")
    world.published("aigerim")
    post(world)


def test_the_database_keeps_one_address_for_each_member(world: World) -> None:
    subscribe(world, "aigerim")
    subscribe(world, "aigerim", Frequency.DAILY)
    with world.at_work():
        row = db.session.scalars(select(MailAddress)).one()
        assert row.frequency is Frequency.DAILY


def test_letters_cost_the_forum_little_where_nobody_wants_any(world: World) -> None:
    for n in range(3):
        world.published(f"member{n}")
    with world.counted_queries() as sent:
        world.do_jobs(kinds=[Kind.START_LETTERS])
    assert len([query for query in sent if "mail_addresses" in query]) == 2
    with world.at_work():
        assert db.session.scalar(select(Notification.mailed_at).limit(1)) is None
