"""Fills FlaskBB through its models, in its own environment: python -m bench.adapters.fill_flaskbb CONFIG PASSWORD."""

import sys
from datetime import timedelta

import sqlalchemy as sa
from flaskbb import create_app
from flaskbb.extensions import db
from flaskbb.forum.models import Forum, Post, Topic
from flaskbb.settings.models import Setting
from flaskbb.user.models import Group, User
from flaskbb.utils.helpers import time_utcnow

from bench import corpus


def fill(password):
    now = time_utcnow()
    member = db.session.execute(sa.select(Group).filter_by(name="Member")).scalar_one()
    people = [
        User(
            username=name,
            email=f"{name}@example.org",
            password=password,
            primary_group_id=member.id,
            activated=True,
            date_joined=now,
            post_count=0,
        )
        for name in corpus.users()
    ]
    db.session.add_all(people)
    db.session.flush()
    forum = db.session.execute(sa.select(Forum)).unique().scalars().first()
    topic, number, written = 1000, 10000, 0
    for title, opening, author, replies in corpus.topics():
        topic += 1
        born = now - timedelta(days=2) + timedelta(seconds=topic)
        rows = [
            {
                "id": number + place,
                "topic_id": topic,
                "user_id": people[who].id,
                "username": people[who].username,
                "content": text,
                "date_created": born + timedelta(seconds=place),
                "hidden": False,
            }
            for place, (who, text) in enumerate([(author, opening), *replies])
        ]
        made = {"id": topic, "forum_id": forum.id, "title": title, "date_created": born, "hidden": False}
        made |= {"user_id": people[author].id, "username": people[author].username, "post_count": len(rows)}
        db.session.execute(sa.insert(Topic), [made | {"last_updated": rows[-1]["date_created"]}])
        db.session.execute(sa.insert(Post), rows)
        ends = {"first_post_id": rows[0]["id"], "last_post_id": rows[-1]["id"]}
        db.session.execute(sa.update(Topic).where(Topic.id == topic).values(ends))
        for row in rows:
            people[row["user_id"] - people[0].id].post_count += 1
        number, written = number + len(rows), written + len(rows)
    last = rows[-1]
    newest = {"last_post_id": last["id"], "last_post_user_id": last["user_id"], "last_post_title": title}
    newest |= {"last_post_username": last["username"], "last_post_created": last["date_created"]}
    newest |= {"post_count": written, "topic_count": topic - 1000}
    db.session.execute(sa.update(Forum).where(Forum.id == forum.id).values(newest))
    per_page = db.session.execute(sa.select(Setting).filter_by(key="POSTS_PER_PAGE")).scalar_one()
    per_page.value = corpus.SHOWN
    db.session.commit()


if __name__ == "__main__":
    with create_app(sys.argv[1]).app_context():
        fill(sys.argv[2])
