"""Every sentence that a person reads can be translated: none stands bare in a template or in a refusal."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask
from jinja2 import nodes

from forum import create_app
from forum.catalogues import catalogue_of
from forum.settings import ROOT

TEMPLATES = sorted(str(path.relative_to(ROOT / "templates")) for path in (ROOT / "templates").rglob("*.*ml"))
CODE = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "forum").rglob("*.py"))
MARKS = {"_", "_l", "gettext", "ngettext", "lazy_gettext", "lazy_ngettext", "pgettext"}
KEYWORDS = {**DEFAULT_KEYWORDS, **parse_keywords(["_l"])}
CYRILLIC = re.compile("[а-яёәғқңөұүһі]", re.IGNORECASE)
SAID_ALIKE = {"CSV", "JSON", "No. %(number)s", "%(low)s to %(high)s", "from %(high)s to %(low)s", "of %(date)s"}
READ_ALOUD = {"aria-label", "aria-description", "aria-roledescription", "title", "placeholder", "alt", "label"}
FOR_MACHINES = {"viewport", "color-scheme", "referrer", "robots"}  # <meta>: what they say is for the browser
IN_ENGLISH = {
    *("forum/health.py", "forum/accounts/shared_counts.py"),  # read by what watches the server
    *("forum/api/openapi.py", "forum/api/shapes.py"),  # read by programmers
    "forum/generate.py",  # what it makes up
}
READ_BY_PEOPLE = [name for name in CODE if name not in IN_ENGLISH]
A_SENTENCE = re.compile(r"^[A-Z].*[a-z,]\s+\w|[a-z,]\s+\w.*[.!?]$", re.DOTALL)
TO_A_DATABASE = re.compile(r"\b(SELECT|SCHEMA|AND)\b")
COUNTED = re.compile(r"%\((\w+)\)d (?!min\b|h\b)[a-z]+")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app({"FORUM_INSTANCE": str(tmp_path_factory.mktemp("words"))})


class Bare(HTMLParser):
    """Collects what a reader of a page sees or hears that is not the place of an expression."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said, self.tag = dict(attrs), tag
        heard = READ_ALOUD | ({"value"} if tag == "button" or said.get("type") in {"submit", "button"} else set())
        if tag == "meta" and said.get("name") not in FOR_MACHINES and "http-equiv" not in said:
            heard = heard | {"content"}
        if tag == "button":
            heard -= {"value"} if "name" in said else set()  # what is sent, not what is read
        self.found += [f"{tag} {name}={value}" for name, value in attrs if name in heard and has_letters(value or "")]

    def handle_endtag(self, tag: str) -> None:
        self.tag = ""

    def handle_data(self, data: str) -> None:
        data = re.sub(r'[a-z-]+="[^"]*"|\x01#[a-z]+', "", data)  # a macro that writes attributes or an address
        if has_letters(data) and self.tag != "style":
            self.found.append(data.strip().replace("\x01", "…"))


def has_letters(text: str) -> bool:
    return any(c.isalpha() for c in text)


def skeleton(node: nodes.Node) -> Iterator[str]:
    """Give the text of a template in its order, with a sign that is no letter for each expression."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Block) and child.name.endswith("_class"):
            continue  # what the stylesheet reads
        if isinstance(child, nodes.TemplateData):
            yield child.data
        elif isinstance(child, nodes.Expr):
            yield "\x01"
        else:
            yield from skeleton(child)


def source(name: str) -> str:
    return (ROOT / "templates" / name).read_text(encoding="utf-8")


def found_in(names: Iterable[str], look: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """Return what `look` finds in each of these files, without those in which it finds nothing."""
    return {name: found for name in names if (found := look(name))}


def bare_words(app: Flask, text: str) -> list[str]:
    page = Bare()
    page.feed("".join(skeleton(app.jinja_env.parse(text))))
    page.close()
    return page.found


def test_no_word_of_a_template_stands_unmarked(app: Flask) -> None:
    assert found_in(TEMPLATES, lambda name: bare_words(app, source(name))) == {}


def asked_for(node: nodes.Node) -> Iterator[str]:
    """Give the message of each call of gettext in a template."""
    for call in node.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in MARKS:
            yield from (arg.value for arg in call.args if isinstance(arg, nodes.Const) and isinstance(arg.value, str))


def sentences_in_expressions(app: Flask, text: str) -> list[str]:
    tree = app.jinja_env.parse(text)
    marked = set(asked_for(tree))
    literals = {const.value for const in tree.find_all(nodes.Const) if isinstance(const.value, str)}
    return [text for text in sorted(literals - marked) if A_SENTENCE.match(text)]


def test_no_sentence_in_an_expression_stands_unmarked(app: Flask) -> None:
    assert found_in(TEMPLATES, lambda name: sentences_in_expressions(app, source(name))) == {}


@cache
def extracted() -> set[str]:
    """Return every message that pybabel finds with babel.cfg, one by one."""
    return messages().keys() | set(messages().values())


CATALOGUES = {code: catalogue_of(code) for code in ("ru", "kk")}
PLACE = re.compile(r"%(?:\(\w+\)[sd]|%)")
TAG = re.compile(r"</?[a-z][^>]*>")


@cache
def messages() -> dict[str, str]:
    """Return each message of code and templates by its text: in the plural, where it has one."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, "babel.cfg")
    found: Any = (message[2] for message in extract_from_dir(str(ROOT), methods, options, KEYWORDS))
    return dict((message, message) if isinstance(message, str) else message[:2] for message in found)


@cache
def catalogue(code: str) -> Catalog:
    with CATALOGUES[code].open("rb") as file:
        return read_po(file, locale=code)


@pytest.mark.parametrize("code", CATALOGUES)
def test_every_message_is_translated_and_no_other_one_is_kept(code: str) -> None:
    found = {message.id if isinstance(message.id, str) else message.id[0]: message for message in catalogue(code)}
    found.pop("")
    assert messages().keys() - found.keys() == set(), "see docs/translating.md"
    assert found.keys() - messages().keys() == set()
    assert [text for text, message in found.items() if message.fuzzy or not all(forms(message))] == []
    assert catalogue(code).num_plurals == {"ru": 3, "kk": 2}[code]
    assert not catalogue(code).obsolete


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.mark.parametrize("code", CATALOGUES)
def test_a_translation_has_the_places_and_the_marks_of_its_message(code: str) -> None:
    wrong = []
    for message in catalogue(code):
        one, many = (message.id, message.id) if isinstance(message.id, str) else message.id
        for said in forms(message) if one else []:
            places = set(PLACE.findall(said))
            if places not in (set(PLACE.findall(one)), set(PLACE.findall(many))):
                wrong.append(said)
            if sorted(TAG.findall(said)) != sorted(TAG.findall(many)):
                wrong.append(said)
    assert wrong == []


@pytest.mark.parametrize("code", CATALOGUES)
def test_a_translation_does_not_speak_english(code: str) -> None:
    """What has no letter of its own alphabet is a name, a sign or a code, and stands in this list."""
    spoken = {message.id: message.string for message in catalogue(code) if isinstance(message.id, str)}
    with_words = {text: said for text, said in spoken.items() if has_letters(PLACE.sub("", text))}
    assert {text for text, said in with_words.items() if not CYRILLIC.search(said)} <= SAID_ALIKE


def literals(node: ast.AST) -> list[str]:
    """Return the strings that are written out in an expression."""
    return [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node


@cache
def parsed(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


def docstrings(tree: ast.Module) -> set[int]:
    """Return the identities of the strings that stand alone: they speak to programmers."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def unmarked(tree: ast.Module) -> list[str]:
    marked = {id(part) for name, call in calls(tree) if name in MARKS for part in ast.walk(call)}
    quiet = marked | docstrings(tree)
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node.value for node in strings if id(node) not in quiet and is_sentence(node.value.strip())]


def is_sentence(text: str) -> bool:
    return A_SENTENCE.search(text) is not None and not TO_A_DATABASE.search(text)


def test_no_sentence_of_the_code_stands_unmarked() -> None:
    assert found_in(READ_BY_PEOPLE, lambda name: unmarked(parsed(name))) == {}


def in_one_language(tree: ast.Module) -> list[str]:
    """Return what is written out in refusals."""
    refusals = {"Refused", "NotAllowed", "Overtaken", "TooMany", "ValidationError", "BadSetting", "BadArticle"}
    bare = [call.args[0] for word, call in calls(tree) if word in refusals and call.args]
    return [ast.unparse(said) for said in bare if isinstance(said, ast.Constant | ast.JoinedStr | ast.BinOp)]


def test_no_refusal_speaks_one_language_only() -> None:
    assert found_in(READ_BY_PEOPLE, lambda name: in_one_language(parsed(name))) == {}


def asked_by(tree: ast.Module) -> list[str]:
    """Return the messages that the code asks for."""
    return [text for word, call in calls(tree) if word in MARKS for arg in call.args for text in literals(arg)]


def test_the_catalogue_finds_what_the_code_asks_for() -> None:
    found = found_in(CODE, lambda name: [text for text in asked_by(parsed(name)) if text not in extracted()])
    assert found == {}


def without_plural(tree: ast.Module) -> list[str]:
    single = [text for word, call in calls(tree) if word in {"_", "_l", "gettext"} for text in literals(call)]
    return [text for text in single if COUNTED.search(text)]


def test_what_is_counted_has_a_plural() -> None:
    """A counted noun has up to three forms in the site's languages: `ngettext` asks for the right one."""
    assert found_in(CODE, lambda name: without_plural(parsed(name))) == {}


def test_the_check_itself_finds_bare_words(app: Flask) -> None:
    bad = """<p>{{ _("Fine") }} <b>bare</b></p>{% trans %}Fine{% endtrans %}<a title="Bare" href="/x">{{ x }}</a>
    <!-- fine --><p aria-label="{{ _('Fine') }}">&nbsp;&times; {{ n }}</p>{% if x %}Bare{% else %}{{ y }}{% endif %}"""
    assert bare_words(app, bad) == ["bare", "a title=Bare", "…Bare…"]
    assert sentences_in_expressions(app, """{{ said("You cannot do it.") }}{{ _("You can do it.") }}""") == [
        "You cannot do it."
    ]
    code = ast.parse('"""Doc."""\nraise Refused("You cannot do it.")\nx = _("%(count)d votes are enough.")')
    assert unmarked(code) == ["You cannot do it."]
    assert in_one_language(code) == ["'You cannot do it.'"]
    assert without_plural(code) == ["%(count)d votes are enough."]
    assert found_in(["fine", "wrong"], lambda name: [name] * (name == "wrong")) == {"wrong": ["wrong"]}
