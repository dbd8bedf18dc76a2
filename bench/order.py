"""How long the places of a whole column take: python bench/order.py [replies]. Milliseconds, the median of 50."""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import flask_migrate
from flask_login import AnonymousUserMixin

sys.path.insert(0, str(Path(__file__).parent.parent))

from forum import create_app
from forum.db import db
from forum.debates import order, places, queries
from forum.debates.models import SIDES

count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
app = create_app({"FORUM_INSTANCE": tempfile.mkdtemp()})
with app.app_context():
    flask_migrate.upgrade()
app.test_cli_runner().invoke(args=["generate", "--replies", str(count)])
for sort in order.SORTS:
    taken = []
    for _ in range(50):
        with app.test_request_context():
            debate = queries.by_slug("g1-1")
            asked = order.asked(debate, {"sort": sort})
            start = time.perf_counter()
            found = places.places_of(debate, asked, ())
            middle = time.perf_counter()
            queries.columns(debate, dict.fromkeys(SIDES, 1), asked, AnonymousUserMixin())
            taken.append((middle - start, time.perf_counter() - middle))
    parts = [1000 * statistics.median(part) for part in zip(*taken, strict=True)]
    print(f"{sort:12} {[len(column) for column in found.values()]}: places {parts[0]:.1f} ms, page {parts[1]:.1f} ms")
with app.app_context():
    db.engine.dispose()
