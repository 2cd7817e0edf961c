"""A language of which all is known: what a change of one factor leaves free and what it forces on
the others, which words of a sentence say a factor, and a corpus drawn from it.

A sentence in the past tense says "yesterday", one in the future cannot: who changes its tense has
to change its time. "Last week" is lost to the future too, but a sentence without a time may stay
without one. What the grammar forces is no side effect of a change; all else is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import numpy as np
import numpy.typing as npt

from vae.corpora.corpus import Corpus
from vae.corpora.registry import BuiltIn, Grammar
from vae.corpora.slots import Slots, Values
from vae.errors import UserError
from vae.i18n import Message, enumeration, message

DEFAULT_SENTENCES = 200_000

# Draws are made in blocks of this size whatever the number asked for: a small corpus is then the
# beginning of a large one with the same seed.
_BLOCK = 32_768


@dataclass(frozen=True, eq=False)
class Language:
    """Sentences that are one choice for each factor, drawn as one number.

    Attributes:
        name: of its corpus.
        slots: which values the factors can have together.
        render: the sentence that says the values of all factors.
        parse: its exact inverse; None where a sentence is not of the language.
        examples: a few sentences to start from.
        lexicon: the words that its sentences fall into where no blanks part them; else empty.
    """

    name: str
    slots: Slots
    render: Callable[[Values], str]
    parse: Callable[[str], Values | None]
    examples: tuple[str, ...]
    lexicon: tuple[str, ...] = ()

    @property
    def factors(self) -> tuple[str, ...]:
        """The names of the factors."""
        return tuple(self.slots.tables)

    def generate(self, n: int, seed: int = 0) -> Corpus:
        """`n` distinct sentences in the order drawn, each factor a label column.

        The first k sentences are `generate(k, seed)`, whatever n is.

        Raises:
            UserError: n is below 1 or above the size of the language.
        """
        if not 1 <= n <= self.slots.size():
            raise UserError(
                "The {name} corpus has between 1 and {most:,} sentences, not {n:,}.",
                name=self.name,
                most=self.slots.size(),
                n=n,
            )
        rng = np.random.default_rng(seed)
        seen = np.zeros(self.slots.size(), dtype=bool)
        blocks: list[npt.NDArray[np.int64]] = []
        found = 0
        while found < n:
            block = self.slots.sample(rng, _BLOCK)
            block = block[np.sort(np.unique(block, return_index=True)[1])]
            block = block[~seen[block]]
            seen[block] = True
            blocks.append(block)
            found += len(block)
        columns = self.slots.columns_of(np.concatenate(blocks)[:n])
        rows = zip(*columns.values(), strict=True)
        return Corpus(
            name=self.name,
            sentences=tuple(self.render(dict(zip(columns, row, strict=True))) for row in rows),
            labels={name: tuple(values) for name, values in columns.items()},
            source={"kind": self.name, "n": n, "seed": seed},
            examples=self.examples,
        )

    def forced(self, values: Values, name: str, value: str) -> frozenset[str]:
        """The other factors that cannot keep their value where factor `name` becomes `value`.

        A factor is one of them where no sentence of the language has both its present value and
        the new one: those that the changed factor decides (time by tense, objects by topic), and
        those that decide it (a new object needs its topic). What may stay can stay all at once,
        since a sentence is a product of slots.

        Raises:
            UserError: there is no such factor, or it has no such value.
        """
        self._check(name, value)
        return frozenset(
            other
            for other in self.factors
            if other != name and (value, values[other]) not in self.slots.together(name, other)
        )

    def changed(self, values: Values, name: str, value: str) -> dict[str, str] | None:
        """The same values with one factor changed and no other; None where the grammar has none.

        Raises:
            UserError: there is no such factor, or it has no such value.
        """
        self._check(name, value)
        other = {**values, name: value}
        return None if self.slots.chosen(other) is None else other

    def free(self, values: Values, name: str) -> tuple[str, ...]:
        """The values, other than its own, that a factor can take with every other one kept."""
        return tuple(
            value
            for value in self.slots.values[name]
            if value != values[name]
            # First what a table knows: where others decide a factor, it rules out most values.
            and not self.forced(values, name, value)
            and self.changed(values, name, value) is not None
        )

    def next(self, values: Values, name: str) -> dict[str, str] | None:
        """The same values but for one factor, which has its next one that fits.

        What depends on the factor takes its value at the same place in its table, and what decides
        it the choice that keeps most. None where no other value fits.

        Raises:
            UserError: there is no such factor.
        """
        self._check(name)
        slots = self.slots.chosen(values)
        if slots is None:
            return None
        known = self.slots.values[name]
        start = known.index(values[name])
        later = {value: (at - start) % len(known) for at, value in enumerate(known)}
        others = [each for each in self.slots.varied(slots, name) if each[name] != values[name]]
        return min(
            others,
            key=lambda each: (later[each[name]], sum(each[k] != values[k] for k in values)),
            default=None,
        )

    def words(
        self, sentence: str, tokens: Callable[[str], Sequence[str]]
    ) -> Mapping[str, tuple[int, ...]]:
        """Places of the tokens that would change if a factor had another value, for each factor.

        The sentence is written again with the factor's next value and all else as near as the
        grammar allows: another tense takes another time with it, another topic its words. A word
        may so count for several factors; one that would only be added has no place. Empty where
        the sentence is not of the language.

        Args:
            tokens: how a model splits a sentence; the last token stands for the end.
        """
        found = self.parse(sentence)
        if found is None:
            return {}
        own = list(tokens(sentence))
        others = {name: self.next(found, name) for name in self.factors}
        return {
            name: _differing(own, list(tokens(self.render(other))))
            for name, other in others.items()
            if other is not None
        }

    def built_in(self, what: Message) -> BuiltIn:
        """The corpus as it is known by name; `what` says in half a sentence what it is."""
        return BuiltIn(
            name=self.name,
            what=what,
            size=lambda: message("{n:,} sentences, or as many as you ask for", n=DEFAULT_SENTENCES),
            load=lambda n, seed, _progress: self.generate(n or DEFAULT_SENTENCES, seed),
            at_hand=self._beginning,
            generated=True,
            needs=frozenset({"n", "seed"}),
            grammar=Grammar(
                self.factors, self.parse, self.words, self._forced, self.free, self._changed
            ),
            lexicon=self.lexicon,
        )

    def _beginning(self, source: Mapping[str, Any], most: int) -> Corpus:
        return self.generate(min(source["n"], most), source["seed"])

    def _forced(self, values: Values, name: str, value: str) -> frozenset[str]:
        if value not in self.slots.values.get(name, ()):
            return frozenset()
        return self.forced(values, name, value)

    def _changed(self, values: Values, name: str, value: str) -> str | None:
        found = self.changed(values, name, value)
        return None if found is None else self.render(found)

    def _check(self, name: str, value: str | None = None) -> None:
        if name not in self.factors:
            raise UserError(
                "There is no factor '{name}'; choose one of {names}.",
                name=name,
                names=enumeration(self.factors),
            )
        if value is not None and value not in self.slots.values[name]:
            raise UserError(
                "The factor {name} has no value '{value}'; it has {values}.",
                name=name,
                value=value,
                values=enumeration(self.slots.values[name]),
            )


def _differing(own: list[str], other: list[str]) -> tuple[int, ...]:
    """Places in `own` whose token `other` does not have there."""
    matcher = SequenceMatcher(None, own, other, autojunk=False)
    return tuple(
        place
        for what, start, end, _, _ in matcher.get_opcodes()
        if what in ("replace", "delete")
        for place in range(start, end)
    )
