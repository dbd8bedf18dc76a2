"""One-time links: how somebody without a password gets one. And the audit log, which every act of an account enters."""

import re
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from click.testing import Result
from sqlalchemy import String, select
from werkzeug.test import TestResponse

from forum.accounts import links, signin
from forum.accounts.models import OneTimeLink, RecoveryCode, Role, Session, User
from forum.db import db, writing
from forum.debates import article_files, articles, queries
from forum.events import AuditEntry, Event
from forum.moderation import people, sanctions
from forum.moderation.models import Action
from forum.notifications import mailboxes
from forum.notifications.mail_models import Frequency
from forum.start import SEED
from tests.world import DEBATE, PASSWORD, SLUG, WHY, Visitor, World, hidden_field, secrets_of_all

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
HOURS = timedelta(hours=1)
LONG_ENOUGH = "a long enough one"
GONE = "This link no longer works"


def command(world: World, *args: str) -> Result:
    """Run `flask users …`."""
    return world.app.test_cli_runner().invoke(args=["users", *args])


def link_for(world: World, *args: str) -> str:
    """Return the path of the link that a command prints."""
    result = command(world, *args)
    assert result.exit_code == 0, result.output
    return result.stdout.strip().removeprefix("http://127.0.0.1:8000")


def first_link(world: World) -> str:
    """Return the path of the link that a first start prints."""
    with world.at_work(), writing():
        return f"/accounts/links/{links.make(None)}"


def use(visitor: Visitor, path: str, password: str = LONG_ENOUGH, **fields: str) -> TestResponse:
    return visitor.post(path, password=password, **fields)


def role_of(world: World, name: str) -> Role:
    with world.at_work():
        return signin.find(name).role


def test_a_new_person_sets_the_password_and_is_shown_eight_codes(world: World) -> None:
    path = link_for(world, "add", "dana", "--role", "moderator")
    dana = world.visitor()
    assert "Welcome, dana" in dana.get(path).text
    answer = use(dana, path)
    assert len(re.findall(r"<li>[2-9A-Z]{4}-[2-9A-Z]{4}</li>", answer.text)) == 8
    assert hidden_field(answer.text, "next") == "/accounts/second-factor"
    again = world.visitor().post("/accounts/sign-in", name="dana", password=LONG_ENOUGH)
    assert again.status_code == 303
    assert dana.get("/moderation").status_code == 403
    assert dana.set_up_app(next="/moderation").location == "/moderation"
    assert dana.get("/moderation").status_code == 200


def test_looking_at_a_link_does_not_use_it_up(world: World) -> None:
    path = link_for(world, "add", "dana")
    before = world.everything()
    for _ in range(2):
        answer = world.visitor().get(path)
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert world.everything() == before
    assert use(world.visitor(), path, "short").status_code == 422
    assert use(world.visitor(), path).status_code == 200


def test_a_link_works_once(world: World) -> None:
    path = link_for(world, "add", "dana")
    assert use(world.visitor(), path).status_code == 200
    stranger = world.visitor()
    for answer in (stranger.get(path), use(stranger, path, "another long one")):
        assert answer.status_code == 404
        assert GONE in answer.text
    signed_in = world.visitor().post("/accounts/sign-in", name="dana", password=LONG_ENOUGH)
    assert signed_in.status_code == 303


@pytest.mark.parametrize("name", ["dana", ""])
def test_a_link_works_for_72_hours(world: World, name: str) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        path = link_for(world, "add", name) if name else first_link(world)
        visitor = world.visitor()
        clock.shift(72 * HOURS - timedelta(minutes=1))
        assert visitor.get(path).status_code == 200
        clock.shift(timedelta(minutes=2))
        assert GONE in visitor.get(path).text
        assert use(visitor, path, name="dana").status_code == 404
    assert world.count(Session) == 0


def test_asking_again_ends_the_former_link_of_this_person_only(world: World) -> None:
    others = [link_for(world, "add", "ilyas"), first_link(world)]
    former, later = link_for(world, "add", "dana"), link_for(world, "add", "dana")
    visitor = world.visitor()
    assert [visitor.get(path).status_code for path in [former, later, *others]] == [404, 200, 200, 200]
    assert world.count(User) == 2


def test_asking_again_without_a_role_leaves_the_role_as_it_was(world: World) -> None:
    link_for(world, "add", "dana", "--role", "moderator")
    link_for(world, "add", "dana")
    assert role_of(world, "dana") is Role.MODERATOR


def test_no_table_holds_a_link(world: World) -> None:
    path = link_for(world, "add", "dana")
    token = path.rpartition("/")[2]
    assert len(token) >= 43, "256 bits"
    assert token not in repr(world.everything())


@pytest.mark.parametrize("token", ["x" * 43, "-", "ж", "x" * 3000, "%00"])
def test_an_unknown_link_is_a_page_that_says_so(world: World, token: str) -> None:
    answer = world.visitor().get(f"/accounts/links/{token}")
    assert answer.status_code == 404
    assert GONE in answer.text


def test_the_first_link_makes_a_lead_once(world: World) -> None:
    path = first_link(world)
    zarina = world.visitor()
    assert "Lead this forum" in zarina.get(path).text
    for name in ("", "z", "moderator"):
        refused = use(zarina, path, name=name)
        assert refused.status_code == 422
        assert 'id="name-error"' in refused.text
    assert use(zarina, path, name="zarina").status_code == 200
    zarina.set_up_app()
    assert zarina.get("/moderation").status_code == 200
    assert role_of(world, "zarina") is Role.LEAD
    assert use(world.visitor(), path, name="impostor").status_code == 404
    assert world.count(User) == 1


def test_of_two_who_open_the_first_link_at_once_one_leads(world: World) -> None:
    path, start = first_link(world), Barrier(2)
    token = path.rpartition("/")[2]
    secrets_of_all()
    ended: list[str] = []

    def redeem(name: str) -> None:
        start.wait()
        try:
            with world.at_work(), writing():
                links.redeem(token, name, secrets_of_all())
            ended.append("leads")
        except Exception as error:
            ended.append(str(error))

    threads = [Thread(target=redeem, args=[name]) for name in ("zarina", "impostor")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["This link has been used or is older than 72 hours. Ask for a new one.", "leads"]
    assert world.count(User) == 1


def test_a_reset_ends_password_codes_and_sessions(world: World) -> None:
    boris = world.visitor("boris")
    path = link_for(world, "reset", "boris")
    assert boris.get("/accounts/settings").status_code == 401
    assert world.count(RecoveryCode) == world.count(Session) == 0
    assert world.visitor().post("/accounts/sign-in", name="boris", password=PASSWORD).status_code == 422
    code = secrets_of_all().codes[0]
    recovered = world.visitor().post("/accounts/recover", name="boris", code=code, password=LONG_ENOUGH)
    assert recovered.status_code == 422
    again = link_for(world, "reset", "boris")
    assert world.visitor().get(path).status_code == 404
    assert use(world.visitor(), again).status_code == 200
    assert world.count(OneTimeLink) == 0


def test_a_reset_keeps_role_and_words(world: World) -> None:
    number = world.reply("maria")
    world.decide(number, Action.PUBLISH, by="timur")
    assert use(world.visitor(), link_for(world, "reset", "maria")).status_code == 200
    assert role_of(world, "maria") is Role.MODERATOR
    assert "maria" in world.visitor().get(f"{DEBATE}/replies/{number}").text


def test_a_lead_who_was_reset_and_is_added_again_still_leads(world: World) -> None:
    world.person("zarina")
    link_for(world, "reset", "zarina")
    link_for(world, "add", "zarina")
    assert role_of(world, "zarina") is Role.LEAD


def judge_and_sanction(world: World) -> None:
    """Let the desk do each of its things once."""
    waiting = world.reply("boris", text="One more reason that nobody else would use, in other unusual words.")
    maria = world.visitor("maria")
    for door in ("claim", "release"):
        maria.post(f"/moderation/replies/{waiting}/{door}")
    maria.post(f"/moderation/replies/{waiting}/notes", note="A note in unusual words.")
    world.ready(text="Words that nobody else would use.")
    world.undo(world.decide(waiting, Action.REJECT))
    world.judge(world.appeal(world.decide(waiting, Action.REJECT)))
    taken_back = world.reply("boris", text="Yet another reason, in unusual words.")
    world.appeal(world.decide(taken_back, Action.REJECT))
    world.withdraw(taken_back)
    with world.at_work(), writing():
        sanctions.read(people.sanction_to_change(world.warn("boris")), by=signin.find("boris"))
    suspension = world.suspend("boris")
    world.judge_sanction(world.appeal_sanction(suspension))
    with world.at_work(), writing():
        sanctions.end(people.sanction_to_change(suspension), by=signin.find("maria"), reason="In unusual words.")
    note = world.note("boris")
    maria.post("/moderation/people/boris")
    maria.post(f"/moderation/notes/{note}/deletion")
    world.ban("boris")
    reading = world.propose_export("boris")
    world.confirm(reading)
    world.do_jobs()
    world.visitor("zarina").post(f"/proposals/{reading}/archive")
    for by in ("zarina", "sanzhar"):  # taken back by the one who proposed, declined by the other
        world.visitor(by).post(f"/proposals/{world.propose_role('dana', Role.MEMBER)}/closing")


def have_letters(world: World) -> None:
    """Let a member give an address, confirm it, change their mind in each way, and have it deleted."""
    world.give_address("boris", confirmed=True)
    with world.at_work(), writing():
        boris = signin.find("boris")
        mailboxes.choose(boris, Frequency.DAILY, tells_waiting=False)
        mailboxes.stop(mailboxes.of(boris))
        mailboxes.remove(boris)


def do_everything(world: World) -> None:
    """Let each thing happen once that the log knows."""
    boris = world.visitor("boris")
    boris.post("/accounts/sign-in", name="boris", password="not this one")
    boris.post("/moderation/people/boris")
    boris.post("/accounts/confirm", current=PASSWORD)
    boris.post("/accounts/sessions", end="others")
    boris.post("/accounts/settings", change="codes", current=PASSWORD)
    boris.set_up_app()
    boris.post("/accounts/sign-out")
    boris.post("/accounts/sign-in", name="boris", password=PASSWORD)
    boris.post("/accounts/sign-in/code", code="no code")
    world.give_app("boris")
    boris.post("/accounts/sign-in/code", code=world.code("boris"))
    boris.post("/accounts/second-factor/removal")
    for args in (["add", "dana"], ["reset", "dana"], ["promote", "dana", "moderator"]):
        command(world, *args)
    number = world.reply("boris", text="A reason with words that nobody else would use.")
    boris = world.visitor("boris")
    edited = "A reason in other words that nobody else would use."
    boris.post(f"/replies/{number}/edit", text=edited, stance="pro", revision=world.wording(number))
    world.visitor("maria").post(f"/moderation/replies/{number}/author", revision=world.wording(number))
    world.decide(number, Action.RETURN)
    world.withdraw(number)
    reported = world.published("boris")
    reworded = world.reword(reported, "Other words for the same, which nobody else would use.")
    boris.post(f"/replies/{reported}/wording/withdraw", wording=reworded)
    world.report(reported, "maria", explanation="A street is named, in words that nobody else would use.")
    world.withdraw(reported)
    world.published("aigerim", parent=world.published("boris"))
    world.translated(world.published("boris"), "aigerim")
    judge_and_sanction(world)
    have_letters(world)
    world.person("galym")
    world.take_name("Moonlight", "galym")
    world.ask_to_leave("galym", calls_off=True)
    world.erase_words("galym")
    world.export("galym")
    world.leave("galym")
    world.translate_article()
    with world.at_work(), writing():
        seed = article_files.read(SEED)
        seed.paragraphs.pop()
        articles.publish(seed)
        articles.close(queries.by_slug(SLUG), "Said and done, in unusual words.")


def test_every_act_leaves_its_line_in_the_log(world: World) -> None:
    do_everything(world)
    with world.at_work():
        events = set(db.session.scalars(select(AuditEntry.event)))
    assert events == set(Event)


def test_the_log_holds_ids_and_codes_only(world: World) -> None:
    do_everything(world)
    with world.at_work():
        table = AuditEntry.__table__
        texts = [column for column in table.columns if isinstance(column.type, String)]
        rows = list(db.session.execute(select(table.c.facts, *texts)))
        names = [*db.session.scalars(select(User.name)), "unusual words", "nobody else would use", WHY, "Prostitution"]
    assert len(rows) >= len(Event)
    for facts, *columns in rows:
        for value in [*columns, *facts, *facts.values()]:
            assert value is None or isinstance(value, int) or re.fullmatch(r"[a-z_]{1,24}", value), value
            assert value not in names


def test_the_log_says_for_whom_a_link_was_made(world: World) -> None:
    use(world.visitor(), link_for(world, "add", "dana", "--role", "lead"))
    with world.at_work():
        dana = signin.find("dana").id
        made = db.session.scalars(select(AuditEntry).where(AuditEntry.event == Event.LINK_MADE)).one()
        assert (made.subject_kind, made.subject_id) == ("users", dana) or dana in made.facts.values()


def test_the_log_names_who_acted_and_nobody_for_the_command_line(world: World) -> None:
    do_everything(world)
    with world.at_work():
        people = dict(db.session.execute(select(User.name, User.id)).all())
        actors = {
            entry.event: entry.actor_id for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        }
    for event in (Event.SIGNED_OUT, Event.CODES_RENEWED, Event.REPLY_POSTED, Event.REPLY_EDITED, Event.REPLY_WITHDRAWN):
        assert actors[event] == people["boris"]
    for event in (Event.AUTHOR_SHOWN, Event.DECISION_MADE):
        assert actors[event] == people["maria"]
    for event in (Event.LINK_MADE, Event.USER_RESET, Event.ROLE_CHANGED, Event.DEBATE_CLOSED, Event.SIGN_IN_FAILED):
        assert actors[event] is None
