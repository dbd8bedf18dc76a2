"""What needs two leads: one proposes, another confirms, and neither is the person concerned."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from forum.accounts import links, signin
from forum.accounts.models import Role, User
from forum.db import db, writing
from forum.errors import Refused
from forum.events import AuditEntry, Event
from forum.moderation import people, proposals
from forum.moderation.sanction_models import Proposal, ProposalStatus, Sanction
from tests.world import WHY, World, at_once

NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
A_DAY = timedelta(hours=24)


def answer(world: World, act, proposal: int, by: str) -> str:
    """Let somebody confirm or close; return where the proposal stands then, or the code of the refusal."""
    world.person(by)
    try:
        with world.at_work(), writing():
            act(people.proposal_to_change(proposal), by=signin.find(by))
    except Refused as refusal:
        return str(refusal.status)
    return standing(world, proposal)


def standing(world: World, proposal: int) -> str:
    with world.at_work():
        return db.session.get_one(Proposal, proposal).status.value


def role(world: World, name: str) -> Role:
    with world.at_work():
        return signin.find(name).role


# Zarina proposes, another lead is there: who can do what about a member, and about a lead.
ANSWERS = {
    ("aigerim", "confirm"): {"boris": "403", "maria": "403", "zarina": "403", "sanzhar": "carried_out"},
    ("aigerim", "close"): {"boris": "403", "maria": "403", "zarina": "taken_back", "sanzhar": "declined"},
    ("sanzhar", "confirm"): {"boris": "403", "maria": "403", "zarina": "403", "sanzhar": "403", "dana": "carried_out"},
    ("sanzhar", "close"): {
        "boris": "403",
        "maria": "403",
        "zarina": "taken_back",
        "sanzhar": "403",
        "dana": "declined",
    },
}


@pytest.mark.parametrize(("person", "act"), ANSWERS)
def test_who_can_answer_a_proposal(world: World, person: str, act: str) -> None:
    world.person("sanzhar")
    if person == "sanzhar":
        world.person("dana", Role.LEAD)
    new = Role.MODERATOR
    verb = getattr(proposals, act)
    for by, expected in ANSWERS[person, act].items():
        proposal = world.propose_role(person, new)
        assert answer(world, verb, proposal, by) == expected, by
        if expected == "403":
            assert standing(world, proposal) == "open"
            with world.at_work(), writing():
                proposals.close(people.proposal_to_change(proposal), by=signin.find("zarina"))
        elif expected == "carried_out":
            assert role(world, person) is new


def test_a_change_of_role_waits_for_a_second_lead_and_then_ends_the_sessions(world: World) -> None:
    maria = world.visitor("maria")
    proposal = world.propose_role("maria", Role.LEAD)
    assert role(world, "maria") is Role.MODERATOR
    assert maria.get("/moderation").status_code == 200
    world.confirm(proposal)
    assert role(world, "maria") is Role.LEAD
    assert maria.get("/moderation").status_code == 401
    with world.at_work():
        found = db.session.get_one(Proposal, proposal)
        assert (found.proposed_by_id, found.confirmed_by_id) == (world.person("zarina"), world.person("sanzhar"))
        assert not found.one_lead_decided
        events = list(db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)))
        assert events[-2:] == [Event.PROPOSAL_CONFIRMED, Event.ROLE_CHANGED]


def told(world: World, *names: str) -> list[int]:
    """Return how many notices the menu counts for each of these people."""
    pages = [world.visitor(name).get("/notifications").text for name in names]
    counts = [re.findall(r'Notices <span class="n">(\d+)</span>', page) for page in pages]
    for page, count in zip(pages, counts, strict=True):
        assert page.count("it waits for another lead") == int(count[0] if count else 0)
    return [int(count[0]) if count else 0 for count in counts]


def test_the_other_leads_are_told_of_a_proposal_until_it_is_decided(world: World) -> None:
    for name in ("sanzhar", "maria"):
        world.person(name)
    world.person("dana", Role.LEAD)
    everybody = ("zarina", "sanzhar", "dana", "maria", "aigerim")
    ban = world.propose_ban("aigerim", days=3)
    about_dana = world.propose_role("dana", Role.MODERATOR)
    assert told(world, *everybody) == [0, 2, 1, 0, 0], "neither who proposed nor whom it is about"
    page = world.visitor("sanzhar").get("/notifications").text
    assert "Ban aigerim for 3 days" in page
    assert f'href="/moderation/proposals#proposal-{ban}"' in page
    assert world.visitor("sanzhar").post(f"/proposals/{ban}/closing").status_code == 303
    assert told(world, *everybody) == [0, 1, 0, 0, 0]
    role_of_maria = world.propose_role("maria", Role.LEAD)
    assert told(world, *everybody) == [0, 2, 1, 0, 0]
    world.confirm(role_of_maria)
    assert told(world, *everybody) == [0, 1, 0, 1, 0], "who begins to lead is told of what waits"
    world.confirm(about_dana)
    assert told(world, *everybody) == [0, 0, 0, 0, 0]
    world.propose_role("boris", Role.MODERATOR)
    with world.at_work(), writing():
        links.change_role(signin.find("maria"), Role.MODERATOR)
    assert told(world, *everybody) == [0, 1, 0, 0, 0], "who leads no more is waited for no more"


def test_a_ban_waits_for_a_second_lead(world: World) -> None:
    proposal = world.propose_ban("aigerim", days=30)
    assert world.count(Sanction) == 0
    world.confirm(proposal)
    with world.at_work():
        ban = db.session.scalars(select(Sanction)).one()
        assert (ban.days, ban.rule, ban.proposal_id) == (30, "respect", proposal)
        assert signin.find("aigerim").is_banned
    page = world.visitor("aigerim").get("/accounts/replies").text
    assert "Two leads, moderators " in page
    assert WHY in page


def test_moderators_and_members_propose_nothing_and_nobody_about_themselves(world: World) -> None:
    for by in ("boris", "maria"):
        with pytest.raises(Refused):
            world.propose_role("aigerim", Role.MODERATOR, by=by)
        with pytest.raises(Refused):
            world.propose_ban("aigerim", by=by)
    with pytest.raises(Refused):
        world.propose_role("zarina", Role.MEMBER, by="zarina")
    with pytest.raises(Refused):
        world.propose_ban("maria")
    assert world.count(Proposal) == 0


def test_the_same_is_proposed_once_at_a_time(world: World) -> None:
    first = world.propose_ban("aigerim")
    with pytest.raises(Refused, match="proposed already"):
        world.propose_ban("aigerim", by="sanzhar")
    assert answer(world, proposals.close, first, "zarina") == "taken_back"
    world.propose_ban("aigerim", by="sanzhar")


def test_an_answer_that_comes_too_late_names_who_was_faster(world: World) -> None:
    proposal = world.propose_ban("aigerim")
    world.confirm(proposal)
    sanzhar = world.visitor("sanzhar")
    for act in ("confirmation", "closing"):
        late = sanzhar.post(f"/proposals/{proposal}/{act}")
        assert late.status_code == 409
        assert "sanzhar has confirmed this meanwhile; it is done." in late.text


def test_what_somebody_proposed_who_leads_no_more_is_not_confirmed(world: World) -> None:
    world.person("dana", Role.LEAD)
    proposal = world.propose_ban("aigerim", by="dana")
    world.confirm(world.propose_role("dana", Role.MEMBER))
    assert answer(world, proposals.confirm, proposal, "zarina") == "422"
    assert answer(world, proposals.close, proposal, "zarina") == "declined"


def test_a_ban_of_somebody_who_moderates_by_now_is_refused_and_stays_open(world: World) -> None:
    ban = world.propose_ban("aigerim")
    world.confirm(world.propose_role("aigerim", Role.MODERATOR))
    assert answer(world, proposals.confirm, ban, "sanzhar") == "403"
    assert standing(world, ban) == "open"
    assert world.count(Sanction) == 0


# One lead alone


def test_the_only_lead_confirms_alone_after_a_day_and_it_is_marked(world: World) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        proposal = world.propose_ban("aigerim")
        assert answer(world, proposals.confirm, proposal, "zarina") == "422"
        page = world.visitor("zarina").get("/moderation/proposals").text
        assert "Nobody else leads this forum now" in page
        assert "4 May, 12:00" in page
        clock.shift(A_DAY - timedelta(seconds=1))
        assert answer(world, proposals.confirm, proposal, "zarina") == "422"
        clock.shift(timedelta(seconds=1))
        assert answer(world, proposals.confirm, proposal, "zarina") == "carried_out"
        with world.at_work():
            found = db.session.get_one(Proposal, proposal)
            assert (found.one_lead_decided, found.confirmed_by_id) == (True, None)
        assert "One lead decided, after 24 hours" in world.visitor("aigerim").get("/accounts/replies").text
        world.open_person("aigerim", "maria")
        assert (
            "One lead decided: zarina, after 24 hours." in world.visitor("maria").get("/moderation/people/aigerim").text
        )


def test_a_second_lead_who_comes_within_the_day_is_needed(world: World) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        proposal = world.propose_ban("aigerim")
        clock.shift(timedelta(hours=12))
        world.person("sanzhar")
        clock.shift(A_DAY)
        assert answer(world, proposals.confirm, proposal, "zarina") == "403"
        assert answer(world, proposals.confirm, proposal, "sanzhar") == "carried_out"


def test_of_two_leads_neither_changes_the_role_of_the_other(world: World) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        world.person("sanzhar")
        proposal = world.propose_role("sanzhar", Role.MEMBER)
        clock.shift(2 * A_DAY)
        assert answer(world, proposals.confirm, proposal, "zarina") == "403"
        assert answer(world, proposals.confirm, proposal, "sanzhar") == "403"
        assert role(world, "sanzhar") is Role.LEAD


def test_the_operator_of_the_machine_changes_a_role_alone(world: World) -> None:
    world.person("maria")
    with world.at_work(), writing():
        links.change_role(signin.find("maria"), Role.LEAD)
    assert role(world, "maria") is Role.LEAD
    with world.at_work():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == Event.ROLE_CHANGED)).one()
        assert entry.actor_id is None


# The page


def test_the_page_lists_what_waits_for_leads_only_and_the_tab_counts_it(world: World) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        world.propose_ban("aigerim", days=30)
        world.propose_role("maria", Role.LEAD)
        world.person("sanzhar")
        clock.shift(timedelta(hours=3))
        page = world.visitor("sanzhar").get("/moderation/proposals").text
        assert "Ban aigerim for 30 days" in page
        assert "maria, a change of role: Lead moderator" in page
        assert page.count("zarina, 3 h 0 min ago") == 2
        assert page.count(">Confirm<") == page.count(">Decline<") == 2
        own = world.visitor("zarina").get("/moderation/proposals").text
        assert (own.count(">Confirm<"), own.count(">Take it back<")) == (0, 2)
        assert 'Two leads <span class="n">2</span>' in world.visitor("zarina").get("/moderation").text
    assert world.visitor("maria").get("/moderation/proposals").status_code == 403
    assert "Two leads" not in world.visitor("maria").get("/moderation").text


def test_a_lead_proposes_on_the_page_of_a_person_and_nothing_typed_is_lost(world: World) -> None:
    world.person("maria")
    world.open_person("maria", by="zarina")
    zarina = world.visitor("zarina")
    for fields in ({"role": "lead", "reason": ""}, {"role": "", "reason": WHY}, {"role": "owner", "reason": WHY}):
        refused = zarina.post("/moderation/people/maria/role", **fields)
        assert refused.status_code == 422
        assert fields["reason"] in refused.text
    same = zarina.post("/moderation/people/maria/role", role="moderator", reason=WHY)
    assert same.status_code == 422
    assert "maria has this role already." in same.text
    assert zarina.post("/moderation/people/maria/role", role="lead", reason=WHY).status_code == 303
    again = zarina.post("/moderation/people/maria/role", role="lead", reason=WHY)
    assert again.status_code == 409
    assert WHY in again.text
    assert (
        zarina.post("/moderation/people/maria/sanctions", kind="ban", rule="topic", explanation=WHY).status_code == 403
    )


BROKEN = {  # 1 is open, 2 was carried out by two leads
    "confirmed by the proposer": "UPDATE proposals SET confirmed_by_id = proposed_by_id WHERE id = 2",
    "confirmed by the person concerned": "UPDATE proposals SET confirmed_by_id = user_id WHERE id = 2",
    "proposed by the person concerned": "UPDATE proposals SET proposed_by_id = user_id WHERE id = 1",
    "closed by the person concerned": "UPDATE proposals SET closed_by_id = user_id WHERE id = 2",
    "carried out by one": "UPDATE proposals SET confirmed_by_id = NULL WHERE id = 2",
    "carried out by two and by one": "UPDATE proposals SET one_lead_decided = true WHERE id = 2",
    "carried out by one at once": """UPDATE proposals SET status = 'carried_out', one_lead_decided = true,
        closed_at = created_at, closed_by_id = proposed_by_id WHERE id = 1""",
    "open and confirmed": "UPDATE proposals SET confirmed_by_id = 3 WHERE id = 1",
    "open and closed": "UPDATE proposals SET closed_at = created_at WHERE id = 1",
    "closed without a date": "UPDATE proposals SET closed_at = NULL WHERE id = 2",
    "a role without a role": "UPDATE proposals SET role = NULL WHERE id = 2",
    "a ban without a rule": "UPDATE proposals SET rule = NULL WHERE id = 1",
    "two open ones": """INSERT INTO proposals (kind, user_id, proposed_by_id, status, one_lead_decided, alone_from,
        rule, grounds_id, created_at) SELECT kind, user_id, proposed_by_id, status, one_lead_decided, alone_from,
        rule, 2, created_at FROM proposals WHERE id = 1""",
}


def test_the_database_itself_refuses_one_lead_in_the_place_of_two(world: World) -> None:
    for name in ("aigerim", "zarina", "sanzhar"):
        world.person(name)
    world.propose_ban("aigerim")
    world.confirm(world.propose_role("aigerim", Role.MODERATOR))
    taken = []
    for case, statement in BROKEN.items():
        with world.at_work():
            try:
                db.session.execute(text(statement))
                taken.append(case)
            except IntegrityError:
                db.session.rollback()
    assert taken == []


# Races

MANY = pytest.param(1000, marks=pytest.mark.long)


def proposed(world: World, tries: int):
    """Give proposals of Zarina to ban somebody, one after the other."""
    for name in ("zarina", "sanzhar"):
        world.person(name)
    for attempt in range(tries):
        yield world.propose_ban(f"writer-{attempt}")


@pytest.mark.parametrize("tries", [5, MANY])
def test_of_two_leads_who_confirm_at_once_one_does(world: World, tries: int) -> None:
    world.person("dana", Role.LEAD)
    sanzhar, dana = world.visitor("sanzhar"), world.visitor("dana")
    tokens = sanzhar.token(), dana.token()
    for proposal in proposed(world, tries):
        address = f"/proposals/{proposal}/confirmation"
        answers = at_once(
            lambda address=address: sanzhar.post(address, token=tokens[0]),
            lambda address=address: dana.post(address, token=tokens[1]),
        )
        assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert world.count(Sanction) == tries
    books_agree(world, tries, carried_out=tries)


@pytest.mark.parametrize("tries", [5, MANY])
def test_a_confirmation_and_a_taking_back_at_once_are_one_of_both(world: World, tries: int) -> None:
    sanzhar, zarina = world.visitor("sanzhar"), world.visitor("zarina")
    tokens = sanzhar.token(), zarina.token()
    done = 0
    for proposal in proposed(world, tries):
        confirmed, closed = at_once(
            lambda proposal=proposal: sanzhar.post(f"/proposals/{proposal}/confirmation", token=tokens[0]),
            lambda proposal=proposal: zarina.post(f"/proposals/{proposal}/closing", token=tokens[1]),
        )
        assert sorted([confirmed.status_code, closed.status_code]) == [303, 409]
        done += confirmed.status_code == 303
    assert world.count(Sanction) == done
    books_agree(world, tries, carried_out=done)


def books_agree(world: World, tries: int, *, carried_out: int) -> None:
    """Hold proposals, bans, columns and audit lines to one another."""
    with world.at_work():
        statuses = list(db.session.scalars(select(Proposal.status)))
        assert statuses.count(ProposalStatus.CARRIED_OUT) == carried_out
        assert len(statuses) == tries
        assert ProposalStatus.OPEN not in statuses
        assert len(list(db.session.scalars(select(User).where(User.banned_at.is_not(None))))) == carried_out
        closing = [Event.PROPOSAL_CONFIRMED, Event.PROPOSAL_TAKEN_BACK]
        entries = list(db.session.scalars(select(AuditEntry.event).where(AuditEntry.event.in_(closing))))
        assert (len(entries), entries.count(Event.PROPOSAL_CONFIRMED)) == (tries, carried_out)
