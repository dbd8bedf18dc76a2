"""The forum itself, as `./run` serves it: one process with its jobs, every limit and every header.

Three servers: one as it is; one that keeps no pages, for the first time somebody asks for a page; and one that keeps
none with 100,000 replies, for the search.
"""

import json
import os
import shutil
import sys
import time

import pyotp

from bench import corpus, fill
from bench.adapters import base
from bench.adapters.base import FORM, GZIP, ROOT, Request
from bench.adapters.limit import count_statements

PAGE = "/debates/measured-thread"
QUESTIONS = (
    "police court",
    "law photograph landlord police",
    "should the police protect women on the street",
    "law money",
)
ASKED = "law police court money market street licence clinic harm tax choice report".split()


def asking(question):
    """Return the address of a question to the search."""
    return f"/search?{base.form({'q': question}).decode()}"


def new_question(number):
    """Return three words that were not asked for together, in this order, by one of 1,320 numbers."""
    words = list(ASKED)
    return " ".join(words.pop(number // step % len(words)) for step in (110, 10, 1))


class Forum(base.Adapter):
    """What every server of the forum needs, whatever is in it."""

    python = sys.executable

    def install(self):
        """Nothing: this is the project, in the environment that runs the bench."""

    database = ""  # on PostgreSQL; else it is SQLite in the folder

    def version(self):
        return ""  # the page names it

    def env(self, folder=None, **settings):
        known = {"PYTHONPATH": str(ROOT), "FLASK_APP": "forum", "FORUM_INSTANCE": str(folder), **fill.NO_LIMITS}
        known |= {"FORUM_DATABASE_URL": self.address_of(self.database)} if self.database else {}
        mine = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
        return mine | known | {f"FORUM_{name}": str(value) for name, value in settings.items()}

    def serve(self, folder, ready, **settings):
        port = base.free_port()
        command = [self.python, "-m", "flask", "serve"]
        backends = self.backends_of(self.database) if self.database else list
        return self.launch(folder, port, command, ready, self.env(folder, PORT=port, **settings), backends)

    def sign_in(self, run, name):
        """Return the headers of somebody who has signed in."""
        _, head, page = run.get("/accounts/sign-in")
        jar = base.cookies(head)
        fields = {"csrf_token": base.hidden(page.decode(), "csrf_token"), "name": name, "password": fill.PASSWORD}
        address, headers = "/accounts/sign-in", GZIP | FORM | base.cookie_header(jar)
        status, head, page = run.get(address, headers, "POST", base.form(fields))
        while name == fill.MODERATOR and status != 303:
            jar = base.cookies(head, jar)
            token = base.hidden(page.decode(), "csrf_token")
            code = {"csrf_token": token, "code": pyotp.TOTP(fill.SECRET).now()}
            headers = GZIP | FORM | base.cookie_header(jar)
            status, head, page = run.get("/accounts/sign-in/code", headers, "POST", base.form(code))
            if status != 303:
                time.sleep(31)  # each code is taken once
        if status != 303:
            raise base.Missing(f"{name} could not sign in: {status}")
        return GZIP | base.cookie_header(base.cookies(head, jar))


class Evenhand(Forum):
    name = "evenhand"
    has_search = True

    def fill(self, folder):
        self.sh(self.python, "-m", "bench.fill", "side-by-side", folder, env=self.env(folder), cwd=ROOT)

    def runs(self):
        """A copy is measured: what is posted does not make the next run's queue longer.

        Its tables are made those of this version first; else what is measured of a start is a migration: 10 MiB more.
        """
        self.folder = self.dir / "measured"
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.filled(), self.folder)
        self.sh(self.python, "-m", "flask", "db", "upgrade", env=self.env(self.folder), cwd=ROOT)
        run = self.again()
        kept = self.requests(run)
        first = {"page": Request(PAGE, shown=corpus.SHOWN), "list": Request("/", shown=corpus.TOPICS)}
        self.asked = [(self.env(self.folder), kept), (self.env(self.folder, KEPT_MIB=0), first)]
        yield run, kept
        yield self.serve(self.folder, PAGE, KEPT_MIB=0), first
        if self.has_search and not self.options.no_search:
            wide = Wide(self.options).filled()
            search = {
                "search": Request(lambda n: asking(QUESTIONS[n % len(QUESTIONS)]), shown=25),
                "search, new question": Request(lambda n: asking(new_question(n)), shown=25),
            }
            self.asked.append((self.env(wide, KEPT_MIB=0), search))
            yield self.serve(wide, "/search", KEPT_MIB=0), search

    def again(self):
        return self.serve(self.folder, PAGE)

    def requests(self, run):
        members = [self._with_token(run, self.sign_in(run, name)) for name in corpus.users()]
        moderator = self.sign_in(run, fill.MODERATOR)
        item = json.loads((self.folder / "bench.json").read_text())["item"]
        etag = run.get(PAGE)[1]["etag"]
        mark = int(time.time())

        def said(n):
            fields = {"csrf_token": members[n % len(members)][1], "stance": ("pro", "anti")[n % 2]}
            return base.form(fields | {"text": corpus.post(n), "key": f"b{mark}-{n}"})

        return {
            "page kept": Request(PAGE, shown=corpus.SHOWN),
            "page kept, 304": Request(PAGE, headers=GZIP | {"If-None-Match": etag}, shown=corpus.SHOWN, ok=(304,)),
            "page, member": Request(PAGE, headers=self._been_at(run, PAGE, members[0][0]), shown=corpus.SHOWN),
            "post": Request(
                "/debates/posting-target/replies",
                "POST",
                lambda n: members[n % len(members)][0] | FORM,
                said,
                1,
                (303,),
            ),
            "list kept": Request("/", shown=corpus.TOPICS),
            "desk, queue": Request("/moderation", headers=moderator, shown=50),
            "desk, reply in context": Request(f"/moderation/replies/{item}", headers=moderator, shown=50),
        }

    def _with_token(self, run, signed):
        """Return the headers of a member who has the form of a new reply open, and its token."""
        _, head, _page = run.get("/debates/posting-target/replies/new", signed)
        _, head, page = run.get(head["location"], signed)
        jar = base.cookies(head, dict([signed["Cookie"].split("=", 1)]))
        return GZIP | base.cookie_header(jar), base.hidden(page.decode(), "csrf_token")

    def _been_at(self, run, address, signed):
        """Return the headers of somebody who comes once more: a browser keeps the cookie that it was given."""
        _, head, _page = run.get(address, signed)
        return signed | base.cookie_header(base.cookies(head, dict([signed["Cookie"].split("=", 1)])))

    def counted(self):
        told = {}
        for env, asked in self.asked:
            told |= count_statements(env, "forum", asked)
        return told


class OnPostgres(Evenhand):
    """The same content on PostgreSQL; what its backends take counts with it."""

    name = "evenhand-pg"
    has_search = False

    def fill(self, folder):
        self.database = self.new_database("bench_evenhand_content")
        super().fill(folder)

    def filled(self):
        folder = super().filled()
        self.database = self.new_database("bench_evenhand", template="bench_evenhand_content")
        return folder


class Grown(Forum):
    """A forum of synthetic content, for the search and for growth; `size` names what is in it (fill.SIZES)."""

    size = "?"

    def fill(self, folder):
        self.sh(self.python, "-m", "bench.fill", self.size, folder, env=self.env(folder), cwd=ROOT)


class Wide(Grown):
    name, size = "evenhand-wide", "wide"
