"""All tests doubt what is kept: each page that would be given out is made anew, and both have to be the same.

So every act of every test shows whether it makes the pages stale that it changes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import unified_diff
from threading import local
from typing import Any

import pytest
from flask import Flask

from forum.kept import KeptPages
from forum.memory import Kept
from forum.page_store import Page, Store

kept = local()  # .page: what this thread would have given out
doubted: dict[Store, list[str]] = {}  # and the differences that were found
holds, give = KeptPages._holds, KeptPages._give


@contextmanager
def doubting(app: Flask) -> Iterator[None]:
    """Doubt the pages of `app` within the block; say at its end which of them were stale."""
    doubted[app.extensions["kept"]] = found = []
    try:
        yield
    finally:
        doubted.pop(app.extensions["kept"], None)
    if found:
        pytest.fail("a page was kept that is no longer so:\n" + "\n".join(found))


def believe(app: Flask) -> None:
    """Let a test meet the pages as readers do."""
    doubted.pop(app.extensions["kept"])


def _holds(self: KeptPages, page: Page) -> bool:
    if self.store not in doubted:
        return holds(self, page)
    self.app.extensions["fragments"] = Kept()  # what a page is made of may be no longer so either
    same_settings = getattr(page, "settings", None) == dict(self.app.config)  # those of a running forum never change
    kept.page = page if holds(self, page) and page.versions and same_settings else None
    return False


def _give(self: KeptPages, key: Any, page: Page, environ: Any, start_response: Any) -> Any:
    before, kept.page = getattr(kept, "page", None), None
    vars(page).update(settings=dict(self.app.config), key=key)
    if self.store in doubted and before is not None and (before.key, before.versions) == (key, page.versions):
        was, now = (it.answer("")[1].decode(errors="replace").splitlines() for it in (before, page))
        doubted[self.store] += [f"{key[3]}?{key[4]}", *unified_diff(was, now, n=1, lineterm="")] if was != now else []
    return give(self, key, page, environ, start_response)


KeptPages._holds, KeptPages._give = _holds, _give
