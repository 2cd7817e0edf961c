"""A language as a product of slots: each of its sentences is one number.

What a choice may be depends on others (a topic has its objects, a tense its times), how many there
are never does.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

Values = Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Slots:
    """Which values the factors of a language can have together.

    Attributes:
        tables: for each factor, in the order of the language, its values by the slots that it
            depends on, then by its own slot; what it depends on comes before it.
        depends_on: the slots that a factor's values depend on, beside its own.
        follows: factors without a slot of their own, as person, which the subject decides.
        weights: how often each choice of the first slot is drawn, relative to the others.
    """

    tables: Mapping[str, npt.NDArray[np.object_]]
    depends_on: Mapping[str, tuple[str, ...]]
    follows: frozenset[str]
    weights: Sequence[int]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The factors that have a slot of their own."""
        return tuple(name for name in self.tables if name not in self.follows)

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """How many choices each slot has."""
        return tuple(self.tables[slot].shape[-1] for slot in self.names)

    @cached_property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Every value of every factor, in the order of its table."""
        return {n: tuple(dict.fromkeys(table.ravel())) for n, table in self.tables.items()}

    def size(self) -> int:
        """How many distinct sentences the language has: the product of the sizes of its slots."""
        return math.prod(self.shape)

    def sample(self, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
        """(n,) indices of sentences, drawn with replacement and with the weights."""
        rest = math.prod(self.shape[1:])
        # A choice of the first slot stands here as many times as its weight says.
        tickets = np.repeat(np.arange(self.shape[0]), self.weights)
        drawn = rng.integers(0, len(tickets) * rest, size=n)
        return np.asarray(tickets[drawn // rest] * rest + drawn % rest, dtype=np.int64)

    def columns_of(self, indices: npt.NDArray[np.int64]) -> dict[str, list[str]]:
        """The values of every factor for (N,) sentence indices."""
        slots = dict(zip(self.names, np.unravel_index(indices, self.shape), strict=True))
        return {name: self._read(name, slots).tolist() for name in self.tables}

    def chosen(self, values: Values) -> dict[str, int] | None:
        """The choice in each slot that gives these values; None where none does."""
        fit: list[dict[str, int]] = [{}]
        for name in self.tables:
            own = name not in self.follows
            fit = [
                {**slots, name: at} if own else slots
                for slots in fit
                for at in np.flatnonzero(self._row(name, slots) == values.get(name)).tolist()
            ]
        return fit[0] if fit and set(values) == set(self.tables) else None

    def varied(self, slots: Mapping[str, int], name: str) -> Iterator[dict[str, str]]:
        """All sentences that other choices of a factor's own slot give, else of what decides it."""
        free = self.depends_on[name] if name in self.follows else (name,)
        sizes = dict(zip(self.names, self.shape, strict=True))
        for choice in product(*(range(sizes[slot]) for slot in free)):
            other = {**slots, **dict(zip(free, choice, strict=True))}
            yield {each: str(self._read(each, other)) for each in self.tables}

    def together(self, a: str, b: str) -> frozenset[tuple[str, str]]:
        """The pairs of a value of factor a and a value of factor b that some sentence has."""
        if (a, b) not in self._together:
            slots = tuple(dict.fromkeys((*self._slots_of(a), *self._slots_of(b))))
            sizes = dict(zip(self.names, self.shape, strict=True))
            grid = dict(zip(slots, np.indices([sizes[slot] for slot in slots]), strict=True))
            values = (self._read(name, grid).ravel().tolist() for name in (a, b))
            self._together[a, b] = frozenset(zip(*values, strict=True))
        return self._together[a, b]

    @cached_property
    def _together(self) -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
        return {}

    def _slots_of(self, factor: str) -> tuple[str, ...]:
        """The slots that decide a factor's value, in the order that its table is indexed by."""
        own = () if factor in self.follows else (factor,)
        return (*self.depends_on.get(factor, ()), *own)

    def _read(self, factor: str, slots: Mapping[str, Any]) -> Any:
        return self.tables[factor][tuple(slots[slot] for slot in self._slots_of(factor))]

    def _row(self, factor: str, slots: Mapping[str, int]) -> npt.NDArray[np.object_]:
        """The values that a factor can have after the choices made before it."""
        before = tuple(slots[slot] for slot in self.depends_on.get(factor, ()))
        return np.atleast_1d(np.asarray(self.tables[factor][before], dtype=object))


def table(values: Any) -> npt.NDArray[np.object_]:
    """Values by index, for `Slots.tables`."""
    return np.array(values, dtype=object)
