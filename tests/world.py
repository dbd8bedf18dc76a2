"""The people of the tests and what they can do: a named cast, on a real forum, through its verbs and its pages.

Aigerim and Boris write, Maria and Timur moderate, Zarina and Sanzhar lead.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path
from threading import Barrier
from typing import Any

import pyotp
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import event, func, select, update
from werkzeug.test import TestResponse

from forum import jobs
from forum.accounts import passkeys, second_factor, signin, signup
from forum.accounts.models import CodeApp, Passkey, Role, User
from forum.db import Base, db, now, writing
from forum.debates import (
    article_files,
    articles,
    bylines,
    debate_names,
    drafts,
    mutes,
    positions,
    queries,
    quotes,
    replies,
    translations,
    votes,
)
from forum.debates.draft_models import Draft
from forum.debates.models import Debate, DebateName, Reply, Revision, Stance
from forum.debates.passage_queries import passage_in
from forum.debates.position_models import Reading
from forum.debates.vote_models import Vote
from forum.events import Event
from forum.jobs import Job, Kind
from forum.memory import Kept
from forum.moderation import (
    appeal_queries,
    appeals,
    decisions,
    explanations,
    people,
    proposals,
    reports,
    sanction_appeals,
    sanctions,
    undo,
)
from forum.moderation.appeal_models import Appeal, AppealOutcome
from forum.moderation.desk_models import CannedExplanation
from forum.moderation.models import Action, Decision
from forum.moderation.sanction_models import PersonNote, Proposal, Sanction, SanctionAppeal, SanctionAppealOutcome
from forum.notifications import follows, mailboxes
from forum.notifications.mail_models import Frequency, MailAddress
from forum.opinions import counts
from forum.privacy import erasure, exports, leaving
from forum.privacy.models import Erased
from forum.search import index
from forum.start import SEED, TRANSLATIONS

SLUG = "prostitution-in-kazakhstan"
DEBATE = f"/debates/{SLUG}"
UNKNOWN = 99999  # a number that no row has
PASSWORD = "three quiet horses"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of every app of the cast
STAFF = {"maria": Role.MODERATOR, "timur": Role.MODERATOR, "zarina": Role.LEAD, "sanzhar": Role.LEAD}
WAYS = {  # what is decided on a reply until it stands there
    "published": [Action.PUBLISH],
    "returned": [Action.RETURN],
    "rejected": [Action.REJECT],
    "removed": [Action.PUBLISH, Action.REMOVE],
}
WHY = "The second sentence speaks of the author. The first one would be fine alone."
PLEA = "I spoke of a decision of the court, which anybody can read, and of no person at all."
SECOND_WHY = "I have read the court’s decision that you name, and weighed your sentence against it."


@cache
def secrets_of_all() -> signup.Secrets:
    """Hash one password and one set of codes for the whole cast: it is slow on purpose."""
    return signup.Secrets(PASSWORD)


@cache
def the_article() -> article_files.Seed:
    """Read the article once for all forums."""
    return article_files.read(SEED)


class World:
    """A forum with its first debate. Methods give numbers of rows; `at_work` gives the rows themselves."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.words = itertools.count(1)
        self.receipts: list[str] = []
        wiring = app.extensions["consequences"]
        app.extensions["consequences"] = wiring | {Event.ARTICLE_REVISED: []}
        with self.at_work(), writing():
            articles.publish(the_article())
        app.extensions["consequences"] = wiring

    def translate_article(self, *files: Path) -> None:
        """Give the first debate its article in one more language, or in all whose files are named."""
        for file in files or TRANSLATIONS[:1]:
            with self.at_work(), writing():
                translations.publish(article_files.read_translation(file))

    def index_article(self) -> None:
        """Let the search find the article, too, which takes longer than all the rest of a new forum."""
        with self.at_work():
            index.catch_up()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Run the block where verbs and queries can be called, in a session of its own."""
        with self.app.test_request_context(base_url="http://localhost"):
            yield

    def person(self, name: str, role: Role | None = None) -> int:
        """Return the number of a person; the first mention makes them. Who moderates has an app that makes codes."""
        with self.at_work():
            user = signin.find(name)
            if user is None:
                with writing():
                    user = signup.join(name, secrets_of_all(), role=role or STAFF.get(name, Role.MEMBER))
            if user.is_staff and not user.second_factor_at:
                with writing():
                    self._give_app(user)
            return user.id

    def give_app(self, name: str) -> None:
        """Let somebody have an app that makes codes; who moderates has one from the beginning."""
        self.person(name)
        with self.at_work(), writing():
            self._give_app(signin.find(name))

    def passkey(self, name: str, called: str = "My phone", **more: Any) -> int:
        """Let somebody have a passkey, of a device that nobody has; returns its number."""
        self.person(name)
        made = {"credential_id": b"passkey-%d" % next(self.words), "public_key": b"", "sign_count": 0} | more
        with self.at_work(), writing():
            user, passkey = signin.find(name), Passkey(**made, asked_at=now())
            passkeys.add(user, passkey, called)
            return passkey.id

    def _give_app(self, user: User) -> None:
        second_factor.add_app(user, TOTP_SECRET, pyotp.TOTP(TOTP_SECRET).at(now()))

    def code(self, name: str) -> str:
        """Return the code that the app of somebody shows, as if half a minute had passed since the last one."""
        self.person(name)
        with self.at_work(), writing():
            db.session.execute(update(CodeApp).where(CodeApp.user_id == signin.find(name).id).values(last_step=0))
        return pyotp.TOTP(TOTP_SECRET).at(now())

    def reply(self, author: str, stance: Stance = Stance.PRO, text: str = "", **more: Any) -> int:
        """Let somebody send a reply to the moderators; `parent` is a number."""
        author_id = self.person(author)
        with self.at_work():
            said = replies.wording(text or f"Argument number {next(self.words)}, with a reason that one can follow.")
            with writing():
                parent = queries.parent(more.pop("parent")) if more.get("parent") else None
                debate = db.session.scalars(select(Debate).where(Debate.slug == more.pop("slug", SLUG))).one()
                author_row = db.session.get_one(User, author_id)
                if more.get("quote"):  # its words
                    more["quote"] = quotes.read(passage_in(debate, more["passage"]), more["quote"])
                reply = replies.post(debate, said, author=author_row, stance=stance, parent=parent, **more)
                return reply.id

    def translation(self, original: int, by: str = "boris", text: str = "", language: str = "ru") -> int:
        """Let somebody offer a translation of a public reply, as it is now."""
        number = self.person(by)
        with self.at_work():
            said = replies.wording(text or f"Перевод номер {next(self.words)}, с тем же доводом.", language)
            with writing():
                original = queries.parent(original)
                author, facts = db.session.get_one(User, number), {"stance": original.stance, "original": original}
                shown, debate = original.shown_revision_id, db.session.get_one(Debate, original.debate_id)
                return replies.post(debate, said, author=author, translated=shown, **facts).id

    def translated(self, original: int, *said: str, **more: str) -> int:
        """Let somebody translate a public reply and Maria publish it."""
        translation = self.translation(original, *said, **more)
        self.decide(translation, Action.PUBLISH)
        return translation

    def decide(self, reply: int, action: Action, by: str = "maria", **more: Any) -> int:
        """Let a moderator decide on the wording that counts, or a `former` one; a restriction has rule and reason."""
        former = more.pop("former", None)
        self.person(by)
        if action not in {Action.PUBLISH, Action.RESTORE}:
            more = {"rule": "respect", "explanation": WHY} | more
        with self.at_work(), writing():
            found = queries.reply_to_change(reply)
            shown = action in {Action.REMOVE, Action.RESTORE}
            revision = found.shown_revision if shown else found.latest_revision
            revision = db.session.get_one(Revision, former) if former else revision
            decision = decisions.decide(revision, action, by=signin.find(by), **more)
            return decision.id

    def reword(self, reply: int, text: str = "") -> int:
        """Let its author give a reply a new wording; returns the number of the wording."""
        with self.at_work():
            said = replies.wording(text or f"The same in other words, number {next(self.words)}, with the reason kept.")
            with writing():
                found = queries.reply_to_change(reply)
                replies.edit(found, said, by=found.author, stance=found.stance)
        return self.wording(reply)

    def draft(self, author: str, text: str = "What I have begun to say.", **more: Any) -> int:
        """Let somebody keep a draft; returns its number."""
        author_id, place = self.person(author), more.pop("place", "")
        with self.at_work(), writing():
            user, debate = db.session.get_one(User, author_id), queries.by_slug(SLUG)
            kept = drafts.keep(debate, place, text, {"stance": "pro"}, author=user, seen=more.pop("seen", 0))
            db.session.flush()
            return kept.id

    def appeal(self, decision: int, text: str = PLEA) -> int:
        """Let the author appeal against a decision."""
        with self.at_work(), writing():
            found = appeal_queries.decision_to_appeal(decision)
            return appeals.lodge(found, text, by=found.reply.author).id

    def appeal_sanction(self, sanction: int, text: str = PLEA) -> int:
        """Let the person appeal against a sanction."""
        with self.at_work(), writing():
            found = people.sanction_to_change(sanction)
            return sanction_appeals.lodge(found, text, by=found.user).id

    def judge_sanction(self, appeal: int, outcome: str = "decision_stands", by: str = "timur") -> None:
        """Let somebody who had no part in a sanction decide the appeal against it."""
        self.person(by)
        with self.at_work(), writing():
            found = sanction_appeals.to_change(appeal)
            sanction_appeals.decide(found, SanctionAppealOutcome(outcome), by=signin.find(by), explanation=WHY)

    def judge(self, appeal: int, outcome: str = "decision_stands", by: str = "timur", **more: Any) -> None:
        """Let a second moderator decide an appeal."""
        self.person(by)
        more = {"rule": "topic", "explanation": SECOND_WHY} | more
        with self.at_work(), writing():
            found = appeal_queries.appeal_to_change(appeal)
            appeals.decide(found, AppealOutcome(outcome), by=signin.find(by), **more)

    def undo(self, decision: int, by: str = "maria") -> None:
        """Let a moderator undo a decision."""
        with self.at_work(), writing():
            undo.undo(db.session.get_one(Decision, decision), by=signin.find(by))

    def published(self, author: str, stance: Stance = Stance.PRO, text: str = "", **more: Any) -> int:
        """Let somebody write and Maria publish."""
        reply = self.reply(author, stance, text, **more)
        self.decide(reply, Action.PUBLISH)
        return reply

    def report(self, reply: int, by: str = "", reason: str = "respect", explanation: str = "", **more: Any) -> int:
        """Let somebody report a published reply, a reader without an account by default; the receipt is kept."""
        reporter = self.person(by) if by else None
        with self.at_work(), writing():
            user = db.session.get(User, reporter) if reporter else None
            self.receipts.append(reports.receipt_of(f"key-{len(self.receipts)}", user))
            more["receipt"] = self.receipts[-1]
            report, _is_new = reports.make(reply, reason, explanation, by=user, **more)
            return report.id

    def dismiss(self, reply: int, by: str = "maria", explanation: str = "", seen: int = UNKNOWN) -> int:
        """Let a moderator find that nothing breaks a rule; `seen` is the newest report that was read."""
        self.person(by)
        with self.at_work(), writing():
            return reports.dismiss(queries.reply_to_change(reply), explanation, by=signin.find(by), seen=seen).id

    def answer(self, name: str, slug: str = SLUG, **answers: int) -> None:
        """Let a member say where they stand, `before` reading and `after`, in the order given."""
        self.person(name)
        for reading, position in answers.items():
            with self.at_work(), writing():
                debate = queries.by_slug(slug)
                positions.answer(debate, position, Reading(reading), by=signin.find(name))

    def follow(self, by: str, thread: int | None = None) -> None:
        """Let a member follow the first debate, or a thread of it."""
        self.person(by)
        with self.at_work(), writing():
            root = queries.reply_by_id(thread) if thread else None
            follows.follow(signin.find(by), queries.by_slug(SLUG), root)

    def give_address(self, name: str, frequency: Frequency = Frequency.IMMEDIATE, *, confirmed: bool = False) -> int:
        """Let a member have letters; returns the number of the address."""
        self.person(name)
        with self.at_work(), writing():
            row = mailboxes.give(signin.find(name), "quiet.fox@example.org", frequency)
            if confirmed:
                mailboxes.confirm(row)
            return row.id

    def mute(self, name: str, by: str) -> None:
        """Let a member mute a name."""
        self._about_name(name, by, mutes.mute, {})

    def open_debate(self, slug: str) -> None:
        """Open one more debate, about the same article."""
        with self.at_work(), writing():
            articles.publish(replace(the_article(), facts=the_article().facts | {"slug": slug}))

    def take_name(self, name: str, by: str, slug: str = SLUG) -> str:
        """Let a member write in a debate under another name; returns the tag that staff see."""
        self.person(by)
        with self.at_work(), writing():
            return debate_names.take(queries.by_slug(slug), name, by=signin.find(by)).tag

    def vote(self, reply: int, by: str, well_argued: bool | None = True, **more: Any) -> None:
        """Let a member say of a reply whether it is well argued."""
        self.person(by)
        with self.at_work(), writing():
            votes.answer(queries.reply_by_id(reply), well_argued, by=signin.find(by), **more)

    def count_votes(self) -> None:
        """Let the counts of all replies be looked at, without waiting for the clock."""
        with self.at_work():
            for reply in db.session.scalars(select(Vote.reply_id).distinct().order_by(Vote.reply_id)).all():
                counts.count_votes(reply)

    def do_jobs(self, *, kinds: Iterable[Kind] = ()) -> None:
        """Let what waits be done, and `kinds` that come round by themselves."""
        with self.at_work():
            with writing():
                for kind in kinds:
                    jobs.put(kind)
            jobs.work()

    def make_due(self, kind: Kind) -> None:
        """Let a job that waits for its next try be due now."""
        with self.at_work(), writing():
            db.session.execute(update(Job).where(Job.kind == kind).values(run_at=now()))

    def warn(self, name: str, by: str = "maria", **more: Any) -> int:
        """Let a moderator warn a member; returns the number of the sanction."""
        return self._about(name, by, sanctions.warn, {"rule": "respect", "explanation": WHY} | more)

    def suspend(self, name: str, days: int = 3, by: str = "maria", **more: Any) -> int:
        """Let a moderator suspend a member; returns the number of the sanction."""
        return self._about(name, by, sanctions.suspend, {"rule": "respect", "explanation": WHY, "days": days} | more)

    def propose_ban(self, name: str, days: int | None = None, by: str = "zarina", **more: Any) -> int:
        """Let a lead propose a ban; returns the number of the proposal."""
        more = {"rule": "respect", "explanation": WHY, "days": days} | more
        return self._about(name, by, proposals.propose_ban, more)

    def propose_role(self, name: str, role: Role, by: str = "zarina") -> int:
        """Let a lead propose another role for somebody; returns the number of the proposal."""
        return self._about(name, by, proposals.propose_role, {"role": role, "reason": WHY})

    def propose_purge(self, name: str, by: str = "zarina") -> int:
        """Let a lead propose to erase the words of somebody; returns the number of the proposal."""
        return self._about(name, by, proposals.propose_purge, {"reason": WHY})

    def propose_export(self, name: str, by: str = "zarina") -> int:
        """Let a lead propose to read what somebody has written; returns the number of the proposal."""
        return self._about(name, by, proposals.propose_export, {"reason": WHY})

    def confirm(self, proposal: int, by: str = "sanzhar") -> None:
        """Let another lead confirm."""
        self.person(by)
        with self.at_work(), writing():
            proposals.confirm(people.proposal_to_change(proposal), by=signin.find(by))

    def ban(self, name: str, days: int | None = None, **more: Any) -> int:
        """Let two leads ban a member; returns the number of the sanction."""
        self.confirm(self.propose_ban(name, days, **more))
        with self.at_work():
            return db.session.scalar(select(func.max(Sanction.id)))

    def note(self, name: str, text: str = WHY, by: str = "maria") -> int:
        """Let a moderator leave colleagues a note about somebody."""
        return self._about_name(name, by, people.add_note, {"text": text})

    def export(self, name: str) -> bytes:
        """Let somebody have all that the forum holds about them, as an archive."""
        self.person(name)
        with self.at_work(), writing():
            exports.ask(signin.find(name))
        self.do_jobs()
        with self.at_work(), writing():
            return exports.fetch(signin.find(name)) or b""

    def leave(self, name: str, erases: Erased = Erased.ACCOUNT) -> int:
        """Let somebody delete their account; returns the number that it had."""
        number = self.person(name)
        with self.at_work(), writing():
            user = db.session.get_one(User, number)
            erasure.delete_account(user, erases, by=user)
        return number

    def ask_to_leave(self, name: str, *, calls_off: bool = False) -> None:
        """Let somebody ask for the deletion of their account in a day, and think better of it."""
        self.person(name)
        with self.at_work(), writing():
            leaving.ask(signin.find(name), Erased.ACCOUNT)
            if calls_off:
                leaving.call_off(signin.find(name))

    def erase_words(self, name: str) -> None:
        """Let all be erased that somebody has written until now."""
        self.person(name)
        with self.at_work(), writing():
            erasure.erase_words(signin.find(name), by=None)

    def open_person(self, name: str, by: str = "maria") -> None:
        """Let a moderator ask for the page of a person."""
        self._about_name(name, by, people.open_page, {})

    def _about_name(self, name: str, by: str, act: Callable[..., Any], fields: dict[str, Any]) -> int:
        self._known(name, by)
        with self.at_work(), writing():
            made = act(bylines.at_desk(name), by=signin.find(by), **fields)
            return made.id if made is not None else 0

    def _known(self, name: str, by: str) -> None:
        """Let two be there; `name` may be a name for one debate, or its tag, which has somebody already."""
        with self.at_work():
            is_known = bylines.at_desk(name) is not None
        if not is_known:
            self.person(name)
        self.person(by)

    def _about(self, name: str, by: str, act: Callable[..., Any], fields: dict[str, Any]) -> int:
        self._known(name, by)
        with self.at_work(), writing():
            byline = bylines.at_desk(name)
            fields |= {"name": byline.other} if byline.other else {}
            made = act(byline.author, by=signin.find(by), **fields)
            return made.id if made is not None else 0

    def withdraw(self, reply: int) -> None:
        """Let the author take a reply back."""
        with self.at_work(), writing():
            found = queries.reply_to_change(reply)
            replies.withdraw(found, by=found.author)

    def reply_that_is(self, status: str, author: str = "aigerim", by: str = "maria", **more: Any) -> int:
        """Let somebody write a reply and let it come to `status`."""
        reply = self.reply(author, **more)
        for action in WAYS.get(status, []):
            self.decide(reply, action, by)
        if status == "withdrawn":
            self.withdraw(reply)
        return reply

    def status(self, reply: int) -> str:
        """Return where a reply stands."""
        with self.at_work():
            return db.session.get_one(Reply, reply).status.value

    def wording(self, reply: int) -> int:
        """Return the number of the last wording of a reply."""
        with self.at_work():
            return db.session.scalar(select(func.max(Revision.id)).where(Revision.reply_id == reply))

    def ready(self, rule: str = "topic", text: str = WHY, language: str = "en", by: str = "maria") -> int:
        """Let a moderator add a ready explanation."""
        self.person(by)
        with self.at_work(), writing():
            return explanations.add(rule, language, f"Ready, {rule}", text, by=signin.find(by)).id

    def count(self, model: Any) -> int:
        """Return how many rows a table has."""
        with self.at_work():
            return db.session.scalar(select(func.count()).select_from(model))

    def decisions_on(self, reply: int) -> list[str]:
        """Return the actions decided on a reply, in their order."""
        with self.at_work():
            query = select(Decision.action).where(Decision.reply_id == reply).order_by(Decision.id)
            return [action.value for action in db.session.scalars(query)]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of every table, to compare before and after."""
        with self.at_work():
            tables = Base.metadata.sorted_tables
            return {
                t.name: [tuple(row) for row in db.session.execute(select(t).order_by(*t.primary_key))] for t in tables
            }

    def addresses(self, method: str = "GET", link: str = "unknown") -> list[tuple[str, str]]:
        """Return each endpoint that answers `method` with each of its addresses, one for every row and an unknown one.

        A route with a new kind of argument is a KeyError here, so that no walk passes it by.
        """
        with self.at_work():
            numbers = [*db.session.scalars(select(Reply.id).order_by(Reply.id)), UNKNOWN]
            decided = [*db.session.scalars(select(Decision.id).order_by(Decision.id)), UNKNOWN]
            appealed = [*db.session.scalars(select(Appeal.id).order_by(Appeal.id)), UNKNOWN]
            slugs = list(db.session.scalars(select(Debate.slug)))
            names = list(db.session.scalars(select(User.name).order_by(User.id)))
            for row in db.session.scalars(select(DebateName).order_by(DebateName.id)):
                names += [row.name, row.tag]
            answered = db.session.scalars(select(Reply.passage).where(Reply.passage.is_not(None)).distinct())
            passages = sorted({1, UNKNOWN, *answered})
            rows = {"sanction_id": Sanction, "proposal_id": Proposal, "note_id": PersonNote}
            rows |= {"passkey_id": Passkey}
            rows |= {"draft_id": Draft, "sanction_appeal_id": SanctionAppeal, "explanation_id": CannedExplanation}
            known = {key: [*db.session.scalars(select(row.id).order_by(row.id)), UNKNOWN] for key, row in rows.items()}
            mailed = list(db.session.scalars(select(MailAddress).order_by(MailAddress.id)))
            known |= {"confirmation": [*map(mailboxes.confirmation, mailed), "unknown"]}
            known |= {"unsubscription": [*map(mailboxes.unsubscription, mailed), "unknown"]}
        known |= {"slug": slugs, "reply_id": numbers, "token": [link], "filename": ["evenhand.css"], "name": names}
        known |= {"number": passages}
        known |= {"decision_id": decided, "appeal_id": appealed, "receipt": self.receipts or [link]}
        build = self.app.url_map.bind("localhost").build
        return [
            (rule.endpoint, build(rule.endpoint, dict(zip(rule.arguments, values, strict=True)), method))
            for rule in self.app.url_map.iter_rules()
            if method in (rule.methods or ())
            for values in itertools.product(*(known[argument] for argument in rule.arguments))
        ]

    def visitor(self, name: str = "") -> "Visitor":
        """Return a browser: of a reader, or of somebody who has signed in."""
        visitor = Visitor(self.app.test_client())
        if name:
            number = self.person(name)
            with self.at_work(), writing():
                token = signin.sign_in(db.session.get_one(User, number))
            with visitor.client.session_transaction() as kept:  # what the sign-in page leaves, without its hashing
                kept.update(_user_id=str(number), _fresh=True, sid=token, seen=int(now().timestamp()))
        return visitor

    @contextmanager
    def counted_queries(self, *, with_kept: bool = False) -> Iterator[list[str]]:
        """Collect the statements that the block sends to the database, without those that begin and end.

        At its beginning no part of a page is kept; `with_kept`: those are that were drawn before.
        """
        sent: list[str] = []
        if not with_kept:
            self.app.extensions["fragments"] = Kept()
        with self.sent_statements() as full:
            yield sent
        sent += [statement for statement, _values in full]

    @contextmanager
    def sent_statements(self) -> Iterator[list[tuple[str, Any]]]:
        """Collect the same, each with its values."""
        sent: list[tuple[str, Any]] = []

        def collect(connection, cursor, statement, values, *rest) -> None:
            if statement.split()[0] not in {"BEGIN", "PRAGMA"}:
                sent.append((statement, values))

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", collect)
        try:
            yield sent
        finally:
            event.remove(engine, "before_cursor_execute", collect)


class Visitor:
    """A browser without scripts: it keeps cookies and sends the token of its forms."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page; the address of the form of a reply gets a key first."""
        follow = {"follow_redirects": True} if path.partition("?")[0].endswith("/replies/new") else {}
        return self.client.get(path, **follow, **more)

    def post(self, path: str, *, token: str | None = None, **fields: Any) -> TestResponse:
        """Send a form; its token is taken from a page of this session."""
        fields = {name.rstrip("_"): value for name, value in fields.items()}
        return self.client.post(path, data={"csrf_token": self.token() if token is None else token, **fields})

    def set_up_app(self, **fields: str) -> TestResponse:
        """Let an app be the second factor, by the page for it."""
        page = self.get("/accounts/second-factor").text
        secret = re.sub(r"\s", "", re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1])
        fields = {"sealed": hidden_field(page, "sealed"), "code": pyotp.TOTP(secret).at(now())} | fields
        return self.post("/accounts/second-factor", **fields)

    def token(self) -> str:
        """Return what the forms of this session would send as their token, without the page of a form."""
        with self.client.session_transaction() as kept, self.client.application.test_request_context():
            session.update(kept)
            token = generate_csrf()
            kept.update(session)
        return token


def hidden_field(page: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    match = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert match, f"the page has no field {name}"
    return match[1]


def typed(page: str, name: str = "text") -> str:
    """Return what stands in a text area of a page."""
    match = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert match, f"the page has no text area {name}"
    return unescape(match[1])


def most_queries(address: str) -> int:
    """Return how many queries a page may send, however much there is; a debate a few more."""
    if re.fullmatch(r"/debates/[a-z0-9-]+", address):
        return 14  # for staff: with what they answered, where they stand, and what they may know of tombstones
    return 12 if address.startswith("/accounts/replies") else 11


def at_once(*acts: Callable[[], TestResponse]) -> list[TestResponse]:
    """Run the acts in threads that set off together."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], TestResponse]) -> TestResponse:
        gate.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
