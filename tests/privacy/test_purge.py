"""Two leads erase what a member has written."""

import pytest

from forum.db import db
from forum.debates.models import Reply
from forum.events import AuditEntry, Event
from forum.moderation.models import Action
from tests.privacy.test_deletion import SAID, WORD
from tests.world import DEBATE, WHY, World


@pytest.fixture
def written(world: World) -> World:
    """Return a forum in which Aigerim has written in every state; the second reply has an answer."""
    world.reply_that_is("pending", text=SAID)
    answered = world.published("aigerim", text=SAID)
    world.published("boris", parent=answered)
    world.appeal(world.decide(world.reply("aigerim", text=SAID), Action.REJECT))
    world.reply_that_is("removed", text=SAID)
    world.reword(answered, f"{SAID} Indeed.")
    return world


def test_one_lead_alone_erases_nothing(written: World) -> None:
    proposal = written.propose_purge("aigerim")
    written.person("sanzhar")
    zarina = written.visitor("zarina")
    assert zarina.post(f"/proposals/{proposal}/confirmation").status_code == 403
    assert WORD in written.visitor().get(DEBATE).text


def test_two_leads_erase_every_word_and_the_account_stays(written: World) -> None:
    kept = written.draft("aigerim", text="Only I can read what I have begun to say here.")
    written.confirm(written.propose_purge("aigerim"))
    assert WORD not in repr(written.everything())
    page = written.visitor("boris").get(DEBATE).text
    assert "The words of this reply were erased." in page
    aigerim = written.visitor("aigerim")
    assert "Only I can read what I have begun" in aigerim.get("/accounts/replies").text
    assert "Its words were erased on" in aigerim.get("/accounts/replies").text
    assert kept


def test_the_person_is_told_and_why(written: World) -> None:
    written.confirm(written.propose_purge("aigerim"))
    notices = written.visitor("aigerim").get("/notifications").text
    assert "Two leads have erased what you had written until then" in notices
    assert WHY in notices


def test_nothing_that_was_erased_is_published_again(written: World) -> None:
    written.confirm(written.propose_purge("aigerim"))
    with written.at_work():
        rows = db.session.query(Reply).filter(Reply.erased_at.is_not(None)).order_by(Reply.id).all()
        assert {reply.status.value for reply in rows} == {"withdrawn"}
        last = rows[-1].id
    maria = written.visitor("maria")
    fields = {"action": "restore", "revision": written.wording(last)}
    assert maria.post(f"/moderation/replies/{last}/decisions", **fields).status_code == 409
    for number in (1, 2, 3):
        assert written.visitor("zarina").get(f"/moderation/replies/{number}").status_code == 200


def test_who_was_erased_writes_anew(written: World) -> None:
    written.confirm(written.propose_purge("aigerim"))
    assert written.status(written.published("aigerim")) == "published"


def test_the_audit_log_names_who_proposed_and_who_confirmed(written: World) -> None:
    written.confirm(written.propose_purge("aigerim"))
    with written.at_work():
        acts = {entry.event: entry.actor_id for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)}
    assert acts[Event.PROPOSAL_MADE] == written.person("zarina")
    assert acts[Event.WORDS_ERASED] == acts[Event.PROPOSAL_CONFIRMED] == written.person("sanzhar")
