"""Answers about replies are kept under tags and sealed, and so is all that follows from single ones."""

import hmac
import os
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import sqrt
from struct import Struct

import sqlalchemy as sa
from alembic import op
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

WHO = "evenhand: who answered about which reply, 1"
WHAT = "evenhand: what was answered about a reply, 1"
SCORES = "evenhand: the scores of a debate in an hour, 1"
VOTERS = "evenhand: the voters of a debate, 1"
VOTE, SCORE, VOTER = Struct(">QbbI"), Struct("<qf"), Struct("<qffQ")
ANSWERS = {True: 1, False: 0, None: -1}
BATCH = 5000
FEW = 5


def _key(purpose: str) -> bytes:
    secret = current_app.config["SECRET_KEY"].encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)


def _seal(cipher: AESGCM, words: bytes, about: bytes) -> bytes:
    nonce = os.urandom(12)
    return nonce + cipher.encrypt(nonce, words, about)


def _moment(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _bool(value: bool | int | None) -> bool | None:
    return None if value is None else bool(value)


def _time(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _own(table: str) -> list[sa.schema.SchemaItem]:
    """Return what most tables have."""
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))
    return [sa.Column("id", sa.Integer(), nullable=False), _time("created_at"), key]


def _insert(table: sa.TableClause, rows: list[dict]) -> None:
    for start in range(0, len(rows), BATCH):
        op.bulk_insert(table, rows[start : start + BATCH])


def upgrade() -> None:
    """Change the tables."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")  # what is dropped is overwritten
    read = {
        name: connection.execute(sa.select(sa.text("*")).select_from(sa.table(name))).mappings().all()
        for name in ("votes", "reply_marks", "debate_usuals", "voter_weights")
    }
    replies = connection.execute(sa.text("SELECT id, debate_id, shown_revision_id FROM replies")).all()
    for name in read:
        op.drop_table(name)
    op.execute("DELETE FROM jobs WHERE kind IN ('score_reply', 'count_votes')")
    _insert(_create_votes(), _sealed_votes(read["votes"]))
    _insert(_create_marks(), _counts(read["reply_marks"]))
    _insert(_create_scores(), _scores(read["reply_marks"], read["debate_usuals"], replies))
    _insert(_create_voters(), _voters(read["debate_usuals"], read["voter_weights"]))
    _ask_for_counts(read["votes"])


def _create_votes() -> sa.Table:
    table = op.create_table(
        "votes",
        sa.Column("tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id", "reply_id"], ["revisions.id", "revisions.reply_id"], name="fk_votes_revision"
        ),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_votes")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_votes_reply_id_revision_id"), "votes", ["reply_id", "revision_id"])
    return table


def _sealed_votes(votes: list) -> list[dict]:
    """Return the rows, in the order of their tags."""
    key, cipher, rows = _key(WHO), AESGCM(_key(WHAT)), []
    for vote in votes:
        reply, wording, voter = vote["reply_id"], vote["revision_id"], vote["voter_id"]
        tag = hmac.digest(key, f"{reply}:{voter}".encode(), sha256)
        said, counted = ANSWERS[_bool(vote["well_argued"])], ANSWERS[_bool(vote["counted"])]
        words = VOTE.pack(voter, said, counted, int(_moment(vote["answered_at"]).timestamp()) // 3600)
        sealed = _seal(cipher, words, b"%d:%d:%b" % (reply, wording, tag))
        rows.append({"tag": tag, "reply_id": reply, "revision_id": wording, "sealed": sealed})
    return sorted(rows, key=lambda row: row["tag"])


def _create_marks() -> sa.Table:
    return op.create_table(
        "reply_marks",
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("pro_yes", "pro_all", "anti_yes", "anti_all")),
        *_counted("reply_marks"),
        sa.CheckConstraint(
            "(pro_all = 0 OR pro_all >= 5) AND (anti_all = 0 OR anti_all >= 5)", name=op.f("ck_reply_marks_not_few")
        ),
        *_own("reply_marks"),
    )


def _counted(table: str) -> list[sa.Constraint]:
    """Return what holds for counts before and after."""
    counts = "pro_yes BETWEEN 0 AND pro_all AND anti_yes BETWEEN 0 AND anti_all"
    return [
        sa.CheckConstraint(counts, name=op.f(f"ck_{table}_counts")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f(f"fk_{table}_reply_id_replies")),
        sa.ForeignKeyConstraint(
            ["revision_id", "reply_id"], ["revisions.id", "revisions.reply_id"], name=f"fk_{table}_revision"
        ),
        sa.UniqueConstraint("reply_id", name=op.f(f"uq_{table}_reply_id")),
    ]


def _counts(marks: list) -> list[dict]:
    """Return what is shown of the counts, which is all that is kept of them."""
    rows = []
    for row in marks:
        sides = {}
        for side in ("pro", "anti"):
            is_shown = row[f"{side}_all"] >= FEW
            sides |= {name: row[name] if is_shown else 0 for name in (f"{side}_yes", f"{side}_all")}
        kept = {"reply_id": row["reply_id"], "revision_id": row["revision_id"], **sides}
        if row["revision_id"] is not None:
            rows.append({**kept, "created_at": _moment(row["created_at"])})
    return rows


def _create_scores() -> sa.Table:
    return op.create_table(
        "hourly_scores",
        sa.Column("debate_id", sa.Integer(), nullable=False),
        _time("hour"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["debate_id"], ["debates.id"], name=op.f("fk_hourly_scores_debate_id_debates")),
        sa.UniqueConstraint("debate_id", "hour", name=op.f("uq_hourly_scores_debate_id_hour")),
        *_own("hourly_scores"),
    )


def _scores(marks: list, usuals: list, replies: list) -> list[dict]:
    """Return the scores as they are, for every page that can be asked for."""
    cipher, now = AESGCM(_key(SCORES)), datetime.now(UTC)
    hour = now.replace(minute=0, second=0, microsecond=0) - timedelta(days=2)
    wordings = {number: (debate, wording) for number, debate, wording in replies if wording is not None}
    of_debate: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for row in marks:
        if row["reply_id"] in wordings:
            debate, wording = wordings[row["reply_id"]]
            of_debate[debate].append((wording, row["score"]))
    rows = []
    for usual in usuals:
        debate = usual["debate_id"]
        sides = [(0, 100 * sqrt(usual[f"pro_{side}"] * usual[f"anti_{side}"])) for side in ("pro", "anti")]
        words = b"".join(SCORE.pack(*pair) for pair in [*sides, *sorted(of_debate[debate])])
        sealed = _seal(cipher, words, b"%d:%d" % (debate, int(hour.timestamp())))
        rows.append({"debate_id": debate, "hour": hour, "sealed": sealed, "created_at": now})
    return rows


def _create_voters() -> sa.Table:
    return op.create_table(
        "debate_voters",
        sa.Column("debate_id", sa.Integer(), nullable=False),
        _time("computed_at"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["debate_id"], ["debates.id"], name=op.f("fk_debate_voters_debate_id_debates")),
        sa.UniqueConstraint("debate_id", name=op.f("uq_debate_voters_debate_id")),
        *_own("debate_voters"),
    )


def _voters(usuals: list, weights: list) -> list[dict]:
    """Return the weights as they are; which answers are in the scores is not known."""
    cipher, of_debate = AESGCM(_key(VOTERS)), defaultdict(list)
    for row in weights:
        of_debate[row["debate_id"]].append((row["voter_id"], row["on_pro"], row["on_anti"], 0))
    rows = []
    for usual in usuals:
        debate, computed = usual["debate_id"], _moment(usual["computed_at"])
        words = b"".join(VOTER.pack(*row) for row in sorted(of_debate[debate]))
        sealed = _seal(cipher, words, b"%d" % debate)
        rows.append({"debate_id": debate, "computed_at": computed, "sealed": sealed, "created_at": computed})
    return rows


def _ask_for_counts(votes: list) -> None:
    """Let every reply be counted that has answers which no count contains."""
    new = {vote["reply_id"] for vote in votes if _bool(vote["well_argued"]) is not _bool(vote["counted"])}
    moments = [sa.column(name, sa.DateTime(timezone=True)) for name in ("run_at", "created_at")]
    columns = [sa.column(name) for name in ("kind", "subject_id", "requests", "attempts")]
    now = datetime.now(UTC)
    job = {"kind": "count_votes", "run_at": now, "requests": 1, "attempts": 0, "created_at": now}
    _insert(sa.table("jobs", *columns, *moments), [{**job, "subject_id": reply} for reply in sorted(new)])


def downgrade() -> None:
    """Change them back: answers that this secret cannot read are lost, scores and weights are made anew each hour."""
    connection = op.get_bind()
    votes = connection.execute(sa.text("SELECT tag, reply_id, revision_id, sealed FROM votes")).all()
    marks = connection.execute(sa.text("SELECT * FROM reply_marks ORDER BY id")).mappings().all()
    authors = {row.id: row.author_id for row in connection.execute(sa.text("SELECT id, author_id FROM replies"))}
    for name in ("debate_voters", "hourly_scores", "reply_marks", "votes"):
        op.drop_table(name)
    op.execute("DELETE FROM jobs WHERE kind = 'count_votes'")
    _insert(_create_former_votes(), _opened_votes(votes, authors))
    # Numbered anew: PostgreSQL would go on counting from 1 otherwise.
    kept = [{name: value for name, value in row.items() if name != "id"} for row in marks]
    _insert(_create_former_marks(), [{**row, "created_at": _moment(row["created_at"]), "score": 50.0} for row in kept])
    _create_former_results()


def _opened_votes(votes: list, authors: dict[int, int]) -> list[dict]:
    cipher, rows = AESGCM(_key(WHAT)), []
    said = {byte: answer for answer, byte in ANSWERS.items()}
    for tag, reply, wording, sealed in votes:
        try:
            words = cipher.decrypt(sealed[:12], sealed[12:], b"%d:%d:%b" % (reply, wording, tag))
        except InvalidTag:
            continue
        voter, answer, counted, hour = VOTE.unpack(words)
        moment = datetime.fromtimestamp(hour * 3600, UTC)
        about = {"voter_id": voter, "reply_id": reply, "author_id": authors[reply], "revision_id": wording}
        answers = {"well_argued": said[answer], "counted": said[counted]}
        rows.append({**about, **answers, "answered_at": moment, "created_at": moment})
    return rows


def _create_former_votes() -> sa.Table:
    table = op.create_table(
        "votes",
        *(sa.Column(f"{name}_id", sa.Integer(), nullable=False) for name in ("voter", "reply", "author", "revision")),
        sa.Column("well_argued", sa.Boolean(), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=True),
        _time("answered_at"),
        sa.CheckConstraint("voter_id <> author_id", name=op.f("ck_votes_of_another")),
        sa.ForeignKeyConstraint(["voter_id"], ["users.id"], name=op.f("fk_votes_voter_id_users")),
        sa.ForeignKeyConstraint(["reply_id", "author_id"], ["replies.id", "replies.author_id"], name="fk_votes_reply"),
        sa.ForeignKeyConstraint(
            ["revision_id", "reply_id"], ["revisions.id", "revisions.reply_id"], name="fk_votes_revision"
        ),
        sa.UniqueConstraint("voter_id", "reply_id", name=op.f("uq_votes_voter_id_reply_id")),
        *_own("votes"),
    )
    op.create_index(op.f("ix_votes_reply_id_revision_id"), "votes", ["reply_id", "revision_id"])
    return table


def _create_former_marks() -> sa.Table:
    return op.create_table(
        "reply_marks",
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("pro_yes", "pro_all", "anti_yes", "anti_all")),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_reply_marks_score_in_range")),
        *_counted("reply_marks"),
        *_own("reply_marks"),
    )


def _create_former_results() -> None:
    op.create_table(
        "debate_usuals",
        sa.Column("debate_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("pro_pro", "pro_anti", "anti_pro", "anti_anti")),
        _time("computed_at"),
        sa.CheckConstraint(
            "pro_pro BETWEEN 0 AND 1 AND pro_anti BETWEEN 0 AND 1 AND "
            "anti_pro BETWEEN 0 AND 1 AND anti_anti BETWEEN 0 AND 1",
            name=op.f("ck_debate_usuals_shares"),
        ),
        sa.ForeignKeyConstraint(["debate_id"], ["debates.id"], name=op.f("fk_debate_usuals_debate_id_debates")),
        sa.UniqueConstraint("debate_id", name=op.f("uq_debate_usuals_debate_id")),
        *_own("debate_usuals"),
    )
    op.create_table(
        "voter_weights",
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("on_pro", sa.Double(), nullable=False),
        sa.Column("on_anti", sa.Double(), nullable=False),
        sa.CheckConstraint("on_pro BETWEEN 0 AND 1 AND on_anti BETWEEN 0 AND 1", name=op.f("ck_voter_weights_weights")),
        sa.ForeignKeyConstraint(["debate_id"], ["debates.id"], name=op.f("fk_voter_weights_debate_id_debates")),
        sa.ForeignKeyConstraint(["voter_id"], ["users.id"], name=op.f("fk_voter_weights_voter_id_users")),
        sa.UniqueConstraint("debate_id", "voter_id", name=op.f("uq_voter_weights_debate_id_voter_id")),
        *_own("voter_weights"),
    )
    op.create_index(op.f("ix_voter_weights_voter_id"), "voter_weights", ["voter_id"])
