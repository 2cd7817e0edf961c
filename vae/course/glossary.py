"""The technical words of the app, each with a short meaning in every language: glossary.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vae.i18n import ENGLISH
from vae.scripts import is_unspaced

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


def used(text: str, language: str) -> tuple[Term, ...]:
    """The terms that stand in a text, by name; a longer form is looked for before one in it."""
    of = {form.casefold(): (term, form) for term in terms(language) for form in term.forms}
    forms = sorted((form for _term, form in of.values()), key=len, reverse=True)
    found = set()
    for written in re.findall("|".join(map(_pattern, forms)), text, re.IGNORECASE):
        term, form = of[" ".join(written.casefold().split())]
        # What has two capitals is a name, which small letters are not.
        if sum(map(str.isupper, form)) < 2 or written == form:
            found.add(term.id)
    return tuple(term for term in terms(language) if term.id in found)


def _pattern(form: str) -> str:
    """Words of letters end at what is no letter; Chinese has no such ends."""
    text = re.escape(form).replace(r"\ ", r"\s+")
    return text if is_unspaced([form]) else rf"(?<![^\W_]){text}(?![^\W_])"
