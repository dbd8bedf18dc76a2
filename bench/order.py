"""What a page of a debate costs the processor: python bench/order.py [replies]. Milliseconds, the median of 20.

Of 50,000 replies on one core of 2026 with SQLite 3.40: counts 18; places of the fair order 16 (one row for each reply:
169), newest and oldest 2, on page 500 4 (168 to 192), well-argued 33 (206); the whole page of the fair order 41 (195).
"""

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
folder = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp()
app = create_app({"FORUM_INSTANCE": folder})
with app.app_context():
    flask_migrate.upgrade()
app.test_cli_runner().invoke(args=["generate", "--replies", str(count)])


def measured(sort: str, page: int) -> list[float]:
    """Return what counts, places, and the page with both cost."""
    with app.test_request_context():
        debate = queries.by_slug("g1-1")
        asked = order.asked(debate, {"sort": sort})
        pages = dict.fromkeys(SIDES, page)
        start = time.process_time()
        places.tally(debate)
        counted = time.process_time()
        places.both(debate, asked, pages)
        placed = time.process_time()
        queries.columns(debate, pages, asked, AnonymousUserMixin())
        return [counted - start, placed - counted, time.process_time() - placed + counted - start]


for sort in order.SORTS:
    for page in (1, count // 100):
        taken = zip(*(measured(sort, page) for _ in range(20)), strict=True)
        counts, found, whole = (1000 * statistics.median(part) for part in taken)
        print(f"{sort:12} page {page:3}: counts {counts:.0f}, places {found:.0f}, page {whole:.0f}")
with app.app_context():
    db.engine.dispose()
