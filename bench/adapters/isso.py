"""Isso (PyPI) on SQLite under gunicorn: a JSON server of comments, without accounts, moderation or pages."""

import json
import sqlite3
import time
import urllib.parse

from bench import corpus
from bench.adapters import base
from bench.adapters.base import GZIP, Request

CONFIG = """[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1/
notify = stdout
latest-enabled = true
[moderation]
enabled = false
[guard]
enabled = false
[hash]
algorithm = pbkdf2
salt = bench
"""


class Isso(base.Adapter):
    name = version_of = "isso"
    packages = ("isso", "gunicorn")

    def fill(self, folder):
        (folder / "isso.cfg").write_text(CONFIG.format(folder=folder))
        self.start(folder, ready="/info").stop()  # it makes its tables
        database = sqlite3.connect(folder / "comments.db")
        columns = {row[1] for row in database.execute("PRAGMA table_info(comments)")}
        start = time.time() - 200_000
        for topic, (title, _opening, _author, replies) in enumerate(corpus.topics(), 1):
            database.execute("INSERT INTO threads(id, uri, title) VALUES (?,?,?)", (topic, f"/t/{topic}", title))
            for place, (who, text) in enumerate(replies):
                name = corpus.users()[who]
                row = {"tid": topic, "parent": None, "created": start + topic + place, "modified": None, "mode": 1}
                row |= {"remote_addr": f"10.0.{who}.0", "text": text, "author": name, "website": None, "likes": 0}
                row |= {"email": f"{name}@example.org", "dislikes": 0, "voters": bytes(256), "notification": 0}
                row = {key: value for key, value in row.items() if key in columns}
                marks = ",".join(f":{key}" for key in row)
                database.execute(f"INSERT INTO comments({','.join(row)}) VALUES ({marks})", row)
        database.commit()
        database.close()

    def start(self, folder, ready="/latest?limit=1"):
        port, settings = base.free_port(), {"ISSO_SETTINGS": str(folder / "isso.cfg")}
        return self.launch(folder, port, self.gunicorn("isso.run", port), ready, settings)

    def requests(self, run):
        page, target = (urllib.parse.quote(f"/t/{n}", safe="") for n in (1, 2))
        sent = GZIP | {"Content-Type": "application/json", "Origin": "http://127.0.0.1"}
        facts = {"author": "debater01", "email": "debater01@example.org", "parent": None, "title": "Posting target"}

        def said(n):
            return json.dumps(facts | {"text": corpus.post(n)}).encode()

        return {
            "page": Request(f"/?uri={page}&limit=50&nested_limit=5", shown=50),
            "post": Request(f"/new?uri={target}", "POST", sent, said, 1, (201, 202)),
            # it has no list; the newest comments of the whole site are the nearest thing
            "list": Request("/latest?limit=20", shown=20),
        }
