"""The tables: migrations lead there and back, agree with the models, and the database itself refuses nonsense."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import numpy as np
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    create_engine,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError

from forum import create_app
from forum.accounts import links
from forum.db import Base, db, now, writing
from forum.debates import published_scores, queries, replies, votes
from forum.debates.models import Reply, Stance
from forum.debates.position_models import ShownShift
from forum.debates.vote_models import Said
from forum.jobs import Kind
from forum.moderation.models import Action
from forum.opinions import voters
from forum.search import index
from forum.settings import ROOT
from forum.tables import OF_THE_ENGINE, revision, revisions
from tests.conftest import POSTGRES, rarely_on_postgres, without_postgres
from tests.debates.test_quotes import PARAGRAPHS, publish
from tests.opinions.test_dump import SIDES, dump, let_all_answer, recovered
from tests.world import DEBATE, SLUG, WHY, World

# Foreign keys without an index of their own, and why they need none.
NOT_INDEXED = {
    "replies.debate_id": "a debate is read by side (ix_replies_column) and never deleted",
    "article_translations.revision_id": "read from a translation to the wording of which it is, never back",
    "replies.parent_id": "threads are read by root_id; the one above is found by its id",
    "appeals.first_moderator_id": "appeals are read as open ones, by reply or by decision; people are never deleted",
    "appeals.appellant_id": "the same",
    "appeals.decided_by_id": "the same",
    "sanction_appeals.user_id": "the same",
    "sanction_appeals.first_moderator_id": "the same",
    "sanction_appeals.second_lead_id": "the same",
    "sanction_appeals.decided_by_id": "the same",
    "replies.original_id": "few have one, and those are indexed (ix_replies_translations)",
    "revisions.translated_id": "read from a translation to the wording of which it is, never back",
    "replies.in_answer_to_id": "few answers have one, and those are indexed (ix_replies_answered)",
    "revisions.replaces_id": "read from a wording to the one that it would change, never back",
    "votes.revision_id": "read with the reply",
    "reply_marks.revision_id": "read with the reply",
    "replies.shown_revision_id": "read from the reply to its wording, never back",
    "quotes.passage": "part of a key that begins with the wording of the article",
}
BROKEN = {  # what no row may be, whoever writes it: 1 is at top level, 2 answers it, 3 was returned, 4 was edited
    "neither side at top level": "UPDATE replies SET stance = 'neither' WHERE id = 1",
    "an unknown side": "UPDATE replies SET stance = 'both' WHERE id = 1",
    "an unknown status": "UPDATE replies SET status = 'lost' WHERE id = 1",
    "beside a reply of a higher level": "UPDATE replies SET in_answer_to_id = 1 WHERE id = 2",
    "a fourth level": "UPDATE replies SET depth = 4 WHERE id = 2",
    "a level without a parent": "UPDATE replies SET depth = 1 WHERE id = 1",
    "an answer at top level": "UPDATE replies SET depth = 0 WHERE id = 2",
    "a translation of what does not stand above it": "UPDATE replies SET original_id = 3 WHERE id = 2",
    "a translation at top level": "UPDATE replies SET original_id = 1 WHERE id = 1",
    "an answer without a thread": "UPDATE replies SET root_id = NULL WHERE id = 2",
    "public without a wording": "UPDATE replies SET shown_revision_id = NULL WHERE id = 1",
    "published without ever having had a wording": "UPDATE replies SET status = 'published' WHERE id = 3",
    "the same key twice": "UPDATE replies SET key = 'k' WHERE author_id = 1",
    "two waiting wordings": "UPDATE revisions SET outcome = 'waiting' WHERE reply_id = 4",
    "a wording out of the history that never was in it": "UPDATE revisions SET removed_under = 'respect' WHERE "
    "outcome = 'waiting'",
    "an unknown outcome": "UPDATE revisions SET outcome = 'lost'",
    "a restriction without a rule": "UPDATE decisions SET rule = NULL WHERE action = 'return'",
    "an unknown action": "UPDATE decisions SET action = 'burn'",
    "an unknown role": "UPDATE users SET role = 'owner'",
    "a code of no time": "UPDATE code_apps SET last_step = -1",
    "two apps of one person": "UPDATE code_apps SET user_id = 1",
    "a passkey that counts down": "UPDATE passkeys SET sign_count = -1",
    "one passkey of two people": "UPDATE passkeys SET credential_id = 'x'",
    "staff without a number": "UPDATE users SET staff_number = NULL WHERE role = 'moderator'",
    "a voice of neither side": "UPDATE voices SET stance = 'neither'",
    "an unknown severity": "UPDATE revision_flags SET severity = 4",
    "a flag that ends before it begins": "UPDATE revision_flags SET stop = 0, start = 1",
    "two claims on one reply": "UPDATE claims SET reply_id = 1",
    "two passages of one number": "UPDATE passages SET number = 1",
    "a report that just disagrees": "UPDATE reports SET reason = 'disagree'",
    "a report of unknown outcome": "UPDATE reports SET outcome = 'lost' WHERE id = 2",
    "an answer at no time": "UPDATE reports SET answered_at = NULL WHERE id = 2",
    "a time without an answer": "UPDATE reports SET answered_at = created_at WHERE id = 3",
    "kept without a finding": "UPDATE reports SET dismissal_id = NULL WHERE id = 2",
    "a finding about another reply": "UPDATE dismissals SET reply_id = 1",
    "removed without a decision": "UPDATE reports SET outcome = 'removed', answered_at = created_at WHERE id = 3",
    "a decision that did not remove": "UPDATE reports SET decision_id = 1 WHERE id = 3",
    "two open reports of one wording by one member": "UPDATE reports SET reply_id = 2, "
    "revision_id = (SELECT shown_revision_id FROM replies WHERE id = 2) WHERE id = 3",
    "a report of a wording of another reply": "UPDATE reports SET reply_id = 2 WHERE id = 3",
    "a report of no wording": "UPDATE reports SET revision_id = NULL",
    "two reports of one receipt": "UPDATE reports SET receipt_digest = 'r'",
    "more led than were judged": "UPDATE reporter_records SET led = judged + 1",
    "a quotation without words": "UPDATE quotes SET exact = ''",
    "a quotation of 1,100 characters": "UPDATE quotes SET exact = "
    "replace(replace('xxxxxxxxxxx', 'x', 'yyyyyyyyyy'), 'y', 'zzzzzzzzzz')",
    "a quotation with more around it": "UPDATE quotes SET prefix = exact || exact || exact || exact",
    "words before the beginning": "UPDATE quotes SET found_at = -1",
    "two quotations over one reply": "UPDATE quotes SET reply_id = 1",
    "a quotation of a passage that the wording has not": "UPDATE quotes SET passage = 27",
    "a position beyond the scale": "UPDATE positions SET before = 3",
    "a later position beyond the scale": "UPDATE positions SET after_later = -3",
    "a position of nobody who answered": "UPDATE positions SET before = NULL, after = NULL, after_later = NULL",
    "a later answer without a first one": "UPDATE positions SET after = NULL",
    "two votes of one member on one reply": "INSERT INTO votes (tag, reply_id, revision_id, sealed) "
    "SELECT tag, reply_id, revision_id, sealed FROM votes",
    "a vote on the wording of another reply": "UPDATE votes SET revision_id = revision_id + 1",
    "counts of fewer than five": "UPDATE reply_marks SET anti_all = 4",
    "two scores of a debate for one hour": "INSERT INTO hourly_scores (debate_id, hour, sealed, created_at) "
    "SELECT debate_id, hour, sealed, created_at FROM hourly_scores",
    "more who find than who read": "UPDATE reply_marks SET pro_yes = pro_all + 1",
    "two jobs of one kind for one row": "INSERT INTO jobs (kind, subject_id, run_at, requests, attempts, created_at) "
    "SELECT kind, subject_id, run_at, requests, attempts, created_at FROM jobs",
    "figures of fewer than five": """INSERT INTO shifts
        (debate_id, people, towards_pro, towards_anti, movements, intervals, created_at)
        VALUES (1, 4, 0, 0, '[]', '{}', '2030-01-01')""",
}


@pytest.fixture
def empty_postgres(worker_id: str) -> Iterator[str]:
    name = f"evenhand_empty_{worker_id}_{os.getpid()}"
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=without_postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """Return a forum on a database without any tables."""
    url = request.getfixturevalue("empty_postgres") if request.param == "postgresql" else ""
    app = create_app({"FORUM_INSTANCE": str(tmp_path), "FORUM_DATABASE_URL": url, "FORUM_SECRET_KEY": "for tests only"})
    yield app
    with app.app_context():
        db.engine.dispose()


def tables(app: Flask) -> set[str]:
    with app.app_context():
        found = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
        return {name for name in found if not name.startswith(OF_THE_ENGINE)}


def test_migrations_lead_from_nothing_to_the_newest_tables_and_back_and_there_again(empty: Flask) -> None:
    wanted = {table.name for table in Base.metadata.sorted_tables}
    for _time in range(2):
        with empty.app_context():
            flask_migrate.upgrade()
        assert tables(empty) == wanted
        with empty.app_context():
            flask_migrate.downgrade(revision="base")
        assert tables(empty) == set()


def test_replies_stand_at_their_passages_once_there_are_quotations(world: World, tmp_path: Path) -> None:
    for passage in (4, 5, None):
        world.published("aigerim", passage=passage, quote="Zhenya says" if passage == 4 else None)
    publish(world, [*PARAGRAPHS[:4], *PARAGRAPHS[5:]], tmp_path)
    with world.at_work():
        before = db.session.execute(text("SELECT id, passage, stands_at FROM replies ORDER BY id")).all()
        db.session.rollback()
        flask_migrate.downgrade(revision="0009")
        assert db.session.execute(text("SELECT id, passage FROM replies ORDER BY id")).all() == [r[:2] for r in before]
        db.session.rollback()
        flask_migrate.upgrade()
        assert db.session.execute(text("SELECT id, passage, stands_at FROM replies ORDER BY id")).all() == before
    assert [row.stands_at for row in before] == [4, None, None]


def test_leads_are_told_of_what_waited_before_there_were_notices_of_it(world: World) -> None:
    for name in ("sanzhar", "aigerim"):
        world.person(name)
    world.published("boris")
    world.propose_ban("aigerim"), world.confirm(world.propose_ban("boris"))
    with world.at_work():
        told = text("SELECT user_id, event, reply_id, proposal_id FROM notifications ORDER BY id")
        before = db.session.execute(told).all()
        db.session.rollback()
        flask_migrate.downgrade(revision="0014")
        db.session.rollback()
        flask_migrate.upgrade()
        assert sorted(db.session.execute(told).all(), key=str) == sorted(before, key=str)
    assert (world.person("sanzhar"), "proposal_made", None, 1) in before


def test_reports_made_before_belong_to_the_wording_that_was_public_then(world: World) -> None:
    reply, other = world.published("aigerim"), world.published("boris")
    world.report(reply, "boris", explanation=WHY), world.report(other)
    world.reword(reply), world.decide(reply, Action.PUBLISH)
    world.report(reply), world.report(reply, "boris"), world.report(reply, "saule")
    find = text("SELECT id, revision_id FROM reports ORDER BY id")
    triggers = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    with world.at_work():
        is_sqlite = db.engine.dialect.name == "sqlite"
        before, kept = (db.session.execute(q).all() if q is find or is_sqlite else [] for q in (find, triggers))
        db.session.rollback()
        flask_migrate.downgrade(revision="0016")
        # Of two open reports of one member, one could not have been made.
        assert [number for (number,) in db.session.execute(text("SELECT id FROM reports ORDER BY id"))] == [2, 3, 4, 5]
        db.session.rollback()
        flask_migrate.upgrade()
        assert db.session.execute(find).all() == before[1:]
        assert not is_sqlite or db.session.execute(triggers).all() == kept
    assert before[0][1] != before[2][1] == before[3][1] == before[4][1]


FORMER = """INSERT INTO debate_usuals (debate_id, pro_pro, pro_anti, anti_pro, anti_anti, computed_at, created_at)
    VALUES (1, 0.5, 0.9, 0.32, 0.4, '2030-01-01', '2030-01-01');
    INSERT INTO voter_weights (debate_id, voter_id, on_pro, on_anti, created_at)
    SELECT DISTINCT 1, voter_id, 0.5, 0.25, computed_at FROM votes, debate_usuals;
    UPDATE reply_marks SET score = 77 WHERE reply_id = 1; UPDATE reply_marks SET pro_all = 4 WHERE reply_id = 2;
    INSERT INTO jobs (kind, subject_id, run_at, requests, attempts, created_at)
    VALUES ('score_reply', 1, '2030-01-01', 1, 0, '2030-01-01'), ('count_votes', 0, '2030-01-01', 1, 0, '2030-01-01')"""


def test_votes_that_were_in_clear_are_sealed_and_tell_as_much_as_before_to_their_members_only(world: World) -> None:
    replies = [world.published("aigerim") for _ in range(3)]
    let_all_answer(world, *replies[:2], SIDES)
    world.vote(replies[2], "reader-0", False), world.vote(replies[0], "reader-9", None)
    members = {world.person(name): side for name, side in SIDES.items()}

    def kept() -> list[tuple[int, Said]]:
        with world.at_work():
            return sorted(votes.said(), key=lambda pair: (pair[0], pair[1].voter_id))

    before, page = kept(), world.visitor().get(DEBATE).text
    with world.at_work():
        flask_migrate.downgrade(revision="0018")
    assert recovered(dump(world)) == members
    with world.at_work():
        with writing():
            for statement in FORMER.split(";"):
                db.session.execute(text(statement))
        flask_migrate.upgrade()
    copy = dump(world)
    assert recovered(copy) == {}
    assert kept() == before
    assert [(row["pro_all"], row["anti_all"]) for row in copy["reply_marks"]] == [(5, 5), (0, 5)]
    assert "Found well argued by 0 of 5 readers who disagree and 5 of 5 who agree." in page
    asked = sorted((row["kind"], row["subject_id"]) for row in copy["jobs"])
    assert asked == [("count_votes", replies[0]), ("count_votes", replies[2]), ("score_debates", 0)]
    with world.at_work():
        found = published_scores.in_use(queries.by_slug(SLUG), now())
        wordings = np.array(db.session.scalars(select(Reply.shown_revision_id).order_by(Reply.id)).all())
        assert found.of(Stance.PRO)(wordings).tolist() == pytest.approx([77, 50, 40])
        assert voters.last(1).weights == dict.fromkeys(members, (0.5, 0.25))


def test_passages_and_replies_are_found_by_the_search_after_their_places_have_changed_both_ways(world: World) -> None:
    world.published("aigerim")
    places = text("SELECT place, passage_id, reply_id, stems FROM search_entries ORDER BY place")
    with world.at_work():
        index.catch_up()
    asked = {"article": "/search?q=Zhenya", "reply": "/search?q=reason"}
    found = {name: world.visitor().get(address).text for name, address in asked.items()}
    assert 'id="articles-title"' in found["article"]
    assert 'id="replies-title"' in found["reply"]
    with world.at_work():
        before = db.session.execute(places).all()
        db.session.rollback()
        flask_migrate.downgrade(revision="0039")
        former = db.session.execute(places).all()
        db.session.rollback()
        flask_migrate.upgrade()
        assert db.session.execute(places).all() == before
    assert min(row.place for row in former if row.passage_id) > 2**57, "passages stood behind all replies"
    assert max(row.place for row in before if row.passage_id) < 0 < min(row.place for row in before if row.reply_id)
    world.app.extensions["fragments"].clear()
    assert {name: world.visitor().get(address).text for name, address in asked.items()} == found


def test_what_is_out_of_the_history_stays_a_decision_without_it(world: World) -> None:
    reply = world.published("aigerim")
    former = world.wording(reply)
    world.reword(reply), world.decide(reply, Action.PUBLISH)
    world.decide(reply, Action.REMOVE_WORDING, former=former)
    find = text("SELECT action, rule FROM decisions ORDER BY id DESC LIMIT 1")
    with world.at_work():
        flask_migrate.downgrade(revision="0019")
        assert db.session.execute(find).one() == ("remove", "respect")
        shown = db.session.scalars(text("SELECT id FROM revisions WHERE outcome = 'published'")).all()
        assert former not in shown, "what was taken out does not come back into the history"
        db.session.rollback()
        flask_migrate.upgrade()
        assert db.session.scalar(text("SELECT count(*) FROM revisions WHERE removed_under IS NULL")) == 2


def test_a_version_that_knows_nobody_erased_is_refused_where_somebody_was(world: World) -> None:
    world.leave("aigerim")
    with world.at_work():
        with pytest.raises(SystemExit):
            flask_migrate.downgrade(revision="0023")
        flask_migrate.upgrade()
        assert db.session.scalar(text("SELECT count(*) FROM users WHERE erased_at IS NOT NULL")) == 1


def test_a_version_that_knows_no_translations_is_refused_where_somebody_has_translated(world: World) -> None:
    translation = world.translation(world.published("aigerim"))
    with world.at_work():
        with pytest.raises(SystemExit):
            flask_migrate.downgrade(revision="0037")
        flask_migrate.upgrade()
        assert db.session.scalars(text("SELECT id FROM replies WHERE original_id IS NOT NULL")).all() == [translation]


def test_migrations_and_models_agree(database: str, tmp_path: Path) -> None:
    environ = {"FORUM_INSTANCE": str(tmp_path), "FORUM_DATABASE_URL": database, "FLASK_APP": "forum"}
    command = [sys.executable, "-m", "flask", "db", "check"]
    check = subprocess.run(command, cwd=ROOT, env=os.environ | environ, capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stdout + check.stderr
    assert "No new upgrade operations detected" in check.stdout + check.stderr


def test_migrations_and_models_agree_on_checks_and_partial_indexes(world: World) -> None:
    """Alembic's own comparison sees neither."""
    with world.at_work():
        found = inspect(db.engine)
        for table in Base.metadata.sorted_tables:
            checks = {key.name for key in table.constraints if isinstance(key, CheckConstraint)}
            assert {check["name"] for check in found.get_check_constraints(table.name)} == checks
            dialect = db.engine.dialect.name
            wanted = {index.name for index in table.indexes if index.dialect_options[dialect]["where"] is not None}
            partial = [
                index for index in found.get_indexes(table.name) if f"{dialect}_where" in index["dialect_options"]
            ]
            assert {index["name"] for index in partial} == wanted


def is_whole(index: Index) -> bool:
    """Say whether an index holds every row of its table."""
    return index.dialect_options["sqlite"]["where"] is None


def is_indexed(table: Table, column: Column) -> bool:
    """Say whether a key, or an index over the whole table, begins with `column`."""
    indexes = [index for index in table.indexes if is_whole(index)]
    keys = [key for key in table.constraints if isinstance(key, PrimaryKeyConstraint | UniqueConstraint)]
    return any(found.columns[0] is column for found in [*indexes, *keys])


def references() -> list[tuple[Table, Column]]:
    return [(t, column) for t in Base.metadata.sorted_tables for column in t.columns if column.foreign_keys]


def test_every_foreign_key_is_indexed_or_says_why_not() -> None:
    assert {str(column) for table, column in references() if not is_indexed(table, column)} == set(NOT_INDEXED)


def let_marks_be_made(world: World) -> None:
    """Let five members answer about the second reply, and let it be scored and counted."""
    for name in ("dana", "saule", "boris", "maria", "timur"):
        world.answer(name, before=1)
        world.vote(2, name)
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    world.count_votes()


def test_every_foreign_key_is_enforced(world: World) -> None:
    world.translate_article()
    world.published("aigerim", parent=world.reply_that_is("published"))
    world.report(2, "boris", explanation="Why I think so."), world.dismiss(2, explanation="Why it stays.")
    world.report(1, "boris"), world.report(2, "boris")
    world.decide(1, Action.REMOVE)
    world.judge(world.appeal(world.decide(world.reply("aigerim"), Action.REJECT)))
    world.reword(2), world.undo(world.decide(2, Action.REMOVE))
    world.visitor("aigerim")
    number, maria = (
        world.reply("aigerim", text="Write to me@example.org, and we talk about what the law says."),
        "maria",
    )
    for door, fields in (("claim", {}), ("notes", {"note": WHY})):
        world.visitor(maria).post(f"/moderation/replies/{number}/{door}", **fields)
    world.visitor(maria).post("/moderation/preferences", languages="ru")
    world.judge_sanction(world.appeal_sanction(world.ban("aigerim")))
    world.draft("aigerim")
    world.follow("boris", thread=1), world.mute("aigerim", by="boris"), world.give_address("boris")
    world.note("aigerim")
    world.note(world.take_name("Moth", "kamila")), world.warn("Moth"), world.propose_ban("Moth")
    world.mute("Moth", by="boris")
    world.answer("aigerim", before=1)
    let_marks_be_made(world)
    with world.at_work(), writing():
        links.make(None)
        shift = {"people": 5, "towards_pro": 0, "towards_anti": 0, "movements": [], "intervals": {}}
        db.session.add(ShownShift(debate_id=1, **shift))
    world.passkey("boris")
    world.published("boris", passage=4, quote="Zhenya says")
    world.leave("galym"), world.ask_to_leave("aigerim"), world.confirm(world.propose_export("aigerim"))
    for table, column in references():
        with world.at_work(), pytest.raises(IntegrityError):
            db.session.execute(table.update().values({column.name: 10**6}))


def test_a_row_to_which_others_refer_cannot_be_deleted(world: World) -> None:
    world.published("aigerim")
    for table in ("debates", "users", "replies", "revisions", "article_revisions"):
        with world.at_work(), pytest.raises(IntegrityError):
            db.session.execute(Base.metadata.tables[table].delete())


def test_the_database_itself_refuses_what_no_row_may_be(world: World) -> None:
    world.published("aigerim", parent=world.published("aigerim"))
    world.reply_that_is("returned")
    edited = world.reply("aigerim", text="I am 15 years old, and this is what I think of it all.")
    for number in (edited, world.reply("aigerim")):
        world.visitor("timur").post(f"/moderation/replies/{number}/claim")
    with world.at_work(), writing():
        reply = queries.reply_to_change(edited)
        replies.edit(reply, replies.wording("The same in other words."), by=reply.author, stance=reply.stance)
    world.report(2, "saule"), world.report(2, "boris"), world.dismiss(2)
    world.report(1, "boris"), world.report(2, "boris")
    world.answer("boris", before=1, after=0), world.answer("boris", after=1)
    let_marks_be_made(world)
    world.decide(world.reply("dana"), Action.PUBLISH)  # a job that waits
    world.passkey("boris"), world.passkey("saule")
    for _ in range(2):
        world.published("boris", passage=4, quote="Zhenya says")
    taken = []
    for case, statement in BROKEN.items():
        with world.at_work():
            try:
                db.session.execute(text(statement))
                taken.append(case)
            except IntegrityError:
                db.session.rollback()
    assert taken == []


def test_sqlite_is_set_for_safety_on_every_connection(sqlite_database: str, tmp_path: Path) -> None:
    app = create_app({"FORUM_INSTANCE": str(tmp_path), "FORUM_DATABASE_URL": sqlite_database, "FORUM_SECRET_KEY": "x"})
    with app.app_context():
        for _connection in range(2):
            with db.engine.connect() as connection:
                found = {
                    name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                    for name in ("foreign_keys", "journal_mode", "synchronous", "busy_timeout")
                }
            assert found == {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000}
            db.engine.dispose()


def test_who_is_signed_in_gets_a_page_in_words_even_when_a_table_is_missing(world: World) -> None:
    aigerim = world.visitor("aigerim")
    rename = "ALTER TABLE {} RENAME TO {}"
    with world.at_work(), writing():
        db.session.execute(text(rename.format("voices", "elsewhere")))
    try:
        answer = aigerim.get(DEBATE)
    finally:
        with world.at_work(), writing():
            db.session.execute(text(rename.format("elsewhere", "voices")))
    assert answer.status_code in {500, 503}
    assert "Nothing of yours is lost." in answer.text


KEPT = {  # what every version has, and what of it no way down and up again may change
    "users": "id, name, role, password_hash",
    "debates": "id, slug, title, motion",
    "passages": "id, revision_id, number, text",
    "replies": "id, debate_id, author_id, parent_id, stance, status, depth",
    "revisions": "id, reply_id, text, html, outcome",
    "decisions": "id, reply_id, action, rule, moderator_id",
    "log_entries": "id, hour, action, hash",
}


def go_down_and_up_again(world: World, count: int, times: int) -> None:
    """Take a forum with so many replies back to its second version and up again: nothing that both have changes."""
    world.judge(world.appeal(world.decide(world.reply("aigerim"), Action.REJECT)))
    world.undo(world.decide(world.published("boris", parent=world.published("aigerim")), Action.REMOVE))
    args = ["generate", "--debates", "3", "--replies", str(count), "--users", "20", "--votes", "5", "--seed", "7"]
    assert world.app.test_cli_runner().invoke(args=args).exit_code == 0

    def kept() -> dict[str, list[tuple[object, ...]]]:
        with world.at_work():
            query = "SELECT {} FROM {} ORDER BY id"
            return {t: [tuple(r) for r in db.session.execute(text(query.format(c, t)))] for t, c in KEPT.items()}

    before = kept()
    assert len(before["replies"]) >= count
    with world.at_work():
        try:
            for _time in range(times):
                flask_migrate.downgrade(revision="0002")
                db.session.rollback()
                flask_migrate.upgrade()
                db.session.rollback()
        finally:
            flask_migrate.upgrade()
        index.catch_up()
        flask_migrate.check()
    after = kept()
    assert {table: rows for table, rows in after.items() if rows != before[table]} == {}
    assert world.app.test_cli_runner().invoke(args=["log", "verify"]).exit_code == 0
    assert world.visitor().get(DEBATE).status_code == 200
    assert world.visitor("aigerim").get("/search?q=reason").status_code == 200
    world.published("dana")


@rarely_on_postgres
def test_a_forum_goes_down_and_up_again_and_keeps_all_that_both_versions_have(world: World) -> None:
    go_down_and_up_again(world, 60, 1)


@pytest.mark.long
def test_ten_thousand_replies_go_down_and_up_again(world: World) -> None:
    go_down_and_up_again(world, 10_000, 2)


def test_migrations_are_numbered_in_the_order_in_which_they_run(app: Flask) -> None:
    scripts = list(ScriptDirectory(str(app.config["MIGRATIONS"])).walk_revisions())
    assert revisions(app.config["MIGRATIONS"]) == [script.revision for script in reversed(scripts)]
    with app.app_context():
        assert revision() == scripts[0].revision
