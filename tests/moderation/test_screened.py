"""Each new wording is screened in the transaction that stores it; the author is told before, and not stopped."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from forum import create_app
from forum.db import db, writing
from forum.debates import queries, replies
from forum.debates.models import Reply, Revision
from forum.memory import Kept
from forum.moderation import operator_words
from forum.moderation.desk_models import Fingerprint, RevisionFlag
from forum.moderation.models import Action
from forum.settings import ROOT, BadSetting
from tests.world import World

PLAIN = "A permit that is sold protects nobody, because whoever sells it once will sell it again to the next one."
PHONE = "Whoever wants to know more about these permits may call me under +7 701 234 56 78, I am awake for long."
MINOR = "I am 15 years old and I was there, so I know how it goes when nobody asks and nobody looks at you."


def found(world: World, reply: int) -> tuple[int, list[str]]:
    """Return the severity of the last wording of a reply, and the codes of its flags."""
    with world.at_work():
        revision = db.session.get_one(Revision, world.wording(reply))
        codes = select(RevisionFlag.code).where(RevisionFlag.revision_id == revision.id).order_by(RevisionFlag.start)
        return revision.severity, list(db.session.scalars(codes))


def edit(world: World, reply: int, text: str) -> None:
    with world.at_work():
        said = replies.wording(text)
        with writing():
            row = queries.reply_to_change(reply)
            replies.edit(row, said, by=row.author, stance=row.stance)


def test_what_screening_finds_is_stored_with_each_wording(world: World) -> None:
    reply = world.reply("aigerim", text=PHONE)
    assert found(world, reply) == (2, ["phone"])
    with world.at_work():
        flag = db.session.scalars(select(RevisionFlag)).one()
        assert PHONE[flag.start : flag.stop] == "+7 701 234 56 78"
    edit(world, reply, PLAIN)
    assert found(world, reply) == (0, [])
    edit(world, reply, MINOR)
    assert found(world, reply) == (3, ["minor"])
    assert found(world, world.reply("boris", text="Nonsense, nonsense!!")) == (1, ["short"])


def test_the_same_words_again_are_found_whoever_sends_them(world: World) -> None:
    first = world.reply("aigerim", text=PLAIN)
    assert found(world, world.reply("boris", text=PLAIN.replace("nobody", "no one"))) == (2, ["repeat"])
    assert found(world, world.reply("aigerim", text=PLAIN)) == (2, ["repeat"])
    assert found(world, world.reply("boris", text=MINOR)) == (3, ["minor"])
    assert found(world, first) == (0, [])


def test_they_are_found_where_another_process_stored_them_under_numbers_of_what_was_taken_back(world: World) -> None:
    for reply in [world.reply("aigerim") for _ in range(3)]:
        world.withdraw(reply)
    own = world.app.extensions["fragments"]
    world.app.extensions["fragments"] = Kept()  # of the other process
    world.reply("boris", text=PLAIN), world.reply("boris")
    world.app.extensions["fragments"] = own
    assert found(world, world.reply("aigerim", text=PLAIN)) == (2, ["repeat"])


def test_the_arguments_of_the_demo_are_no_repeats_of_one_another(world: World) -> None:
    world.app.config.update(REPLIES_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    cast = tomllib.loads((ROOT / "forum" / "demo.toml").read_text(encoding="utf-8"))
    found_in = {entry["id"]: found(world, world.reply("aigerim", text=entry["text"]))[1] for entry in cast["replies"]}
    assert [name for name, codes in found_in.items() if "repeat" in codes] == []
    again = cast["replies"][3]["text"] + " Think of it."
    assert "repeat" in found(world, world.reply("boris", text=again))[1]


def test_another_wording_of_the_same_reply_is_no_repeat(world: World) -> None:
    reply = world.reply("aigerim", text=PLAIN)
    edit(world, reply, PLAIN + " Always.")
    assert found(world, reply) == (0, [])
    assert world.count(Fingerprint) == 1


def test_who_takes_a_reply_back_may_say_the_same_anew(world: World) -> None:
    world.withdraw(world.reply("aigerim", text=PLAIN))
    assert world.count(Fingerprint) == 0
    assert found(world, world.reply("aigerim", text=PLAIN)) == (0, [])


def test_what_the_process_remembers_of_a_debate_is_what_is_stored(world: World) -> None:
    """Words that were compared are remembered; others come, go, and stand under the number of one that has gone."""
    fresh = "The registry lists each flat with its owner, so whoever lets one pays the tax like any other trade here."
    plain, other = world.reply("aigerim", text=PLAIN), world.reply("saule", text=fresh)
    assert found(world, world.reply("boris", text=MINOR)) == (3, ["minor"])
    with world.at_work(), writing():  # as another process does it, of which this one is not told
        former = {row.reply_id: row for row in db.session.scalars(select(Fingerprint))}
        again = {name: getattr(former[plain], name) for name in ("debate_id", "reply_id", "revision_id", "value")}
        again["id"] = former[other].id
        db.session.execute(delete(Fingerprint))
        db.session.execute(insert(Fingerprint), again)
    assert found(world, world.reply("dana", text=PLAIN)) == (2, ["repeat"]), "its number was that of other words"
    assert found(world, world.reply("dana", text=fresh)) == (0, []), "what is gone is compared with nothing"
    assert found(world, other) == (0, [])


def test_words_that_were_rejected_are_known_again(world: World) -> None:
    world.decide(world.reply("aigerim", text=PLAIN), Action.REJECT)
    assert found(world, world.reply("boris", text=PLAIN)) == (2, ["repeat"])


def test_when_screening_fails_nothing_is_stored(world: World) -> None:
    aigerim = world.visitor("aigerim")
    token, before = aigerim.token(), world.everything()
    words, world.app.extensions["operator_words"] = world.app.extensions["operator_words"], None
    fields = {"stance": "pro", "text": PLAIN, "token": token}
    assert aigerim.post("/debates/prostitution-in-kazakhstan/replies", **fields).status_code == 500
    world.app.extensions["operator_words"] = words
    assert world.everything() == before


def test_the_operators_words_hold_and_mention(world: World, tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "hold-en.txt").write_text("# remark\n\nsecret sauce\n", encoding="utf-8")
    (tmp_path / "words" / "mention.txt").write_text("permit*\n", encoding="utf-8")
    world.app.extensions["operator_words"] = operator_words.load(tmp_path / "words")
    assert found(world, world.reply("aigerim", text=PLAIN)) == (1, ["word"])
    assert found(world, world.reply("aigerim", text=MINOR.replace("15 years old", "the secret sauce"))) == (3, ["word"])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("holds.txt", b"word", "is no word list"),
        ("hold-english.txt", b"word", "is no word list"),
        ("hold-en.txt", b"\xff\xfe", "cannot be read as a list of words"),
        ("mention-ru.txt", b"good\n***\n", "a line without a letter"),
    ],
)
def test_a_bad_word_list_is_told_at_the_start_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / name).write_bytes(content)
    with pytest.raises(BadSetting, match=said) as refusal:
        create_app({"FORUM_INSTANCE": str(tmp_path)})
    assert str(refusal.value).startswith(str(tmp_path / "words" / name))
    assert "\n" not in str(refusal.value)


def test_without_word_lists_none_is_needed(tmp_path: Path) -> None:
    assert operator_words.load(tmp_path / "words").hold == {}


def test_the_history_of_an_author_is_told_apart_and_only_with_the_author(world: World) -> None:
    for _ in range(4):
        world.reply_that_is("rejected")
    reply = world.reply("aigerim", text=PLAIN)
    assert found(world, reply) == (0, [])
    maria, address = world.visitor("maria"), f"/moderation/replies/{reply}"
    history = "often rejected so far"
    assert history not in maria.get(address).text
    maria.post(f"{address}/author", revision=world.wording(reply))
    asked = maria.get(address).text
    assert history in asked
    assert "Found by screening" not in asked
    assert history not in maria.get("/moderation").text


def test_the_page_names_what_was_found_with_its_rule(world: World) -> None:
    page = world.visitor("maria").get(f"/moderation/replies/{world.reply('aigerim', text=PHONE)}").text
    assert "<mark>+7 701 234 56 78<sup>a</sup></mark>" in page
    assert "Phone number" in page
    assert '<a href="/rules#privacy">rule 2, Nobody may be recognised' in page
    assert "Shown to you; this alone never holds a reply." in page
    page = world.visitor("maria").get(f"/moderation/replies/{world.reply('boris', text=MINOR)}").text
    assert "Held for this: only a lead may publish it." in page


def send(world: World, text: str, **fields: Any) -> Any:
    return world.visitor("aigerim").post(
        "/debates/prostitution-in-kazakhstan/replies", stance="anti", text=text, key="k1", passage="2", **fields
    )


def test_an_author_is_told_before_sending_and_one_more_press_sends_it(world: World) -> None:
    told = send(world, PHONE, hints_seen="")
    assert told.status_code == 200
    assert "This looks like a phone number: others will see it." in told.text
    assert '<q dir="auto">+7 701 234 56 78</q>' in told.text
    assert "Send it as it is" in told.text
    assert world.count(Reply) == 0
    for kept in ('name="key" value="k1"', 'name="passage" value="2"', 'value="anti" required checked', PHONE):
        assert kept in told.text
    assert 'name="hints_seen" value="phone"' in told.text
    assert send(world, PHONE, hints_seen="phone").status_code == 303
    assert world.count(Reply) == 1


def test_another_kind_of_thing_is_told_too_and_what_is_no_danger_is_not(world: World) -> None:
    told = send(world, f"{PHONE} Or write to me@example.org.", hints_seen="phone")
    assert told.status_code == 200
    assert "This looks like an e-mail address" in told.text
    assert send(world, PLAIN + " See https://example.org/report for it.", hints_seen="").status_code == 303


def test_a_program_that_knows_nothing_of_hints_is_not_stopped(world: World) -> None:
    assert send(world, PHONE).status_code == 303


def test_hints_come_with_an_edit_too(world: World) -> None:
    reply, aigerim = world.reply("aigerim", text=PLAIN), world.visitor("aigerim")
    fields = {"text": PHONE, "stance": "anti", "revision": world.wording(reply)}
    told = aigerim.post(f"/replies/{reply}/edit", hints_seen="", **fields)
    assert told.status_code == 200
    assert "This looks like a phone number" in told.text
    assert f'name="revision" value="{fields["revision"]}"' in told.text
    assert world.count(Revision) == 1
    assert aigerim.post(f"/replies/{reply}/edit", hints_seen="phone", **fields).status_code == 303
