"""Every part of the pages in every state, from the templates themselves: for development only, `FLASK_DEBUG=1`."""

from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template
from markupsafe import Markup

from forum import styleguide_desk
from forum.accounts.doors import open_to
from forum.accounts.forms import ConfirmForm, SignUpForm
from forum.accounts.policy import everyone
from forum.db import now
from forum.debates import queries
from forum.debates.forms import ReplyForm
from forum.debates.models import Debate, ReplyStatus, Stance
from forum.debates.shift_figures import Figures
from forum.debates.thread_queries import Facts, Shown, Words
from forum.debates.translated import said
from forum.errors import NotHere, there
from forum.extensions import language
from forum.moderation.queue_cards import AGE
from forum.moderation.rules import all_rules
from forum.moderation.statements import Appeal, StatementOfReasons
from forum.text import render

bp = Blueprint("styleguide", __name__)
FIRST = 2**30  # the number of a reply that no forum has
MOVED = [[9, 6, 0, 0, 0], [5, 12, 7, 0, 0], [0, 6, 14, 8, 0], [0, 0, 6, 15, 9], [0, 0, 0, 5, 11]]
INTERVALS = {"pro": (0.15, 0.29), "anti": (0.14, 0.28), "net": (-0.09, 0.11)}
LINES = [  # of the queue: wording, severity, codes, whether own, who has it open, whether shown, what it translates
    (1, 0, (), False, None, False, None),
    (1, 1, ("link", "phone"), False, (False, "timur"), False, None),
    (2, 3, ("minor",), False, (True, "maria"), True, None),
    (1, 0, (), True, None, False, None),
    (1, 0, (), False, None, False, 7),
]


class Public(Shown):
    """A reply that everybody sees, with words that are nowhere stored."""

    @property
    def is_unpublished(self) -> bool:
        """Whether only its author sees it."""
        return False


@bp.get("/styleguide")
@open_to(everyone)
def show() -> str:
    """Show the parts, with the words of the first debate in them."""
    debate = _first_debate()
    facts = {"debate": debate, "replies": _replies(debate), "lone": _thread(debate), "rules": all_rules().values()}
    shift = SimpleNamespace(people=118, towards_pro=26, towards_anti=25, intervals=INTERVALS, movements=MOVED)
    return render_template(
        "styleguide.html",
        **facts,
        desk_states=styleguide_desk.STATES,
        shift=Figures(shift),  # type: ignore[arg-type]  # what of it is drawn
        statement=_statement(debate),
        lines=[_line(debate, *line) for line in LINES],
        sign_up=_refused(SignUpForm(fresh=True)),
        confirm=ConfirmForm(fresh=True),
        form=_refused(ReplyForm({"text": said(debate).motion}, fresh=True)),
    )


@bp.get("/styleguide/desk/<state>")
@open_to(everyone)
def desk(state: str) -> str:
    """Show the desk, or a form that leads to it, in one state: two of them on one page would share their names."""
    if state not in styleguide_desk.STATES:
        raise NotHere
    return styleguide_desk.page(_first_debate(), state)


@bp.get("/styleguide/<any(light, dark):scheme>.css")
@open_to(everyone)
def scheme(scheme: str) -> Response:
    """Return the stylesheet that shows the page in the light or in the dark, whatever the browser wants."""
    return Response(f":root {{ color-scheme: {scheme}; }}\n", mimetype="text/css")


def _first_debate() -> Debate:
    return there(next((debate for debate, _counts in queries.all_debates()), None))


def _refused(form: Any) -> Any:
    form.validate()
    return form


def _replies(debate: Debate) -> list[Shown]:
    """Return a reply of each side in each state, as its author sees it."""
    numbers, statuses = count(FIRST), [ReplyStatus.PUBLISHED, ReplyStatus.PENDING, ReplyStatus.RETURNED]
    found = [_reply(debate, next(numbers), stance, status) for status in statuses for stance in Stance]
    gone: list[dict[str, Any]] = [{"removed_under": "respect"}, {"removed_under": None}, {"is_erased": True}]
    states = [ReplyStatus.REMOVED, ReplyStatus.WITHDRAWN, ReplyStatus.WITHDRAWN]
    for status, more in zip(states, gone, strict=True):
        found += [_reply(debate, next(numbers), stance, status, **more) for stance in Stance]
    edited = {"replaces_id": 1, "edited_at": now(), "counts": (7, 9, 6, 8), "passage": 4, "stands_at": 4}
    return [*found, *(_reply(debate, next(numbers), stance, ReplyStatus.PUBLISHED, **edited) for stance in Stance)]


def _thread(debate: Debate) -> Shown:
    """Return a reply with two levels of answers."""
    top = _reply(debate, FIRST + 100, Stance.ANTI, ReplyStatus.PUBLISHED)
    answer = _reply(debate, FIRST + 101, Stance.PRO, ReplyStatus.PUBLISHED, parent_id=FIRST + 100, root_id=FIRST + 100)
    below = {"parent_id": FIRST + 101, "root_id": FIRST + 100}
    answer.answers.append(_reply(debate, FIRST + 102, Stance.NEITHER, ReplyStatus.PUBLISHED, **below))
    top.answers.append(answer)
    return top


def _reply(debate: Debate, number: int, stance: Stance, status: ReplyStatus, **more: Any) -> Shown:
    it = said(debate)
    text = it.motion if stance is Stance.NEITHER else it.gist(stance)
    none: dict[str, Any] = dict.fromkeys(Facts._fields)
    facts: dict[str, Any] = {"id": number, "author_id": -1, "author_name": "boris", "stance": stance, "status": status}
    facts |= {"language": it.language, "is_erased": False, "published_at": now() - timedelta(days=3), "revision_id": 0}
    it_is, words = Facts(**{**none, **facts, **more}), Words(text, str(render(text)), None)
    if it_is.is_tombstone:
        return Public(it_is)
    return Public(it_is, words=words) if it_is.is_public else Shown(it_is, words=words)


def _line(debate: Debate, *facts: Any) -> Markup:
    wording, severity, codes, own, holder, is_open, original = facts
    macro: Any = current_app.jinja_env.get_template("moderation/_queue_row.html").module
    shown = {"in_language": said(debate).language, "html": str(render(said(debate).motion)), "codes": codes}
    place = {"reply_id": FIRST, "number": wording, "severity": severity, "chosen": {}, "is_lead": False}
    html = macro.line(**shown, **place, original_id=original, is_own=own, holder=holder, is_open=is_open)
    return Markup(html.replace(AGE, "5"))  # noqa: S704 (drawn by a template of ours)


def _statement(debate: Debate) -> StatementOfReasons:
    it, rule = said(debate), all_rules()["respect"]
    return StatementOfReasons(
        language=language(),
        restriction=it.pro_gist,
        since=now(),
        facts=it.motion,
        facts_html=str(render(it.motion)),
        facts_language=it.language,
        rule=rule,
        explanation=it.anti_gist,
        was_marked=True,
        was_reported=True,
        reported_before=(),
        staff_number=1,
        redress=Appeal(now() + timedelta(days=180)),
    )


def init_app(app: Flask) -> None:
    """Open the page where `app` is being developed; nowhere else there is such an address."""
    if app.debug:
        app.register_blueprint(bp)
