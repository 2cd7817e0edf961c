"""The corpora that are known by name: a new one is a module with a `BUILT_IN`, and one line here.

A module is loaded when its corpus is first asked for: to name one costs neither pyarrow nor pandas.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vae.corpora.corpus import Corpus
from vae.i18n import Message
from vae.progress import Progress

MODULES: Mapping[str, str] = {
    "factors": "vae.corpora.factors",
    "factors-zh": "vae.corpora.factors_zh",
    "docstrings": "vae.corpora.docstrings",
}

Values = Mapping[str, str]


@dataclass(frozen=True)
class Grammar:
    """What is known of a language of which every sentence says the value of each factor.

    A sentence is given by its values, one for each factor.

    Attributes:
        factors: the names of the F factors.
        parse: the values that a sentence says; None where it is not of the language.
        words: for each factor the places of a sentence's tokens that say it, given how a model
            splits sentences; empty where it is not of the language.
        forced: the other factors that cannot keep their value where a factor takes a new one;
            none for what is no factor or none of its values.
        free: the new values that a factor can take with every other one kept.
        changed: the sentence with one factor changed and no other; None where there is none.
    """

    factors: tuple[str, ...]
    parse: Callable[[str], Values | None]
    words: Callable[[str, Callable[[str], Sequence[str]]], Mapping[str, tuple[int, ...]]]
    forced: Callable[[Values, str, str], frozenset[str]]
    free: Callable[[Values, str], tuple[str, ...]]
    changed: Callable[[Values, str, str], str | None]


@dataclass(frozen=True)
class BuiltIn:
    """A corpus that is known by name, and can be made again from that.

    Attributes:
        what: its sentences and labels in half a sentence.
        size: how many sentences there are, in words; costs no long work.
        load: n sentences (None: as many as there are, or as many as usual) for a seed.
        at_hand: the sentences of a `Corpus.source` without long work, and of a generated corpus
            only the first so many; None where they have to be gathered first.
        generated: the same on every machine, and the beginning can be made without the rest;
            else gathered from this machine, once, and kept.
        needs: facts without which a source cannot be made again.
        grammar: of its language, where all is known of that.
        lexicon: the words that its sentences fall into, where no blanks part them.
    """

    name: str
    what: Message
    size: Callable[[], Message]
    load: Callable[[int | None, int, Progress | None], Corpus]
    at_hand: Callable[[Mapping[str, Any], int], Corpus | None]
    generated: bool = False
    needs: frozenset[str] = frozenset()
    grammar: Grammar | None = None
    lexicon: tuple[str, ...] = ()


def built_in(name: object) -> BuiltIn | None:
    """The corpus of that name; None where there is none."""
    if not isinstance(name, str) or name not in MODULES:
        return None
    found: BuiltIn = importlib.import_module(MODULES[name]).BUILT_IN
    return found


def origin(source: Mapping[str, Any]) -> BuiltIn | None:
    """The corpus that a `Corpus.source` is of; None where it was read from a file or pasted."""
    return built_in(source.get("kind"))
