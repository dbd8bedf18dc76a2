"""Fills Spirit through its models, in its own environment: python -m bench.adapters.fill_spirit PASSWORD."""

import os
import sys
from datetime import timedelta

import django

sys.path.insert(0, os.getcwd())
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.utils import timezone  # noqa: E402
from djconfig.models import Config  # noqa: E402
from spirit.category.models import Category  # noqa: E402
from spirit.comment.models import Comment  # noqa: E402
from spirit.core.utils.markdown import Markdown  # noqa: E402
from spirit.topic.models import Topic  # noqa: E402

from bench import corpus  # noqa: E402

users = get_user_model().objects
people = [users.create_user(name, f"{name}@example.org", sys.argv[1]) for name in corpus.users()]
category, _ = Category.objects.get_or_create(title="Debates", defaults={"is_global": True})
start = timezone.now() - timedelta(days=2)
for number, (title, opening, author, replies) in enumerate(corpus.topics()):
    born = start + timedelta(seconds=number)
    facts = {"date": born, "last_active": born + timedelta(seconds=len(replies)), "comment_count": len(replies) + 1}
    topic = Topic.objects.create(user=people[author], category=category, title=title, **facts)
    Comment.objects.bulk_create(
        Comment(
            user=people[who],
            topic=topic,
            comment=text,
            comment_html=Markdown().render(text),
            date=born + timedelta(seconds=place),
        )
        for place, (who, text) in enumerate([(author, opening), *replies])
    )
Config.objects.update_or_create(key="comments_per_page", defaults={"value": str(corpus.SHOWN)})
