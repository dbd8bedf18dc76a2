"""Nobody sees an unpublished word but its author and, at the desk, the moderators: every address, every kind of reader.

Aigerim writes what the public must not see, Boris what it may; Dana reads and has written nothing.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
import time_machine
from werkzeug.test import TestResponse

from forum.accounts.models import Role
from forum.debates.models import Stance
from forum.moderation.models import Action
from forum.opinions import shifts
from tests.world import DEBATE, SLUG, UNKNOWN, Visitor, World

NOON = "2030-05-14T12:00Z"
QUERIES = {
    "debates.show": ["sort=oldest", "sort=newest", "sort=fair", "pro=2", "anti=2", "sort=oldest&pro=2"],
    "debates.new_reply": ["passage=2"],
    "moderation.own_replies": ["page=2"],
    "moderation.queue": ["after=1-1", "before=99999999999999999-1", "language=en", "flag=repeat", f"debate={SLUG}"],
    "notifications.index": ["page=2"],
    "search.show": ["q=stands+there", "q=stands&side=anti&person=zqaigerim"],
}

PUBLIC = {"zqpublic", "zqboris"}
AT_THE_DESK = {  # Aigerim’s words that moderators judge or have judged
    *("zqpending", "zqreworded", "zqreturned", "zqsentagain", "zqrejected", "zqremoved", "zqtombstone"),
    *("zqpendinganswer", "zqreturnedanswer", "zqrejectedanswer", "zqremovedanswer", "zqtombstoneanswer"),
    *("zqanswertogone", "zqreturnedfirst"),  # the latter: beside its new wording, what has changed
    *("zqtranslation", "zqtranslationofgone"),
    *("zqappealed", "zqjudged", "zqplea", "zqpleajudged"),
}
ALONE = {  # words that are Aigerim’s alone again: taken back, or replaced by a later wording
    *("zqwithdrawn", "zqtakenback", "zqtakenbackanswered", "zqremovedthenwithdrawn"),
    *("zqsuperseded", "zqended", "zqpleaended"),
}
REASONS = {  # what she was told
    *("zqwhyreturned", "zqwhyreturnedfirst", "zqwhyrejected", "zqwhyremoved", "zqwhytombstone"),
    *("zqwhyreturnedanswer", "zqwhyrejectedanswer", "zqwhyremovedanswer", "zqwhytombstoneanswer"),
    "zqwhyremovedthenwithdrawn",
    *("zqwhyappealed", "zqwhyjudged", "zqwhysecond", "zqwhyended"),
}
OF_BORIS = {
    *("zqgone", "zqfirsttry", "zqwhygone", "zqwhyfirsttry", "zqwhyrestored"),
    *("zqnewwaiting", "zqnewreturned", "zqnewrejected", "zqwhynew", "zqnewclosed"),  # new wordings of public replies
}
HIS_ALONE = {"zqnewtakenback", "zqnewreplaced"}
NAMES = {"zqaigerim", "zqdana", "zqmaria"}
ALL = PUBLIC | AT_THE_DESK | ALONE | REASONS | OF_BORIS | HIS_ALONE | NAMES
MARK = re.compile(rf"(?:{'|'.join(sorted(ALL))})(?![a-z])")


def words(mark: str) -> str:
    """Return a text of which every part shows whose it is."""
    return f"{mark} stands here, {mark} stands there, {mark} and again {mark}."


def marks(answer: TestResponse) -> set[str]:
    """Return the marks in a whole answer: page, title, headers."""
    return set(MARK.findall(unescape(answer.text) + str(answer.headers)))


class Scene:
    """A forum in which every unpublished state exists, each of its texts with a mark of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.app.config.update(REPLIES_PER_HOUR=1000, WAITING_PER_MEMBER=1000)
        world.person("zqmaria", Role.MODERATOR)
        self.aigerim, self.boris = world.visitor("zqaigerim"), world.visitor("zqboris")
        self.root = self.public()
        self.top_level()
        self.answers()
        self.second_looks()
        self.past_of_boris()
        self.last = self.public()
        for _ in range(21):  # a second page
            self.public()

    def top_level(self) -> None:
        """Let Aigerim have a reply in each state."""
        self.write("zqpending")
        self.reword(self.write("zqsuperseded"), "zqreworded")
        self.decide(self.write("zqreturned", Stance.ANTI), Action.RETURN, "zqwhyreturned")
        again = self.write("zqreturnedfirst")
        self.decide(again, Action.RETURN, "zqwhyreturnedfirst")
        self.reword(again, "zqsentagain")
        self.decide(self.write("zqrejected"), Action.REJECT, "zqwhyrejected")
        self.decide(self.once_public("zqremoved"), Action.REMOVE, "zqwhyremoved")
        self.decide(self.answered("zqtombstone"), Action.REMOVE, "zqwhytombstone")
        self.withdraw(self.write("zqwithdrawn"))
        self.withdraw(self.once_public("zqtakenback"))
        self.withdraw(self.answered("zqtakenbackanswered"))
        twice = self.once_public("zqremovedthenwithdrawn")
        self.decide(twice, Action.REMOVE, "zqwhyremovedthenwithdrawn")
        self.withdraw(twice)

    def answers(self) -> None:
        """Let Aigerim have an answer in each state below a public reply, and one below a reply that has gone."""
        self.write("zqpendinganswer", parent=self.root)
        self.decide(self.write("zqreturnedanswer", parent=self.root), Action.RETURN, "zqwhyreturnedanswer")
        self.decide(self.write("zqrejectedanswer", parent=self.root), Action.REJECT, "zqwhyrejectedanswer")
        self.decide(self.once_public("zqremovedanswer", parent=self.root), Action.REMOVE, "zqwhyremovedanswer")
        self.decide(self.answered("zqtombstoneanswer", parent=self.root), Action.REMOVE, "zqwhytombstoneanswer")
        gone = self.public(text="zqgone")
        self.write("zqanswertogone", parent=gone)
        self.world.translation(self.root, "zqaigerim", words("zqtranslation"))
        self.decide(self.world.translation(gone, "zqaigerim", words("zqtranslationofgone")), Action.PUBLISH)
        self.decide(gone, Action.REMOVE, "zqwhygone")

    def second_looks(self) -> None:
        """Let Aigerim have an appeal that waits, one that is decided, and one that ended with its reply."""
        self.appeal(self.write("zqappealed"), "zqwhyappealed", "zqplea")
        judged = self.appeal(self.write("zqjudged"), "zqwhyjudged", "zqpleajudged")
        self.world.judge(judged, explanation=words("zqwhysecond"))
        ended = self.write("zqended")
        self.appeal(ended, "zqwhyended", "zqpleaended")
        self.withdraw(ended)

    def past_of_boris(self) -> None:
        """Let public replies of Boris have a past that is nobody’s business."""
        first = self.world.reply("zqboris", text=words("zqfirsttry"))
        self.decide(first, Action.RETURN, "zqwhyfirsttry")
        fields = {"text": words("zqpublic"), "revision": self.world.wording(first)}
        assert self.boris.post(f"/replies/{first}/edit", **fields).status_code == 303
        self.decide(first, Action.PUBLISH)
        restored = self.public()
        self.decide(restored, Action.REMOVE, "zqwhyrestored")
        self.decide(restored, Action.RESTORE)
        self.new_wordings()

    def new_wordings(self) -> None:
        """Let public replies of Boris have new wordings that are not public."""
        edited = self.public()
        self.world.reword(edited, words("zqpublic") + " In other words.")
        self.decide(edited, Action.PUBLISH)
        self.world.reword(edited, words("zqnewwaiting"))
        for action, mark in ((Action.RETURN, "zqnewreturned"), (Action.REJECT, "zqnewrejected")):
            number = self.public()
            self.world.reword(number, words(mark))
            self.decide(number, action, "zqwhynew")
        back = self.public()
        wording = self.world.reword(back, words("zqnewtakenback"))
        assert self.boris.post(f"/replies/{back}/wording/withdraw", wording=wording).status_code == 303
        self.world.reword(back, words("zqnewreplaced"))
        self.world.reword(back, words("zqnewwaiting"))
        removed = self.public()
        self.world.reword(removed, words("zqnewclosed"))
        self.decide(removed, Action.REMOVE, "zqwhynew")

    def write(self, mark: str, stance: Stance = Stance.PRO, **more: Any) -> int:
        return self.world.reply("zqaigerim", stance, words(mark), **more)

    def once_public(self, mark: str, **more: Any) -> int:
        number = self.write(mark, **more)
        self.decide(number, Action.PUBLISH)
        return number

    def answered(self, mark: str, **more: Any) -> int:
        number = self.once_public(mark, **more)
        self.public(parent=number)
        return number

    def public(self, text: str = "zqpublic", **more: Any) -> int:
        number = self.world.reply("zqboris", text=words(text), **more)
        self.decide(number, Action.PUBLISH)
        return number

    def appeal(self, reply: int, why: str, plea: str) -> int:
        return self.world.appeal(self.decide(reply, Action.REJECT, why), words(plea))

    def decide(self, reply: int, action: Action, why: str = "") -> int:
        return self.world.decide(reply, action, by="zqmaria", **({"explanation": words(why)} if why else {}))

    def reword(self, reply: int, mark: str) -> None:
        fields = {"text": words(mark), "stance": "pro", "revision": self.world.wording(reply)}
        assert self.aigerim.post(f"/replies/{reply}/edit", **fields).status_code == 303

    def withdraw(self, reply: int) -> None:
        assert self.aigerim.post(f"/replies/{reply}/withdraw").status_code == 303

    def every_address(self, *, languages: bool) -> Iterator[str]:
        """Return all addresses that can be read, in all their variants; `languages`: not only debates in all three."""
        for endpoint, path in self.pages():
            prefixes = ("", "/ru") if "/replies/" in path else ("", "/ru", "/kk")
            prefixes = prefixes if languages or endpoint == "debates.show" else ("",)
            for variant in [path, *(f"{path}?{query}" for query in QUERIES.get(endpoint, []))]:
                yield from (f"{prefix}{variant}" for prefix in prefixes)
        for number in range(1, self.last + 1):
            yield f"{DEBATE}/replies/new?parent={number}"
            yield f"{DEBATE}/replies/new?original={number}"

    def pages(self) -> Iterator[tuple[str, str]]:
        """Return each endpoint with its addresses, without those of the replies that only fill the second page."""
        for endpoint, path in self.world.addresses():
            number = re.search(r"/replies/(\d+)", path)
            if not number or int(number[1]) <= self.last or int(number[1]) == UNKNOWN:
                yield endpoint, path

    def seen_by(self, person: Visitor, *, languages: bool = True) -> dict[str, set[str]]:
        """Return each address with the marks in its answers to this person, without those in the address itself."""
        seen = {
            address: marks(person.get(address, buffered=True)) for address in self.every_address(languages=languages)
        }
        for _endpoint, path in self.pages():
            seen[f"HEAD {path}"] = marks(person.client.head(path, buffered=True))
        return {address: found - set(MARK.findall(address)) for address, found in seen.items()}


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def at_most(seen: dict[str, set[str]], allowed: set[str]) -> None:
    """Fail with the address at which something is seen that is not allowed."""
    assert {address: found - allowed for address, found in seen.items() if found - allowed} == {}


@pytest.mark.parametrize("languages", [False, pytest.param(True, marks=pytest.mark.long)], ids=["english", "all"])
def test_readers_and_other_members_see_public_words_only(scene: Scene, languages: bool) -> None:
    for name in ("", "zqdana"):
        seen = scene.seen_by(scene.world.visitor(name), languages=languages)
        at_most(seen, PUBLIC | {name})
        assert seen[DEBATE] >= PUBLIC
        assert seen[f"{DEBATE}?pro=2"] >= PUBLIC


@pytest.mark.long
def test_authors_see_all_own_words_and_reasons_and_no_name_of_the_staff(scene: Scene) -> None:
    own = {"zqaigerim"} | AT_THE_DESK | ALONE | REASONS
    seen = scene.seen_by(scene.aigerim)
    at_most(seen, PUBLIC | own)
    assert seen["/accounts/replies"] | seen["/accounts/replies?page=2"] >= own
    assert not seen[DEBATE] & ({"zqrejected", "zqremoved", "zqtombstone"} | ALONE | REASONS)

    pages = ["/accounts/replies", "/accounts/replies?page=2", "/notifications", DEBATE, "/ru/accounts/replies"]
    seen = {page: marks(scene.boris.get(page)) for page in pages}
    at_most(seen, PUBLIC | OF_BORIS | HIS_ALONE)
    assert set.union(*seen.values()) >= OF_BORIS


@pytest.mark.long
def test_moderators_see_unpublished_words_at_the_desk_only_and_nobodys_name_there(scene: Scene) -> None:
    seen = scene.seen_by(scene.world.visitor("zqmaria"))
    desk = {address: found for address, found in seen.items() if "/moderation" in address}
    at_most(desk, {"zqpublic", "zqmaria"} | AT_THE_DESK | REASONS | OF_BORIS)
    assert set.union(*desk.values()) >= AT_THE_DESK | REASONS
    at_most({a: found for a, found in seen.items() if a not in desk}, PUBLIC | {"zqmaria"})


def test_the_page_of_a_person_shows_what_is_at_the_desk_and_only_to_who_has_asked(scene: Scene) -> None:
    scene.world.open_person("zqaigerim", by="zqmaria")
    address, maria = "/moderation/people/zqaigerim", scene.world.visitor("zqmaria")
    seen, older = marks(maria.get(address)), marks(maria.get(f"{address}?before=12"))
    assert seen | older <= {"zqmaria", "zqaigerim"} | AT_THE_DESK
    assert seen >= {"zqpendinganswer", "zqremovedanswer", "zqanswertogone"}
    assert marks(scene.world.visitor("timur").get(address)) == {"zqaigerim"}


def published_then(world: World, action: Action) -> None:
    world.decide(world.published("aigerim"), action)


def taken_back(world: World) -> None:
    number = world.published("aigerim")
    assert world.visitor("aigerim").post(f"/replies/{number}/withdraw").status_code == 303


def positions_of_many(world: World) -> None:
    for n in range(6):
        world.answer(f"member-{n}", before=0, after=1)
    with world.at_work():
        shifts.refresh_all()


UNSEEN: dict[str, Callable[[World], Any]] = {
    "a reply that waits": lambda world: world.reply("aigerim"),
    "an answer that waits": lambda world: world.reply("aigerim", parent=1),
    "a reply to a passage": lambda world: world.reply("aigerim", passage=2),
    "a returned reply": lambda world: world.decide(world.reply("aigerim"), Action.RETURN),
    "a rejected reply": lambda world: world.decide(world.reply("aigerim"), Action.REJECT),
    "a rejected answer": lambda world: world.decide(world.reply("aigerim", parent=1), Action.REJECT),
    "a removed reply": lambda world: world.decide(world.published("aigerim"), Action.REMOVE),
    "a removed answer": lambda world: world.decide(world.published("aigerim", parent=1), Action.REMOVE),
    "a reply taken back": taken_back,
    "a translation that waits": lambda world: world.translation(1),
    "a new wording of what is public": lambda world: world.reword(1, "Новые слова, которых ещё никто не читал."),
    "a new wording that is rejected": lambda world: world.decide(1, Action.REJECT),
    "a position before reading": lambda world: world.answer("dana", before=1),
    "positions of many, and their figures": positions_of_many,
}


def test_the_pages_of_a_reader_are_the_same_bytes_whatever_happens_unseen(world: World) -> None:
    with time_machine.travel(NOON, tick=False):
        world.published("boris", passage=2)
        reader, pages = world.visitor(), ["/", DEBATE, f"{DEBATE}?sort=oldest", f"{DEBATE}/replies/1", "/ru" + DEBATE]
        before = [(answer.data, answer.headers["ETag"]) for answer in map(reader.get, pages)]
        for happening, happen in UNSEEN.items():
            happen(world)
            after = [(answer.data, answer.headers["ETag"]) for answer in map(reader.get, pages)]
            assert before == after, happening


def test_what_is_published_does_change_the_page(world: World) -> None:
    """Hold the comparison above to something."""
    with time_machine.travel(NOON, tick=False):
        reader = world.visitor()
        before = reader.get(DEBATE)
        world.published("aigerim")
        after = reader.get(DEBATE)
    assert before.data != after.data
    assert before.headers["ETag"] != after.headers["ETag"]


@pytest.mark.parametrize("taking_away", ["removed", "taken back"])
def test_a_tombstone_has_the_place_of_a_reply_but_neither_its_words_nor_its_name(
    world: World, taking_away: str
) -> None:
    number = world.published("zqaigerim", text=words("zqtombstone"))
    world.published("boris", parent=number, text=words("zqpublic"))
    reader = world.visitor()
    assert marks(reader.get(DEBATE)) == {"zqaigerim", "zqtombstone", "zqpublic"}
    assert "1 reply<" in reader.get(DEBATE).text
    if taking_away == "removed":
        world.decide(number, Action.REMOVE)
    else:
        world.visitor("zqaigerim").post(f"/replies/{number}/withdraw")
    for address in (DEBATE, f"{DEBATE}/replies/{number}"):
        page = reader.get(address)
        assert marks(page) == {"zqpublic"}
        assert f'id="reply-{number}"' in page.text
    assert "1 reply<" not in reader.get(DEBATE).text
    assert "1 reply<" not in reader.get("/").text
