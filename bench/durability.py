"""What a durable commit costs: SQLite with synchronous FULL (survives a power cut) and NORMAL, posts through HTTP.

python -m bench.durability [folder]    # a folder on the disk that the forum would use
"""

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from sqlalchemy import event

from forum import create_app
from forum.db import db
from tests.world import DEBATE, World

POSTS, ROUNDS = 40, 5


def main(folder: Path) -> None:
    visitors, taken = {}, {"FULL": [], "NORMAL": []}
    for mode in taken:
        (folder / mode).mkdir()
        many = {"FORUM_REPLIES_PER_HOUR": "100000", "FORUM_WAITING_PER_MEMBER": "100000"}
        app = create_app({"FORUM_INSTANCE": str(folder / mode), **many})
        app.test_cli_runner().invoke(args=["debates", "list"])
        with app.app_context():
            db.engine.dispose()
            event.listen(db.engine, "connect", lambda c, _r, mode=mode: c.execute(f"PRAGMA synchronous = {mode}"))
        world = World(app)
        visitors[mode] = world.visitor("aigerim")
        visitors[mode].key = visitors[mode].token()
    for number in range(ROUNDS * 2):  # interleaved
        mode = list(taken)[number % 2]
        visitor = visitors[mode]
        for post in range(POSTS):
            words = f"Argument {number}-{post}, with a reason that everybody can follow to its end."
            began = time.perf_counter()
            answer = visitor.post(
                f"{DEBATE}/replies", token=visitor.key, text=words, stance="pro", key=f"{number}-{post}"
            )
            taken[mode].append(1000 * (time.perf_counter() - began))
            assert answer.status_code == 303, answer.text
    for mode, times in taken.items():
        print(
            f"{mode:7} median {median(times):6.2f} ms, 95 % below {sorted(times)[int(len(times) * 0.95)]:6.2f} ms a post"
        )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as made:
        main(Path(made))
