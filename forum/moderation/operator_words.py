"""The operator's own word lists: files in `instance/words/`, one word or phrase a line."""

import re
from pathlib import Path

from forum.moderation.screening import OperatorWords
from forum.settings import BadSetting
from forum.terminal import _

_NAME = re.compile(r"(hold|mention)(?:-([a-z]{2,3}))?\.txt")


def load(folder: Path) -> OperatorWords:
    """Return the lists of a folder, which may be missing: `hold-ru.txt`, `mention-en.txt`, `hold.txt` for all.

    An empty line says nothing, one that begins with `#` is a remark. Raises `BadSetting` in a
    sentence for people.
    """
    lists: dict[str, dict[str, list[str]]] = {"hold": {}, "mention": {}}
    for path in sorted(folder.glob("*.txt")):
        match = _NAME.fullmatch(path.name)
        if match is None:
            no_list = _(
                "%(file)s is no word list: call it hold-en.txt or mention-en.txt, hold.txt or mention.txt.", file=path
            )
            raise BadSetting(no_list)
        kind, language = match.groups()
        lists[kind][language or ""] = _words(path)
    return OperatorWords(hold=lists["hold"], mention=lists["mention"])


def _words(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        said = _("%(file)s cannot be read as a list of words in UTF-8: %(error)s.", file=path, error=error)
        raise BadSetting(said) from error
    words = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    for word in words:
        if not any(c.isalnum() for c in word):
            said = _("%(file)s has a line without a letter or a digit: “%(line)s”.", file=path, line=word)
            raise BadSetting(said)
    return words
