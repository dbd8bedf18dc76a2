"""What is wrong with the look of a page."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = (Path(__file__).parent / "faults.js").read_text(encoding="utf-8").rstrip()
KINDS = ("sideways", "cut", "overlapping", "unequal", "broken", "headline")


def faults_of(page: Page, kind: str) -> list[str]:
    """Return the faults of one kind, in words, of a page as large as its window is now."""
    return page.evaluate(f"{SCRIPT}.{kind}()")


def faults_of_look(page: Page) -> list[str]:
    """Return all of them, with everything unfolded that can be."""
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    page.evaluate("scrollTo(0, 0)")
    return [fault for kind in KINDS for fault in faults_of(page, kind)]
