"""New wordings of a public reply: they wait while the old one stays up; a decision on one leaves the reply alone."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from forum.accounts import signin
from forum.accounts.models import Role
from forum.db import db, now, writing
from forum.debates import articles, queries
from forum.debates.models import Outcome, Reply, ReplyStatus, Revision
from forum.errors import Refused
from forum.moderation import decisions
from forum.moderation.desk_models import Fingerprint
from forum.moderation.models import OUTCOMES, Action, Closing, Decision
from tests.moderation.test_races import LATER, MORE, deciding, hands
from tests.world import DEBATE, PLEA, SLUG, WHY, World, at_once, hidden_field, typed

OLD = "The clinic asks for no name, so the number of visits is the only figure that we have."
NEW = "The clinic asks for no name; the ministry counts visits, and they doubled in a year."
THIRD = "The clinic asks for no name; the ministry counts visits, and nobody knows whose they are."
ROLES = {"boris": Role.MEMBER, "timur": Role.MODERATOR, "maria": Role.MODERATOR, "sanzhar": Role.LEAD}

# What a moderator's action makes of a public reply by the last wording of it: where the reply stands, what became of
# that wording, and which one is shown (for all of it: N the new one, O the old one, – none); 409: it is not possible.
TABLE = """
          publish               return               reject               remove              restore remove_wording
waiting   published/published/N published/returned/O published/rejected/O removed/withdrawn/O 409     409
returned  409                   409                  409                  removed/returned/O  409     409
rejected  409                   409                  409                  removed/rejected/O  409     409
withdrawn 409                   409                  409                  removed/withdrawn/O 409     409
published 409                   409                  409                  removed/published/N 409 published/published/N
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]
EXPECTED = {before: dict(zip(Action, results, strict=True)) for before, *results in ROWS}


def reworded(world: World, outcome: str = "waiting", author: str = "aigerim", by: str = "zarina") -> int:
    """Let a reply be public and its author send a new wording, of which something became; return the reply."""
    reply = world.reply_that_is("published", author=author, by=by, text=OLD)
    wording = world.reword(reply, NEW)
    ways = {"returned": Action.RETURN, "rejected": Action.REJECT, "published": Action.PUBLISH}
    if outcome in ways:
        world.decide(reply, ways[outcome], by=by)
    elif outcome == "withdrawn":
        assert world.visitor(author).post(f"/replies/{reply}/wording/withdraw", wording=wording).status_code == 303
    return reply


def shown(world: World, reply: int) -> str:
    """Return the words that readers see of a reply, or nothing."""
    page = world.visitor().get(f"{DEBATE}/replies/{reply}")
    found = re.search(r'<div class="text"[^>]*>(.*?)</div>', page.text, re.DOTALL) if page.status_code == 200 else None
    return re.sub(r"<[^>]*>", "", found[1]).strip() if found else ""


def outcomes(world: World, reply: int) -> list[str]:
    with world.at_work():
        query = select(Revision.outcome).where(Revision.reply_id == reply).order_by(Revision.number)
        return [outcome.value for outcome in db.session.scalars(query)]


def made_of(number: int, action: Action, name: str) -> str:
    """Return what `name` makes of a reply by `action`, or the code of the refusal; nothing is kept."""
    reply = queries.reply_to_change(number)
    wording = reply.latest_revision if action in OUTCOMES else reply.public_revision
    if action is Action.REMOVE_WORDING:
        wording = next(iter(reply.former_wordings), wording)
    try:
        decisions.decide(wording, action, by=signin.find(name), rule="topic", explanation=WHY)
        which = "N" if reply.shown_revision_id == reply.latest_revision.id else "O"
        result = f"{reply.status}/{reply.latest_revision.outcome}/{which}"
    except Refused as refusal:
        result = str(refusal.status)
    db.session.rollback()
    return result


@pytest.mark.parametrize("outcome", EXPECTED)
def test_who_can_make_what_of_a_public_reply_with_a_new_wording(world: World, outcome: str) -> None:
    for name, role in ROLES.items():
        world.person(name, role)
    number = reworded(world, outcome, author="timur")
    with world.at_work():
        found = {name: {action: made_of(number, action, name) for action in Action} for name in ROLES}
    never = dict.fromkeys(Action, "403")
    expected = EXPECTED[outcome]
    assert found == {"boris": never, "timur": never, "maria": expected, "sanzhar": expected}


def test_the_old_wording_stays_up_until_the_new_one_takes_its_place(world: World) -> None:
    world.published("boris")
    reply = world.published("aigerim", text=OLD)
    world.published("boris")
    aigerim = world.visitor("aigerim")
    form = aigerim.get(f"/replies/{reply}/edit").text
    assert "can still be read, in the history of the reply; only taking the reply back takes its words" in form
    assert "everybody reads the present one" in form
    assert 'name="stance"' not in form
    fields = {name: hidden_field(form, name) for name in ("revision", "state")}
    assert aigerim.post(f"/replies/{reply}/edit", text=NEW, **fields).status_code == 303
    with world.at_work():
        place = db.session.get_one(Reply, reply).published_at
    assert (world.status(reply), shown(world, reply), outcomes(world, reply)) == (
        "published",
        OLD,
        ["published", "waiting"],
    )
    page = aigerim.get(DEBATE).text
    assert page.index(OLD) < page.index("Your new wording waits; others still read the one above") < page.index(NEW)
    assert NEW not in world.visitor("boris").get(DEBATE).text
    maria = world.visitor("maria")
    assert NEW[:40] in maria.get("/moderation").text
    world.decide(reply, Action.PUBLISH)
    assert (shown(world, reply), outcomes(world, reply)) == (NEW, ["published", "published"])
    with world.at_work():
        assert db.session.get_one(Reply, reply).published_at == place
    assert "New wording published at the same place" in aigerim.get("/accounts/replies").text


def test_another_edit_replaces_the_wording_that_waits_and_the_old_words_end_the_waiting(world: World) -> None:
    reply = reworded(world)
    world.reword(reply, THIRD)
    assert outcomes(world, reply) == ["published", "withdrawn", "waiting"]
    world.reword(reply, OLD)
    assert outcomes(world, reply) == ["published", "withdrawn", "withdrawn"]
    world.reword(reply, OLD)
    assert len(outcomes(world, reply)) == 3


def test_a_public_reply_keeps_its_side_and_gives_the_text_back(world: World) -> None:
    reply = world.published("aigerim", text=OLD)
    answer = world.visitor("aigerim").post(f"/replies/{reply}/edit", text=NEW, stance="anti")
    assert answer.status_code == 422
    assert "A published reply keeps its side." in answer.text
    assert typed(answer.text) == NEW


def test_a_closed_debate_takes_no_new_wording(world: World) -> None:
    reply = world.published("aigerim", text=OLD)
    with world.at_work(), writing():
        articles.close(queries.by_slug(SLUG), "Enough was said.")
    answer = world.visitor("aigerim").post(f"/replies/{reply}/edit", text=NEW)
    assert (answer.status_code, typed(answer.text), len(outcomes(world, reply))) == (422, NEW, 1)


def test_no_member_fills_the_queue_with_new_wordings(world: World) -> None:
    public = [world.published("aigerim") for _ in range(6)]
    for reply in public[:5]:
        world.reword(reply)
    answer = world.visitor("aigerim").post(f"/replies/{public[5]}/edit", text=NEW)
    assert (answer.status_code, typed(answer.text), answer.headers["Retry-After"]) == (429, NEW, "3600")
    world.app.config["EDITS_PER_HOUR"] = 7
    for text in (THIRD, NEW):
        assert world.visitor("aigerim").post(f"/replies/{public[0]}/edit", text=text).status_code == 303
    answer = world.visitor("aigerim").post(f"/replies/{public[0]}/edit", text=THIRD)
    assert (answer.status_code, typed(answer.text)) == (429, THIRD)
    assert "Please wait 60 minutes; your text is kept on this page." in answer.text
    assert 3590 < int(answer.headers["Retry-After"]) <= 3601
    assert world.visitor("aigerim").post(f"/replies/{public[0]}/edit", text=NEW).status_code == 303, (
        "it changes nothing"
    )
    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        assert world.visitor("aigerim").post(f"/replies/{public[0]}/edit", text=THIRD).status_code == 303


@pytest.mark.parametrize("tries", [8, pytest.param(50, marks=pytest.mark.long)])
def test_no_two_edits_at_once_pass_a_limit_and_none_stands_in_the_way_of_a_reply(world: World, tries: int) -> None:
    world.app.config.update(WAITING_PER_MEMBER=2, REPLIES_PER_HOUR=1000, EDITS_PER_HOUR=1000)
    windows = [world.visitor("aigerim") for _window in range(3)]
    tokens = [window.token() for window in windows]
    for number in range(tries):
        left, right = (world.published("aigerim") for _reply in range(2))
        answer = {"text": f"{THIRD} {number}", "stance": "pro", "parent": left}
        acts = [
            partial(windows[0].post, f"/replies/{left}/edit", text=NEW, token=tokens[0]),
            partial(windows[1].post, f"/replies/{right}/edit", text=NEW, token=tokens[1]),
            partial(windows[2].post, f"{DEBATE}/replies", token=tokens[2], **answer),
        ]
        assert sorted(answer.status_code for answer in at_once(*acts)) == [303, 303, 429]
        with world.at_work():
            waiting = list(db.session.scalars(select(Revision.reply_id).where(Revision.outcome == Outcome.WAITING)))
        for reply in waiting:
            world.withdraw(reply)


@pytest.mark.parametrize(("action", "word"), [("publish", "published"), ("return", "returned"), ("reject", "rejected")])
def test_an_edit_of_a_wording_that_was_decided_on_meanwhile_is_told_so(world: World, action: str, word: str) -> None:
    reply, aigerim = reworded(world), world.visitor("aigerim")
    form = aigerim.get(f"/replies/{reply}/edit").text
    fields = {name: hidden_field(form, name) for name in ("revision", "state")}
    world.decide(reply, Action(action), by="timur")
    answer = aigerim.post(f"/replies/{reply}/edit", text=THIRD, **fields)
    assert (answer.status_code, typed(answer.text)) == (409, THIRD)
    assert "A moderator has decided on this wording meanwhile." in answer.text
    fields = {name: hidden_field(answer.text, name) for name in ("revision", "state")}
    assert fields["state"] == word
    assert aigerim.post(f"/replies/{reply}/edit", text=THIRD, **fields).status_code == 303
    assert outcomes(world, reply)[-1] == "waiting"


@pytest.mark.parametrize("became", ["", "closed", "removed"])
@pytest.mark.parametrize("outcome", ["waiting", "returned"])
def test_a_new_wording_is_given_up_wherever_it_and_its_reply_stand(world: World, outcome: str, became: str) -> None:
    reply, aigerim = reworded(world, outcome), world.visitor("aigerim")
    wording = world.wording(reply)
    page = aigerim.get("/accounts/replies").text
    assert hidden_field(page, "wording") == str(wording)
    if became == "closed":
        with world.at_work(), writing():
            articles.close(queries.by_slug(SLUG), "Enough was said.")
    elif became == "removed":
        world.decide(reply, Action.REMOVE)
    for _try in range(2):
        assert aigerim.post(f"/replies/{reply}/wording/withdraw", wording=wording).status_code == 303
    assert outcomes(world, reply) == ["published", "withdrawn"]
    assert shown(world, reply) == ("" if became == "removed" else OLD)
    if outcome == "returned":
        assert world.visitor("zarina").post("/decisions/2/undo").status_code == 409


# What the author is told, and appeals


@pytest.mark.parametrize(("outcome", "word"), [("returned", "returned for an edit"), ("rejected", "rejected")])
def test_the_statement_says_that_the_new_wording_alone_was_restricted(world: World, outcome: str, word: str) -> None:
    reply = reworded(world, outcome)
    aigerim = world.visitor("aigerim")
    said = f"The new wording of your reply {reply} was {word} before it appeared. The wording that was published before"
    for address in ("/accounts/replies", "/notifications"):
        page = aigerim.get(address).text
        assert said in page
        assert NEW in page
        assert (f"/decisions/{2}/appeal" in page) == (outcome == "rejected" and "replies" in address)
    assert shown(world, reply) == OLD
    assert "Published" in aigerim.get("/accounts/replies").text


def test_author_and_judge_see_what_a_rejected_wording_would_have_changed(world: World) -> None:
    reply = reworded(world, "rejected")
    aigerim = world.visitor("aigerim")
    own, asking = aigerim.get("/accounts/replies").text, aigerim.get("/decisions/2/appeal").text
    assert own.index('class="row"', own.index("What was decided")) < own.index("Appeal for the new wording")
    appeal = world.appeal(2)
    world.reword(reply, THIRD), world.decide(reply, Action.PUBLISH)  # against which the old one was not judged
    case = world.visitor("timur").get(f"/moderation/appeals/{appeal}").text
    for page in (own, asking, case):
        gone = " ".join(re.findall(r"<del.*?</del>", page))
        assert "figure" in gone
        assert "doubled" in " ".join(re.findall(r"<ins.*?</ins>", page))
        assert "nobody knows whose" not in gone


def test_a_reversed_rejection_publishes_the_wording(world: World) -> None:
    reply = reworded(world, "rejected")
    world.judge(world.appeal(2), "decision_reversed")
    assert (shown(world, reply), outcomes(world, reply)) == (NEW, ["published", "published"])
    assert "and your new wording published." in world.visitor("aigerim").get("/accounts/replies").text


@pytest.mark.parametrize("published", [False, True])
def test_a_reversed_rejection_does_not_overtake_a_newer_wording(world: World, published: bool) -> None:
    reply = reworded(world, "rejected")
    appeal = world.appeal(2)
    world.reword(reply, THIRD)
    if published:
        world.decide(reply, Action.PUBLISH)
    assert "Your appeal ends with it." in world.visitor("aigerim").get("/accounts/replies").text
    world.judge(appeal, "decision_reversed")
    assert shown(world, reply) == (THIRD if published else OLD)
    page = world.visitor("aigerim").get("/accounts/replies").text
    assert "The wording was not published: your reply was no longer public then, or you had sent a newer" in page
    assert outcomes(world, reply)[1:] == ["withdrawn", "published" if published else "waiting"]


@pytest.mark.parametrize("removed_first", [False, True])
def test_an_appeal_for_a_wording_is_possible_whatever_became_of_the_reply(world: World, removed_first: bool) -> None:
    reply, aigerim = reworded(world, "rejected"), world.visitor("aigerim")
    if removed_first:
        world.decide(reply, Action.REMOVE)
        assert "/decisions/2/appeal" in aigerim.get("/accounts/replies").text
        assert aigerim.post("/decisions/2/appeal", text=PLEA).status_code == 303
        appeal = 1
    else:
        appeal = world.appeal(2)
        world.decide(reply, Action.REMOVE)
    world.decide(reply, Action.RESTORE)  # which is no answer to this appeal
    assert "It waits for another moderator" in world.visitor("aigerim").get("/accounts/replies").text
    world.decide(reply, Action.REMOVE)
    world.judge(appeal, "decision_reversed")
    assert (world.status(reply), outcomes(world, reply)) == ("removed", ["published", "withdrawn"])
    case = world.visitor("timur").get(f"/moderation/appeals/{appeal}").text
    assert "the wording is not shown, because the reply was no longer public or its author" in case


# Removal


@pytest.mark.parametrize("by_appeal", [False, True])
def test_who_removes_what_a_colleague_has_put_another_wording_over_is_told_so(world: World, by_appeal: bool) -> None:
    reply = reworded(world, "rejected" if by_appeal else "waiting")
    old, new = world.wording(reply) - 1, world.wording(reply)
    if by_appeal:
        world.judge(world.appeal(2), "decision_reversed")
    else:
        world.decide(reply, Action.PUBLISH, by="timur")
    sent = {"action": "remove", "revision": new, "shown": old, "rule": "topic", "explanation": WHY}
    answer = world.visitor("maria").post(f"/moderation/replies/{reply}/decisions", **sent)
    assert (answer.status_code, typed(answer.text, "explanation")) == (409, WHY)
    said = "Another wording of this reply has been" if by_appeal else "timur has published this new wording meanwhile."
    assert said in answer.text
    assert "The author has changed" not in answer.text
    assert shown(world, reply) == NEW


def test_a_removal_closes_the_wording_that_waits_and_says_so(world: World) -> None:
    reply = reworded(world)
    world.decide(reply, Action.REMOVE)
    assert outcomes(world, reply) == ["published", "withdrawn"]
    assert world.count(Closing) == 1
    page = world.visitor("aigerim").get("/accounts/replies").text
    assert "The new wording of it, which waited, was closed with it; nobody has judged it." in page
    assert NEW in page
    assert NEW[:40] not in world.visitor("maria").get("/moderation").text
    world.judge(world.appeal(2), "decision_reversed")
    assert (shown(world, reply), outcomes(world, reply)) == (OLD, ["published", "withdrawn"])


def test_nobody_removes_a_reply_without_having_seen_its_new_wording(world: World) -> None:
    reply = world.published("aigerim", text=OLD)
    maria, old = world.visitor("maria"), world.wording(reply)
    form = {"action": "remove", "rule": "topic", "explanation": WHY}
    world.reword(reply, NEW)
    answer = maria.post(f"/moderation/replies/{reply}/decisions", **form, revision=old)
    assert answer.status_code == 409
    assert "The author has changed this reply since you opened it." in answer.text
    assert typed(answer.text, "explanation") == WHY
    assert OLD in answer.text
    assert NEW in answer.text
    fields = {name: hidden_field(answer.text, name) for name in ("revision", "shown")}
    world.decide(reply, Action.PUBLISH, by="timur")
    answer = maria.post(f"/moderation/replies/{reply}/decisions", **form, **fields)
    assert answer.status_code == 409, "and the one that she read as waiting is public now"
    assert world.status(reply) == "published"
    page = maria.get(f"/moderation/replies/{reply}").text
    fields = {"revision": hidden_field(page, "revision")}
    assert maria.post(f"/moderation/replies/{reply}/decisions", **form, **fields).status_code == 303


# Undo


@pytest.mark.parametrize("action", [Action.PUBLISH, Action.RETURN, Action.REJECT, Action.REMOVE])
def test_an_undone_decision_leaves_both_wordings_where_they_stood(world: World, action: Action) -> None:
    reply = reworded(world)

    def standing() -> tuple[Any, ...]:
        with world.at_work():
            row = db.session.get_one(Reply, reply)
            dates = select(Revision.published_at).where(Revision.reply_id == reply).order_by(Revision.id)
            facts = (row.status, row.shown_revision_id, row.published_at, list(db.session.scalars(dates)))
        return (*facts, outcomes(world, reply))

    before = standing()
    decision = world.decide(reply, action)
    assert standing() != before
    maria = world.visitor("maria")
    assert f"/decisions/{decision}/undo" in maria.get("/moderation").text
    assert maria.post(f"/decisions/{decision}/undo").status_code == 303
    assert standing() == before
    world.decide(reply, Action.PUBLISH)
    assert shown(world, reply) == NEW


def test_an_edit_keeps_a_decision_from_being_undone(world: World) -> None:
    reply = reworded(world)
    decision = world.decide(reply, Action.RETURN)
    world.reword(reply, THIRD)
    maria = world.visitor("maria")
    assert NEW not in maria.get("/moderation").text
    answer = maria.post(f"/decisions/{decision}/undo")
    assert answer.status_code == 409
    assert "The author has changed this reply meanwhile." in answer.text


def test_both_public_wordings_are_known_to_the_screening_and_the_taken_back_one_is_not(world: World) -> None:
    reply = reworded(world, "withdrawn")
    with world.at_work():
        found = select(Fingerprint.revision_id).where(Fingerprint.reply_id == reply)
        assert list(db.session.scalars(found)) == [1]


# Two at once


@pytest.mark.parametrize("tries", [6, MORE])
@pytest.mark.parametrize("action", ["publish", "reject", "remove"])
def test_of_a_decision_and_another_edit_at_once_one_wins(world: World, tries: int, action: str) -> None:
    world.app.config.update(REPLIES_PER_HOUR=10**6, EDITS_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    maria, aigerim = hands(world, "maria"), hands(world, "aigerim")
    for _try in range(tries):
        reply = world.published("aigerim", text=OLD)
        old = world.wording(reply)
        new = world.reword(reply, NEW)
        reason = {} if action == "publish" else {"rule": "topic", "explanation": LATER}
        decided, edited = at_once(
            deciding(maria, reply, action, revision=new, shown=old, **reason),
            partial(aigerim, f"/replies/{reply}/edit", text=THIRD, revision=new, state="waiting"),
        )
        assert sorted([decided.status_code, edited.status_code]) == [303, 409]
        if edited.status_code == 409:
            assert typed(edited.text) == THIRD
        elif action != "publish":
            assert typed(decided.text, "explanation") == LATER
        with world.at_work():
            row = db.session.get_one(Reply, reply)
            waiting = select(Revision.text).where(Revision.reply_id == reply, Revision.outcome == Outcome.WAITING)
            assert list(db.session.scalars(waiting)) == ([THIRD] if edited.status_code == 303 else [])
            assert row.status is (
                ReplyStatus.REMOVED if action == "remove" and decided.status_code == 303 else ReplyStatus.PUBLISHED
            )
            made = len(list(db.session.scalars(select(Decision).where(Decision.reply_id == reply))))
            assert made == 1 + (decided.status_code == 303)


@pytest.mark.parametrize("tries", [6, MORE])
def test_a_removal_and_a_first_edit_at_once_have_one_winner(world: World, tries: int) -> None:
    world.app.config.update(REPLIES_PER_HOUR=10**6, EDITS_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    maria, aigerim = hands(world, "maria"), hands(world, "aigerim")
    for _try in range(tries):
        reply = world.published("aigerim", text=OLD)
        old = world.wording(reply)
        decided, edited = at_once(
            deciding(maria, reply, "remove", revision=old, rule="topic", explanation=LATER),
            partial(aigerim, f"/replies/{reply}/edit", text=NEW, revision=old, state="published"),
        )
        assert sorted([decided.status_code, edited.status_code]) == [303, 409]
        assert edited.status_code == 303 or typed(edited.text) == NEW
        assert (world.status(reply) == "removed") == (decided.status_code == 303)
