"""Quotations of the article after its revisions: on the same words, or said to be gone."""

import random
import re
from operator import eq

import pytest

from forum.debates import article_files
from forum.debates.anchors import Place, Selector, find, pick
from forum.start import SEED

Letters = list[tuple[str, int]]  # each character with the place where it stood first; −1: new


def passages() -> dict[int, str]:
    return {number: one.text for number, one in enumerate(article_files.read(SEED).paragraphs, 1)}


def sentences(letters: Letters) -> list[Letters]:
    """Cut a passage after each full stop and blank."""
    found: list[Letters] = [[]]
    for letter in letters:
        found[-1].append(letter)
        if letter[0] == " " and text_of(found[-1][-2:-1]) in ".?!":
            found.append([])
    return [one for one in found if text_of(one).strip()]


def edited(texts: dict[int, Letters], draw: random.Random) -> dict[int, Letters]:
    """Return the article after one edit of a sentence or a word.

    A sentence is inserted, deleted, moved, reworded but for some words, or goes while some of its words come elsewhere.
    """
    new = {number: list(letters) for number, letters in texts.items()}
    here, there = draw.sample([number for number in new if new[number]], 2)
    parts = sentences(new[here])
    one = draw.randrange(len(parts))
    match draw.choice(["insert", "delete", "move", "fix", "reword", "say elsewhere"]):
        case "insert":
            parts.insert(one, unseen("The office gave no figure for that year. "))
        case "delete":
            del parts[one]
        case "move":
            new[there] += [(" ", -1), *parts.pop(one)]
        case "reword":
            first, end = some_words(parts[one], draw)
            parts[one] = [*unseen("Of this, they say, "), *parts[one][first:end], *unseen(". ")]
        case "say elsewhere":
            gone = parts.pop(one)
            first, end = some_words(gone, draw)
            frame = draw.choice([" Others said “{}” of it.", "{} was never asked. ", " Of this, they say, {} "])
            new[there] += unseen(frame.format(text_of(gone[first:end])))
        case _:
            at = draw.randrange(len(new[here]))
            parts = [new[here][:at], unseen(draw.choice(["e", "s ", ", "])), new[here][at + 1 :]]
    new[here] = [letter for part in parts for letter in part]
    return new


def some_words(letters: Letters, draw: random.Random) -> tuple[int, int]:
    """Return where one to three words begin and end."""
    words = list(re.finditer(r"\S+", text_of(letters)))
    picked = words[draw.randrange(len(words)) :][: draw.randint(1, 3)]
    return picked[0].start(), picked[-1].end()


def unseen(text: str) -> Letters:
    return [(letter, -1) for letter in text]


def plain(texts: dict[int, Letters]) -> dict[int, str]:
    return {number: text_of(letters) for number, letters in texts.items()}


def text_of(letters: Letters) -> str:
    return "".join(letter for letter, _ in letters)


def quoted(letters: Letters, draw: random.Random) -> tuple[int, int]:
    """Return where a quotation begins and ends: some words, or a stretch of any letters."""
    if draw.random() < 0.5:
        return some_words(letters, draw)
    length = draw.choice([3, 8, 20, 60, 150])
    start = draw.randrange(max(1, len(letters) - length))
    return start, min(len(letters), start + length)


@pytest.mark.parametrize("part", range(10))
def test_after_500_edits_no_quotation_stands_on_other_words(part: int) -> None:
    article = passages()
    origin = {n: [(c, 10_000 * n + i) for i, c in enumerate(text)] for n, text in article.items()}
    kept = lost = 0
    for seed in range(part * 50, part * 50 + 50):
        draw = random.Random(seed)
        now = origin
        for _ in range(draw.randint(1, 4)):
            now = edited(now, draw)
        texts = plain(now)
        where = {i: (n, at) for n, letters in now.items() for at, (_, i) in enumerate(letters) if i >= 0}
        for _ in range(40):
            number = draw.choice([n for n, text in article.items() if len(text) > 20])
            place = Place(number, *quoted(origin[number], draw))
            selector = pick(article, place)
            found = find(selector, article, texts)
            ids = [i for _, i in origin[number][place.start : place.end]]
            first = where.get(ids[0], (number, -1))
            is_whole = [where.get(i) for i in ids] == [(first[0], first[1] + i) for i in range(len(ids))]
            if found is None:
                lost += is_whole
                continue
            landed = [i for _, i in now[found.passage][found.start : found.end]]
            assert texts[found.passage][found.start : found.end] == selector.exact
            # An edit may put the same letters where the former ones stood; the place is the same when most are.
            assert sum(map(eq, landed, ids)) > len(ids) / 2, f"seed {seed}: {selector} stands on other words"
            kept += 1
    assert kept > 10 * lost, "nearly all that is still there is found"


def test_words_that_occur_twice_are_told_apart_by_their_neighbours() -> None:
    former = {
        1: "The police came. Nobody called the police that night, nor later.",
        2: "What the police wrote was lost.",
    }
    second = pick(former, Place(1, 31, 41))
    assert second.exact == "the police"
    moved = {1: "Nobody called the police that night, nor later. The police came.", 2: former[2]}
    assert find(second, former, moved) == Place(1, 14, 24)
    without = {1: "The police came.", 2: former[2]}
    assert find(second, former, without) is None


def test_a_word_said_once_is_not_taken_for_the_same_word_said_of_something_else() -> None:
    former = {1: "They call it a krisha, a roof. They pay it.", 2: "Nobody asks why."}
    for word in ("krisha", "They call"):
        start = former[1].index(word)
        quoted = pick(former, Place(1, start, start + len(word)))
        elsewhere = {1: "They pay it.", 2: f"Nobody asks why. “{word}” is a word that the court did not know."}
        assert find(quoted, former, elsewhere) is None, word
        in_its_place = {1: f"{word} is what one hears. They pay it.", 2: former[2]}
        assert find(quoted, former, in_its_place) is None, word


def test_a_word_spelt_otherwise_is_no_longer_in_the_text() -> None:
    former = {1: "They call it a krisha, a roof."}
    quoted = pick(former, Place(1, 13, 21))
    assert quoted == Selector(1, "a krisha", "They call it ", ", a roof.")
    assert find(quoted, former, {1: "They call it a krysha, a roof."}) is None


def test_a_whole_passage_that_moved_is_found_at_its_new_number() -> None:
    former = {1: "One.", 2: "Two is said here alone."}
    assert find(pick(former, Place(2, 0, 23)), former, {1: "One.", 7: "Two is said here alone."}) == Place(7, 0, 23)


def test_of_two_places_that_fit_alike_none_is_chosen() -> None:
    former = {1: "Nobody asked them. Nobody asked them."}
    quoted = pick(former, Place(1, 7, 12))
    assert find(quoted, former, {1: "Nobody asked them."}) is None or quoted.suffix.startswith(" them. Nobody")
