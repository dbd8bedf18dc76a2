"""How long screening takes: an argument of 1,000 characters, and 40 kB of hostile text.

Run as `python bench/screening.py`; prints milliseconds of processor time, the median of the runs,
and how much is found of the last parts of the corpus.
"""

import json
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent))

from forum.moderation.screening import content_flags  # noqa: E402

ARGUMENTS = {
    "English": "The women say they would prefer to pay taxes than a pimp. In 2003 New Zealand passed its law by 60 to 59. ",
    "Russian": "Закон, которым страшно пользоваться, никого не защищает. Статья 309 УК РК предусматривает до 5 лет. ",
    "Kazakh": "Қорқынышты заң ешкімді қорғамайды. 1999 жылдан бері Швецияда сатып алушы жазаланады, он екі пайыз. ",
}
HOSTILE = [
    "8 ",
    "87011234567 ",
    "o1",
    "a@",
    "a.",
    ".com",
    "[a.b](a",
    "a at b dot ",
    "i am ",
    "мне 15 ",
    "ул. абая 1 ",
    "!?",
    "8️⃣",
    "Анна Ахметова работает в школе ",
    "4400 ",
    "+7",
    "kz12 ",
    "тг ",
    "(",
    "telegram: a_1 ",
    "seven ",
    "услуги недорого ",
    "0 ",
    "аa1",
    "ﷺ",
    "İ",
    "@",
    ".",
    "-",
    "[](",
    "\u200b8",
    "а\u0301",
    "g m a i l . ",
    "a . b ",
    "1 000 000 ",
    "школа № 5 девочка ",
    "дом 5 кв 5 ",
    "номер 8 701 потом ",
    "продам диплом быстро пишите ",
    "born in 2012 i ",
    '" a b ',
    "«а б",
    "vote no ",
    "на Абая 8/2 ",
    "x@a.b, c ",
    "x[a]y[b]com ",
    "бц Аб офис 5 ",
    "в 14 мне столько ",
    "продам диплом недорого, пишите. ",
    "<a href=",
]


CORPUS = Path(__file__).parent.parent / "tests/moderation/screening/corpus"
CODES = {"iin": "id_number", "passport": "id_number", "iban": "card", "ad": "advertising", "id": "id_number"}
PARTS = "seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()


def recall(part):
    """Print how much of a part of the corpus is found, type by type."""
    total, found = Counter(), Counter()
    for line in (CORPUS / f"found_{part}.jsonl").read_text(encoding="utf-8").splitlines():
        example = json.loads(line)
        kind = example["type"].split("_")[0]
        codes = {CODES.get(kind, kind)} | ({"phone", "link"} if kind == "handle" else set())
        total[example["type"]] += 1
        found[example["type"]] += any(
            flag.code in codes and flag.start < example["end"] and example["start"] < flag.end
            for flag in content_flags(example["text"])
        )
    for kind in sorted(total):
        print(f"{found[kind]:4} of {total[kind]:3}  {kind}")
    print(f"{found.total():4} of {total.total():3}  {part}")


def milliseconds(text, runs):
    spent = []
    for _ in range(runs):
        start = time.process_time()
        content_flags(text)
        spent.append((time.process_time() - start) * 1000)
    return median(spent)


def bytes_of(piece, size):
    return (piece * size).encode()[:size].decode(errors="ignore")


if __name__ == "__main__":
    content_flags("8 701 123 45 67")  # loads the plans
    for name, text in ARGUMENTS.items():
        print(f"{milliseconds((text * 20)[:1000], 51):7.2f} ms  1,000 characters, {name}")
    for piece in HOSTILE:
        print(f"{milliseconds(bytes_of(piece, 40_000), 5):7.1f} ms  40 kB of {piece!r}")
    for part in PARTS:
        recall(part)
