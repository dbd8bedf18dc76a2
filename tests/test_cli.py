"""The commands: what they do, what they print, and with which exit code they end."""

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from forum import clock, create_app
from forum.accounts import names
from forum.accounts.models import NameLook, Role, User
from forum.db import db
from forum.debates import queries, votes
from forum.debates.models import SIDES, Debate, Passage, Reply, ReplyStatus, Revision, Stance
from forum.events import AuditEntry
from forum.moderation.models import Decision
from forum.moderation.report_models import Report
from forum.settings import ROOT
from forum.start import SEED
from forum.text import RENDERER, render
from forum.transparency.models import HOUR, LogEntry
from tests.world import DEBATE, SLUG, World, hidden_field

SENTENCE = re.compile(r".*[.!?)]|.*: /debates/\S+")  # one line that ends as a sentence, or with an address
GENERATE = ["generate", "--debates", "2", "--replies", "300", "--users", "8", "--seed"]


def run(app: Flask, *args: str) -> Result:
    """Run a command; whatever goes wrong is an exit code and a sentence, never an exception."""
    result = app.test_cli_runner().invoke(args=list(args))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def said(result: Result, code: int = 0) -> str:
    """Return the one line that a command said on standard error, and only there."""
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    line = result.stderr.removesuffix("\n")
    assert SENTENCE.fullmatch(line), line
    return line


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return a forum without tables: enough to misspell a command."""
    return create_app({"FORUM_INSTANCE": str(tmp_path_factory.mktemp("bare"))})


# Debates


def test_an_article_is_imported_again_and_changed(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "article.md"
    content = SEED.read_text(encoding="utf-8")
    file.write_text(content, encoding="utf-8")
    assert said(run(app, "debates", "import", str(file))).endswith(f": {DEBATE}")
    page = app.test_client().get(DEBATE).text
    assert "Sometimes the police conduct raids" in page
    assert "has not changed" in said(run(app, "debates", "import", str(file)))
    file.write_text(content.replace("Sometimes the police", "Often the police"), encoding="utf-8")
    assert "has not changed" not in said(run(app, "debates", "import", str(file)))
    assert "Often the police conduct raids" in app.test_client().get(DEBATE).text


@pytest.mark.parametrize(
    ("words", "instead", "where"),
    [
        ("motion:", "moton:", "line 7, moton:"),
        ('title: "Prostitution in Kazakhstan: abuse and risk"', 'title: ""', "line 2, title:"),
        ("stance: pro, passage: 4", "stance: pro, passage: 400", "voices[2].passage:"),
        ("language: en", "language: en\nopens: 2026-02-30", "line 5, opens:"),
        ("---\n", "", "line 1:"),
    ],
)
def test_a_wrong_article_is_refused_with_file_line_and_key(
    world: World, tmp_path: Path, words: str, instead: str, where: str
) -> None:
    file, before = tmp_path / "wrong.md", world.everything()
    file.write_text(SEED.read_text(encoding="utf-8").replace(words, instead, 1), encoding="utf-8")
    line = said(run(world.app, "debates", "import", str(file)), 1)
    assert line.startswith(f"{file}, line ")
    assert where in line
    assert world.everything() == before


@pytest.mark.parametrize("name", ["missing.md", ".", "picture.md"])
def test_a_file_that_cannot_be_read_is_named(app: Flask, tmp_path: Path, name: str) -> None:
    (tmp_path / "picture.md").write_bytes(b"\x89PNG\xff\xfe")
    assert said(run(app, "debates", "import", str(tmp_path / name)), 1).startswith(str(tmp_path / name))


def test_a_debate_is_closed_with_a_reason_that_its_page_states(world: World) -> None:
    assert said(run(world.app, "debates", "close", SLUG, "--reason", "A line of reason.")).endswith(f": {DEBATE}")
    page = world.visitor("boris").get(DEBATE).text
    assert "A line of reason." in page
    assert f"{DEBATE}/replies/new" not in page
    assert "closed already" in said(run(world.app, "debates", "close", SLUG, "--reason", "Again."), 1)
    assert "no-such" in said(run(world.app, "debates", "close", "no-such", "--reason", "Why not."), 1)


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 501, "a NUL \0"])
def test_a_debate_is_not_closed_without_a_reason_that_can_be_shown(world: World, reason: str) -> None:
    said(run(world.app, "debates", "close", SLUG, "--reason", reason), 1)
    with world.at_work():
        assert queries.by_slug(SLUG).is_open


def test_the_list_has_a_line_for_each_debate_with_state_and_counts(world: World) -> None:
    for stance in (Stance.PRO, Stance.PRO, Stance.ANTI):
        world.published("boris", stance)
    world.reply("boris")
    run(world.app, *GENERATE, "7")
    run(world.app, "debates", "close", "g7-1", "--reason", "Enough.")
    result = run(world.app, "debates", "list")
    lines = {line.split("\t")[0]: line.split("\t")[1:] for line in result.stdout.splitlines()}
    assert list(lines) == [SLUG, "g7-2", "g7-1"], "open ones first"
    assert lines[SLUG] == ["open", "2", "1", "Prostitution in Kazakhstan: abuse and risk"]
    assert lines["g7-1"][0] == "closed"
    assert result.stderr == ""


# People


def test_only_the_link_is_printed_on_standard_output(app: Flask) -> None:
    app.config["URL"] = "https://debate.example.org/"
    for args in (["add", "dana"], ["add", "dana"], ["reset", "dana"]):
        result = run(app, "users", *args)
        assert result.exit_code == 0
        assert re.fullmatch(r"https://debate\.example\.org/accounts/links/[\w-]{43}\n", result.stdout)


@pytest.mark.parametrize("role", Role)
def test_a_person_is_added_with_a_role(app: Flask, role: Role) -> None:
    assert run(app, "users", "add", "dana", "--role", role.value).exit_code == 0
    with app.app_context():
        dana = db.session.scalars(select(User)).one()
        assert (dana.name, dana.role, dana.is_staff) == ("dana", role, role is not Role.MEMBER)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["add", "boris"], "has an account already"),
        (["add", "bоris"], "looks like it"),  # Cyrillic о
        (["add", "moderator"], "kept for the house"),
        (["add", "ab"], "3 to 30 characters"),
        (["add", "not possible"], "letters, digits"),
        (["promote", "nobody", "lead"], "Nobody here is called nobody"),
        (["promote", "boris", "member"], "has this role already"),
        (["reset", "nobody"], "Nobody here is called nobody"),
    ],
)
def test_what_cannot_be_done_with_a_person_is_said_in_a_sentence(world: World, args: list[str], words: str) -> None:
    world.person("boris")
    before = world.everything()
    assert words in said(run(world.app, "users", *args), 1)
    assert world.everything() == before


def test_a_promoted_member_keeps_the_staff_number_for_life(world: World) -> None:
    world.person("boris")
    numbers = []
    for role in ("moderator", "member", "lead"):
        assert "sign in again" in said(run(world.app, "users", "promote", " BORIS ", role))
        with world.at_work():
            numbers.append(db.session.scalar(select(User.staff_number)))
    assert numbers == [1, 1, 1]


@pytest.mark.parametrize(
    "args",
    [
        ["debates"],
        ["debates", "import"],
        ["debates", "close", SLUG],
        ["debates", "burn"],
        ["users", "add"],
        ["users", "add", "dana", "--role", "king"],
        ["users", "promote", "dana"],
        ["users", "promote", "dana", "king"],
        ["users", "reset"],
        ["generate", "--replies", "many"],
        ["generate", "--replies", "-1"],
        ["generate", "--users", "0"],
        ["demo", "twice"],
        ["fly"],
    ],
)
def test_wrong_use_ends_with_code_2_and_the_usage(bare: Flask, args: list[str]) -> None:
    result = run(bare, *args)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


# Content in bulk


def content_of(app: Flask) -> list[tuple[object, ...]]:
    """Return what `generate` made, without the moments, which move with the clock."""
    with app.app_context():
        replies = select(Reply.id, Reply.stance, Reply.status, Reply.passage, Reply.parent_id, Reply.author_id)
        texts = [select(Revision.reply_id, Revision.text), select(Passage.number, Passage.text), select(Debate.motion)]
        rows = [tuple(row) for query in [replies, *texts] for row in db.session.execute(query)]
        db.session.remove()
    return sorted(rows, key=repr)


def test_the_same_seed_makes_the_same_content_and_another_seed_another(
    app: Flask, migrated_file: Path, tmp_path: Path
) -> None:
    made = {}
    for seed in ("7", "8"):
        (tmp_path / seed).mkdir()
        (tmp_path / seed / "forum.sqlite3").write_bytes(migrated_file.read_bytes())
        other = create_app({"FORUM_INSTANCE": str(tmp_path / seed)})
        assert run(other, *GENERATE, seed).exit_code == 0
        made[seed] = content_of(other)
        with other.app_context():
            db.engine.dispose()
    run(app, *GENERATE, "7")
    assert content_of(app) == made["7"] != made["8"]


def test_generated_content_has_the_asked_size_and_every_state(app: Flask) -> None:
    assert "debates 2, people 8, replies 300" in said(run(app, *GENERATE, "7"))
    with app.app_context():
        counts = [db.session.scalar(select(func.count()).select_from(model)) for model in (Debate, User, Reply)]
        statuses = Counter(db.session.scalars(select(Reply.status)))
        depths = set(db.session.scalars(select(Reply.depth)))
        sides = Counter(db.session.scalars(select(Reply.stance).where(Reply.parent_id.is_(None))))
    assert counts == [2, 8, 300]
    assert set(statuses) == set(ReplyStatus) - {ReplyStatus.REMOVED}
    assert depths == {0, 1, 2, 3}
    assert set(sides) == set(SIDES)
    assert max(sides.values()) < 2 * min(sides.values())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whoever_generates_much_sees_how_far_it_has_come(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forum.generate.SHOWN", 120)
    told = run(app, *GENERATE, "7").stderr.splitlines()
    assert told[:2] == ["Replies: 120 of 300", "Replies: 240 of 300"]
    assert told[2].startswith("Added: debates 2")


def test_generated_replies_are_what_the_forum_would_have_stored(app: Flask) -> None:
    run(app, *GENERATE, "7")
    with app.app_context():
        replies = {reply.id: reply for reply in db.session.scalars(select(Reply))}
        wordings = list(db.session.scalars(select(Revision)))
        passages = list(db.session.scalars(select(Passage)))
        counted: Counter[int] = Counter()
        for reply in replies.values():
            above = replies.get(reply.parent_id or 0)
            assert above is None or (above.is_public and above.debate_id == reply.debate_id)
            assert reply.is_public == (reply.shown_revision_id is not None) == (reply.published_at is not None)
            while above is not None and reply.is_public:
                counted[above.id] += 1
                above = replies.get(above.parent_id or 0)
        assert {reply.id: reply.public_answers for reply in replies.values() if reply.public_answers} == counted
        for wording in wordings:
            assert 20 <= len(wording.text) <= 1500
            assert (wording.html, wording.renderer) == (render(wording.text), RENDERER)
        assert all(passage.html == render(passage.text) for passage in passages)
        outcomes = {replies[wording.reply_id].status.value: wording.outcome.value for wording in wordings}
    assert outcomes == {"pending": "waiting"} | {s: s for s in ("published", "returned", "rejected", "withdrawn")}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_looks_like_a_generated_person(app: Flask) -> None:
    run(app, *GENERATE, "7")
    with app.app_context():
        for user in db.session.scalars(select(User)):
            stored = db.session.scalars(select(NameLook.look).where(NameLook.user_id == user.id))
            assert set(stored) == names.looks(user.name)


def test_people_read_generated_debates_and_write_in_them(world: World) -> None:
    world.published("boris")
    assert run(world.app, *GENERATE, "7").exit_code == 0
    reader = world.visitor()
    assert reader.get("/debates/g7-1").status_code == reader.get("/debates/g7-2?pro=2&anti=2").status_code == 200
    number = world.published("dana", slug="g7-1")
    assert f'id="reply-{number}"' in reader.get("/debates/g7-1?sort=newest").text
    assert run(world.app, "debates", "import", str(SEED)).exit_code == 0
    assert world.visitor("maria").get("/moderation").status_code == 200


def test_generated_people_vote_and_the_worker_counts(world: World) -> None:
    assert run(world.app, *GENERATE[:-1], "--votes", "60", "--seed", "7").exit_code == 0
    world.do_jobs()
    page = world.visitor().get("/debates/g7-1?sort=well-argued").text
    assert page.count("Found well argued by") + page.count("Few readers yet") == page.count('class="found"') > 20
    with world.at_work():
        assert any(said.counted is not None for _reply, said in votes.said())


def test_a_seed_is_used_once(app: Flask) -> None:
    assert run(app, *GENERATE, "7").exit_code == 0
    assert "another seed" in said(run(app, *GENERATE, "7"), 1)
    assert run(app, *GENERATE, "8").exit_code == 0


# The demo


@pytest.mark.long
def test_the_demo_shows_every_state_and_both_sides_alike(app: Flask) -> None:
    assert run(app, "demo").exit_code == 0
    with app.app_context():
        replies = list(db.session.scalars(select(Reply)))
        decided = db.session.scalar(select(func.count()).select_from(Decision))
        reported = Counter(db.session.scalars(select(Reply.stance).join(Report)))
        logged = Counter(db.session.scalars(select(AuditEntry.event)))
    assert (logged["reply_posted"], logged["decision_made"]) == (len(replies), decided)
    assert 36 <= len(replies) <= 60
    assert {reply.status for reply in replies} == set(ReplyStatus)
    public = Counter(reply.stance for reply in replies if reply.is_public and reply.parent_id is None)
    assert public[Stance.PRO] == public[Stance.ANTI] >= 10
    every = Counter(reply.stance for reply in replies)
    assert every[Stance.PRO] == every[Stance.ANTI]
    assert every[Stance.NEITHER] >= 1
    assert {"en", "ru", "kk"} == {reply.language for reply in replies}
    assert reported[Stance.PRO] == reported[Stance.ANTI] >= 1


@pytest.mark.long
def test_in_the_demo_nothing_happens_before_its_time(app: Flask) -> None:
    run(app, "demo")
    now = datetime.now(UTC)
    with app.app_context():
        replies = {reply.id: reply for reply in db.session.scalars(select(Reply))}
        opened = db.session.scalars(select(Debate.opens_at)).one()
        joined = {user.id: user.created_at for user in db.session.scalars(select(User))}
        decisions = list(db.session.scalars(select(Decision).order_by(Decision.id)))
        entries = list(db.session.scalars(select(LogEntry).order_by(LogEntry.id)))
    for reply in replies.values():
        above = replies.get(reply.parent_id or 0)
        assert opened <= reply.created_at <= now
        assert joined[reply.author_id] <= reply.created_at
        assert above is None or above.published_at < reply.created_at
    assert all(replies[made.reply_id].created_at < made.created_at <= now for made in decisions)
    assert [entry.hour for entry in entries] == [made.created_at.strftime(HOUR) for made in decisions]
    assert len({entry.hour[:10] for entry in entries}) >= 8, "decided day by day"
    assert run(app, "log", "verify").exit_code == 0
    with pytest.raises(ValueError, match="future"), clock.at(now + timedelta(days=1)):
        pass


def test_the_demo_prints_sign_ins_that_work(app: Flask) -> None:
    result = run(app, "demo")
    assert f"FORUM_INSTANCE={app.config['INSTANCE']} ./run flask" in result.stderr
    printed = re.findall(r"^  (\S+) +(member|moderator|lead) +password (\S+)$", result.stderr, re.MULTILINE)
    assert Counter(role for _name, role, _password in printed) == {"member": 2, "moderator": 2, "lead": 2}
    for name, role, password in printed:
        client = app.test_client()
        token = hidden_field(client.get("/accounts/sign-in").text, "csrf_token")
        client.post("/accounts/sign-in", data={"csrf_token": token, "name": name, "password": password})
        if role != "member":
            client.post("/accounts/sign-in/code", data={"csrf_token": token, "code": run(app, "demo-code").stdout})
        assert client.get("/accounts/replies").status_code == 200
        assert client.get("/moderation").status_code == (403 if role == "member" else 200)


def test_no_other_forum_tells_codes(app: Flask) -> None:
    assert "This is no demo" in said(run(app, "demo-code"), 1)


def test_the_demo_wants_an_empty_database(world: World) -> None:
    world.person("boris")
    before = world.everything()
    assert "empty database" in said(run(world.app, "demo"), 1)
    assert world.everything() == before


# As processes of their own


def shell(folder: Path, *args: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
    environ |= {"FLASK_APP": "forum", "FORUM_INSTANCE": str(folder)}
    environ |= {f"FORUM_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "flask", *args]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60)


def test_the_first_command_of_all_finds_its_tables(tmp_path: Path) -> None:
    ended = shell(tmp_path, "debates", "import", str(SEED))
    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr == f"Prostitution in Kazakhstan: abuse and risk: {DEBATE}\n"


@pytest.mark.parametrize(
    ("args", "code"), [(["debates", "close", SLUG, "--reason", "x"], 1), (["users", "add"], 2), (["fly"], 2)]
)
def test_a_process_ends_with_its_code_and_without_a_traceback(tmp_path: Path, args: list[str], code: int) -> None:
    ended = shell(tmp_path, *args)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/nothing"),
    ],
)
def test_a_wrong_setting_is_one_sentence_at_the_terminal(tmp_path: Path, name: str, value: str) -> None:
    ended = shell(tmp_path, "debates", "list", **{name: value})
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert f"FORUM_{name}" in ended.stderr
