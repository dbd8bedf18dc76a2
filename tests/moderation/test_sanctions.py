"""Warnings, suspensions and bans: who may do which to whom, what they keep from a person, and how they end."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from forum.accounts import signin
from forum.accounts.models import Role, User
from forum.db import db, writing
from forum.errors import NotAllowed, Refused
from forum.events import AuditEntry, Event
from forum.moderation import people, proposals, sanctions
from forum.moderation.models import Action
from forum.moderation.sanction_models import Grounds, Sanction
from forum.notifications.models import Notification
from tests.world import DEBATE, WHY, Visitor, World, at_once, hidden_field, typed

TEXT = "A rule that nobody can enforce protects nobody. Begin with the office that takes the complaint."
NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
GROUNDS: dict[str, Any] = {"rule": "respect", "explanation": WHY}
ENOUGH = "The person has explained it; it was a misunderstanding."

# What each of them may do to a member, to a moderator and to a lead; nobody does anything to themselves.
TABLE = """
            warning  7 days  8 days  ban
boris       403      403     403     403
timur       done     done    403     403
zarina      done     done    done    done
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]
RESULTS = {name: dict(zip(["warning", "7 days", "8 days", "ban"], results, strict=True)) for name, *results in ROWS}


def post(visitor: Visitor, **fields: Any) -> TestResponse:
    return visitor.post(f"{DEBATE}/replies", **({"stance": "pro", "text": TEXT} | fields))


def sanction(visitor: Visitor, name: str, **fields: Any) -> TestResponse:
    return visitor.post(f"/moderation/people/{name}/sanctions", **(GROUNDS | fields))


def opened(world: World, name: str, by: str = "maria") -> Visitor:
    """Return the browser of a moderator who has asked for the page of a person."""
    world.open_person(name, by)
    return world.visitor(by)


def row(number: int = 1) -> Sanction:
    return db.session.get_one(Sanction, number)


def outcome(what: str, by: str, person: str) -> str:
    """Return whether `by` can do it to `person`, or the code of the refusal; nothing is kept."""
    actor, target = signin.find(by), signin.find(person)
    before = db.session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1))
    try:
        if what == "warning":
            sanctions.warn(target, by=actor, **GROUNDS)
        elif what == "ban":
            proposals.propose_ban(target, None, by=actor, **GROUNDS)
        else:
            sanctions.suspend(target, int(what[0]), by=actor, **GROUNDS)
        result = "done"
    except Refused as refusal:
        result = str(refusal.status)
        assert before == db.session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1))
    db.session.rollback()
    return result


@pytest.mark.parametrize("person", ["aigerim", "maria", "sanzhar"])
def test_who_may_do_what_to_whom(world: World, person: str) -> None:
    for name in ("aigerim", "boris", "timur", "maria", "zarina", "sanzhar"):
        world.person(name)
    with world.at_work():
        found = {by: {what: outcome(what, by, person) for what in RESULTS[by]} for by in RESULTS}
        own = {outcome(what, person, person) for what in RESULTS["zarina"]}
    never = dict.fromkeys(RESULTS["zarina"], "403")
    assert found == (RESULTS if person == "aigerim" else dict.fromkeys(RESULTS, never))
    assert own == {"403"}


@pytest.mark.parametrize("by", ["aigerim", "boris", "maria", "timur", "zarina"])
def test_a_sanction_is_ended_by_who_made_it_or_a_lead_and_by_nobody_else(world: World, by: str) -> None:
    number = world.suspend("aigerim", by="maria")
    world.person(by)
    with world.at_work():
        sanction, actor = people.sanction_to_change(number), signin.find(by)
        if by in {"maria", "zarina"}:
            sanctions.end(sanction, by=actor, reason=ENOUGH)
        else:
            with pytest.raises(NotAllowed):
                sanctions.end(sanction, by=actor, reason=ENOUGH)
        assert sanction.is_current == (by not in {"maria", "zarina"})


def test_a_moderator_who_is_one_no_more_ends_nothing(world: World) -> None:
    number = world.suspend("aigerim", by="maria")
    world.confirm(world.propose_role("maria", Role.MEMBER))
    with world.at_work(), pytest.raises(Refused):
        sanctions.end(people.sanction_to_change(number), by=signin.find("maria"), reason=ENOUGH)


# What a sanction needs


def test_a_sanction_needs_a_rule_and_a_reason_and_gives_back_what_was_typed(world: World) -> None:
    world.person("aigerim")
    maria = opened(world, "aigerim")
    bad = [{"rule": ""}, {"rule": "no-such-rule"}, {"explanation": ""}, {"explanation": " \r\n"}]
    bad += [{"explanation": "x" * 2001}, {"explanation": "A NUL \0 in it."}, {"decision": "99"}, {"decision": "x"}]
    for fields in bad:
        answer = sanction(maria, "aigerim", kind="warning", **fields)
        assert answer.status_code == 422, fields
        assert 'class="error"' in answer.text
        assert 'value="warning" checked' in answer.text
        assert (
            typed(answer.text, "explanation").replace("\ufffd", "\0").strip()
            == (GROUNDS | fields)["explanation"].strip()
        )
    for days in ("", "0", "-1", "366", "9999", "many"):
        answer = sanction(maria, "aigerim", kind="suspension", days=days)
        assert answer.status_code == 422, days
        assert typed(answer.text, "explanation") == WHY
        assert f'name="days" type="text" inputmode="numeric" value="{days}"' in answer.text
    assert sanction(maria, "aigerim", kind="").status_code == 422
    assert sanction(maria, "aigerim", kind="exile").status_code == 422
    assert world.count(Sanction) == world.count(Grounds) == 0
    assert sanction(maria, "aigerim", kind="warning", explanation="x" * 2000).status_code == 303


def test_eight_days_of_a_moderator_are_refused_on_the_same_page(world: World) -> None:
    world.person("aigerim")
    for days, status in (("8", 403), ("7", 303)):
        answer = sanction(opened(world, "aigerim"), "aigerim", kind="suspension", days=days)
        assert answer.status_code == status
        assert status == 303 or typed(answer.text, "explanation") == WHY
    world.person("boris")
    answer = sanction(opened(world, "boris"), "boris", kind="ban")
    assert answer.status_code == 403
    assert "Two leads decide on this; ask one of them." in answer.text
    assert typed(answer.text, "explanation") == WHY


def test_the_decision_that_led_to_it_is_one_on_a_reply_of_that_person(world: World) -> None:
    of_boris = world.reply_that_is("returned", author="boris")
    of_aigerim = world.reply_that_is("returned")
    maria = opened(world, "aigerim")
    with world.at_work():
        first, second = sorted(row[0] for row in db.session.execute(text("SELECT id FROM decisions")))
    assert of_boris < of_aigerim
    refused = sanction(maria, "aigerim", kind="warning", decision=first)
    assert refused.status_code == 422
    assert "There is no such decision on a reply of this person." in refused.text
    assert sanction(maria, "aigerim", kind="warning", decision=second).status_code == 303
    assert f'href="/accounts/replies#reply-{of_aigerim}">The decision on reply' in (
        world.visitor("aigerim").get("/accounts/replies").text
    )


def test_only_a_decision_that_restricts_still_leads_to_a_sanction(world: World) -> None:
    shown = world.published("aigerim")
    undone = world.decide(world.reply("aigerim"), Action.REJECT)
    world.undo(undone)
    reversed_ = world.decide(world.reply("aigerim"), Action.REJECT)
    world.judge(world.appeal(reversed_), "decision_reversed")
    holds = world.decide(shown, Action.REMOVE)
    published = 1
    maria = opened(world, "aigerim")
    for number in (published, undone, reversed_):
        answer = sanction(maria, "aigerim", kind="warning", decision=number)
        assert answer.status_code == 422
        assert "This decision restricts nothing, or no longer does." in answer.text
        assert typed(answer.text, "explanation") == WHY
    page = maria.get("/moderation/people/aigerim").text
    offered = re.findall(r'<option value="(\d+)"', page[page.index('id="decision"') :])
    assert offered == [str(holds)]
    assert sanction(maria, "aigerim", kind="warning", decision=holds).status_code == 303


def test_a_ban_that_was_proposed_for_a_decision_is_not_confirmed_once_that_is_reversed(world: World) -> None:
    cited = world.decide(world.reply("aigerim"), Action.REJECT)
    proposal = world.propose_ban("aigerim", decision=cited)
    world.judge(world.appeal(cited), "decision_reversed")
    answer = world.visitor("sanzhar").post(f"/proposals/{proposal}/confirmation")
    assert answer.status_code == 409
    assert "The decision that led to this was reversed meanwhile." in answer.text
    assert world.count(Sanction) == 0


def test_the_same_sanction_twice_is_one(world: World) -> None:
    world.person("aigerim")
    maria = opened(world, "aigerim")
    for kind in ("warning", "suspension"):
        assert sanction(maria, "aigerim", kind=kind, days=3).status_code == 303
        again = sanction(maria, "aigerim", kind=kind, days=3)
        assert again.status_code == 409
        assert typed(again.text, "explanation") == WHY
    assert world.count(Sanction) == 2


def test_what_is_typed_about_a_person_whose_page_was_not_asked_for_changes_nothing(world: World) -> None:
    world.person("aigerim")
    assert sanction(world.visitor("maria"), "aigerim", kind="warning").status_code == 403
    assert world.count(Sanction) == 0


# What it keeps from a person, and what it does not


def restrict(world: World, how: str) -> None:
    if how == "suspension":
        world.suspend("aigerim")
    else:
        world.ban("aigerim", days=400 if how == "ban with an end" else None)


@pytest.mark.parametrize("how", ["suspension", "ban", "ban with an end"])
def test_who_cannot_write_reads_signs_in_and_takes_back_and_loses_no_text(world: World, how: str) -> None:
    published, waiting = world.published("aigerim"), world.reply("aigerim")
    with time_machine.travel(NOON, tick=False):
        restrict(world, how)
        aigerim = world.visitor("aigerim")
        for address in ("/", DEBATE, "/accounts/replies", "/notifications", "/rules", "/accounts/settings"):
            assert aigerim.get(address).status_code == 200
        for address, fields in [
            (f"{DEBATE}/replies", {"stance": "pro", "text": TEXT}),
            (f"{DEBATE}/replies", {"stance": "pro", "text": TEXT, "parent": published}),
            (f"/replies/{waiting}/edit", {"stance": "pro", "text": TEXT}),
        ]:
            refused = aigerim.post(address, **fields)
            assert refused.status_code == 403
            assert typed(refused.text) == TEXT
            assert "What you typed is kept on this page." in refused.text
            assert ">Send to the moderators<" not in refused.text
        for address in (DEBATE, "/accounts/replies", f"{DEBATE}/replies/new"):
            page = aigerim.get(address).text
            until = {"suspension": "suspended until", "ban": "banned, without end"}.get(how, "banned until")
            assert until in page
            assert "Argue with the point, not with the person" in page
            assert WHY in page
            assert "maria" not in page
            assert "zarina" not in page
        assert "Write a reply" not in aigerim.get(DEBATE).text
        for reply in (published, waiting):
            assert aigerim.post(f"/replies/{reply}/withdraw").status_code == 303
            assert world.status(reply) == "withdrawn"


def test_a_suspension_ends_by_itself_at_its_date(world: World) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        world.suspend("aigerim", days=3)
        aigerim = world.visitor("aigerim")
        assert "6 May 2031, 12:00" in re.sub("<[^>]*>", "", aigerim.get(DEBATE).text)
        clock.shift(timedelta(days=3) - timedelta(seconds=1))
        aigerim = world.visitor("aigerim")
        assert post(aigerim).status_code == 403
        clock.shift(timedelta(seconds=1))
        assert "suspended" not in aigerim.get(DEBATE).text
        assert "1 past sanction<" in aigerim.get("/accounts/replies").text
        assert post(aigerim).status_code == 303


def test_a_ban_with_an_end_ends_and_one_without_does_not(world: World) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        world.ban("aigerim", days=10)
        world.ban("boris")
        clock.shift(timedelta(days=10))
        assert post(world.visitor("aigerim")).status_code == 303
        clock.shift(timedelta(days=10_000))
        assert post(world.visitor("boris")).status_code == 403


def test_what_waits_when_its_author_is_banned_still_waits_for_a_moderator(world: World) -> None:
    reply = world.reply("aigerim")
    world.ban("aigerim")
    assert world.status(reply) == "pending"
    world.visitor("maria").post(
        f"/moderation/replies/{reply}/decisions", action="publish", revision=world.wording(reply)
    )
    assert world.status(reply) == "published"


def test_no_page_of_a_reader_or_another_member_tells_who_was_sanctioned(world: World) -> None:
    with time_machine.travel(NOON, tick=False):
        top = world.published("aigerim")
        world.published("boris", parent=top)
        for name in ("dana", "maria", "zarina", "sanzhar"):  # the log can be filtered by each of the staff
            world.person(name)
        # One lists where one is signed in, one shows another secret each time: neither knows of anybody else.
        left_out = ("/moderation", "/static", "/accounts/sessions", "/accounts/second-factor")
        addresses = [path for _name, path in world.addresses() if not path.startswith(left_out)]

        def seen(name: str) -> dict[str, bytes]:
            person = world.visitor(name)
            return {path: re.sub(rb' value="[^"]*"', b"", person.get(path).data) for path in addresses}

        readers, members = seen(""), seen("dana")
        acts = [world.warn, world.suspend, world.ban]
        for act in acts:
            act("aigerim")
            assert seen("") == readers
            assert seen("dana") == members
        before = world.visitor().get(DEBATE)
        world.withdraw(top)
        assert world.visitor().get(DEBATE).data != before.data  # held to something


# The warning


def test_a_warning_is_read_before_the_next_reply_and_the_typed_text_stays(world: World) -> None:
    world.warn("aigerim")
    top = world.published("boris")
    aigerim = world.visitor("aigerim")
    fields = {"stance": "anti", "text": TEXT, "parent": top, "key": "k1"}
    refused = post(aigerim, **fields)
    assert refused.status_code == 422
    assert "Please read the warning on this page first, then send your reply." in refused.text
    assert WHY in refused.text
    assert typed(refused.text) == TEXT
    assert ">Send to the moderators<" not in refused.text

    back = hidden_field(refused.text, "back")
    read = aigerim.post("/sanctions/1/acknowledgement", back=back, **fields)
    assert read.status_code == 200
    assert typed(read.text) == TEXT
    assert 'value="anti" required checked' in read.text
    assert hidden_field(read.text, "parent") == str(top)
    assert "warning" not in read.text
    sent = post(aigerim, **fields | {"key": hidden_field(read.text, "key")})
    assert sent.status_code == 303
    with world.at_work():
        assert row().read_at is not None
        query = select(AuditEntry.event).where(AuditEntry.subject_kind == "sanctions").order_by(AuditEntry.id)
        assert list(db.session.scalars(query)) == [Event.SANCTION_MADE, Event.WARNING_READ]


def test_a_warning_is_read_on_any_page_and_twice_is_once(world: World) -> None:
    world.warn("aigerim")
    aigerim = world.visitor("aigerim")
    for _time in range(2):
        answer = aigerim.post("/sanctions/1/acknowledgement")
        assert answer.location == "/accounts/replies"
    with world.at_work():
        read = select(AuditEntry).where(AuditEntry.event == Event.WARNING_READ)
        assert len(list(db.session.scalars(read))) == 1
    assert post(aigerim).status_code == 303


def test_a_warning_holds_back_a_reworded_reply_too_and_gives_its_form_back(world: World) -> None:
    reply = world.reply_that_is("returned")
    world.warn("aigerim")
    aigerim = world.visitor("aigerim")
    fields = {"stance": "pro", "text": TEXT, "revision": world.wording(reply)}
    refused = aigerim.post(f"/replies/{reply}/edit", **fields)
    assert refused.status_code == 422
    assert typed(refused.text) == TEXT
    back = hidden_field(refused.text, "back")
    read = aigerim.post("/sanctions/1/acknowledgement", back=back, **fields)
    assert typed(read.text) == TEXT
    assert aigerim.post(f"/replies/{reply}/edit", **fields).status_code == 303


def test_only_the_person_reads_the_own_warning_and_nothing_else_is_read(world: World) -> None:
    world.warn("aigerim")
    world.suspend("boris")
    assert world.visitor("boris").post("/sanctions/1/acknowledgement").status_code == 404
    assert world.visitor("boris").post("/sanctions/2/acknowledgement").status_code == 403
    assert world.visitor("maria").post("/sanctions/1/acknowledgement").status_code == 404
    assert world.visitor("aigerim").post("/sanctions/99/acknowledgement").status_code == 404


@pytest.mark.parametrize(
    "back",
    ["https://example.org/", "//example.org", "/no-such-page", "/accounts/sign-out", "/sanctions/1/ending", "\0"],
)
def test_reading_a_warning_leads_to_no_page_but_a_form_of_the_person(world: World, back: str) -> None:
    world.warn("aigerim")
    answer = world.visitor("aigerim").post("/sanctions/1/acknowledgement", back=back, text=TEXT)
    assert answer.status_code == 303
    assert answer.location == "/accounts/replies"


def test_an_old_page_with_a_warning_gives_back_what_was_typed(world: World) -> None:
    world.warn("aigerim")
    fields = {"back": f"{DEBATE}/replies", "text": TEXT, "stance": "pro"}
    answer = world.visitor("aigerim").post("/sanctions/1/acknowledgement", token="of another day", **fields)
    assert answer.status_code == 422
    assert typed(answer.text) == TEXT
    assert "Nothing is lost: please send it once more." in answer.text


# The end, the notices, the records


def test_ending_early_needs_a_reason_which_the_person_reads(world: World) -> None:
    world.suspend("aigerim")
    maria = opened(world, "aigerim")
    refused = maria.post("/sanctions/1/ending", reason=" ")
    assert refused.status_code == 422
    assert "Say why it ends now." in refused.text
    assert maria.post("/sanctions/1/ending", reason=ENOUGH).status_code == 303
    again = maria.post("/sanctions/1/ending", reason="Another reason of mine.")
    assert again.status_code == 409
    assert "It has ended already." in again.text
    assert "Another reason of mine." in again.text
    aigerim = world.visitor("aigerim")
    assert post(aigerim).status_code == 303
    told = aigerim.get("/notifications").text
    assert "Your suspension has ended: you can write again" in told
    assert "You were suspended: you can read, but not write, rule 1" in told
    for address in ("/notifications", "/accounts/replies"):
        page = aigerim.get(address).text
        assert ENOUGH in page
        assert WHY in page
        assert "maria" not in page
        assert "You can appeal until" not in page
    assert "Nothing is left to do: this has ended, and restricts you no more." in page


def test_the_person_is_told_of_each_sanction_and_nobody_else_is(world: World) -> None:
    world.warn("aigerim")
    world.suspend("aigerim")
    world.ban("aigerim")
    with world.at_work():
        query = select(Notification.user_id, Notification.sanction_id, Notification.reply_id).order_by(Notification.id)
        told = [tuple(row) for row in db.session.execute(query)]
        assert told == [(world.person("aigerim"), number, None) for number in (1, 2, 3)]
    page = world.visitor("aigerim").get("/notifications").text
    for words in ("A moderator warned you", "You were suspended: you can read", "You were banned: you can read"):
        assert words in page


def test_audit_lines_hold_no_word_and_no_name(world: World) -> None:
    world.warn("aigerim")
    with world.at_work(), writing():
        sanctions.end(people.sanction_to_change(1), by=signin.find("maria"), reason=ENOUGH)
    with world.at_work():
        query = select(AuditEntry).where(AuditEntry.subject_kind == "sanctions").order_by(AuditEntry.id)
        made, ended = db.session.scalars(query)
        assert made.facts == {"kind": "warning", "rule": "respect", "days": None}
        assert ended.facts == {}


def test_who_moderates_again_after_a_sanction_must_be_free_to_write(world: World) -> None:
    number = world.suspend("aigerim")
    proposal = world.propose_role("aigerim", Role.MODERATOR)
    with pytest.raises(Refused, match="End that sanction first"):
        world.confirm(proposal)
    with world.at_work(), writing():
        sanctions.end(people.sanction_to_change(number), by=signin.find("maria"), reason=ENOUGH)
    world.confirm(proposal)
    with world.at_work():
        assert signin.find("aigerim").role is Role.MODERATOR


def test_ending_a_ban_leaves_a_suspension_that_still_runs(world: World) -> None:
    world.suspend("aigerim", days=5)
    number = world.ban("aigerim")
    with world.at_work(), writing():
        sanctions.end(people.sanction_to_change(number), by=signin.find("zarina"), reason=ENOUGH)
    with world.at_work():
        aigerim = db.session.scalars(select(User).where(User.name == "aigerim")).one()
        assert (aigerim.is_banned, aigerim.is_suspended) == (False, True)


REFUSED_BY_SQL = {  # 1 is a warning, 2 a suspension of a moderator, 3 a ban
    "a suspension of a moderator for eight days": "UPDATE sanctions SET days = 8 WHERE id = 2",
    "a suspension without end": "UPDATE sanctions SET days = NULL WHERE id = 2",
    "a suspension for no day": "UPDATE sanctions SET days = 0 WHERE id = 2",
    "a warning for some days": "UPDATE sanctions SET days = 3 WHERE id = 1",
    "a ban of one moderator": "UPDATE sanctions SET kind = 'ban' WHERE id = 2",
    "a ban without two leads": "UPDATE sanctions SET proposal_id = NULL WHERE id = 3",
    "a ban by a moderator": "UPDATE sanctions SET moderator_role = 'moderator' WHERE id = 3",
    "a sanction by a member": "UPDATE sanctions SET moderator_role = 'member' WHERE id = 2",
    "a sanction of oneself": "UPDATE sanctions SET moderator_id = user_id WHERE id = 2",
    "a ban on the ground of a proposal about somebody else": "UPDATE sanctions SET user_id = 2 WHERE id = 3",
    "a suspension that was read": "UPDATE sanctions SET read_at = created_at WHERE id = 2",
    "an end by nobody": "UPDATE sanctions SET ended_at = created_at WHERE id = 2",
    "an end by the person": "UPDATE sanctions SET ended_at = created_at, ended_by_id = user_id, ending_id = 1",
    "an unknown kind": "UPDATE sanctions SET kind = 'exile'",
    "a notice of nothing": "UPDATE notifications SET sanction_id = NULL",
    "the same notice twice": "UPDATE notifications SET sanction_id = 1",
    "two unread warnings": "UPDATE sanctions SET kind = 'warning', days = NULL WHERE id = 2",
}


def test_the_database_itself_refuses_a_sanction_that_none_may_be(world: World) -> None:
    world.warn("aigerim")
    world.suspend("aigerim")
    world.person("boris")
    world.ban("aigerim")
    taken = []
    for case, statement in REFUSED_BY_SQL.items():
        with world.at_work():
            try:
                db.session.execute(text(statement))
                taken.append(case)
            except IntegrityError:
                db.session.rollback()
    assert taken == []


@pytest.mark.parametrize("tries", [5, pytest.param(200, marks=pytest.mark.long)])
def test_a_reply_and_a_suspension_at_once_leave_no_text_lost(world: World, tries: int) -> None:
    world.app.config.update(REPLIES_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    for attempt in range(tries):
        name = f"writer-{attempt}"
        maria, writer = opened(world, name), world.visitor(name)
        tokens = maria.token(), writer.token()
        stopped, sent = at_once(
            partial(sanction, maria, name, kind="suspension", days=1, token=tokens[0]),
            partial(post, writer, token=tokens[1]),
        )
        assert stopped.status_code == 303
        assert sent.status_code == 303 or (sent.status_code == 403 and typed(sent.text) == TEXT)


@pytest.mark.parametrize("tries", [5, pytest.param(1000, marks=pytest.mark.long)])
def test_of_two_moderators_who_suspend_at_once_one_does(world: World, tries: int) -> None:
    names = [f"writer-{attempt}" for attempt in range(tries)]
    for name in names:
        for by in ("maria", "timur"):
            world.open_person(name, by)
    maria, timur = world.visitor("maria"), world.visitor("timur")
    tokens = maria.token(), timur.token()
    for name in names:
        answers = at_once(
            partial(sanction, maria, name, kind="suspension", days=1, token=tokens[0]),
            partial(sanction, timur, name, kind="suspension", days=2, token=tokens[1]),
        )
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        late = next(answer for answer in answers if answer.status_code == 409)
        assert typed(late.text, "explanation") == WHY
    assert world.count(Sanction) == tries
