"""What is said at a terminal, in the language that it asks for: `LC_ALL`, `LC_MESSAGES` or `LANG`, as everywhere."""

import copy
import os
import re
import sys
from typing import Any

import click
from flask import current_app, has_app_context

from forum import catalogues

ASKED_BY = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides
PLAIN = {"c", "posix"}  # as programs say it untranslated


def language() -> str:
    """Return the code of the language of the terminal; of one that is not spoken here: that of the forum."""
    wish = next((os.environ[name] for name in ASKED_BY if os.environ.get(name)), "")
    code = re.split(r"[_.@]", wish.lower())[0]
    if code in PLAIN:
        return "en"
    return next((code for code in (code, _of_the_forum()) if code and catalogues.is_spoken(code)), "en")


def _of_the_forum() -> str:
    if has_app_context():
        return str(current_app.config["LANGUAGES"][0])
    return os.environ.get("FORUM_LANGUAGES", "").split(",")[0].strip()


def _(text: str, **places: Any) -> str:
    """Return a message in the language of the terminal."""
    said = str(catalogues.read(language()).ugettext(text))
    return said % places if places else said


def ngettext(one: str, many: str, num: int, **places: Any) -> str:
    """Return the form of a message that belongs to a number, which stands in it as `num`."""
    return str(catalogues.read(language()).ungettext(one, many, num)) % {"num": num, **places}


def _l(text: str) -> str:
    """Mark a text for translation that is said later: the help of a command and of its options."""
    return text


def spoken(command: click.Command) -> click.Command:
    """Return a command that helps and complains in the language of the terminal."""
    said = copy.copy(command)
    said.help = _(command.help) if command.help else None
    said.params = [_spoken_parameter(parameter) for parameter in command.params]
    if isinstance(said, click.Group):
        said.commands = {name: spoken(below) for name, below in said.commands.items()}
    _teach_click()
    return said


def _spoken_parameter(parameter: click.Parameter) -> click.Parameter:
    said = copy.copy(parameter)
    if isinstance(said, click.Option) and said.help:
        said.help = _(said.help)
    return said


def _teach_click() -> None:
    """Let Click say its own words in our languages: it asks gettext, which reads compiled files, and brings none."""
    for name, module in list(sys.modules.items()):
        if name.startswith("click.") and hasattr(module, "_"):
            module.__dict__["_"] = _
        if name.startswith("click.") and hasattr(module, "ngettext"):
            module.__dict__["ngettext"] = _counted


def _counted(one: str, many: str, number: int) -> str:
    """Return one of two messages; of Click's, none needs a third form."""
    return _(one if number == 1 else many)


# What Click says to whoever uses a command.
OF_CLICK = [
    _l("Usage:"),
    _l("Options"),
    _l("Commands"),
    _l("Show this message and exit."),
    _l("Error: {message}"),
    _l("Try '{command} {option}' for help."),
    _l("Missing argument"),
    _l("Missing option"),
    _l("Missing command."),
    _l("No such command {name!r}."),
    _l("No such option {name!r}."),
    _l("Did you mean {possibility}?"),
    _l("(Did you mean one of: {possibilities}?)"),
    _l("Invalid value for {param_hint}: {message}"),
    _l("{value!r} is not one of {choices}."),
    _l("{value!r} is not a valid {number_type}."),
    _l("{value} is not in the range {range}."),
    _l("Option {name!r} requires an argument."),
    _l("Option {name!r} does not take a value."),
    _l("Got unexpected extra argument ({args})"),
    _l("Got unexpected extra arguments ({args})"),
    _l("{name} {filename!r} does not exist."),
    _l("{name} {filename!r} is a directory."),
    _l("Aborted!"),
    _l("Repeat for confirmation"),
    _l("Error: The two entered values do not match."),
]
