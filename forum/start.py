"""Before serving: the tables are right, a first debate and a first lead are there."""

from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select

from forum import jobs
from forum.accounts import links
from forum.db import db, writing
from forum.debates import articles, translations
from forum.debates.models import Debate
from forum.moderation import explanations
from forum.search import index
from forum.tables import bring_up_to_date
from forum.terminal import _

SEED = Path(__file__).parent / "seed" / "prostitution-in-kazakhstan.md"
TRANSLATIONS = sorted(SEED.parent.glob(f"{SEED.stem}.*.md"))


def prepare() -> None:
    """Bring the tables up to date; import the seed article and print the lead's link where they are missing."""
    bring_up_to_date()
    with current_app.test_request_context(base_url="http://127.0.0.1"):
        if db.session.scalar(select(Debate.id).limit(1)) is None:
            with writing():
                open_first_debate()
        with writing():
            explanations.ship()
            jobs.put_if_new(jobs.Kind.SCREEN_WAITING)
        index.catch_up()
        if not links.has_lead():
            with writing():
                token = links.make(None)
            click.echo(
                _("Nobody leads this forum yet. Open this link once, within 72 hours, and choose a name:"), err=True
            )
            click.echo(f"  {link_address(token)}", err=True)


def open_first_debate() -> Debate:
    """Publish the article that is shipped, in all its languages; the running transaction stores it."""
    from forum.debates import article_files  # with YAML: 20 ms of each start, for the first one alone

    debate, _changed = articles.publish(article_files.read(SEED))
    for file in TRANSLATIONS:
        translations.publish(article_files.read_translation(file))
    return debate


def base_address() -> str:
    """Return the address of the site: the public one, or where the server listens."""
    config = current_app.config
    host = f"[{config['HOST']}]" if ":" in config["HOST"] else config["HOST"]
    return config["URL"].rstrip("/") or f"http://{host}:{config['PORT']}"


def link_address(token: str) -> str:
    """Return the address of a one-time link."""
    return f"{base_address()}/accounts/links/{token}"
