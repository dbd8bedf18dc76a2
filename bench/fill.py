"""Fills a forum, in a process of its own: python -m bench.fill side-by-side|few|wide|deep|waiting FOLDER."""

import json
import random
import sys
from datetime import timedelta
from pathlib import Path

import pyotp
from flask_migrate import upgrade
from sqlalchemy import func, insert, select, update

from bench import corpus
from forum import clock, create_app, generate
from forum.accounts import second_factor, signup
from forum.accounts.models import Role, User
from forum.db import db, now, writing
from forum.debates import articles, replies
from forum.debates.models import SIDES, Debate, Outcome, Reply, ReplyStatus, Revision
from forum.debates.queries import reply_to_change
from forum.debates.seeds import Paragraph, Seed
from forum.moderation import decisions, explanations
from forum.moderation.desk_models import Fingerprint
from forum.moderation.models import Action

PASSWORD = "bench-Pass-1234"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of the moderator's app; these forums hold nothing but made-up words
MODERATOR = "maria"
WAITING = 100  # replies that wait for the moderator: two pages of the queue
NO_LIMITS = {
    "FORUM_REPLIES_PER_HOUR": "100000000",
    "FORUM_WAITING_PER_MEMBER": "100000000",
}  # they are counted all the same
AGE = timedelta(days=2)  # of all that is there: nothing of it was published within the hour
SIZES = {  # debates, replies, people
    "few": (10, 1_000, 10),
    "wide": (1_000, 100_000, 500),
    "deep": (1, 50_000, 500),
    "waiting": (10, 20_000, 50),  # all of them wait
}
EMPTY = 40  # debates without a reply: enough for a whole page of the list
PASSAGE = 3  # of the first debate: all its replies stand there
ANSWERS = 2  # to the reply whose page is measured: as many among much as among little
ARGUMENTS = Path(__file__).parent.parent / "tests" / "moderation" / "screening" / "corpus"


def side_by_side():
    """The corpus as debates and what waits at the desk, through the forum's own verbs, as people would have done it."""
    people, start = add_people([*corpus.users(), MODERATOR]), now() - AGE
    for number, (title, opening, _author, written) in enumerate(corpus.topics()):
        with writing(), clock.at(start + timedelta(seconds=number)):
            debate, _changed = articles.publish(article(title, opening))
            debate_id = debate.id
        for place, (author, text) in enumerate(written):
            moment = start + timedelta(seconds=number + place)
            post(debate_id, text, people[corpus.users()[author]], SIDES[place % 2], moment, publisher=people[MODERATOR])
    return {"item": add_waiting(people)}


def add_people(names):
    """Give all the same password; the moderator has an app that makes codes."""
    kept, people = signup.Secrets(PASSWORD), {}
    with writing(), clock.at(now() - AGE):
        for name in names:
            role = Role.LEAD if name == MODERATOR else Role.MEMBER
            user = signup.join(name, kept, role=role)
            if role is Role.LEAD:
                second_factor.add_app(user, SECRET, pyotp.TOTP(SECRET).at(now()))
            people[name] = user.id
        explanations.ship()
    return people


def article(title, opening):
    facts = {"slug": title.lower().replace(" ", "-"), "title": title, "motion": f"{title} should be settled"}
    facts |= {"source": "Bench", "language": "en", "published_by": None, "dated": None}
    facts |= {"pro_label": "For the motion", "pro_gist": "Settle it now."}
    facts |= {"anti_label": "Against the motion", "anti_gist": "Leave it open.", "opens_at": None, "closes_at": None}
    return Seed(facts, [Paragraph(part, begins_section=False) for part in opening.split("\n\n")], [], [])


def post(debate_id, text, author, side, moment, *, publisher=None, parent=None):
    said = replies.wording(text)
    with writing():
        with clock.at(moment):
            place = {"stance": side, "parent": reply_to_change(parent) if parent else None}
            author = db.session.get_one(User, author)
            number = replies.post(db.session.get_one(Debate, debate_id), said, author=author, **place).id
            db.session.flush()
        if publisher:
            with clock.at(moment + timedelta(minutes=30)):
                wording = reply_to_change(number).latest_revision
                decisions.decide(wording, Action.PUBLISH, by=db.session.get_one(User, publisher))
    return number


def add_waiting(people):
    """Let replies wait; every other one answers a public reply. Return the first that does."""
    dice, waiting = random.Random(5), []
    debate_id = db.session.scalar(select(Debate.id).where(Debate.slug == "posting-target"))
    public = list(db.session.scalars(select(Reply.id).where(Reply.debate_id == debate_id).order_by(Reply.id)))
    for number in range(WAITING):
        author, moment = people[corpus.users()[10 + number % 10]], now() - AGE / 2 + timedelta(minutes=number)
        parent = public[number % len(public)] if number % 2 else None
        waiting.append(post(debate_id, corpus.text(dice), author, SIDES[number % 2], moment, parent=parent))
    return waiting[1]


def grown(app, size):
    """Content of `flask generate`, half of its words those of real arguments, and its search index."""
    debates, written, people = SIZES[size]
    real = [word for file in sorted(ARGUMENTS.glob("arguments_*.txt")) for word in file.read_text().split()]
    sentence, dice = generate._sentence, random.Random(1)
    generate._sentence = lambda chances, length: (
        sentence(chances, length // 2) + " " + " ".join(dice.choices(real, k=length // 2))
    )
    if size == "waiting":
        generate.STATUSES[:] = [ReplyStatus.PENDING]
    if size == "few":  # enough for a whole page of the queue
        generate.STATUSES[:5] = [ReplyStatus.PENDING] * 5
    counts = ["--debates", str(debates), "--replies", str(written), "--users", str(people)]
    for command in (["generate", *counts], ["search", "reindex"]):
        done = app.test_cli_runner().invoke(args=command)
        if done.exit_code:
            raise SystemExit(f"{command}: {done.output}") from done.exception
    look_screened()
    add_people([corpus.users()[0], MODERATOR])
    for number in range(EMPTY if size == "few" else 0):
        with writing(), clock.at(now() - AGE):
            articles.publish(article(f"Empty debate {number}", "Nobody has replied yet."))
    of_first = Reply.debate_id == select(Debate.id).order_by(Debate.id).limit(1).scalar_subquery()
    with writing():  # so that the page of a passage shows about as much among little as among much
        here = update(Reply).where(of_first, Reply.parent_id.is_(None)).values(passage=PASSAGE, stands_at=PASSAGE)
        db.session.execute(here, execution_options={"synchronize_session": False})
    first = select(Reply.id).where(of_first)
    shown = first.where(Reply.status == ReplyStatus.PUBLISHED, Reply.parent_id.is_(None))
    shown = shown.order_by(func.abs(Reply.public_answers - ANSWERS), Reply.id)
    waiting = first.where(Reply.status == ReplyStatus.PENDING).order_by(Reply.id)
    ids = {name: db.session.scalar(query.limit(1)) for name, query in (("shown", shown), ("item", waiting))}
    return ids | {"debates": list(db.session.scalars(select(Debate.slug).order_by(Debate.id).limit(10)))}


def look_screened():
    """Give what waits a fingerprint: else the first start would screen all of it."""
    dice = random.Random(3)
    waiting = select(Reply.debate_id, Reply.id.label("reply_id"), Revision.id.label("revision_id")).join(
        Revision, Revision.reply_id == Reply.id
    )
    rows = db.session.execute(waiting.where(Revision.outcome == Outcome.WAITING)).mappings()
    marks = [{**row, "value": dice.getrandbits(62), "created_at": now() - AGE} for row in rows]
    with writing():
        db.session.execute(insert(Fingerprint.__table__), marks)


def main(content, folder):
    app = create_app()
    with app.app_context():
        upgrade()
    with app.test_request_context(base_url="http://127.0.0.1"):
        facts = side_by_side() if content == "side-by-side" else grown(app, content)
        (folder / "bench.json").write_text(json.dumps(facts))
        db.session.remove()
        db.engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
