"""The door of a passage: its words, and what both sides reply to them."""

from flask import Blueprint, render_template, request
from flask_login import current_user

from forum.accounts.doors import open_to
from forum.accounts.policy import everyone
from forum.debates import order as orders
from forum.debates import passage_queries, queries, translated
from forum.debates.addresses import debate_page, pages_in_address
from forum.errors import there

bp = Blueprint("passages", __name__)


@bp.get("/debates/<slug:slug>/passages/<id:number>")
@open_to(everyone, is_kept=True)
def show(slug: str, number: int) -> str:
    """Show a passage, also one that is no longer in the text, and the replies to it."""
    (debate, _article, version), pages = debate_page(slug), pages_in_address()
    page = there(passage_queries.page(debate, number))
    about, order = passage_queries.standing_at(page.passage), orders.asked(debate, request.args)
    columns = there(queries.columns(debate, pages, order, current_user, about, version=(*version, number)))
    return render_template(
        "debates/passage.html",
        debate=debate,
        page=page,
        translation=translated.passage(debate, page.passage) if page.passage.is_shown else None,
        notes=translated.notes(debate, page.notes),
        tally=columns.tally,
        columns=columns,
        order=order,
        usual_sort=orders.usual(debate),
        page_of="passages.show",
        about=number,
    )
