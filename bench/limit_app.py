"""The least a Flask + Jinja + SQLAlchemy + SQLite forum can do: lines to sit near.

/t/<id>     uncached: two Core queries, 50 replies in two columns, Jinja
/orm/<id>   the same through ORM objects
/in/<id>    the same as /t with a session cookie: one more query, a CSRF field
/post/<id>  a reply: session, CSRF check, one insert, commit, redirect
/           list of 20 topics, one query
/cached/1   the page from an in-process cache (gzip bytes, ETag), through a Flask view
/mw/1       the same from a WSGI middleware ahead of Flask
"""

import gzip
import hashlib
import html
import os
from datetime import datetime, timezone

from flask import Flask, Response, abort, redirect, render_template, request, session
from jinja2 import DictLoader
from sqlalchemy import ForeignKey, Index, create_engine, event, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship

PER_PAGE = 50

LAYOUT = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{% block title %}{% endblock %}</title>
<link rel="stylesheet" href="/static/site.css"></head><body><header><a href="/">Forum</a>
{% if user %}<span>{{ user.name }}</span>{% else %}<a href="/login">Sign in</a>{% endif %}</header>
<main>{% block main %}{% endblock %}</main></body></html>"""

THREAD = """{% extends "layout" %}{% block title %}{{ topic.title }}{% endblock %}
{% macro reply(r) %}<article id="r{{ r.id }}" class="reply {{ r.side }}"><header><a href="/u/{{ r.author }}">{{ r.author }}</a>
<time datetime="{{ r.created }}">{{ r.created }}</time> <a href="#r{{ r.id }}">#{{ r.id }}</a></header>
{{ r.body|safe }}</article>{% endmacro %}
{% block main %}<h1>{{ topic.title }}</h1><article class="seed">{{ topic.body|safe }}</article>
<div class="columns"><section><h2>Pro</h2>{% for r in replies if r.side == "pro" %}{{ reply(r) }}
{% endfor %}</section><section><h2>Anti</h2>{% for r in replies if r.side == "anti" %}{{ reply(r) }}
{% endfor %}</section></div>
<nav><a href="?page=2">Next</a></nav>
{% if user %}<form method="post" action="/post/{{ topic.id }}"><input type="hidden" name="csrf" value="{{ csrf }}">
<textarea name="body"></textarea><button>Reply</button></form>{% endif %}{% endblock %}"""

INDEX = """{% extends "layout" %}{% block title %}Debates{% endblock %}{% block main %}<ul>
{% for t in topics %}<li><a href="/t/{{ t.id }}">{{ t.title }}</a> by {{ t.author }},
{{ t.replies }} replies, <time>{{ t.active }}</time></li>{% endfor %}</ul>{% endblock %}"""


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Topic(Base):
    __tablename__ = "topic"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    replies: Mapped[int]
    active: Mapped[str] = mapped_column(index=True)


class Reply(Base):
    __tablename__ = "reply"
    __table_args__ = (Index("reply_page", "topic_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    side: Mapped[str]
    created: Mapped[str]
    body: Mapped[str]
    user: Mapped[User] = relationship()

    @property
    def author(self):
        return self.user.name


def paragraphs(text):
    return "".join(f"<p>{html.escape(p)}</p>" for p in text.split("\n\n"))


engine = create_engine(f"sqlite:///{os.environ['LIMIT_DB']}")


@event.listens_for(engine, "connect")
def _pragmas(conn, _):
    conn.execute("pragma journal_mode=wal")
    conn.execute("pragma synchronous=normal")


def seed():
    from bench import corpus

    Base.metadata.create_all(engine)
    with engine.begin() as c:
        c.execute(insert(User), [{"id": i, "name": n} for i, n in enumerate(corpus.users())])
        for k, (title, body, author, replies) in enumerate(corpus.topics(), 1):
            c.execute(
                insert(Topic),
                [
                    {
                        "id": k,
                        "title": title,
                        "body": paragraphs(body),
                        "user_id": author,
                        "replies": len(replies),
                        "active": f"2025-01-01T{k:08d}",
                    }
                ],
            )
            c.execute(
                insert(Reply),
                [
                    {
                        "topic_id": k,
                        "user_id": a,
                        "side": ("pro", "anti")[i % 2],
                        "created": f"2025-01-01T{i:08d}",
                        "body": paragraphs(t),
                    }
                    for i, (a, t) in enumerate(replies)
                ],
            )
        c.exec_driver_sql("analyze")


app = Flask(__name__)
app.secret_key = "bench"
app.jinja_env.loader = DictLoader({"layout": LAYOUT, "thread": THREAD, "index": INDEX})
# autoescape goes by file name in Flask; these have none
app.jinja_env.autoescape = True

PAGE = (
    select(Reply.id, Reply.side, Reply.created, Reply.body, User.name.label("author"))
    .join(User)
    .order_by(Reply.id)
    .limit(PER_PAGE)
)


@app.get("/t/<int:tid>")
def thread(tid, user=None, csrf=None):
    with engine.connect() as c:
        topic = c.execute(select(Topic.id, Topic.title, Topic.body).where(Topic.id == tid)).first()
        if topic is None:
            abort(404)
        replies = c.execute(PAGE.where(Reply.topic_id == tid)).all()
    return render_template("thread", topic=topic, replies=replies, user=user, csrf=csrf)


@app.get("/orm/<int:tid>")
def thread_orm(tid):
    with Session(engine) as s:
        topic = s.get(Topic, tid)
        replies = s.scalars(
            select(Reply)
            .where(Reply.topic_id == tid)
            .order_by(Reply.id)
            .options(joinedload(Reply.user))
            .limit(PER_PAGE)
        ).all()
        return render_template("thread", topic=topic, replies=replies, user=None)


@app.get("/login")
def login():
    session["uid"], session["csrf"] = 1, "t0k3n"
    return "ok"


@app.get("/in/<int:tid>")
def thread_in(tid):
    with engine.connect() as c:
        user = c.execute(select(User.id, User.name).where(User.id == session["uid"])).first()
    return thread(tid, user, session["csrf"])


@app.post("/post/<int:tid>")
def post(tid):
    if request.form["csrf"] != session["csrf"]:
        abort(400)
    with engine.begin() as c:
        c.execute(
            insert(Reply).values(
                topic_id=tid,
                user_id=session["uid"],
                side="pro",
                created=datetime.now(timezone.utc).isoformat(),
                body=paragraphs(request.form["body"]),
            )
        )
    return redirect(f"/t/{tid}", 303)


@app.get("/")
def index():
    with engine.connect() as c:
        topics = c.execute(
            select(Topic.id, Topic.title, Topic.replies, Topic.active, User.name.label("author"))
            .join(User, User.id == Topic.user_id)
            .order_by(Topic.active.desc())
            .limit(20)
        ).all()
    return render_template("index", topics=topics, user=None)


CACHE = {}


def page(tid):
    hit = CACHE.get(tid)
    if hit is None:
        with app.test_request_context():
            body = gzip.compress(thread(tid).encode(), 6, mtime=0)
        hit = CACHE[tid] = (body, '"' + hashlib.sha256(body).hexdigest()[:16] + '"')
    return hit


@app.get("/cached/<int:tid>")
def cached(tid):
    body, etag = page(tid)
    if request.headers.get("If-None-Match") == etag:
        return Response(status=304, headers={"ETag": etag})
    return Response(
        body, mimetype="text/html", headers={"Content-Encoding": "gzip", "ETag": etag, "Vary": "Accept-Encoding"}
    )


inner = app.wsgi_app


def middleware(environ, start_response):
    path = environ["PATH_INFO"]
    if path.startswith("/mw/"):
        body, etag = page(int(path[4:]))
        if environ.get("HTTP_IF_NONE_MATCH") == etag:
            start_response("304 Not Modified", [("ETag", etag)])
            return [b""]
        start_response(
            "200 OK",
            [
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Encoding", "gzip"),
                ("ETag", etag),
                ("Vary", "Accept-Encoding"),
                ("Content-Length", str(len(body))),
            ],
        )
        return [body]
    return inner(environ, start_response)


app.wsgi_app = middleware

if __name__ == "__main__":
    seed()
