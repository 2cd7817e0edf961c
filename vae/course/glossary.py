"""The technical words of the app, each with a short meaning in every language: glossary.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vae.i18n import ENGLISH

SOURCE = Path(__file__).with_name("glossary.toml")


@dataclass(frozen=True)
class Term:
    """A word of the field.

    Attributes:
        id: the same in all languages.
        forms: how it stands in a text; the first is its name.
        meaning: what it means, for somebody who meets it first.
        lesson: the id of the lesson that explains it; "" where none does.
    """

    id: str
    forms: tuple[str, ...]
    meaning: str
    lesson: str = ""

    @property
    def name(self) -> str:
        """What it is called where it stands alone."""
        return self.forms[0]


@cache
def terms(language: str) -> tuple[Term, ...]:
    """All terms in a language, by name; in English where the file has no such language."""
    found = []
    for entry in tomllib.loads(SOURCE.read_text(encoding="utf-8"))["term"]:
        said = entry.get(language) or entry[ENGLISH]
        found.append(
            Term(entry["id"], tuple(said["forms"]), said["meaning"], entry.get("lesson", ""))
        )
    return tuple(sorted(found, key=lambda term: term.name.casefold()))
