"""A small model of where a reply stands, played at random against the forum: they never differ.

The model knows decisions, wordings and answers as `decisions.md` 2, 4, 6 and 9 tell them, and nothing of the code.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from forum.db import Base, db
from forum.debates.models import Reply, Revision
from forum.moderation.appeal_models import Appeal
from forum.moderation.models import Action, Decision
from tests.safety.kept import Kept
from tests.world import DEBATE, World

FIRST_LOOK = {"publish": "published", "return": "returned", "reject": "rejected"}
WHICH = st.integers(0, 5)  # of several, the how manieth from the end


@dataclass
class Wording:
    word: str
    number: int
    replaces: "Wording | None" = None  # the public one that it would change
    became: str = "waiting"
    is_taken_out: bool = False  # of the history


@dataclass
class Judged:
    """A decision, or an appeal against one."""

    number: int
    action: str
    wording: Wording
    made_at: datetime
    closed: Wording | None = None  # a wording that waited when the reply was removed
    is_undone: bool = False
    is_built_on: bool = False  # so that it cannot be undone
    appeal: int | None = None
    is_appeal_open: bool = False

    @property
    def is_of_rewording(self) -> bool:
        return self.wording.replaces is not None and self.action in FIRST_LOOK

    @property
    def leaves_reply(self) -> bool:
        return self.is_of_rewording or self.action == "remove_wording"


@dataclass
class Model:
    """Where one reply stands."""

    status: str = "pending"
    wordings: list[Wording] = field(default_factory=list)
    shown: Wording | None = None
    has_answers: bool = False
    decisions: list[Judged] = field(default_factory=list)
    reversed: list[Wording] = field(default_factory=list)  # whose removal is a colleague’s matter from now on

    @property
    def is_public(self) -> bool:
        return self.status == "published"

    @property
    def is_tombstone(self) -> bool:
        return self.status in {"removed", "withdrawn"} and self.has_answers

    @property
    def waiting(self) -> Wording | None:
        return self.wordings[-1] if self.wordings[-1].became == "waiting" else None

    @property
    def history(self) -> list[Wording]:
        return [one for one in self.wordings if one.became == "published" and not one.is_taken_out]

    @property
    def last(self) -> Judged | None:
        return next((one for one in reversed(self.decisions) if not one.is_undone), None)

    def edit(self, wording: Wording) -> None:
        self.give_up_waiting()
        self.status = "pending" if self.status == "returned" else self.status
        wording.replaces = self.shown if self.is_public else None
        self.wordings.append(wording)
        self.build(lambda decision: decision.action != "remove_wording")

    def give_up_waiting(self) -> Wording | None:
        waiting = self.waiting
        if waiting:
            waiting.became = "withdrawn"
        return waiting

    def build(self, concerns: Callable[[Judged], bool]) -> None:
        for decision in self.decisions:
            decision.is_built_on = decision.is_built_on or concerns(decision)

    def could(self, action: str, former: Wording | None) -> bool:
        if action in FIRST_LOOK:
            return self.waiting is not None and self.status in {"pending", "published"}
        if action == "restore":
            return self.status == "removed"
        if action == "remove":
            return self.is_public and self.shown not in self.reversed
        return self.is_public and former is not None and former is not self.shown and former not in self.reversed

    def decide(self, decision: Judged) -> None:
        action, wording = decision.action, decision.wording
        if action in FIRST_LOOK:
            wording.became = FIRST_LOOK[action]
            self.status = "published" if wording.replaces else FIRST_LOOK[action]
        if action == "publish":
            self.shown = wording
        if action == "remove":
            self.status, decision.closed = "removed", self.give_up_waiting()
        if action == "remove_wording":
            wording.is_taken_out = True
        if action == "restore":
            self.status = "published"
            for former in self.decisions:
                decision.is_built_on |= former.action == "remove" and former.is_appeal_open
                former.is_appeal_open &= former.action != "remove"
        self.decisions.append(decision)

    def may_undo(self, decision: Judged, now: datetime) -> bool:
        is_late = now - decision.made_at > timedelta(seconds=30)
        judged, given_up = decision.wording, decision.wording.became == "withdrawn" and decision.is_of_rewording
        expected = judged if decision.action == "publish" else judged.replaces
        shown_anew = decision.is_of_rewording and self.shown is not expected
        is_gone = self.status == "withdrawn" or given_up or shown_anew
        return self.last is decision and not (is_late or is_gone or decision.is_built_on or decision.appeal)

    def undo(self, decision: Judged) -> None:
        action, wording = decision.action, decision.wording
        decision.is_undone = True
        if action in FIRST_LOOK:
            wording.became = "waiting"
            self.status = "published" if wording.replaces else "pending"
        if action == "publish":
            self.shown = wording.replaces
        if action == "remove":
            self.status = "published"
            if decision.closed:
                decision.closed.became = "waiting"
        if action == "restore":
            self.status = "removed"
        if action == "remove_wording":
            wording.is_taken_out = False

    def may_appeal(self, decision: Judged) -> bool:
        if self.status == "withdrawn" or decision.is_undone or decision.appeal:
            return False
        if decision.action == "remove_wording":
            return decision.wording.is_taken_out
        if decision.is_of_rewording:
            return decision.action == "reject" and decision.wording.became == "rejected"
        after = {"reject": "rejected", "remove": "removed"}.get(decision.action)
        return self.status == after and self.last is decision

    def reverse(self, decision: Judged) -> None:
        wording = decision.wording
        self.reversed.append(wording)
        if decision.action == "remove_wording":
            wording.is_taken_out = False
        elif decision.is_of_rewording:
            later = self.wordings[self.wordings.index(wording) + 1 :]
            is_newest = self.is_public and not any(one.became in {"waiting", "published"} for one in later)
            wording.became = "published" if is_newest else "withdrawn"
            self.shown = wording if is_newest else self.shown
        else:
            self.status, self.shown, wording.became = "published", wording, "published"

    def withdraw(self) -> None:
        self.status = "withdrawn"
        self.give_up_waiting()
        for decision in self.decisions:
            decision.is_appeal_open = False


class Stage:
    """The forum on which the games are played, put back before each."""

    def __init__(self, world: World) -> None:
        self.world = world
        per_hour = ("REPLIES_PER_HOUR", "EDITS_PER_HOUR", "WAITING_PER_MEMBER", "REPORTS_PER_HOUR")
        world.app.config.update(dict.fromkeys(per_hour, 1000))
        names = {"author": "aigerim", "other": "boris", "maria": "maria", "timur": "timur", "reader": ""}
        self.people = {who: world.visitor(name) for who, name in names.items()}
        self.cookies = {who: (one.token(), one.client.get_cookie("session").value) for who, one in self.people.items()}
        self.reply = world.reply("aigerim", text=sentence(0))
        self.kept = Kept(world)
        self.begins_at = datetime.now(UTC) + timedelta(seconds=1)  # a cookie from the future would be none

    def put_back(self) -> None:
        self.kept.put_back()
        for who, (_token, cookie) in self.cookies.items():
            self.people[who].client.set_cookie("session", cookie)

    def send(self, who: str, address: str, **fields: object) -> bool:
        """Send a form; say whether what it asks for was done."""
        answer = self.people[who].post(address, **fields)
        assert answer.status_code in {200, 303, 403, 404, 409, 422}, f"{address}: {answer.status_code}"
        return answer.status_code == 303

    def newest(self, row: type[Base]) -> int:
        with self.world.at_work():
            return db.session.scalar(select(func.max(row.id)))


def sentence(number: int) -> str:
    return f"An argument, zq{number}, with a reason of its own that anybody can follow and answer."


def words_on(page: str) -> set[str]:
    """Return which of the wordings stand on a page."""
    return set(re.findall(r"zq\d+", page))


class Game(RuleBasedStateMachine):
    """Author, moderators and readers act at random; after each step the forum stands where the model does."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.stage.put_back()
        self.travel = time_machine.travel(self.stage.begins_at, tick=False)
        self.clock = self.travel.start()
        self.reply = self.stage.reply
        self.model = Model(wordings=[Wording("zq0", self.stage.newest(Revision))])
        self.said = 0

    def teardown(self) -> None:
        self.travel.stop()

    def send(self, who: str, address: str, *, works: bool, **fields: object) -> bool:
        """Send a form that the model says is taken, or refused; what changes nothing may be answered either way."""
        self.clock.shift(1)
        done = self.stage.send(who, address.format(self.reply), **fields)
        assert done or not works, f"{address} was refused"
        return works

    @precondition(lambda self: self.model.status == "withdrawn")
    @rule()
    def post(self) -> None:
        """Begin anew: of the former reply everything has been asked."""
        self.said += 1
        self.send("author", f"{DEBATE}/replies", works=True, stance="pro", text=sentence(self.said))
        self.reply = self.stage.newest(Reply)
        self.model = Model(wordings=[Wording(f"zq{self.said}", self.stage.newest(Revision))])

    @rule()
    def edit(self) -> None:
        self.said += 1
        works = self.model.status in {"pending", "returned", "published"}
        if self.send("author", "/replies/{}/edit", works=works, stance="pro", text=sentence(self.said)):
            self.model.edit(Wording(f"zq{self.said}", self.stage.newest(Revision)))

    @rule()
    def edit_back_to_what_is_public(self) -> None:
        if self.model.is_public and self.model.shown:
            number = int(self.model.shown.word[2:])
            self.send("author", "/replies/{}/edit", works=True, stance="pro", text=sentence(number))
            self.model.give_up_waiting()

    @rule()
    def take_wording_back(self) -> None:
        last = self.model.wordings[-1]
        works = last.replaces is not None and last.became in {"waiting", "returned"}
        if self.send("author", "/replies/{}/wording/withdraw", works=works, wording=last.number):
            last.became = "withdrawn"

    @rule()
    def withdraw(self) -> None:
        self.send("author", "/replies/{}/withdraw", works=True)
        self.model.withdraw()

    @rule()
    def answer(self) -> None:
        fields = {"stance": "anti", "parent": self.reply, "text": "An answer that is about what was said above it."}
        if self.send("other", f"{DEBATE}/replies", works=self.model.is_public, key=f"k{self.said}", **fields):
            self.stage.world.decide(self.stage.newest(Reply), Action.PUBLISH)
            self.model.has_answers = True
            self.model.build(lambda decision: not decision.leaves_reply or decision.action == "publish")

    @rule()
    def report(self) -> None:
        fields = {"reason": "respect", "explanation": "The second half of it speaks of a person and not of the matter."}
        if self.send("reader", "/replies/{}/report", works=self.model.is_public, **fields):
            self.model.build(lambda decision: not decision.leaves_reply or decision.action == "publish")

    @rule(action=st.sampled_from(list(Action)), which=WHICH)
    def decide(self, action: Action, which: int) -> None:
        model, formers = self.model, self.model.history
        former = formers[-1 - which % len(formers)] if action is Action.REMOVE_WORDING and formers else None
        wording = model.wordings[-1] if action.value in FIRST_LOOK or not model.shown else model.shown
        self.said += 1
        fields = {"rule": "respect", "explanation": f"It speaks of a person, {self.said}, and not of the matter."}
        fields |= {"action": action.value, "revision": wording.number, "former": former.number if former else ""}
        works = model.could(action.value, former)
        if self.send("maria", "/moderation/replies/{}/decisions", works=works, **fields):
            made_at = datetime.now(UTC)
            model.decide(Judged(self.stage.newest(Decision), action.value, former or wording, made_at))

    @rule(which=WHICH)
    def undo(self, which: int) -> None:
        if self.model.decisions:
            decision = self.model.decisions[-1 - which % len(self.model.decisions)]
            works = self.model.may_undo(decision, datetime.now(UTC) + timedelta(seconds=1))
            if self.send("maria", f"/decisions/{decision.number}/undo", works=works):
                self.model.undo(decision)

    @rule(which=WHICH)
    def appeal(self, which: int) -> None:
        if self.model.decisions:
            decision = self.model.decisions[-1 - which % len(self.model.decisions)]
            self.said += 1
            plea = f"I spoke, {self.said}, of a decision that anybody can read, and of no person at all."
            if self.send(
                "author", f"/decisions/{decision.number}/appeal", works=self.model.may_appeal(decision), text=plea
            ):
                decision.appeal, decision.is_appeal_open = self.stage.newest(Appeal), True

    @rule(which=WHICH, stands=st.booleans())
    def judge(self, which: int, stands: bool) -> None:
        appealed = [decision for decision in self.model.decisions if decision.appeal]
        if appealed:
            decision = appealed[-1 - which % len(appealed)]
            outcome = "decision_stands" if stands else "decision_reversed"
            self.said += 1
            fields = {"outcome": outcome, "rule": "topic", "explanation": f"I have weighed it, {self.said}, anew."}
            works = decision.is_appeal_open
            if self.send("timur", f"/moderation/appeals/{decision.appeal}/judgement", works=works, **fields):
                decision.is_appeal_open = False
                if not stands:
                    self.model.reverse(decision)

    @rule()
    def let_a_minute_pass(self) -> None:
        self.clock.shift(60)

    @invariant()
    def stands_where_the_model_does(self) -> None:
        model, world = self.model, self.stage.world
        assert world.status(self.reply) == model.status
        with world.at_work():
            rows = db.session.scalars(select(Revision).where(Revision.reply_id == self.reply).order_by(Revision.number))
            found = [(row.outcome.value, row.removed_under is not None) for row in rows]
        assert found == [(one.became, one.is_taken_out) for one in model.wordings]

    @invariant()
    def readers_see_what_the_model_says(self) -> None:
        model, reader = self.model, self.stage.people["reader"]
        shown = {model.shown.word} if model.is_public and model.shown else set()
        page, history = reader.get(f"{DEBATE}/replies/{self.reply}"), reader.get(f"/replies/{self.reply}/history")
        assert page.status_code == (200 if model.is_public or model.is_tombstone else 404)
        assert history.status_code == (200 if model.is_public else 404)
        assert words_on(page.text) == words_on(reader.get(DEBATE).text) == shown
        assert words_on(history.text) == ({one.word for one in model.history} if model.is_public else set())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("games", "steps"), [(6, 20), pytest.param(60, 40, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_a_reply_is_always_where_a_small_model_says_it_is(world: World, games: int, steps: int) -> None:
    Game.stage = Stage(world)
    run_state_machine_as_test(
        Game,
        settings=settings(
            max_examples=games,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
