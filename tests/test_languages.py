"""Three languages: which one a page speaks, and how a reader comes to another."""

import re

import pytest

from tests.world import DEBATE, World

HOMES = [
    ("", "", "en"),
    ("ru", "", "ru"),
    ("kk-KZ,ru;q=0.8,en;q=0.5", "", "kk"),
    ("de,ru;q=0.4", "", "ru"),
    ("de", "", "en"),
    ("en-US,ru;q=0.9", "", "en"),
    ("ru", "?lang=en", "en"),
    ("ru, *;q=0.1", "", "ru"),
    ("x" * 500, "", "en"),
]


def spoken(page: str) -> str:
    return re.search(r'<html lang="(\w+)">', page)[1]


@pytest.mark.parametrize(("wish", "query", "language"), HOMES)
def test_the_front_page_speaks_the_language_that_the_browser_asks_for(
    world: World, wish: str, query: str, language: str
) -> None:
    answer = world.visitor().get("/" + query, headers={"Accept-Language": wish} if wish else {})
    assert spoken(answer.text) == language
    prefix = "" if language == "en" else f"/{language}"
    assert f'href="{prefix}{DEBATE}"' in answer.text
    assert ("Accept-Language" in answer.headers.get("Vary", "")) == (query == "")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", [DEBATE, "/rules", "/log"])
def test_no_other_page_depends_on_what_the_browser_asks_for(world: World, path: str) -> None:
    answer = world.visitor().get(path, headers={"Accept-Language": "ru"})
    assert spoken(answer.text) == "en"
    assert "Accept-Language" not in answer.headers.get("Vary", "")
    assert spoken(world.visitor().get("/ru" + path, headers={"Accept-Language": "en"}).text) == "ru"


def test_a_member_reads_in_the_language_of_the_account_and_a_prefix_beats_it(world: World) -> None:
    member = world.visitor("aigerim")
    member.post("/accounts/settings", change="language", language="kk")
    assert spoken(member.get("/", headers={"Accept-Language": "ru"}).text) == "kk"
    assert spoken(member.get(DEBATE).text) == "kk"
    assert spoken(member.get("/ru" + DEBATE).text) == "ru"


@pytest.mark.parametrize("path", ["/", DEBATE, "/log", "/search?q=police&side=pro", f"{DEBATE}/passages/4"])
def test_the_switch_leads_to_the_same_page_in_each_language(world: World, path: str) -> None:
    reader = world.visitor()
    page = reader.get("/ru" + path).text
    links = dict(re.findall(r'<a href="([^"]+)" lang="(\w\w)" hreflang', page))
    assert {code: href.replace("&amp;", "&") for href, code in links.items()} == {
        "en": "/?lang=en" if path == "/" else path,
        "ru": "/ru" + path,
        "kk": "/kk" + path,
    }
    for href, code in links.items():
        assert spoken(reader.get(href.replace("&amp;", "&"), headers={"Accept-Language": "ru"}).text) == code


def test_the_switch_of_an_english_front_page_stays_english_for_whoever_chose_it(world: World) -> None:
    page = world.visitor().get("/?lang=en", headers={"Accept-Language": "ru"}).text
    assert 'href="/?lang=en" lang="en" hreflang="en" aria-current="true"' in page
    assert 'href="/ru/" lang="ru"' in page
