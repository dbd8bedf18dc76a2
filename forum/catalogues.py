"""The catalogues of messages as translators write them, each read when somebody speaks its language first: 0.1 s."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

FOLDER = Path(__file__).parent / "translations"


def catalogue_of(code: str) -> Path:
    """Return the file with the messages in a language."""
    return FOLDER / code / "LC_MESSAGES" / "messages.po"


def is_spoken(code: str) -> bool:
    """Say whether the messages exist in a language; English is what the code says."""
    return code == "en" or (code.isalpha() and catalogue_of(code).exists())


@cache
def read(code: str) -> Translations:
    """Return the messages in a language."""
    if code == "en" or not is_spoken(code):
        return Translations()
    compiled = BytesIO()
    with catalogue_of(code).open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return Translations(compiled)
