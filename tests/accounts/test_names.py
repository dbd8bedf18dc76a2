"""Pseudonyms: which ones can be taken, and which look like somebody who is here already."""

import threading
import unicodedata
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from forum import create_app
from forum.accounts import names, signup
from forum.accounts.models import User
from forum.db import db, writing
from forum.errors import Refused
from tests.world import PASSWORD, World, secrets_of_all

GOOD = [  # as typed, as shown
    ("aigerim", "aigerim"),
    ("Борис", "Борис"),
    ("Ақбота", "Ақбота"),
    ("Әңғүұқөһі", "Әңғүұқөһі"),
    ("ნინო", "ნინო"),
    ("ليلى", "ليلى"),
    ("देवी", "देवी"),  # with marks that stand beside their letter
    ("3rd_shift", "3rd_shift"),
    ("١٢٣", "١٢٣"),
    ("17_трамвай", "17_трамвай"),
    ("tea.and-law", "tea.and-law"),
    ("Zoe\u0301", "Zoé"),
    ("ａｉｄａ", "aida"),
    ("ﬁnn", "finn"),
    ("Ⅷab", "VIIIab"),
    ("  dana  ", "dana"),
    ("abc", "abc"),
    ("x" * 30, "x" * 30),
]
BAD = [
    "",
    "ab",
    "x" * 31,
    "ﬃ" * 11,  # eleven characters as typed, 33 once they are written out
    "-abc",
    "_abc",
    ".abc",
    "\u0301abc",
    "tea and law",
    "tea/law",
    "tea@law",
    "o'neil",
    "abc—d",
    "½½½",
    "abc😀",
    "abc\x00d",
    "abc\nd",
    "abc\td",
    "abc\ud800",
    "abc\ufffd",
    "abc\u202ed",  # turns the direction of reading
]
INVISIBLE = [
    *("\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff"),  # spaces without width, joiners
    *("\u034f", "\ufe00", "\ufe0f", "\U000e0100", "\u180b"),  # marks that choose a variant or join
    *("\u115f", "\u1160", "\u3164", "\uffa0", "\u17b4", "\u17b5"),  # letters that fill a place
]
TWINS = [  # who is here, and who may not come
    ("aigerim", "AIGERIM"),
    ("aigerim", "аigerim"),  # Cyrillic а
    ("aigerim", "aıgerim"),  # without the dot
    ("иван", "ивaн"),  # Latin a
    ("сора", "copa"),
    ("Hassan", "Нassan"),
    ("Bolat", "Воlat"),
    ("bill", "biII"),
    ("lena", "Iena"),
    ("lisa", "1isa"),
    ("OLGA", "0LGA"),
    ("zoo", "z0o"),
    ("modern", "modem"),
    ("modem", "modern"),
    ("Straße", "STRASSE"),
    ("nopa", "noρa"),  # Greek
    ("olga", "օlga"),  # Armenian
    ("борис", "6opиc"),
    ("Øystein", "O\u0338ystein"),
    ("ақбота", "АҚБОТА"),
    ("вера", "Bepa"),  # Вера
]
NO_TWINS = [("aigerim", "aigerin"), ("boris", "борис2"), ("dana", "dina"), ("saule.t", "saule"), ("нина", "нона")]
HOUSE = [
    *("admin", "Admin", "ADMIN", "аdmin", "Moderator", "rnoderator", "mоderаtor", "M0DERATOR", "root", "r00t"),
    *("модератор", "Модератор", "МОДЕРАТОР", "мoдepaтop", "Mодератор", "админ", "aдмин", "Bедущий", "Удалён"),
    *("әкімші", "Әкімші", "әкiмшi", "жетекші", "Қауіпсіздік"),
    *("Evenhand", "evenhand", "ЕVENHAND", "еvеnhаnd"),
]

letters = st.characters(categories=["L", "M", "Nd"], include_characters="-_.")


def is_possible(name: str) -> bool:
    return 3 <= len(name) <= 30 and unicodedata.category(name[0])[0] in "LN"


possible_names = (
    st.text(letters, min_size=3, max_size=30)
    .map(lambda typed: unicodedata.normalize("NFKC", typed))
    .filter(lambda name: name and is_possible(name))
)


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let refusals find their words; no database is asked."""
    app = create_app({"FORUM_INSTANCE": str(tmp_path_factory.mktemp("words"))})
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(("typed", "shown"), GOOD)
def test_a_name_of_letters_of_any_script_is_possible(typed: str, shown: str) -> None:
    assert names.clean(typed) == shown


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("typed", BAD, ids=ascii)
def test_a_name_that_cannot_be_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        names.clean(typed)
    assert refusal.value.field == "name"


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("sign", INVISIBLE, ids=ascii)
def test_nobody_hides_a_sign_in_a_name(sign: str) -> None:
    with pytest.raises(Refused):
        names.clean(f"mar{sign}ia")


def look_alike(one: str, other: str) -> bool:
    return bool(names.looks(one) & names.looks(other))


@pytest.mark.parametrize(("here", "comes"), TWINS, ids=ascii)
def test_a_twin_looks_like_the_one_who_is_here(here: str, comes: str) -> None:
    assert look_alike(here, comes)


@pytest.mark.parametrize(("here", "comes"), NO_TWINS, ids=ascii)
def test_names_that_one_can_tell_apart_do_not_look_alike(here: str, comes: str) -> None:
    assert not look_alike(here, comes)


@given(possible_names)
@example("Øystein")
@settings(deadline=None)
def test_a_look_looks_like_itself(name: str) -> None:
    for look in names.looks(name.casefold()):
        assert look in names.looks(look)


@given(possible_names)
@example("ῇῇῇ")
@settings(deadline=None)
def test_a_name_looks_like_itself_in_any_case(name: str) -> None:
    for other in (name.upper(), name.lower(), name.title(), name.swapcase(), unicodedata.normalize("NFD", name)):
        assert look_alike(name, unicodedata.normalize("NFKC", other)), other


def is_kept_for_the_house(name: str) -> bool:
    try:
        names.refuse_taken(names.clean(name))
    except Refused as refusal:
        return "kept for the house" in str(refusal)
    return False


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_looks_like_the_house(app: Flask) -> None:
    with app.test_request_context():
        assert [name for name in HOUSE if not is_kept_for_the_house(name)] == []
        assert not is_kept_for_the_house("adminka")


def test_the_sites_own_name_is_kept_whatever_it_is(world: World) -> None:
    world.app.config["SITE_NAME"] = "Таразы"
    answer = world.visitor().post("/accounts/sign-up", name="тapaзы", password=PASSWORD)
    assert answer.status_code == 422
    assert "kept for the house" in answer.text


def test_a_twin_of_somebody_here_is_told_so_beside_the_field(world: World) -> None:
    world.person("modern")
    for name in ("MODERN", "modem", "mоdern", "ｍｏｄｅｒｎ"):
        answer = world.visitor().post("/accounts/sign-up", name=name, password=PASSWORD)
        assert answer.status_code == 422
        assert "looks like it" in answer.text
        assert f'value="{name}"' in answer.text
    assert world.count(User) == 1


def test_a_person_is_found_under_any_writing_of_the_name(world: World) -> None:
    world.person("Zoé")
    for typed in ("zoé", "ZOE\u0301", " Zoé "):
        answer = world.visitor().post("/accounts/sign-in", name=typed, password=PASSWORD)
        assert answer.status_code == 303


@pytest.mark.parametrize("name", ["\uaf66" * 30, "ΐ" * 30, "ꭑ" * 30], ids=ascii)
def test_the_longest_looks_can_be_stored(world: World, name: str) -> None:
    world.person(name)
    assert world.count(User) == 1


def at_once(*acts) -> list[Exception | None]:
    """Run the acts in threads that begin in the same moment; return how each ended."""
    ended: list[Exception | None] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(place: int) -> None:
        try:
            start.wait()
            acts[place]()
        except Exception as error:
            ended[place] = error

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def test_two_choose_one_name_at_once_and_one_of_them_is_asked_for_another(world: World) -> None:
    visitors = [world.visitor(), world.visitor()]
    tokens = [visitor.token() for visitor in visitors]
    answers: list[int] = []

    def join(place: int) -> None:
        fields = {"name": ["aigerim", "аigerim"][place], "password": PASSWORD}
        answers.append(visitors[place].post("/accounts/sign-up", token=tokens[place], **fields).status_code)

    assert at_once(lambda: join(0), lambda: join(1)) == [None, None]
    assert sorted(answers) == [200, 422]
    assert world.count(User) == 1


def race_for_a_name(world: World, tries: int) -> None:
    secrets_of_all()
    for number in range(tries):
        wanted = [f"boris{number}", f"bоris{number}" if number % 2 else f"BORIS{number}"]

        def join(name: str) -> None:
            with world.at_work(), writing():
                signup.join(name, secrets_of_all())

        ended = at_once(lambda wanted=wanted: join(wanted[0]), lambda wanted=wanted: join(wanted[1]))
        assert sorted(type(error) for error in ended if error) == [Refused], ended
    with world.at_work():
        assert len(list(db.session.scalars(select(User.id)))) == tries


def test_of_two_who_choose_one_name_at_once_one_gets_it(world: World) -> None:
    race_for_a_name(world, tries=10)


@pytest.mark.long
def test_of_two_who_choose_one_name_at_once_one_gets_it_every_time(world: World) -> None:
    race_for_a_name(world, tries=500)
