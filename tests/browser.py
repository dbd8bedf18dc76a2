"""A real browser before a real server, and the pages that it walks through: what the browser tests share."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect
from sqlalchemy import update
from werkzeug.serving import WSGIRequestHandler, make_server

from forum.accounts import links, signin
from forum.accounts.models import Role
from forum.db import db, now, writing
from forum.debates import article_files, articles, queries, replies
from forum.debates.models import SIDES, Stance
from forum.moderation import explanations, people, sanctions
from forum.moderation.models import Action
from forum.notifications import mailboxes
from forum.opinions import shifts
from forum.start import TRANSLATIONS
from forum.transparency.models import LogSalt
from tests.world import DEBATE, PASSWORD, WHY, World

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
NARROWEST = {"width": 320, "height": 640}
LAUNCH = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MANY = {"FORUM_REPLIES_PER_HOUR": "1000", "FORUM_WAITING_PER_MEMBER": "1000", "FORUM_SIGN_UPS_PER_HOUR": "1000"}
LONG = 5 * 60  # seconds after which the window of a person signs in anew: after ten, grave things ask who is there
PATIENCE = 20_000  # milliseconds: a machine may be busy with other tests
expect.set_options(timeout=PATIENCE)
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_THE_LOOK = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]

TEXT = "A rule that nobody can enforce protects nobody. Begin with the office that takes the complaint."
SEND = "Send to the moderators"
SHORT = {"Your argument": "Too short"}
EXIT = "https://www.wikipedia.org/"  # the default of the setting

UNBROKEN = "Rindfleischetikettierungsüberwachungsaufgabenübertragung"
RICH = f"""First *one* thing, then **another**, from https://example.org/{"a-very-long-path-" * 8}.

> A quotation of what was said, with {UNBROKEN * 2}

1. A list with a number
2. and `code_that_never_breaks_{"x" * 80}`

- and one without"""
ARTICLE = f"""---
title: "{{title}}"
source: "{UNBROKEN}"
motion: "The {UNBROKEN} should be founded anew"
stances:
  pro: {{{{label: "For the {UNBROKEN}", gist: "Found {UNBROKEN} anew."}}}}
  anti: {{{{label: "Against the {UNBROKEN}", gist: "Leave {UNBROKEN} alone."}}}}
{{more}}
---

{RICH}
"""

READING = [
    "/",
    DEBATE,
    "/debates/one-side",
    "/debates/one-side?pro=2",
    "/debates/over",  # with its shift
    "/debates/later",
    f"{DEBATE}/passages/4",
    f"{DEBATE}/passages/1",
    "/debates/one-side/passages/1?pro=2",
    "/debates/over/passages/3",  # no longer in the text
    f"{DEBATE}/replies/{{thread}}",
    f"{DEBATE}/replies/{{reworded}}",
    "/replies/{reworded}/history",
    f"{DEBATE}/replies/{{removed}}",
    f"{DEBATE}/replies/{{taken_back}}",
    f"{DEBATE}?language=ru&sort=oldest",
    f"{DEBATE}/passages/4?language=kk",
    "/people/boris",
    "/search",
    "/search?q=police+law",
    "/search?q=plice&side=pro&since=2020-01-01",
    "/rules",
    "/about",
    "/safety",
    "/privacy",
    "/log",
    "/log?action=reject&side=pro",
    "/log?rule=honesty&moderator=1",
    "/no-such-page",
]
RESTRICTED = [DEBATE, f"{DEBATE}/replies/new", "/accounts/replies", "/notifications"]
STOPS = {
    "reader": [
        *READING,
        "/search?q=police&until=yesterday",
        f"{DEBATE}/replies/new",
        f"{DEBATE}/replies/new?passage=4",
        f"{DEBATE}/replies/new?parent={{thread}}",
        f"{DEBATE}/replies/new?original={{thread}}&language=kk",
        "/debates/over/replies/new",
        "/replies/{thread}/report",
        "/replies/{removed}/report",
        "/reports/{receipt}",
        "/reports/{answered}",
        "/accounts/sign-up",
        "/accounts/sign-in",
        "/accounts/recover",
        "/accounts/links/{lead_link}",
        "/mail/confirm/{confirmation}",
        "/mail/unsubscribe/{unsubscription}",
        "/accounts/links/{link}",
        "/accounts/links/no-such-link",
        "/accounts/settings",  # for members: the sign-in page
    ],
    "aigerim": [
        DEBATE,
        f"{DEBATE}/replies/{{waiting}}",
        f"{DEBATE}/replies/{{waiting_answer}}",
        f"{DEBATE}/replies/new",
        "/replies/{waiting}/edit",
        "/replies/{waiting_answer}/edit",
        "/replies/{rejected}/edit",
        "/replies/{reworded}/edit",
        f"{DEBATE}/replies/{{reworded}}",
        f"{DEBATE}/replies/new?passage=4",  # with a draft
        "/accounts/replies",
        "/accounts/settings",
        "/accounts/sessions",
        "/accounts/confirm",
        "/accounts/delete",
        "/accounts/export",
        "/accounts/second-factor",
        "/notifications",
        "/notifications/mail",
        "/decisions/{appealed}/appeal",
        "/decisions/{appealable}/appeal",
        "/decisions/{returning}/appeal",  # answered by an edit: a refusal
        "/reports/{by_aigerim}",
        "/replies/{reported}/report",  # reported already
        "/moderation",  # for moderators: a refusal
    ],
    "maria": [
        DEBATE,
        "/people/boris",
        "/rules",
        "/moderation",
        "/moderation/reports",
        "/moderation/replies/{reported}",
        "/moderation/replies/{waiting}",
        "/moderation/replies/{translation}",
        "/moderation/replies/{reworded}",
        "/moderation/replies/{waiting_answer}",
        "/moderation/replies/{thread}",
        "/moderation/replies/{removed}",
        "/moderation/replies/{taken_back}",
        "/moderation/replies/{rejected}",
        "/moderation/replies/{of_maria}",
        "/moderation/people",
        "/moderation/people?name=boris",
        "/moderation/people?name=nobody",
        "/moderation/people/boris",  # not asked for yet
        "/moderation/people/aigerim",
        "/moderation/people/gulnar",
        "/moderation/people/zarina",
        "/moderation/people/maria",
        "/moderation/appeals",
        "/moderation/appeals/{appeal}",
        "/moderation/appeals/{judged}",
    ],
    "timur": [
        "/moderation/appeals",
        "/moderation/appeals/{appeal}",
        "/moderation/replies/{rejected}",
        "/notifications",
        "/moderation/replies/{held}",
        "/moderation/replies/{spam}/same",
        "/moderation?flag=phone&language=en",
        "/moderation/explanations",
        "/moderation/explanations?language=kk",
        "/moderation/explanations/1",
        "/accounts/settings",
        "/accounts/second-factor",
        "/accounts/second-factor?replace=1",
    ],
    "zarina": [
        "/moderation",
        "/moderation/people/maria",
        "/moderation/people/gulnar",
        "/moderation/proposals",
        "/proposals/{reading}/archive",
        "/notifications",
        "/moderation/appeals/sanctions/1",
        "/moderation/appeals/sanctions/1",
    ],
    "sanzhar": ["/moderation/proposals"],
    "saule": [DEBATE, f"{DEBATE}/position", "/debates/over/position"],  # has answered before reading
    "ainur": [f"{DEBATE}/name", f"{DEBATE}/replies/new"],  # can still choose a name
    "sabina": [f"{DEBATE}/name", f"{DEBATE}/replies/new", "/accounts/replies"],  # has chosen one
    "timea": [DEBATE],  # and after it
    "dauren": RESTRICTED,  # warned
    "gulnar": [*RESTRICTED, "/replies/{of_gulnar}/edit"],  # suspended
    "ermek": [*RESTRICTED, "/sanctions/{banned}/appeal"],
}
# Who, where, what is typed, the button, the status of the answer.
FORMS = [
    ("reader", "/accounts/sign-in", {"Pseudonym": "nobody-here", "Password": "wrong"}, "Sign in", 422),
    ("reader", "/accounts/sign-up", {"Pseudonym": "a", "Password": "short"}, "Make the account", 422),
    ("reader", "/accounts/recover", {"Pseudonym": "saule", "Recovery code": "no"}, "Set the password", 422),
    ("reader", "/accounts/links/{lead_link}", {"Pseudonym": "admin"}, "Set the password", 422),
    ("reader", f"{DEBATE}/replies/new?passage=4", {"Your argument": TEXT}, SEND, 401),
    ("reader", "/replies/{thread}/report", {}, "Send the report", 422),
    ("aigerim", f"{DEBATE}/replies/new?parent={{thread}}", SHORT, SEND, 422),
    ("aigerim", "/replies/{returned}/edit", SHORT, SEND, 422),
    ("aigerim", f"{DEBATE}/replies/new", {"Your argument": RICH}, "Preview", 200),
    ("aigerim", "/replies/{reworded}/edit", {"Your argument": RICH}, "Preview", 200),
    ("aigerim", "/accounts/settings", {"Password now": "wrong", "New password": "x"}, "Change the password", 422),
    ("maria", "/moderation/replies/{waiting}", {}, "Reject", 422),
    ("maria", "/moderation/replies/{reported}", {"To those who reported it": "x" * 2001}, "Nothing breaks a rule", 422),
    ("maria", "/moderation/replies/{waiting}", {}, "Show the author", 200),
    ("maria", "/moderation/people/aigerim", {"To the person": RICH}, "Decide", 422),
    ("maria", "/moderation/people/aigerim", {}, "Keep the note", 422),
    ("zarina", "/moderation/people/maria", {"Why": RICH}, "Propose", 422),
    ("aigerim", "/decisions/{appealable}/appeal", {"Why the decision is wrong": "Too short"}, "Send the appeal", 422),
    ("timur", "/moderation/appeals/{appeal}", {"To the author": WHY}, "Decide the appeal", 422),
    ("maria", "/moderation/replies/{waiting}", {}, "Take it", 200),
    ("maria", "/moderation/replies/{spam}/same", {}, "Reject the ticked ones", 422),
    ("maria", "/moderation/explanations", {}, "Add it", 422),
    ("aigerim", f"{DEBATE}/replies/new", {"Your argument": f"{TEXT} Write to me@example.org."}, SEND, 200),
]


def program() -> str | None:
    """Return the path of Chromium; the one that never has a window does the same with two thirds of the work."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


class Quiet(WSGIRequestHandler):
    """Serves without a word on standard error."""

    def log(self, *rest: Any) -> None:
        pass


class Site:
    """A forum that is being served, and the windows in which people look at it."""

    def __init__(self, world: World, address: str, chromium: Browser) -> None:
        self.world, self.address, self.chromium = world, address, chromium
        self.contexts: list[BrowserContext] = []

    def window(self, name: str = "", **options: Any) -> Page:
        """Open a window that shares nothing with others: of a reader, or of somebody who has signed in."""
        options = {"viewport": WIDE, "reduced_motion": "reduce", "base_url": self.address} | options
        context = self.chromium.new_context(**options)
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        if name:
            self.sign_in(context, name)
        return context.new_page()

    def sign_in(self, context: BrowserContext, name: str) -> None:
        """Let a window be that of somebody who has signed in just now."""
        cookie = self.world.visitor(name).client.get_cookie("session")
        assert cookie is not None
        context.add_cookies([{"name": "session", "value": cookie.value, "url": self.address}])

    def close(self) -> None:
        """Close all windows."""
        for context in self.contexts:
            context.close()


class Tour(Site):
    """A forum made for many tests, which look at it and only ever add to it; `numbers` of what stands in it."""

    def __init__(self, world: World, address: str, chromium: Browser, numbers: dict[str, Any]) -> None:
        super().__init__(world, address, chromium)
        self.pages: dict[str, Page] = {}
        self.signed_in: dict[str, float] = {}
        self.blocked: list[str] = []
        self.numbers = numbers

    def open(self, who: str, address: str) -> Page:
        """Open an address, in which `{waiting}` is the reply that waits, in the one window of a person."""
        if who not in self.pages:
            page = self.pages[who] = self.window()
            page.on("console", self._note)
            page.on("pageerror", lambda error: self.blocked.append(str(error)))
        if who != "reader" and monotonic() - self.signed_in.get(who, -LONG) >= LONG:
            self.signed_in[who] = monotonic()
            self.sign_in(self.pages[who].context, who)
        self.blocked.clear()
        self.pages[who].goto(address.format(**self.numbers))
        return self.pages[who]

    def _note(self, message: ConsoleMessage) -> None:
        """Keep what the browser complains of, except that an error page has the status of one."""
        if message.type in {"error", "warning"} and "the server responded with a status of 4" not in message.text:
            self.blocked.append(message.text)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve `app` on a free port of this machine while the block runs; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    server.daemon_threads = False  # its answers are finished before the next test begins
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def furnish(world: World, folder: Path) -> dict[str, Any]:
    """Let everything happen once; return the numbers of replies and the tokens of links."""
    world.index_article()
    world.translate_article(*TRANSLATIONS)
    publish_articles(world, folder)
    found = argue(world) | decide_all(world)
    found["reported"], found["by_aigerim"] = report_all(world)
    world.undo(world.decide(world.reply("saule"), Action.REJECT, rule="honesty"))
    with world.at_work(), writing():  # so long ago that the log tells it
        db.session.execute(update(LogSalt).values(created_at=now() - timedelta(hours=1)))
    found |= fill_desk(world)
    take_positions(world)
    found["of_gulnar"], found["banned"] = restrict(world)
    found["reading"] = let_be_read(world)
    found["reworded"] = reword_twice(world)
    world.draft("aigerim", RICH, place="passage-4")
    with world.at_work(), writing():
        found["lead_link"], found["link"] = links.make(None), links.make(signin.find("saule"))
    found |= letter_links(world)
    world.passkey("timur", UNBROKEN)
    found["waiting_answer"] = world.reply("aigerim", Stance.NEITHER, parent=found["thread"])
    found["of_maria"] = world.reply("maria")
    world.open_person(world.take_name("Moth_with_a_long_name_of_30.00", "sabina"))
    found["of_moth"] = world.reply("sabina")
    return found | {"receipt": world.receipts[-1], "answered": world.receipts[0]}


def argue(world: World) -> dict[str, int]:
    """Let a thread be as deep as can be, words be long and rich, and two places be kept without their words."""
    thread = world.published("boris", Stance.PRO, RICH, passage=4, quote="we can’t ask police for help")
    answer = world.published("aigerim", Stance.NEITHER, RICH, parent=thread)
    deeper = world.published("boris", Stance.ANTI, RICH, parent=answer)
    world.published("aigerim", Stance.PRO, RICH, parent=deeper)
    world.published("W" * 30, Stance.ANTI, "x" * 1500, passage=4)
    world.published("saule", Stance.ANTI, passage=19)
    removed, taken_back = world.published("boris"), world.published("boris", Stance.ANTI)
    for below in (removed, taken_back):
        world.published("aigerim", parent=below)
    world.decide(removed, Action.REMOVE)
    take_back(world, "boris", taken_back)
    world.translated(thread, "saule", f"Сказано так. {RICH}")
    world.reword(answer, f"{RICH} Once more."), world.translated(answer, "saule", f"Сказано так. {RICH}")
    world.decide(answer, Action.PUBLISH)  # and its translation is one of earlier words
    translation = world.translation(thread, "saule", f"Былай айтылған. {RICH}", "kk")
    return {"thread": thread, "removed": removed, "taken_back": taken_back, "translation": translation}


def decide_all(world: World) -> dict[str, int]:
    """Let replies of Aigerim wait, come back and be rejected, and decisions be appealed and judged."""
    waiting, returned, rejected = (world.reply("aigerim", side, RICH) for side in (Stance.PRO, *SIDES))
    reword(world, "aigerim", waiting)
    found = {"waiting": waiting, "returned": returned, "rejected": rejected}
    found["returning"] = world.decide(returned, Action.RETURN, explanation=RICH)
    found["appealed"] = world.decide(rejected, Action.REJECT, explanation=RICH)
    found["appeal"] = world.appeal(found["appealed"], RICH)
    found["appealable"] = world.decide(world.published("aigerim"), Action.REMOVE)
    reversed_one, found["judged"] = (
        world.appeal(world.decide(world.published("aigerim"), Action.REMOVE)) for _ in range(2)
    )
    world.judge(reversed_one, "decision_reversed", explanation=RICH)
    world.judge(found["judged"], explanation=RICH)
    take_back(world, "aigerim", world.reply("aigerim"))
    return found


def fill_desk(world: World) -> dict[str, int]:
    """Let the same words come twice, and let Timur hold and note a reply of a child; ship the explanations."""
    spam = [world.reply(name, Stance.ANTI, f"{RICH}\n\nCall +7 701 234 56 78 today.") for name in ("boris", "saule")]
    held = world.reply("boris", text=f"I am 15 years old, and I say: {RICH}")
    world.visitor("timur").post(f"/moderation/replies/{held}/claim")
    world.visitor("timur").post(f"/moderation/replies/{held}/notes", note=RICH)
    with world.at_work(), writing():
        explanations.ship()
    return {"spam": spam[0], "held": held}


def reword_twice(world: World) -> int:
    """Let a public reply be reworded twice; the second wording waits."""
    reworded = world.published("aigerim", Stance.ANTI, RICH)
    world.reword(reworded, f"{RICH} Twice.")
    world.decide(reworded, Action.PUBLISH)
    world.reword(reworded, f"{RICH} Three times.")
    return reworded


def letter_links(world: World) -> dict[str, str]:
    """Let Saule give an address; return what stands in the links to confirm it and to stop letters."""
    world.give_address("aigerim", confirmed=True)
    world.give_address("saule")
    with world.at_work():
        row = mailboxes.of(signin.find("saule"))
        return {"confirmation": mailboxes.confirmation(row), "unsubscription": mailboxes.unsubscription(row)}


def report_all(world: World) -> tuple[int, int]:
    """Let a reply be reported for every reason, after a first report that was dismissed; return reply and a report."""
    reported = world.published("boris", Stance.ANTI, RICH)
    world.report(reported, explanation=RICH)
    world.dismiss(reported, explanation=RICH)
    world.report(reported, "saule", "privacy", RICH)
    by_aigerim = world.report(reported, "aigerim", "respect", RICH)
    world.report(reported, "", "illegal", RICH)
    closed = world.published("boris")
    world.report(closed, "aigerim")
    world.decide(closed, Action.REMOVE)
    return reported, by_aigerim


def restrict(world: World) -> tuple[int, int]:
    """Let members be warned, suspended and banned, and leads propose more; return a reply of the second and the ban."""
    of_gulnar = world.reply("gulnar", Stance.ANTI, RICH)
    world.decide(of_gulnar, Action.RETURN, explanation=RICH)
    world.warn("dauren", explanation=RICH)
    past = world.suspend("gulnar", days=2, explanation=RICH)
    with world.at_work(), writing():
        sanctions.end(people.sanction_to_change(past), by=signin.find("maria"), reason=RICH)
    suspended = world.suspend("gulnar", days=7, explanation=RICH)
    banned = world.ban("ermek", explanation=RICH)
    world.appeal_sanction(suspended, RICH)
    world.note("gulnar", RICH)
    world.propose_ban("gulnar", days=30, explanation=RICH)
    world.propose_role("timur", Role.LEAD, by="sanzhar")
    for name in ("aigerim", "gulnar", "zarina", "maria"):
        world.open_person(name, by="maria")
        world.open_person(name, by="zarina")
    return of_gulnar, banned


def let_be_read(world: World) -> int:
    """Let two leads decide to read what somebody has written, and one of them do it; return the proposal."""
    world.propose_export("dauren", by="sanzhar")
    reading = world.propose_export("aigerim")
    world.confirm(reading)
    world.do_jobs()
    world.visitor("zarina").post(f"/proposals/{reading}/archive")
    return reading


def publish_articles(world: World, folder: Path) -> None:
    """Open one debate in which one side has two pages of replies and the other none, one closed, one yet to open.

    The closed one has lost a passage that is quoted.
    """
    for slug, more in (("one-side", ""), ("over", "closes: 2999-01-01"), ("later", "opens: 2999-01-01")):
        file = folder / f"{slug}.md"
        file.write_text(ARTICLE.format(title=f"{slug} {UNBROKEN}", more=more), encoding="utf-8")
        with world.at_work(), writing():
            articles.publish(article_files.read(file))
    for _ in range(queries.PER_PAGE + 1):
        world.published("boris", slug="one-side", passage=1)
    world.published("boris", slug="over", passage=3, quote="and code_that_never_breaks")
    for n in range(30):
        world.answer(f"member-{n}", "over", before=n % 5 - 2, after=min(2, n % 5 - 2 + n % 2))
    file = folder / "over.md"
    file.write_text(file.read_text(encoding="utf-8").replace("1. A list", "A sentence").replace("2. and", "or"))
    with world.at_work(), writing():
        articles.publish(article_files.read(file))
        articles.close(queries.by_slug("over"), f"All has been said: {UNBROKEN}.")


def take_positions(world: World) -> None:
    """Let members say where they stand before reading, after it and both times, too few for bars in five parts."""
    for n in range(12):
        world.answer(f"member-{n}", before=1 if n % 2 else -1, after=n % 3)
    world.answer("saule", before=1)
    world.answer("timea", before=-2, after=2)
    with world.at_work():
        shifts.refresh_all()


def take_back(world: World, name: str, reply: int) -> None:
    """Let an author withdraw a reply."""
    with world.at_work(), writing():
        replies.withdraw(queries.reply_to_change(reply), by=signin.find(name))


def reword(world: World, name: str, reply: int) -> None:
    """Let an author give a waiting reply another wording on the same side."""
    with world.at_work():
        said = replies.wording(f"{RICH} In other words: {next(world.words)}.")
        with writing():
            found = queries.reply_to_change(reply)
            replies.edit(found, said, by=signin.find(name), stance=found.stance)


def faults(page: Page) -> list[str]:
    """Return what is wrong for some reader: on a wide page in the light, on phones in the dark, all unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    page.evaluate(AXE_SCRIPT)
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    page.evaluate("scrollTo(0, 0)")  # else what the bar at the top covers in part is taken for too small
    found = [f"light: {fault}" for fault in violations(page, STANDARDS)]
    page.emulate_media(color_scheme="dark")
    for size in (NARROWEST, PHONE):
        page.set_viewport_size(size)
        found += [f"{size['width']} px: {element} sticks out" for element in page.evaluate(SIDEWAYS)]
    return found + [f"dark: {fault}" for fault in violations(page, OF_THE_LOOK)]


class Directions(HTMLParser):
    """Collects the texts with some words in them above which no element leaves the direction to the text."""

    VOID = {"meta", "link", "input", "br", "hr", "use", "path"}

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words, self.above, self.found = words, list[tuple[str, bool]](), list[str]()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Go down into an element; no direction is asked for in titles, and in what browsers do not show."""
        if tag not in self.VOID:
            self.above.append((tag, ("dir", "auto") in attributes or tag in {"bdi", "title", "script", "option"}))

    def handle_endtag(self, tag: str) -> None:
        """Come up again, also out of elements that end without saying so."""
        while self.above and self.above.pop()[0] != tag:
            pass

    def handle_data(self, text: str) -> None:
        """Look at a text."""
        if self.words in text and not any(is_auto for _tag, is_auto in self.above):
            self.found.append(f"{[tag for tag, _is_auto in self.above[-3:]]} {text.strip()[:60]}")


def undirected(page: str, words: str) -> list[str]:
    """Return the texts of a page with these words that do not run in their own direction."""
    parser = Directions(words)
    parser.feed(page)
    return parser.found


def violations(page: Page, rules: list[str]) -> list[str]:
    """Return what axe finds, each with the place of the first element."""
    return page.evaluate(AXE, rules)


def send(page: Page, button: Locator) -> int:
    """Press a button whatever the browser itself thinks of the fields; return the status of the answer."""
    button.evaluate("button => button.form.noValidate = true")
    with page.expect_navigation() as answer:
        button.click()
    return answer.value.status


def window_with_exit(tour: Tour, **options: bool) -> Page:
    """Open a window in which the way out leads to a page of this test, not into the network."""
    page = tour.window(**options)
    page.context.route(f"{EXIT}**", lambda route: route.fulfill(body="An ordinary page"))
    return page


def assert_left(page: Page) -> None:
    """See the page to which the way out leads."""
    page.wait_for_url(EXIT)
    expect(page.get_by_text("An ordinary page")).to_be_visible()


def fill(page: Page, **fields: str) -> None:
    """Type into fields by their labels."""
    for label, value in fields.items():
        page.get_by_label(label, exact=True).fill(value)


def write(page: Page, text: str) -> None:
    """Choose a side and type an argument."""
    page.get_by_label("For legalisation").check()
    page.get_by_label("Your argument").fill(text)


def assert_written(page: Page, text: str) -> None:
    """See that the form holds the side and the argument."""
    expect(page.get_by_label("Your argument")).to_have_value(text)
    expect(page.get_by_label("For legalisation")).to_be_checked()


def open_first_at_desk(page: Page, code: str) -> None:
    """Let Maria sign in, go to the desk and open what has waited longest."""
    page.goto("/")
    page.get_by_role("link", name="Sign in").click()
    fill(page, Pseudonym="maria", Password=PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code of your app").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Desk 1").click()
    page.get_by_role("link", name=TEXT[:40]).click()


def tab_to(page: Page, place: Locator, most: int = 200, key: str = "Tab") -> None:
    """Go on with the Tab key until `place` has the focus; backwards with `Shift+Tab`."""
    for _ in range(most):
        page.keyboard.press(key)
        if place.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"the keyboard does not reach {place} in {most} steps")


def boxes(pairs: Locator) -> list[dict[str, float | str]]:
    """Return the side and the place of each entry of a list of both sides."""
    return pairs.evaluate("""list => [...list.children].map(entry => {
      const {left, right, top} = entry.getBoundingClientRect();
      return {side: entry.dataset.stance, left, right, top};
    })""")


# What is wider than the window, if the page can be moved sideways.
SIDEWAYS = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const wide = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > width + 1);
  return ["page", ...wide.map(e => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 30)}`)].slice(0, 4);
}"""

AXE = """rules => axe.run({runOnly: rules, resultTypes: ["violations"]}).then(({violations}) =>
  violations.map(({id, nodes}) => `${id} at ${nodes.map(node => node.target).slice(0, 5).join(", ")}`))"""

# On how many lines the words of an element stand.
LINES = """element => {
  const words = document.createRange();
  words.selectNodeContents(element.lastChild);
  return words.getClientRects().length;
}"""
