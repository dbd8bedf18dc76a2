"""Counts the statements that requests send to the database; runs in a process of its own, like a server."""

import json
import sys

from sqlalchemy import event

WARM = 2  # times that a page is asked for before it is counted


def main(program):
    if program == "limit":
        from bench.limit_app import app, engine
    else:
        from forum import create_app
        from forum.db import db

        app = create_app()
        with app.app_context():
            engine = db.engine
    sent = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_more: sent.append(statement))
    client, told = app.test_client(use_cookies=False), {}
    for work, method, path, headers, body, other in json.load(sys.stdin):
        for _ in range(WARM):
            client.open(path, "http://127.0.0.1", method=method, headers=headers, data=body)
        sent.clear()
        client.open(path, "http://127.0.0.1", method=method, headers=headers, data=other)
        told[work] = sum(not statement.startswith(("BEGIN", "PRAGMA")) for statement in sent)
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
