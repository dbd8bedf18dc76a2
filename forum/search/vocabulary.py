"""The words of all entries: which there are, how frequent they are, and which are spelt alike."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Select, bindparam, delete, func, literal, select, union_all, update

from forum.db import db, insert_into, now, rows
from forum.search.models import SearchTrigram, SearchWord
from forum.words import TYPED, main_stem, stems_of

SHORTEST = 4  # letters of a word in which a typing error is looked for
ALIKE = 3  # words taken for one that is unknown
CORRECTED = 3  # unknown words of a question
CHUNK = 500  # values in one statement


def add(counts: Mapping[str, int], stems: Mapping[str, str]) -> None:
    """Count words once more in so many entries each; unknown ones are spelt out. `stems`: the main one of each word."""
    moment = now()
    rows = [
        {"word": word, "stem": stems[word], "entries": count, "created_at": moment}
        for word, count in sorted(counts.items())
    ]
    new = insert_into(SearchWord)
    known = new.on_conflict_do_update(
        index_elements=["word"], set_={"entries": SearchWord.entries + new.excluded.entries}
    )
    db.session.connection().execute(known, rows)
    trigrams = []
    for chunk in _chunks(list(counts)):
        query = select(SearchWord.id, SearchWord.word, SearchWord.entries).where(SearchWord.word.in_(chunk))
        for number, word, entries in db.session.execute(query):
            if entries == counts[word]:
                trigrams += [{"trigram": trigram, "word_id": number} for trigram in _trigrams(word)]
    if trigrams:
        db.session.connection().execute(insert_into(SearchTrigram), trigrams)


def remove(words: Collection[str]) -> None:
    """Count words in one entry less; those that stand in none are forgotten."""
    for chunk in _chunks(list(words)):
        named = SearchWord.word.in_(chunk)
        options = {"synchronize_session": False}
        fewer = update(SearchWord).where(named).values(entries=SearchWord.entries - 1)
        db.session.execute(fewer, execution_options=options)
        db.session.execute(delete(SearchWord).where(named, SearchWord.entries <= 0), execution_options=options)


_FREQUENCIES = (
    select(SearchWord.stem, func.sum(SearchWord.entries))
    .where(SearchWord.stem.in_(bindparam("stems", expanding=True)))
    .group_by(SearchWord.stem)
)


def groups_of(keys: Sequence[str]) -> tuple[list[tuple[int, frozenset[str]]], list[str]]:
    """Return for each word of a question how frequent it is and the stems that answer it; and which are unknown.

    An unknown word is answered by those that are spelt nearly like it, too; its frequency is 0 where there are none.
    """
    stems = {key: main_stem(key) for key in keys}
    frequencies = {stem: int(count) for stem, count in rows(_FREQUENCIES, {"stems": list(stems.values())})}
    unknown = [key for key in keys if stems[key] not in frequencies]
    near = _near([key for key in unknown if _is_spelt(key)][:CORRECTED])
    found = []
    for key in keys:
        alike = [stems_of(word) for word in near.get(key, ())]
        frequency = frequencies.get(stems[key], 1 if alike else 0)
        found.append((frequency, stems_of(key).union(*alike)))
    return found, unknown


def distance(one: str, other: str) -> int:
    """Return how many letters have to be put in, left out, replaced or swapped to make one word of the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        beyond, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, beyond[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _near(unknown: Sequence[str]) -> dict[str, list[str]]:
    """Return the known words that are nearest to each unknown one, within one error, in long words within two."""
    if not unknown:
        return {}
    candidates: dict[str, list[tuple[int, int, str]]] = {key: [] for key in unknown}
    for key, word, entries in db.session.execute(union_all(*(_sharing(key) for key in unknown))):
        errors = distance(key.translate(TYPED), word.translate(TYPED))
        if errors <= _errors(key):
            candidates[key].append((errors, -entries, word))
    nearest = {key: sorted(found)[:ALIKE] for key, found in candidates.items()}
    return {key: [word for errors, _n, word in found if errors == found[0][0]] for key, found in nearest.items()}


def _sharing(key: str) -> Select[str, str, int]:
    """Return the query for words of about the same length that share so many trigrams as few errors leave."""
    trigrams, errors = _trigrams(key), _errors(key)
    least = max(1, len(trigrams) - 3 * errors - 1)
    return (
        select(literal(key), SearchWord.word, SearchWord.entries)
        .join(SearchTrigram, SearchTrigram.word_id == SearchWord.id)
        .where(SearchTrigram.trigram.in_(trigrams))
        .where(func.length(SearchWord.word).between(len(key) - errors, len(key) + errors))
        .group_by(SearchWord.id, SearchWord.word, SearchWord.entries)
        .having(func.count() >= least)
    )


def _errors(key: str) -> int:
    return 1 if len(key) < 2 * SHORTEST else 2


def _is_spelt(key: str) -> bool:
    return len(key) >= SHORTEST and key.isalpha()


def _trigrams(word: str) -> list[str]:
    """Return the different trigrams of a word, its ends marked by spaces; of what is too short or a number none."""
    marked = f"  {word.translate(TYPED)} "
    return sorted({marked[at : at + 3] for at in range(len(marked) - 2)}) if _is_spelt(word) else []


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[begin : begin + CHUNK] for begin in range(0, len(values), CHUNK))
