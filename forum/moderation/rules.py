"""The house rules: data in `rules.toml`, each with a code, in every language of the site."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from forum.extensions import language


@dataclass(frozen=True)
class Rule:
    """One rule; its words by language, English where a language lacks them."""

    code: str
    number: int
    titles: dict[str, str]
    texts: dict[str, str]
    examples: dict[str, str]

    @property
    def title(self) -> str:
        """The rule in one line, in the reader's language."""
        return _spoken(self.titles)

    @property
    def text(self) -> str:
        """What it means and why."""
        return _spoken(self.texts)

    @property
    def example(self) -> str:
        """How to say the same thing within the rule."""
        return _spoken(self.examples)


@cache
def all_rules() -> dict[str, Rule]:
    """Return the rules by code, in their order."""
    data = tomllib.loads((Path(__file__).parent / "rules.toml").read_text(encoding="utf-8"))
    rules = enumerate(data["rules"], start=1)
    return {
        rule["code"]: Rule(rule["code"], number, rule["title"], rule["text"], rule["example"]) for number, rule in rules
    }


def _spoken(words: dict[str, str]) -> str:
    return words.get(language(), words["en"])
