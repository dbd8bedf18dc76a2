"""On the page of an archive stand words in the language of who reads it; its JSON has the codes."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select

from forum.accounts import signin
from forum.accounts.models import Role
from forum.db import Base, db, writing
from forum.debates import drafts, queries
from forum.debates.models import Outcome, ReplyStatus, Stance
from forum.debates.position_models import SCALE
from forum.events import AuditEntry, Event
from forum.extensions import speaking
from forum.moderation.appeal_models import AppealOutcome
from forum.moderation.models import Action
from forum.moderation.report_models import ILLEGAL, ReportOutcome
from forum.moderation.rules import all_rules
from forum.moderation.sanction_models import ProposalKind, SanctionAppealOutcome, SanctionKind
from forum.moderation.screening.words import FOR_MODERATORS
from forum.notifications.mail_models import Frequency
from forum.privacy.models import Erased
from tests.privacy.test_export import live, moderate, opened, page_of
from tests.world import SLUG, World

ROW, FACT = re.compile(r"<dl>(.*?)</dl>", re.DOTALL), re.compile(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", re.DOTALL)
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
CODES = {  # what each field of an archive that holds codes may hold
    "event": Event,
    "status": ReplyStatus,
    "stance": Stance,
    "outcome": [*Outcome, *AppealOutcome, *SanctionAppealOutcome, *ReportOutcome],
    "state": Outcome,
    "action": Action,
    "kind": [*SanctionKind, *ProposalKind],
    "role": Role,
    "frequency": Frequency,
    "erases": Erased,
    "code": FOR_MODERATORS,
    "rule": all_rules(),
    "removed_under": all_rules(),
    "reason": [*all_rules(), ILLEGAL],
    "language": ["en", "ru", "kk"],
    "chosen_language": ["en", "ru", "kk"],
    "languages": ["ru,kk"],
    "before": SCALE,
    "before_later": SCALE,
    "after": SCALE,
    "after_later": SCALE,
    "place": ["passage-4", "reply-7", "translation-7", "edit-7"],
}


@pytest.fixture
def busy(world: World) -> World:
    """Return a forum in which Aigerim, who reads Russian, has left all her traces."""
    live(world)
    with world.at_work(), writing():
        signin.find("aigerim").suspended_until = None
    world.translate_article()
    world.answer("aigerim", before=0, after=-2)
    world.answer("aigerim", after=2)
    other = world.published("boris")
    world.translation(other, by="aigerim", language="kk", text="Мұндағы сөздер басқа тілде.")
    typed = {"stance": "anti", "language": "ru", "quote": "Zhenya says"}
    with world.at_work(), writing():
        aigerim, debate = signin.find("aigerim"), queries.by_slug(SLUG)
        drafts.keep(debate, "passage-4", "Начало возражения.", typed, author=aigerim, seen=0)
        aigerim.language = "ru"
    moderate(world)
    return world


def shown(page: str) -> list[dict[str, str]]:
    """Return the rows of the page in their order, what stands beside each title."""
    return [{unescape(name): unescape(said) for name, said in FACT.findall(row)} for row in ROW.findall(page)]


def rows_of(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the rows of the JSON in the order of the page, with what the page leaves out taken away."""
    for rows in found.values():
        for row in rows if isinstance(rows, list) else []:
            yield {name: value for name, value in row.items() if value is not None and value != ""}


def test_where_the_json_has_a_code_the_page_has_words(busy: World) -> None:
    archive = busy.export("aigerim")
    page, rows = shown(page_of(archive)), list(rows_of(opened(archive)))
    assert len(page) == len(rows)
    met = set()
    for said, row in zip(page, rows, strict=True):
        assert len(said) == len(row), "each fact has a title of its own"
        for (title, words), (name, value) in zip(said.items(), row.items(), strict=True):
            assert CYRILLIC.search(title), name
            if name in {*CODES, "subject_kind"} or isinstance(value, bool):
                assert CYRILLIC.search(words), (name, value, words)
                met.add(name)
    assert met >= set(CODES) - {"state", "erases"}, "each kind of code is there"


def test_the_page_says_moments_as_one_says_them(busy: World) -> None:
    archive = busy.export("aigerim")
    made = opened(archive)["account"][0]["created_at"]
    assert made not in page_of(archive)
    assert f'<time datetime="{made[:16]}' in page_of(archive)


def test_a_draft_is_shown_with_its_place_its_side_and_its_language(busy: World) -> None:
    page = unescape(page_of(busy.export("aigerim")))
    assert "К абзацу 4" in page
    for line in ("сторона: Против", "язык: русский", "цитата: Zhenya says"):
        assert line in page


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_code_has_words_of_its_own(world: World, language: str) -> None:
    with world.at_work(), speaking(language):
        told = current_app.jinja_env.get_template("privacy/_values.html").make_module().told
        for field, codes in CODES.items():
            words = [str(told(field, code)).strip() for code in dict.fromkeys(codes)]
            assert all(map(CYRILLIC.search, words)), (field, words)
            assert len(set(words)) == len(words), (field, words)


def test_whatever_the_log_is_about_has_a_name(busy: World) -> None:
    tables = {mapper.class_.__tablename__ for mapper in Base.registry.mappers}
    with busy.at_work(), speaking("ru"):
        values = current_app.jinja_env.get_template("privacy/_values.html").make_module()
        named = set(values.words["subject_kind"])
        assert set(db.session.scalars(select(AuditEntry.subject_kind))) <= named <= tables
        assert all(CYRILLIC.search(str(values.told("subject_kind", kind))) for kind in named)


@pytest.mark.parametrize("field", ["rule", "code"])
def test_a_rule_or_a_mark_that_is_no_longer_one_keeps_its_code(world: World, field: str) -> None:
    with world.at_work():
        told = current_app.jinja_env.get_template("privacy/_values.html").make_module().told
        assert str(told(field, "gone-since")) == "gone-since"
