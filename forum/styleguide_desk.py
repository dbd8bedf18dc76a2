"""The desk, and the forms that readers and authors send to it, in every state: made up, for `/styleguide` alone."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask import g, render_template
from flask_babel import gettext as _

from forum.db import now
from forum.debates.differences import differences
from forum.debates.models import Debate, ReplyStatus, Stance
from forum.debates.translated import said
from forum.errors import Overtaken, Refused
from forum.extensions import language
from forum.moderation import screening
from forum.moderation.appeal_forms import AppealForm, JudgementForm
from forum.moderation.explanations import Ready
from forum.moderation.forms import DecisionForm
from forum.moderation.highlight import highlight
from forum.moderation.items import Above, Held
from forum.moderation.models import Action
from forum.moderation.own_desk import OwnDesk, Undoable, Wishes
from forum.moderation.report_forms import DismissalForm, ReportForm
from forum.moderation.rules import all_rules
from forum.moderation.screening import Severity
from forum.moderation.screening.words import RULE_OF
from forum.text import render

NUMBER = 2**30  # of a reply that no forum has
READER = SimpleNamespace(id=1, name="maria", role="moderator", is_authenticated=True, is_staff=True)
COLLEAGUE = SimpleNamespace(id=2, name="timur", staff_number=2)
COUNTS = {"waiting": 12, "reported": 3, "appeals": 2, "sanction_appeals": 0, "proposals": 0, "unread": 0, "news": 0}
WAITS = [Action.PUBLISH, Action.RETURN, Action.REJECT]
MARKED = "reader@example.org, +7 701 234 56 78. "  # what screening finds in any language
MINOR = "(15) "  # and what holds a reply, here
KNOWN = {"author_is_shown": True, "history": ["new_here", "many_waiting"]}
Facts = dict[str, Any]


def page(debate: Debate, state: str) -> str:
    """Return a page of the desk in one of its states, as a moderator sees it who wants keys."""
    template, make = STATES[state]
    facts = make(debate)
    g.own_desk, g.menu_counts = OwnDesk(Wishes(keys=True), facts.pop("undoable", None)), COUNTS
    return render_template(f"moderation/{template}.html", current_user=READER, chosen={}, **facts)


def _wording(debate: Debate, number: int = 1, text: str = "") -> Any:
    words = text or MARKED + said(debate).motion
    facts = {"id": NUMBER + number, "number": number, "text": words, "html": str(render(words)), "translated_id": None}
    return SimpleNamespace(**facts, created_at=now() - timedelta(hours=5), published_at=now() - timedelta(days=2))


def _reply(debate: Debate, **more: Any) -> Any:
    author = SimpleNamespace(id=3, name="aigerim", language=language(), created_at=now() - timedelta(days=90))
    facts: Facts = {
        "id": NUMBER,
        "debate": debate,
        "stance": Stance.PRO,
        "status": ReplyStatus.PENDING,
        "language": said(debate).language,
        "author": author,
        "author_id": author.id,
        "shown_name": author.name,
        "byline": SimpleNamespace(desk_name=author.name),
        "waiting_revision": True,
        "is_public": False,
        "debate_name": None,
        "original_id": None,
    }
    return SimpleNamespace(**facts | more)


def _item(debate: Debate, form: Any = None, reply: Any = None, about: Facts | None = None, **more: Any) -> Facts:
    """Return what the page of a reply shows; `about`: what of it is unlike the first wording of an unknown author."""
    nothing = dict.fromkeys(("shown", "former", "parent", "passage", "hidden", "claim", "reported", "same_words"))
    nothing |= dict.fromkeys(("author_is_shown", "is_own", "is_unscreened"))
    lists: Facts = {"notes": [], "decisions": [], "history": [], "appeals": {}}
    of_reply = {"reply": reply or _reply(debate), "revision": _wording(debate)}
    item = SimpleNamespace(**nothing | lists | of_reply | (about or {}))
    wording = item.revision
    marked, found = highlight(wording.text, wording.html, _flags(wording.text))
    facts: Facts = {
        "item": item,
        "form": form or DecisionForm(fresh=True),
        "marked": marked,
        "found": found,
        "flag_rules": RULE_OF,
        "waiting": SimpleNamespace(rows=[]),
        "actions": WAITS,
        "needs_rule": True,
        "canned": (Ready(1, "respect", all_rules()["respect"].title, all_rules()["respect"].example),),
        "rules": all_rules().values(),
        "behind": NUMBER + 9,
        "before": NUMBER + 8,
        "home": "/moderation",
    }
    return facts | more


def _flags(text: str) -> list[Any]:
    """Return what screening finds in a text, as it is stored; of one that tells of a minor, that alone."""
    if text.startswith(MINOR):
        return [SimpleNamespace(code="minor", severity=Severity.HOLD, start=0, stop=len(MINOR))]
    found = screening.content_flags(text)
    return [SimpleNamespace(code=it.code, severity=it.severity, start=it.start, stop=it.end) for it in found]


def _refused(form: Any, *errors: Refused) -> Any:
    for error in errors:
        form.take(error)
    return form


def _with_errors(debate: Debate) -> Facts:
    form = DecisionForm({"rule": "", "explanation": "", "note": " "}, fresh=True)
    no_rule = Refused(_("Say which rule it breaks."), "rule")
    no_words = Refused(_("Tell the author why the rule applies, and what would be fine."), "explanation")
    return _item(debate, _refused(form, no_rule, no_words, Refused(_("Write your note first."), "note")))


def _overtaken(debate: Debate) -> Facts:
    form = DecisionForm({"rule": "respect", "explanation": said(debate).motion}, fresh=True)
    moved_on = Overtaken(_("This reply has moved on since you opened it. Where it stands now is shown below."))
    return _item(debate, _refused(form, moved_on), about={"revision": _wording(debate, 2)}, judged=_wording(debate))


def _open_with(debate: Debate, moderator: Any) -> Facts:
    held = Held(moderator.id, moderator.name, now() - timedelta(minutes=4))
    note = SimpleNamespace(text=said(debate).motion, moderator=COLLEAGUE, created_at=now() - timedelta(hours=1))
    return _item(debate, about={"claim": held, "notes": [note], "same_words": 3})


def _own(debate: Debate) -> Facts:
    reply = _reply(debate, author_id=READER.id)
    return _item(debate, None, reply, {"is_own": True}, actions=[], dismissal=DismissalForm(fresh=True))


def _held(debate: Debate) -> Facts:
    wording = _wording(debate, text=MINOR + said(debate).motion)
    return _item(debate, about={"revision": wording}, actions=WAITS[1:], is_for_lead=True)


def _rewording(debate: Debate) -> Facts:
    shown, new = _wording(debate, 1, said(debate).pro_gist), _wording(debate, 2, said(debate).motion)
    about = {"revision": new, "shown": shown}
    reply = _reply(debate, status=ReplyStatus.PUBLISHED)
    return _item(
        debate, None, reply, about, rewritten=differences(shown.text, new.text), actions=[*WAITS, Action.REMOVE]
    )


def _translation(debate: Debate) -> Facts:
    above = Above(NUMBER + 1, Stance.PRO, ReplyStatus.PUBLISHED, "en", NUMBER, str(render(said(debate).pro_gist)))
    return _item(debate, None, _reply(debate, original_id=above.id), {"parent": above})


def _reported(debate: Debate, answer: Any = None) -> Facts:
    words = SimpleNamespace(explanation=said(debate).anti_gist, reason="respect", created_at=now(), revision_id=NUMBER)
    counts = {"members": 2, "readers": 1, "count": 3, "newest_id": 1, "reasons": {"respect": 2, "illegal": 1}}
    reports = SimpleNamespace(**counts, changed=[], newest=[words], findings=[])
    reply = _reply(debate, status=ReplyStatus.PUBLISHED, waiting_revision=None, shown_revision_id=NUMBER)
    more: Facts = {"reported": reports, "dismissal": answer or DismissalForm(fresh=True)}
    return _item(debate, None, reply, None, actions=[Action.REMOVE], **more)


def _answer_refused(debate: Debate) -> Facts:
    read = Overtaken(_("The reports that you read have been answered meanwhile. What you typed is kept below."))
    return _reported(debate, _refused(DismissalForm({"answer": said(debate).motion}, fresh=True), read))


def _undoable(debate: Debate) -> Facts:
    last = Undoable(1, Action.REJECT, NUMBER, said(debate).language, str(render(said(debate).motion)), now())
    return _item(debate, undoable=last)


def _report(debate: Debate, form: Any = None) -> Facts:
    reply = _reply(debate, is_public=True, shown_revision_id=NUMBER + 1)
    return {"reply": reply, "wording": _wording(debate), "own": None, "form": form or ReportForm(fresh=True)}


def _report_refused(debate: Debate) -> Facts:
    why = Refused(_("Say why you think that it is illegal: which words, and which law if you know it."), "explanation")
    return _report(debate, _refused(ReportForm({"reason": "illegal"}, fresh=True), why))


def _report_in_vain(debate: Debate) -> Facts:
    gone = Overtaken(_("This reply is no longer public. Nothing is left to report."))
    form = _refused(ReportForm({"reason": "respect", "explanation": said(debate).motion}, fresh=True), gone)
    return _report(debate, form) | {"reply": _reply(debate)}


def _appeal(debate: Debate, form: Any = None, *, has_judge: bool = True) -> Facts:
    decision = SimpleNamespace(id=NUMBER, action=Action.REJECT)
    told = {"statement": None, "changed": None, "appeal": None, "may_send": True, "has_judge": has_judge}
    return {"reply": _reply(debate), "decision": decision, "form": form or AppealForm(fresh=True), **told}


def _appeal_refused(debate: Debate) -> Facts:
    why = Refused(_("Say in your own words why the decision is wrong."), "text")
    return _appeal(debate, _refused(AppealForm(fresh=True), why), has_judge=False)


def _case(debate: Debate, form: Any = None, **more: Any) -> Facts:
    decision = SimpleNamespace(action=Action.REJECT, is_of_rewording=False, revision=_wording(debate))
    words = SimpleNamespace(text=said(debate).anti_gist)
    appeal = SimpleNamespace(id=1, decision=decision, words=words, outcome=None, is_open=True, is_judged=False)
    appeal.created_at = now() - timedelta(hours=30)
    case: Facts = {"appeal": appeal, "reply": _reply(debate), "changes": None, "passage": None, "parent": None}
    case |= {"is_mine": False, "is_own": False, "may_judge": True, "has_judge": True} | more
    form = form or JudgementForm(fresh=True)
    return {"case": SimpleNamespace(**case), "form": form, "rules": all_rules().values(), "held": False}


def _case_refused(debate: Debate) -> Facts:
    nothing = Refused(_("Choose whether it should stay as it is."), "outcome")
    no_words = Refused(_("Tell the author why you decide so."), "explanation")
    return _case(debate, _refused(JudgementForm(fresh=True), nothing, no_words))


STATES: Mapping[str, tuple[str, Callable[[Debate], Facts]]] = {
    "waiting": ("item", _item),
    "held": ("item", _held),
    "open-with-you": ("item", lambda debate: _open_with(debate, READER)),
    "open-with-a-colleague": ("item", lambda debate: _open_with(debate, COLLEAGUE)),
    "refused": ("item", _with_errors),
    "overtaken": ("item", _overtaken),
    "own": ("item", _own),
    "rewording": ("item", _rewording),
    "translation": ("item", _translation),
    "author-shown": ("item", lambda debate: _item(debate, about=KNOWN)),
    "undo": ("item", _undoable),
    "reported": ("item", _reported),
    "answer-refused": ("item", _answer_refused),
    "taken-back": (
        "item",
        lambda debate: _item(debate, None, _reply(debate, status=ReplyStatus.WITHDRAWN), actions=[]),
    ),
    "report": ("report", _report),
    "report-refused": ("report", _report_refused),
    "report-in-vain": ("report", _report_in_vain),
    "appeal": ("appeal", _appeal),
    "appeal-refused": ("appeal", _appeal_refused),
    "judge": ("case", _case),
    "judge-refused": ("case", _case_refused),
    "judge-not-me": ("case", lambda debate: _case(debate, is_mine=False, may_judge=False, has_judge=False)),
}
