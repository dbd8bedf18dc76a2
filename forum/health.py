"""What a watcher asks: does the server live, and is all in order? It hears nothing of people, places or secrets."""

import shutil
import time
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, json
from sqlalchemy import func, or_, select, text

from forum.accounts import limits
from forum.accounts.doors import open_to
from forum.accounts.policy import everyone
from forum.db import OUT_OF_ORDER, db, now
from forum.errors import RETRY_AFTER
from forum.jobs import Job
from forum.tables import newest_revision, revision_in

bp = Blueprint("health", __name__)
PATIENCE_MS = 1000  # how long a look waits for a writer; the longest transaction takes a small part of it
LEAST_FREE = 32  # MiB; with less, a backup or the journal of a long transaction may not fit
REMEMBERED = 120.0  # seconds after which a write that was refused tells nothing any more
OVERDUE = timedelta(minutes=5)  # a worker looks at least once a minute
TIRED = 3  # a job that has failed so many times does not fail by chance
A_MOMENT = 1.0  # seconds for Redis to answer


@bp.get("/healthz")
@open_to(everyone)
def alive() -> Response:
    """Say that the process answers: it asks nothing else, and a proxy sends readers to it."""
    return _answer(Response("alive\n", mimetype="text/plain"))


@bp.get("/readyz")
@open_to(everyone)
def ready() -> Response:
    """Say whether database, migrations and jobs are in order, and what is not; and what works, but not as it could."""
    wrong = faults()
    told = {"limits": trouble} if (trouble := limits.counts().state()) else {}
    answer = Response(json.dumps({"ready": not wrong, "wrong": wrong, "told": told}), 503 if wrong else 200)
    answer.mimetype = "application/json"
    if wrong:
        answer.headers["Retry-After"] = str(RETRY_AFTER)
    return _answer(answer)


def faults() -> dict[str, str]:
    """Return what is not in order: what it is about, and a sentence."""
    looks = {"database": _database, "migrations": _migrations, "writing": _writing, "jobs": _jobs, "redis": _redis}
    wrong = {}
    for name, look in looks.items():
        try:
            found = look()
        except OUT_OF_ORDER:
            found = "It cannot be asked."
        db.session.rollback()
        if found:
            wrong[name] = found
        if name == "database" and found:
            break  # there is nothing else to ask
    return wrong


def _answer(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _database() -> str:
    try:
        db.session.execute(text("SELECT 1"))
    except OUT_OF_ORDER:
        return "The database does not answer."
    return ""


def _migrations() -> str:
    is_current = revision_in(db.session.connection()) == newest_revision()
    return "" if is_current else "The tables are not those of this version."


def _writing() -> str:
    """Return why nothing can be stored, as far as one can tell without storing anything."""
    if db.engine.dialect.name != "sqlite":
        is_read_only = db.session.scalar(text("SELECT current_setting('transaction_read_only') = 'on'"))
        return "The database can only be read." if is_read_only else _refused()
    free = shutil.disk_usage(_folder(str(db.engine.url.database))).free >> 20
    return _begin() or (f"Less than {LEAST_FREE} MiB are free on the disk." if free < LEAST_FREE else _refused())


@cache
def _folder(file: str) -> Path:
    return Path(file).resolve().parent


def _begin() -> str:
    """Take the turn of the one writer of SQLite, and give it back."""
    connection: Any = db.engine.raw_connection()
    (usual,) = connection.execute("PRAGMA busy_timeout").fetchone()
    try:
        connection.execute(f"PRAGMA busy_timeout = {min(usual, PATIENCE_MS)}")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except connection.dbapi_connection.OperationalError as error:
        is_locked = "locked" in str(error)
        return "Somebody keeps the database locked." if is_locked else "The database can only be read."
    finally:
        connection.execute(f"PRAGMA busy_timeout = {usual}")
        connection.close()
    return ""


def _refused() -> str:
    at = current_app.extensions.get("refused_at")
    is_recent = at is not None and time.monotonic() - at < REMEMBERED
    return "The database has just refused to store something." if is_recent else ""


def _jobs() -> str:
    moment = now()
    is_free = or_(Job.claimed_until.is_(None), Job.claimed_until <= moment)
    overdue = select(func.count()).select_from(Job).where(Job.run_at <= moment - OVERDUE, is_free)
    if count := db.session.scalar(overdue):
        return f"Nobody does the jobs: {count} should have been done {OVERDUE.seconds // 60} minutes ago."
    tired = select(Job.kind).where(Job.attempts >= TIRED).distinct().order_by(Job.kind)
    kinds = [kind.value for kind in db.session.scalars(tired)]
    return f"Jobs fail again and again: {', '.join(kinds)}." if kinds else ""


def _redis() -> str:
    address = current_app.config["REDIS_URL"]
    if not address:
        return ""
    from redis import Redis, RedisError  # 40 ms and 6 MB, for a forum that has one

    try:
        with Redis.from_url(address, socket_timeout=A_MOMENT, socket_connect_timeout=A_MOMENT) as redis:
            redis.ping()
    except RedisError:
        return "Redis does not answer."
    return ""
