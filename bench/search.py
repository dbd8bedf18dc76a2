"""How long indexing and a ranked page take: python bench/search.py [replies] [database URL].

Without a URL the forum is SQLite in a folder `evenhand-bench` for temporary files; it is filled once and asked again by a further call. CPU is
that of this process and, with PostgreSQL on this machine, of the backend that answers it.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import flask_migrate
from sqlalchemy import func, select, text

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from forum import create_app, generate
from forum.db import db, now
from forum.debates.models import Debate
from forum.search import questions
from forum.search.models import SearchEntry
from forum.search.queries import search
from forum.search.ranking import Wanted

TIMES = 15  # each question is asked
count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
url = sys.argv[2] if len(sys.argv) > 2 else ""  # an empty database, or one that a former call has filled
instance = Path(tempfile.gettempdir()) / "evenhand-bench"
CORPUS = ROOT / "tests" / "moderation" / "screening" / "corpus"
lines = [line for file in sorted(CORPUS.glob("arguments_*.txt")) for line in file.read_text().splitlines()]
real = [word for line in lines if not line.startswith("#") for word in line.split()]
QUESTIONS = {
    "one word of nearly all": "law",
    "two of nearly all": "police court",
    "six of nearly all": "law police court harm money street",
    "a rare word": "photograph",
    "rare and common": "law photograph landlord police",
    "a real question": "should the police protect women on the street",
    "another one": "do landlords and clinics report women who sell sex to the police",
    "a typing error": "prostituton in kazakstan",
    "Russian": "полиция не защищает женщин",
    "Kazakh": "әйелдердің құқығы қорғалмайды",
    "nothing": "zzzzqqq xxyyzz",
}
instance.mkdir(exist_ok=True)
app = create_app({"FORUM_INSTANCE": str(instance), "FORUM_DATABASE_URL": url})


def fill() -> None:
    """Half of the words of a text are those of `generate`, which nearly all texts share, half those of real arguments."""
    sentence, dice = generate._sentence, random.Random(1)
    generate._sentence = lambda chances, length: (
        sentence(chances, length // 2) + " " + " ".join(dice.choices(real, k=length // 2))
    )
    app.test_cli_runner().invoke(args=["generate", "--debates", "20", "--replies", str(count), "--users", "500"])
    environment = {"FORUM_INSTANCE": str(instance), "FORUM_DATABASE_URL": url, "FLASK_APP": "forum"}
    start, before = time.perf_counter(), os.times()
    command = [sys.executable, "-m", "flask", "search", "reindex"]
    subprocess.run(command, check=True, env=os.environ | environment, cwd=ROOT)  # noqa: S603
    took, after = time.perf_counter() - start, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    print(f"flask search reindex: {took:.0f} s, {cpu:.0f} s CPU of its own")
    if url:
        with app.app_context(), db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def spent() -> float:
    """Return the CPU seconds of this process, and of the backend that answers it."""
    if not url:
        return time.process_time()
    backend = db.session.scalar(select(func.pg_backend_pid()))
    return time.process_time() + int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9


def asked(typed: str, wanted: Wanted) -> tuple[int, float, float]:
    """Return how many hits the first page has, and the milliseconds of CPU and in all that it takes."""
    walls, cpus = [], []
    for _ in range(TIMES):
        with app.test_request_context():
            cpu, start = spent(), time.perf_counter()
            page = search(questions.keys(typed), wanted, {})
            walls.append(time.perf_counter() - start)
            cpus.append(spent() - cpu)
    return sum(map(len, page.hits.values())), 1000 * statistics.median(cpus), 1000 * statistics.median(walls)


with app.app_context():
    flask_migrate.upgrade()
    if not db.session.scalar(select(SearchEntry.place).limit(1)):
        fill()
    print(f"{db.session.scalar(select(func.count()).select_from(SearchEntry))} texts, {db.engine.dialect.name}")
    debate = db.session.scalar(select(func.min(Debate.id)))
    day = now().date()
FILTERS = {
    "": Wanted(),
    "of one side": Wanted(side="pro"),
    "of one debate": Wanted(debate=debate),
    "of one person": Wanted(person="g1-7"),
    "of one language": Wanted(language="en"),
    "of three days": Wanted(since=day - timedelta(days=20), until=day - timedelta(days=18)),
}
print(f"{'hits, ms CPU (ms in all)':24}" + "".join(f"{name:>22}" for name in FILTERS))
for name, typed in QUESTIONS.items():
    cells = (f"{hits}, {cpu:.0f} ({wall:.0f})" for hits, cpu, wall in (asked(typed, it) for it in FILTERS.values()))
    print(f"{name:24}" + "".join(f"{cell:>22}" for cell in cells), flush=True)
with app.app_context():
    db.engine.dispose()
