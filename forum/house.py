"""The pages of the house: the operator's own texts, with good defaults."""

from datetime import timedelta
from pathlib import Path

from flask import Blueprint, current_app, render_template, request
from markupsafe import Markup

from forum import versions
from forum.accounts.doors import open_to
from forum.accounts.policy import everyone
from forum.db import now
from forum.extensions import language
from forum.text import render_page

bp = Blueprint("house", __name__)
SHIPPED = Path(__file__).parent / "pages"
SEEN_WITHIN = timedelta(minutes=1)  # a text that the operator has changed


@bp.get("/about")
@open_to(everyone, is_kept=True)
def about() -> str:
    """Show who runs this forum and how."""
    return _page("about")


@bp.get("/safety")
@open_to(everyone, is_kept=True)
def safety() -> str:
    """Show how to read and write here without being found out."""
    return _page("safety")


@bp.get("/privacy")
@open_to(everyone, is_kept=True)
def privacy() -> str:
    """Show what is stored and what is not."""
    return _page("privacy")


def _page(name: str) -> str:
    """Render the operator's text, else the shipped one; in the reader's language, else in English."""
    folders = [Path(current_app.config["INSTANCE"]) / "pages", SHIPPED]
    files = [folder / language / f"{name}.md" for language in (language(), "en") for folder in folders]
    text = next(file for file in files if file.exists()).read_text(encoding="utf-8")
    versions.hold_until(now() + SEEN_WITHIN)
    title, _newline, body = text.partition("\n")
    html = render_page(body, root=request.script_root)
    return render_template("page.html", title=title.lstrip("# ").strip(), body=Markup(html))  # noqa: S704 (sanitised)
