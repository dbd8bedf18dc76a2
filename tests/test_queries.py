"""How many queries an address sends: as many where there are a thousand rows of everything as where there are ten."""

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts import passkeys, sessions, signin
from forum.accounts.models import Passkey, Role, Session, User
from forum.db import db, writing
from forum.debates import articles, drafts, mutes, queries
from forum.debates.article_files import Paragraph, Seed
from forum.debates.draft_models import Draft
from forum.debates.models import Byline, Reply, ReplyStatus, Stance
from forum.jobs import Kind
from forum.moderation import claims, colleagues, sanctions
from forum.moderation.models import Action
from forum.moderation.sanction_models import Sanction
from forum.notifications import follows, mailboxes
from forum.notifications.mail_models import MailAddress
from tests.conftest import rarely_on_postgres
from tests.copies import Scene
from tests.test_doors import MAY, link_in
from tests.world import DEBATE, SLUG, WHY, Visitor, World

PEOPLE = {"reader": "", "author": "aigerim", "moderator": "maria", "lead": "zarina"}
# Every address that answers GET, for whoever may open it (`test_doors.MAY`); `furnish` tells what stands in braces.
ADDRESSES: dict[str, list[str]] = {
    "static": ["/static/evenhand.css"],
    "debates.index": ["/"],
    "debates.show": [
        "/debates/{slug}",
        "/debates/{slug}?sort=newest",
        "/debates/{slug}?language=en",
        "/debates/{slug}?sort=oldest",
    ],
    "debates.show_reply": ["/debates/{slug}/replies/{hub}", "/debates/{slug}/replies/{own}"],
    "debates.new_reply": [
        "/debates/{slug}/replies/new",
        "/debates/{slug}/replies/new?parent={hub}",
        "/debates/{slug}/replies/new?passage=2",
        "/debates/{slug}/replies/new?original={hub}",
    ],
    "debates.history": ["/replies/{hub}/history", "/replies/{hub}/history?before=99999"],
    "debates.edit": ["/replies/{own}/edit", "/replies/{returned}/edit"],
    "passages.show": ["/debates/{slug}/passages/2", "/debates/{slug}/passages/2?language=en"],
    "positions.take": ["/debates/{slug}/position"],
    "names.take": ["/debates/{slug}/name"],
    "members.show": ["/people/erlan", "/people/aigerim?before=99999"],
    "search.show": [
        "/search",
        "/search?q=argument",
        "/search?q=argument&debate={slug}&side=pro",
        "/search?person=erlan",
    ],
    "feeds.of_site": ["/feeds/debates.atom"],
    "feeds.of_debate": ["/feeds/debates/{slug}.atom"],
    "feeds.of_member": ["/feeds/people/erlan.atom"],
    "feeds.sitemap": ["/sitemap.xml"],
    "feeds.robots": ["/robots.txt"],
    "api.debates": ["/api/v1/debates", "/api/v1/debates?limit=100"],
    "api.debate": ["/api/v1/debates/{slug}"],
    "api.replies": [
        "/api/v1/debates/{slug}/replies",
        "/api/v1/debates/{slug}/replies?limit=100&side=pro",
        "/api/v1/debates/{slug}/replies?language=en",
    ],
    "api.reply": ["/api/v1/replies/{hub}"],
    "api.log": ["/api/v1/log", "/api/v1/log?limit=100"],
    "api.openapi": ["/api/v1/openapi.json"],
    "reports.make": ["/replies/{hub}/report"],
    "reports.show": ["/reports/{receipt}"],
    "reports.listed": ["/moderation/reports"],
    "moderation.rules": ["/rules"],
    "moderation.own_replies": ["/accounts/replies"],
    "moderation.queue": ["/moderation", "/moderation?language=en&debate={slug}", "/moderation?flag=phone"],
    "moderation.item": [
        "/moderation/replies/{waiting}",
        "/moderation/replies/{hub}",
        "/moderation/replies/{hub}?of=reports",
        "/moderation/replies/{reworded}",
    ],
    "moderation.same": ["/moderation/replies/{waiting}/same"],
    "moderation.canned": ["/moderation/explanations"],
    "moderation.change_canned": ["/moderation/explanations/{ready}"],
    "appeals.lodge": ["/decisions/{rejection}/appeal"],
    "appeals.index": ["/moderation/appeals", "/moderation/appeals?after=1"],
    "appeals.show": ["/moderation/appeals/{appeal}"],
    "people.search": ["/moderation/people", "/moderation/people?name=erlan"],
    "people.show": ["/moderation/people/erlan", "/moderation/people/erlan?before=99999", "/moderation/people/boris"],
    "people.open_proposals": ["/moderation/proposals"],
    "readings.archive": ["/proposals/{reading}/archive"],
    "sanction_appeals.lodge": ["/sanctions/{warning}/appeal"],
    "sanction_appeals.show": ["/moderation/appeals/sanctions/{sanction_appeal}"],
    "transparency.log": ["/log", "/log?debate={slug}&action=reject"],
    "transparency.feed": ["/log.atom"],
    "transparency.table": ["/log.csv"],
    "health.alive": ["/healthz"],
    "health.ready": ["/readyz"],
    "house.about": ["/about"],
    "house.safety": ["/safety"],
    "house.privacy": ["/privacy"],
    "accounts.sign_up": ["/accounts/sign-up"],
    "accounts.sign_in": ["/accounts/sign-in"],
    "accounts.recover": ["/accounts/recover"],
    "accounts.link": ["/accounts/links/{link}"],
    "accounts.settings": ["/accounts/settings"],
    "second_factor.step": ["/accounts/sign-in/code"],
    "second_factor.show": ["/accounts/second-factor"],
    "sessions.index": ["/accounts/sessions"],
    "sessions.confirm": ["/accounts/confirm"],
    "privacy.export": ["/accounts/export"],
    "privacy.delete": ["/accounts/delete"],
    "notifications.index": ["/notifications"],
    "mail.confirm": ["/mail/confirm/{confirmation}"],
    "mail.unsubscribe": ["/mail/unsubscribe/{unsubscription}"],
    "mail.wishes": ["/notifications/mail"],
}
ELSEWHERE = {"/readyz", "/accounts/sign-up", "/accounts/sign-in/code"}  # no worker, who is in, nobody amid signing in
WHOLE = {"/sitemap.xml", "/log.csv"}  # no lists with pages, but everything for programs
LONGER = 11  # times as long as with ten rows is no page of a list: the longest, of the API, has a hundred
SAME = "Whoever pays for a licence twice has paid for none of them, and nobody in that office will ever say why."


class View(NamedTuple):
    """What it took to show an address, and how many bytes that gave."""

    queries: int
    size: int


def furnish(world: World) -> dict[str, object]:
    """Return what addresses name: replies and people around whom everything else will gather."""
    for name in ("aigerim", "boris", "erlan", "maria", "timur", "zarina", "sanzhar"):
        world.person(name)
    hub = world.published("erlan", passage=2)
    named = {"slug": SLUG, "hub": hub, "own": world.published("aigerim", Stance.ANTI, passage=2)}
    named |= {"waiting": world.reply("erlan", text=SAME), "returned": world.reply_that_is("returned")}
    named |= {"reworded": world.published("boris")}
    world.reword(named["reworded"])
    named["rejection"] = world.decide(world.reply("aigerim"), Action.REJECT)
    named["appeal"] = world.appeal(world.decide(world.reply("aigerim"), Action.REJECT))
    world.published("boris", parent=hub)
    world.translated(hub)
    world.report(hub, "boris", explanation="Read the second sentence of it once more, please.")
    named |= {"receipt": world.receipts[0], "ready": world.ready()}
    named["reading"] = world.propose_export("boris")
    world.confirm(named["reading"])
    world.export("aigerim")
    named["warning"] = warned(world, "aigerim")
    named["sanction_appeal"] = world.appeal_sanction(warned(world, "erlan"))
    for name in ("erlan", "boris"):
        world.open_person(name, by="maria")
        world.open_person(name, by="zarina")
    world.give_address("aigerim")
    world.passkey("aigerim")
    world.answer("aigerim", before=1)
    world.follow("aigerim")
    with world.at_work():
        mailed = db.session.scalars(select(MailAddress)).one()
        named |= {"confirmation": mailboxes.confirmation(mailed), "unsubscription": mailboxes.unsubscription(mailed)}
    world.do_jobs(kinds=[Kind.SCORE_DEBATES, Kind.REFRESH_SHIFTS])
    return named | {"link": link_in(world)}


def play(world: World, hub: int, own: int) -> None:
    """Let something of each kind happen that a list can show."""
    debate = open_short_debate(world)
    world.take_name("Moth", "aigerim", slug=debate)
    asides = [world.published("boris", stance, parent=hub) for stance in (Stance.PRO, Stance.ANTI, Stance.NEITHER)]
    world.published("erlan", parent=world.published("aigerim", parent=asides[0]))
    world.published("dana", parent=own)
    for author, slug in (("aigerim", debate), ("erlan", SLUG)):
        for status in ("pending", "published", "returned", "rejected", "removed", "withdrawn"):
            world.reply_that_is(status, author, stance=Stance.ANTI, passage=2, slug=slug)
        world.reword(world.published(author, slug=slug))
        world.appeal(world.decide(world.reply(author), Action.REJECT))
        world.judge(world.appeal(world.decide(world.reply(author), Action.REJECT)))
    gone = world.published("dana", passage=2)
    world.decide(world.reply("erlan", text=SAME), Action.RETURN, by="timur")
    world.reply("boris", text=SAME)
    world.reply("boris", text="Ring +7 701 234 56 78 to hear at length how that licence came to be sold last winter.")
    world.published("aigerim", quote="work safely", passage=1)
    for reply in (hub, own):
        world.reword(reply)
        world.decide(reply, Action.PUBLISH)
    for reply in (hub, gone, world.published("erlan")):
        for reporter in ("", "timofey", "aigerim"):
            world.report(reply, reporter, explanation="The second sentence of it is about a person.")
    world.dismiss(gone, explanation="It is about an office.")
    world.published("erlan", slug=debate)
    world.published("saule", parent=hub)
    world.leave("saule")
    sanction_people(world)
    world.vote(gone, "aigerim")
    for reply in (hub, world.reply("boris")):
        write_around(world, reply)


def write_around(world: World, number: int) -> None:
    """Let a colleague leave a note at a reply and, if it waits, take it."""
    with world.at_work(), writing():
        reply, timur = queries.reply_to_change(number), signin.find("timur")
        colleagues.write(reply, WHY, by=timur)
        if reply.waiting_revision:
            claims.take(reply, by=timur)


def open_short_debate(world: World) -> str:
    """Open a debate with an article of three sentences; return what stands in its address."""
    facts = {"slug": "short", "title": "Short", "motion": "Keep it short", "source": "Test", "language": "en"}
    facts |= {"published_by": None, "dated": None, "opens_at": None, "closes_at": None}
    facts |= {"pro_label": "For it", "pro_gist": "Short.", "anti_label": "Against it", "anti_gist": "Long."}
    paragraphs = [Paragraph(f"Sentence {n} of an article.", begins_section=n == 2) for n in range(3)]
    with world.at_work(), writing():
        articles.publish(Seed(facts, paragraphs, [], []))
    return str(facts["slug"])


def warned(world: World, name: str) -> int:
    """Let somebody be warned and read it; return the number of the warning."""
    number = world.warn(name)
    with world.at_work(), writing():
        sanctions.read(db.session.get_one(Sanction, number), by=signin.find(name))
    return number


def fill_up(world: World, count: int) -> None:
    """Let a member have as many as this of what there is a bound for, or as many as the bound lets."""
    with world.at_work(), writing():
        aigerim, debate = signin.find("aigerim"), queries.by_slug(SLUG)
        public = select(Reply).where(Reply.debate_id == debate.id, Reply.status == ReplyStatus.PUBLISHED)
        public = public.where(Reply.parent_id.is_(None)).limit(min(count, follows.MOST - 2))
        for reply in db.session.scalars(public).all():
            follows.follow(aigerim, debate, reply)
        others = select(User).where(User.name.like("dana%")).limit(min(count, mutes.MOST - 1))
        for user in db.session.scalars(others).all():
            mutes.mute(Byline(user, None), by=aigerim)
    for number in range(world.count(Draft), min(count, drafts.MOST)):
        world.draft("aigerim", place=f"passage-{number + 1}")
    for number in range(world.count(Passkey), min(count, passkeys.MOST)):
        world.passkey("aigerim", called=f"Phone {number}")
    for _more in range(world.count(Session), min(count, sessions.MOST - len(PEOPLE))):
        world.visitor("aigerim")


def sanction_people(world: World) -> None:
    for name in ("aigerim", "erlan"):
        warned(world, name)
        world.note(name)
    world.appeal_sanction(world.suspend("erlan"))
    world.propose_ban("dana")
    world.propose_role("dana", Role.MODERATOR)


def measured(world: World, people: dict[str, Visitor], named: dict[str, object], who: str, address: str) -> View:
    """Return how many statements an address sends to somebody who sees it for the first time, and its size."""
    for kept in ("kept", "turns"):
        world.app.extensions[kept].clear()
    world.app.extensions.pop("titles", None)
    with world.counted_queries() as sent:
        answer = (people[who] if PEOPLE[who] else world.visitor()).get(address.format(**named), buffered=True)
    assert answer.status_code == 200 or address in ELSEWHERE, (who, address, answer.status_code)
    return View(len(sent), len(answer.data))


def test_the_table_names_every_address(app: Flask) -> None:
    rules = list(app.url_map.iter_rules())
    assert {rule.endpoint for rule in rules if "GET" in (rule.methods or ())} == set(ADDRESSES)
    places = app.url_map.bind("localhost")
    for endpoint, addresses in ADDRESSES.items():
        for address in addresses:
            path = re.sub(r"{\w+}", "1", address.partition("?")[0])
            assert places.match(path)[0] == endpoint, address


def asked(is_long: bool) -> Iterator[tuple[str, str]]:
    """Give everybody with each address that they may open; in the short run one of both for each route."""
    for endpoint, addresses in ADDRESSES.items():
        people = [who for who in PEOPLE if who in MAY["GET", endpoint]]
        one = "author" if "author" in people else people[-1]
        yield from itertools.product(people, addresses) if is_long else [(one, addresses[0])]


@rarely_on_postgres
@pytest.mark.parametrize(("few", "many"), [(10, 40), pytest.param(10, 1000, marks=pytest.mark.long)])
def test_no_address_asks_more_where_there_is_more(world: World, few: int, many: int) -> None:
    world.app.config.update(REPLIES_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        named = furnish(world)
        with Scene(world) as scene:
            play(world, named["hub"], named["own"])
        clock.shift(timedelta(days=2))
        people = {who: world.visitor(name) for who, name in PEOPLE.items()}
        found = []
        for count in (few, many):
            scene.grow(count)
            fill_up(world, count)
            come_back(people, clock)
            found.append({place: measured(world, people, named, *place) for place in asked(many == 1000)})
    pairs = {place: (before, found[1][place]) for place, before in found[0].items()}
    assert {place: it for place, it in pairs.items() if it[0].queries != it[1].queries} == {}
    longer = {place: it for place, it in pairs.items() if it[1].size > LONGER * it[0].size}
    assert {address for _who, address in longer} == (WHOLE if many == 1000 else set())


def come_back(people: dict[str, Visitor], clock: time_machine.Traveller) -> None:
    """Let everybody look around and come back later, so that there is news since the last visit."""
    for person in people.values():
        person.get(DEBATE)
    clock.shift(timedelta(hours=1))
    for person in people.values():
        person.get("/rules")
