"""How long indexing and a ranked page take: python bench/search.py [replies] [database URL]."""

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import flask_migrate
from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parent.parent))

from forum import create_app, generate
from forum.db import db
from forum.search import index, questions
from forum.search.queries import Wanted, search

count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
url = sys.argv[2] if len(sys.argv) > 2 else ""  # an empty database
CORPUS = Path(__file__).parent.parent / "tests" / "moderation" / "screening" / "corpus"
lines = [line for file in sorted(CORPUS.glob("arguments_*.txt")) for line in file.read_text().splitlines()]
real = [word for line in lines if not line.startswith("#") for word in line.split()]
QUESTIONS = {
    "one word of nearly all": "law",
    "two of nearly all": "police court",
    "six of nearly all": "law police court harm money street",
    "a real question": "should the police protect women on the street",
    "a typing error": "prostituton in kazakstan",
    "Russian": "полиция не защищает женщин",
    "Kazakh": "әйелдердің құқығы қорғалмайды",
    "nothing": "zzzzqqq xxyyzz",
}
app = create_app({"FORUM_INSTANCE": tempfile.mkdtemp(), "FORUM_DATABASE_URL": url})
with app.app_context():
    flask_migrate.upgrade()
# Half of the words of a text are those of `generate`, which nearly all texts share, and half are of real arguments.
sentence, dice = generate._sentence, random.Random(1)
generate._sentence = lambda chances, length: (
    sentence(chances, length // 2) + " " + " ".join(dice.choices(real, k=length // 2))
)
app.test_cli_runner().invoke(args=["generate", "--debates", "20", "--replies", str(count), "--users", "500"])
with app.test_request_context():
    start, cpu = time.perf_counter(), time.process_time()
    found = index.catch_up()
    took = time.perf_counter() - start
    print(f"{found} texts indexed in {took:.0f} s, {found / took:.0f} a second, CPU {time.process_time() - cpu:.0f} s")
    if url:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
for name, typed in QUESTIONS.items():
    for narrowed in (Wanted(), Wanted(person="g1-7")):
        walls, cpus = [], []
        for _ in range(20):
            with app.test_request_context():
                start, cpu = time.perf_counter(), time.process_time()
                page = search(questions.keys(typed), narrowed, {})
                walls.append(time.perf_counter() - start)
                cpus.append(time.process_time() - cpu)
        wall, cpu = (1000 * statistics.median(taken) for taken in (walls, cpus))
        hits = sum(map(len, page.hits.values()))
        print(
            f"{name + (', of one person' if narrowed.person else ''):38} {hits:3} hits: {cpu:5.1f} ms CPU, {wall:5.1f} ms in all"
        )
with app.app_context():
    db.engine.dispose()
