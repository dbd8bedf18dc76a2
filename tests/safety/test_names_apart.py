"""Nobody can see that a name for one debate and a member's own name are one person: every address, every reader.

Zqaigerim writes under her own name in the second debate, and in the first one as zqmoth. Boris is answered by the one,
Erlan by the other; Dana has muted the one, Saule the other; Maria and Zarina have opened the pages of both.
"""

import json
import re
from datetime import UTC, datetime
from html import unescape

import pytest
import time_machine
from sqlalchemy import delete, select, update

from forum import versions
from forum.accounts import signin, signup
from forum.accounts.models import NameLook, Role
from forum.db import db, writing
from forum.debates.models import Debate, DebateName, Reply, Stance
from forum.moderation.models import Action, Decision
from forum.moderation.people import sanctions_of
from tests.notifications.test_letters import Postbox, post, postbox, subscribe  # noqa: F401
from tests.privacy.test_export import opened
from tests.world import DEBATE, SLUG, WHY, Visitor, World

OWN, OTHER, SECOND = "zqaigerim", "zqmoth", "/debates/second"
PERSONS = ("", "&person=zqmoth", "&person=zqaigerim")
QUERIES = [f"/search?q={word}{person}" for word in ("heron", "kestrel") for person in PERSONS]
DESK = ("maria", "zarina")
DRAWN = re.compile(r'urn:uuid:[0-9a-f-]+|name="csrf_token" value="[^"]*|key=[\w-]+|name="key" value="[^"]*')


class Scene:
    """A forum in which both names have written, and were judged, reported, restricted, noted and muted."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.app.config.update(REPLIES_PER_HOUR=100, WAITING_PER_MEMBER=100)
        world.open_debate("second")
        self.tag = world.take_name(OTHER, OWN)
        self.as_other, self.as_own = (self.write(slug) for slug in (SLUG, "second"))

    def write(self, slug: str) -> dict[str, int]:
        """Let her have a reply in each state in a debate; the words tell which."""
        world, word = self.world, "kestrel" if slug == "second" else "heron"
        text = f"A {word} stands here, as it did before, and nobody asks it why it does."
        whose = "erlan" if slug == "second" else "boris"
        theirs = world.published(whose, text="What stands here above it is another matter altogether.", slug=slug)
        more = {"slug": slug, "text": text}
        found = {
            name: world.reply_that_is(name, OWN, **more) for name in ("pending", "returned", "rejected", "removed")
        }
        found["public"] = world.published(OWN, Stance.ANTI, **more)
        found["answer"] = world.published(OWN, parent=theirs, **more)
        found["tombstone"] = world.published(OWN, **more)
        world.published(whose, parent=found["tombstone"], slug=slug)
        world.decide(found["tombstone"], Action.REMOVE)
        world.reword(found["public"], f"{text} It has been edited.")
        world.decide(found["public"], Action.PUBLISH)
        world.report(found["public"], by="dana")
        found["appeal"] = world.appeal(world.decide(world.reply(OWN, **more), Action.REJECT))
        return found

    def restrict(self) -> None:
        """Let the desk warn, note, suspend, and propose to ban, all of it by the tag."""
        world = self.world
        for by in DESK:
            world.open_person(OWN, by=by)
            world.open_person(self.tag, by=by)
        world.note(self.tag)
        world.appeal_sanction(world.warn(self.tag))
        world.suspend(self.tag)
        world.propose_ban(self.tag)
        world.mute(OTHER, by="dana")
        world.mute(OWN, by="saule")

    def pages(self, person: Visitor) -> dict[str, str]:
        """Return what stands at every address for somebody."""
        asked = [f"/moderation/people?name={name}" for name in (OWN, OTHER, self.tag)]
        found = {}
        for address in [*(path for _endpoint, path in self.world.addresses()), *QUERIES, *asked]:
            answer = person.get(address, buffered=True)
            found[address] = unescape(answer.text) + str(answer.headers)
        return found


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


@pytest.mark.long
def test_no_page_tells_anybody_but_her_that_both_names_are_one_person(scene: Scene) -> None:
    scene.restrict()
    for name in ("", "boris", "dana", "saule", "maria", "zarina"):
        person = scene.world.visitor(name)
        if name in DESK:
            for number in (scene.as_other["pending"], scene.as_own["pending"]):
                person.post(f"/moderation/replies/{number}/author")
        pages = scene.pages(person)
        assert [at for at, page in pages.items() if OWN in page and (OTHER in page or scene.tag in page)] == [], name
        assert (OTHER in pages[DEBATE], OWN in pages[SECOND]) == (True, True)
        for at, words in ((f"/people/{OTHER}", "kestrel"), (f"/people/{OWN}", "heron")):
            assert words not in pages[at] + pages[f"/feeds{at}.atom"], name


def test_at_the_desk_the_page_of_a_tag_and_that_of_a_name_share_nothing(scene: Scene) -> None:
    scene.restrict()
    maria = scene.world.visitor("maria")
    by_tag, by_name = (maria.get(f"/moderation/people/{name}").text for name in (scene.tag, OWN))
    assert "heron" in by_tag
    assert "kestrel" not in by_tag
    assert "kestrel" in by_name
    assert "heron" not in by_name
    for told in ("Holds now", "Delete this note"):
        assert told in by_tag
        assert told not in by_name
    assert maria.get(f"/moderation/people/{OTHER}").text.count(scene.tag) > 0  # what readers see leads there, too
    item = maria.get(f"/moderation/replies/{scene.as_other['pending']}").text
    assert OTHER not in item
    assert scene.tag not in item
    maria.post(f"/moderation/replies/{scene.as_other['pending']}/author")
    asked = maria.get(f"/moderation/replies/{scene.as_other['pending']}").text
    assert f"Author: <b>{scene.tag}</b>" in asked
    assert "here since" not in asked  # nor anything else of the account


def test_what_is_told_of_an_authors_past_is_of_the_name_alone(world: World) -> None:
    world.open_debate("second")
    world.take_name(OTHER, OWN)
    world.published(OWN, slug="second")  # so she is not new here, and zqmoth is
    waiting, other = world.reply(OWN, slug="second"), world.reply(OWN)
    maria = world.visitor("maria")
    for number in (waiting, other):
        maria.post(f"/moderation/replies/{number}/author")
    told = [maria.get(f"/moderation/replies/{number}").text for number in (waiting, other)]
    assert ["Apart from this text" in page for page in told] == [False, True]


def test_a_page_opened_by_the_one_name_stays_shut_under_the_other(scene: Scene) -> None:
    scene.world.open_person(scene.tag)
    maria = scene.world.visitor("maria")
    assert "kestrel" not in maria.get(f"/moderation/people/{OWN}").text
    assert maria.post(f"/moderation/people/{OWN}/notes", text="Nobody asked for this page.").status_code == 403


def test_a_sanction_by_the_tag_restricts_the_person_and_nobody_sees_it_elsewhere(scene: Scene) -> None:
    world = scene.world
    world.suspend(scene.tag, days=7)
    world.warn(scene.tag)
    assert world.visitor(OWN).post(f"{SECOND}/replies", stance="pro", text="Words enough to be one.").status_code == 403
    world.suspend(OWN, days=3)  # not refused: that it is the second one shows to nobody
    world.warn(OWN)
    world.propose_ban(OWN)
    world.propose_ban(scene.tag)
    with world.at_work():
        person = signin.find(OWN)
        assert person.suspended_until == max(made.ends_at for made in sanctions_of(person) if made.ends_at)
        assert len([made for made in sanctions_of(person) if made.is_current]) == 4


def test_a_decision_on_a_reply_under_one_name_is_no_ground_against_the_other(scene: Scene) -> None:
    maria = scene.world.visitor("maria")
    for name in (OWN, scene.tag):
        scene.world.open_person(name)
    with scene.world.at_work():
        of_other, of_own = (
            db.session.scalar(select(Decision.id).where(Decision.reply_id == found["rejected"]))
            for found in (scene.as_other, scene.as_own)
        )
    form = {"kind": "warning", "rule": "respect", "explanation": WHY}
    for name, other, own in ((OWN, of_other, of_own), (scene.tag, of_own, of_other)):
        address = f"/moderation/people/{name}/sanctions"
        refused = maria.post(address, decision=other, **form)
        assert refused.status_code == 422
        assert "There is no such decision on a reply of this person." in refused.text
        assert maria.post(address, decision=own, **form).status_code == 303


def test_what_concerns_the_whole_account_is_not_done_by_a_tag(scene: Scene) -> None:
    zarina = scene.world.visitor("zarina")
    scene.world.open_person(scene.tag, by="zarina")
    assert "Propose another role" not in zarina.get(f"/moderation/people/{scene.tag}").text
    for act, fields in (("role", {"role": "moderator"}), ("purge", {}), ("export", {})):
        assert zarina.post(f"/moderation/people/{scene.tag}/{act}", reason=WHY, **fields).status_code == 404


def test_what_two_leads_read_is_what_stands_under_the_name_alone(scene: Scene) -> None:
    world = scene.world
    world.suspend(scene.tag)
    world.ban(scene.tag)
    proposal = world.propose_export(OWN)
    world.confirm(proposal)
    world.do_jobs()
    zarina = world.visitor("zarina")
    told = json.dumps(opened(zarina.post(f"/proposals/{proposal}/archive").data))
    assert "kestrel" in told
    for secret in ("heron", OTHER, scene.tag, SLUG, "suspended", "ban"):
        assert secret not in told, secret


def test_words_that_two_leads_erase_are_those_of_the_name_alone(scene: Scene) -> None:
    scene.world.confirm(scene.world.propose_purge(OWN))
    reader = scene.world.visitor()
    assert "heron" in reader.get(DEBATE).text
    assert "kestrel" not in reader.get(SECOND).text


def test_muting_one_name_folds_nothing_of_the_other_and_keeps_no_notice_of_it(scene: Scene) -> None:
    world = scene.world
    world.mute(OWN, by="boris")
    world.mute(OTHER, by="erlan")
    boris, erlan = world.visitor("boris"), world.visitor("erlan")
    for person, folded, shown in ((boris, SECOND, DEBATE), (erlan, DEBATE, SECOND)):
        assert "whom you have muted" in person.get(folded).text
        assert "whom you have muted" not in person.get(shown).text
    before = boris.get("/notifications").text.count(f"{OTHER} answered")
    world.published(OWN, parent=1)
    assert boris.get("/notifications").text.count(f"{OTHER} answered") == before + 1
    assert OTHER in erlan.get("/accounts/settings").text
    erlan.post(f"/people/{OTHER}/mute", mute="0")
    assert "whom you have muted" not in erlan.get(DEBATE).text


def test_readers_cannot_tell_a_name_for_one_debate_from_a_members(world: World) -> None:
    """Every page is the same for readers and members where zqmoth is a member, and writes what zqaigerim wrote."""
    world.open_debate("second")
    world.take_name(OTHER, OWN)
    for slug in (SLUG, "second"):
        above = world.published(OWN, text="A heron stands here, as it did before.", slug=slug)
        world.published("boris", parent=above, slug=slug)
        world.decide(world.published(OWN, Stance.ANTI, slug=slug), Action.REMOVE)
    with time_machine.travel(datetime.now(UTC), tick=False):
        before = [shown(world, name) for name in ("", "boris")]
        with world.at_work(), writing():
            own = signin.find(OWN).id
            db.session.execute(delete(NameLook).where(NameLook.user_id == own))
            db.session.execute(delete(DebateName))
            number = signup.add_user(OTHER, Role.MEMBER).id
            here = select(Debate.id).where(Debate.slug == SLUG).scalar_subquery()
            hers = update(Reply).where(Reply.author_id == own, Reply.debate_id == here)
            db.session.execute(hers.values(author_id=number))
            versions.change_site()  # nothing is shown that was kept
        after = [shown(world, name) for name in ("", "boris")]
    assert OTHER in before[0][DEBATE]
    assert [at for pages, others in zip(before, after, strict=True) for at in pages if pages[at] != others[at]] == []


def shown(world: World, name: str) -> dict[str, str]:
    """Return all pages that are not about who reads, without what is drawn anew, like the name of a feed."""
    person, found = world.visitor(name), {}
    for at in [*(path for _endpoint, path in world.addresses()), *QUERIES]:
        if "tag:" not in at and "/accounts/" not in at:
            found[at] = DRAWN.sub("", person.get(at, buffered=True).text)
    return found


def test_letters_name_neither(scene: Scene, postbox: Postbox) -> None:  # noqa: F811
    subscribe(scene.world, "boris")
    scene.world.published(OWN, parent=1)
    post(scene.world)
    (letter,) = postbox.taken()
    assert not {OWN, OTHER} & set(re.findall(r"\w+", letter.as_string()))
