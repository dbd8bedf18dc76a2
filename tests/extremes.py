"""A forum of extremes: debates of 0, 1, 40 and 5,000 replies, names of 30 letters, words without an end."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from forum.accounts import signin
from forum.db import db, now, writing
from forum.debates import article_files, articles, translations
from forum.debates.models import SIDES, Debate, Stance
from forum.moderation import explanations
from forum.moderation.models import Action
from forum.privacy import exports
from forum.search import index
from forum.start import TRANSLATIONS
from forum.transparency.models import LogSalt
from tests.world import DEBATE, World

LONG, LONGER = "W" * 30, "Щ" * 30  # names: the widest letters of two alphabets
SPACELESS = "x" * 1500  # the longest reply that the settings allow, in one word
REASON = "Ы" * 1490 + " reason"
MANY = 5000
WORDS = {
    "en": "Should a country whose courts take four years for one complaint first mend the office that writes it down ",
    "ru": "Следует ли стране, в судах которой одна жалоба рассматривается четыре года, сначала исправить учреждение, ",
    "kk": "Соттарында бір шағым төрт жыл бойы қаралатын ел алдымен сол шағымды қабылдайтын мекемені түзетуі керек пе, ",
}
STOPS = {
    "reader": [
        "/",
        DEBATE,
        "/debates/none",
        "/debates/one",
        "/debates/forty",
        "/debates/forty?sort=newest",
        "/debates/forty?sort=well-argued&language=kk",
        "/debates/many",
        "/debates/many?sort=oldest",
        "/debates/many?pro=40&anti=60",
        "/debates/unbroken",
        "/debates/forty/passages/1",
        "/debates/forty/passages/2",  # without a reply
        "/debates/many/passages/3",
        "/debates/unbroken/passages/1",
        "/debates/forty/replies/{thread}",
        "/debates/forty/replies/{spaceless}",
        "/debates/forty/replies/{removed}",
        "/debates/unbroken/replies/{alone}",
        "/replies/{thread}/history",
        f"/people/{LONG}",
        f"/people/{LONGER}",
        "/search?q=reason",
        f"/search?q={'y' * 150}",
        "/log",
        "/log?action=reject&side=pro",
        "/debates/forty/replies/new?passage=1",
        "/debates/forty/replies/new?parent={thread}",
        "/debates/unbroken/replies/new",
        "/replies/{spaceless}/report",
        "/reports/{receipt}",
    ],
    LONG: [
        "/",
        "/debates/forty",
        "/debates/unbroken",
        "/debates/forty/replies/new",
        "/debates/forty/replies/{waiting}",
        "/replies/{returned}/edit",
        "/debates/forty/name",
        "/accounts/replies",
        "/notifications",
        "/decisions/{rejecting}/appeal",
        "/accounts/settings",
        "/accounts/export",
        "/accounts/delete",
    ],
    "maria": [
        "/moderation",
        "/moderation/replies/{waiting}",
        "/moderation/replies/{of_longer}",
        "/moderation/replies/{thread}",
        "/moderation/replies/{spaceless}",
        "/moderation/reports",
        "/moderation/people",
        f"/moderation/people/{LONG}",
        f"/moderation/people?name={LONGER}",
    ],
    "timur": ["/moderation/appeals", "/moderation/appeals/{appeal}", "/moderation/explanations"],
    "zarina": ["/moderation/proposals", "/moderation/appeals/sanctions/1"],
}
# Where nothing has happened yet.
BARE = {
    "reader": ["/", DEBATE, f"{DEBATE}/passages/1", "/search", "/search?q=nothing+such", "/log", "/log?action=reject"],
    "newcomer": ["/accounts/replies", "/notifications", "/accounts/settings", "/accounts/sessions", DEBATE],
    "maria": [
        *("/moderation", "/moderation/reports", "/moderation/appeals", "/moderation/people"),
        *("/moderation/people?name=nobody", "/moderation/explanations", "/accounts/replies"),
    ],
    "zarina": ["/moderation/proposals"],
}


def cut(words: str, most: int) -> str:
    """Return so many letters of words that are said again and again."""
    return (words * (most // len(words) + 1))[:most].strip().ljust(most, "?")


def exaggerate(world: World, folder: Path) -> dict[str, Any]:
    """Let everything be as much as it can be; return the numbers of replies and the tokens of links."""
    world.index_article()
    world.translate_article(*TRANSLATIONS)
    world.published("boris", passage=4), world.published("aigerim", Stance.ANTI)
    generate(world)
    for slug in ("none", "one", "forty"):
        publish(world, folder, slug, cut(WORDS["en"], 200), "For the motion", "Against it")
    for language in ("ru", "kk"):
        translate(world, folder, language)
    publish(world, folder, "unbroken", "Z" * 200, "P" * 80, "A" * 80)
    world.published("boris", slug="one")
    found = {"alone": world.published(LONGER, text=SPACELESS, slug="unbroken", passage=1)}
    world.published("boris", Stance.ANTI, slug="unbroken", passage=1)
    found |= fill(world) | judge(world)
    with world.at_work(), writing():  # so long ago that the log tells it
        explanations.ship()
        db.session.execute(update(LogSalt).values(created_at=now() - timedelta(hours=1)))
        exports.ask(signin.find(LONG))
    world.do_jobs()
    return found | {"receipt": world.receipts[-1]}


def generate(world: World) -> None:
    """Make the debate of 5,000 replies in bulk, and let its words be as long as can be."""
    done = world.app.test_cli_runner().invoke(args=["generate", "--replies", str(MANY), "--users", "50"])
    assert done.exit_code == 0, done.output
    words = {"title": cut(WORDS["en"], 200), "motion": cut(WORDS["en"], 200), "slug": "many"}
    words |= {"pro_label": cut(WORDS["en"], 80), "anti_label": cut(WORDS["en"], 80)}
    with world.at_work():
        with writing():
            db.session.execute(update(Debate).where(Debate.slug == "g1-1").values(words))
        index.catch_up()


def publish(world: World, folder: Path, slug: str, title: str, *sides: str) -> None:
    """Open a debate about two passages."""
    file = folder / f"{slug}.md"
    file.write_text(article(title, *sides), encoding="utf-8")
    with world.at_work(), writing():
        articles.publish(article_files.read(file))


def translate(world: World, folder: Path, language: str) -> None:
    """Give the debate of forty replies an article in one more language."""
    file, words = folder / f"forty.{language}.md", WORDS[language]
    more = f"translation_of: forty\ntranslation: unofficial\nlanguage: {language}"
    file.write_text(article(cut(words, 200), cut(words, 80), cut(words.lower(), 80), more), encoding="utf-8")
    with world.at_work(), writing():
        translations.publish(article_files.read_translation(file))


def article(title: str, pro: str, anti: str, more: str = "") -> str:
    """Return the file of an article with a title, a motion and gists of 200 letters, and voices and notes."""
    words = cut(title, 200)
    lines = [f'{key}: "{words}"' for key in ("title", "motion", "source", "published_by")]
    sides = [f'  {side}: {{label: "{label}", gist: "{words}"}}' for side, label in (("pro", pro), ("anti", anti))]
    voices = [f'  - {{stance: {side}, passage: 1, speaker: "{words}", exact: "{words}"}}' for side in SIDES]
    notes = f'notes:\n  - {{passage: 1, text: "{words}"}}'
    front = "\n".join([*lines, "stances:", *sides, "voices:", *voices, notes, more])
    return f"---\n{front}\n---\n{words}\n\n{words} {SPACELESS}\n"


def fill(world: World) -> dict[str, int]:
    """Let two write forty replies, among them the longest word and a thread as deep as can be of such words."""
    thread = world.published(LONG, text=REASON, slug="forty", passage=1)
    below = thread
    for by, side in ((LONGER, Stance.ANTI), (LONG, Stance.NEITHER), (LONGER, Stance.PRO)):
        below = world.published(by, side, SPACELESS, parent=below, slug="forty")
    for n in range(37):
        text = SPACELESS if n % 9 == 0 else ""
        world.published((LONG, LONGER)[n % 2], SIDES[n % 2], text, slug="forty", passage=1 if n % 3 else None)
    spaceless, removed = (world.published(LONG, Stance.ANTI, SPACELESS, slug="forty") for _ in range(2))
    world.published(LONGER, parent=removed, slug="forty")
    world.decide(removed, Action.REMOVE, explanation=SPACELESS)
    world.reword(thread, SPACELESS)
    world.decide(thread, Action.PUBLISH)
    world.translated(thread, LONGER, SPACELESS)
    world.follow(LONG)
    return {"thread": thread, "spaceless": spaceless, "removed": removed}


def judge(world: World) -> dict[str, int]:
    """Let replies wait, come back, be rejected and be reported; let a member be suspended and appeal."""
    waiting = world.reply(LONG, Stance.PRO, SPACELESS, slug="forty", passage=1)
    of_longer = world.reply(LONGER, Stance.ANTI, REASON, slug="unbroken")
    returned, rejected, appealed = (world.reply(LONG, side, SPACELESS, slug="forty") for side in (*SIDES, SIDES[0]))
    world.decide(returned, Action.RETURN, explanation=SPACELESS)
    rejecting = world.decide(rejected, Action.REJECT, explanation=SPACELESS)
    appeal = world.appeal(world.decide(appealed, Action.REJECT, explanation=SPACELESS), SPACELESS)
    reported = world.published(LONGER, text=SPACELESS, slug="unbroken")
    for by, reason in ((LONG, "respect"), ("", "illegal"), ("saule", "privacy")):
        world.report(reported, by, reason, SPACELESS)
    world.note(LONG, SPACELESS)
    world.open_person(LONG)
    world.appeal_sanction(world.suspend("gulnar", days=7, explanation=SPACELESS), SPACELESS)
    world.propose_ban(LONGER, days=30, explanation=SPACELESS)
    found = {"waiting": waiting, "of_longer": of_longer, "returned": returned}
    return found | {"rejecting": rejecting, "appeal": appeal}
