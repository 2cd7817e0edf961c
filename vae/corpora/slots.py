"""The language as a product of slots: counted, drawn from, and decoded by index.

What a choice may be depends on others (a topic has its objects, a tense its times), how many there
are never does.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from vae.corpora.grammar import FACTOR_NAMES
from vae.corpora.lexicon import (
    ATTITUDES,
    MOODS,
    POLARITIES,
    SENTIMENTS,
    SUBJECTS,
    TENSES,
    TIMES,
    TOPICS,
    adjectives,
    places,
)


def _tables() -> dict[str, npt.NDArray[np.object_]]:
    """Values by index: of the subject, or of the slots that a factor depends on."""

    def table(values: Any) -> npt.NDArray[np.object_]:
        return np.array(values, dtype=object)

    return {
        "subject": table([s.name for s in SUBJECTS]),
        "person": table([s.person for s in SUBJECTS]),
        "number": table([s.number for s in SUBJECTS]),
        "tense": table(TENSES),
        "polarity": table(POLARITIES),
        "mood": table(MOODS),
        "sentiment": table(SENTIMENTS),
        "topic": table(list(TOPICS)),
        "attitude": table([[ATTITUDES[s][p] for p in POLARITIES] for s in SENTIMENTS]),
        "activity": table([t.activities for t in TOPICS.values()]),
        "object": table([t.objects for t in TOPICS.values()]),
        "adjective": table([[adjectives(t, s) for s in SENTIMENTS] for t in TOPICS]),
        "time": table([TIMES[tense] for tense in TENSES]),
        "place": table([places(t) for t in TOPICS]),
    }


_TABLES = _tables()
# What a value's table is indexed by, besides its own slot.
_DEPENDS_ON = {
    "person": ("subject",),
    "number": ("subject",),
    "attitude": ("sentiment", "polarity"),
    "activity": ("topic",),
    "object": ("topic",),
    "adjective": ("topic", "sentiment"),
    "time": ("tense",),
    "place": ("topic",),
}
_FOLLOWS_SUBJECT = ("person", "number")
_SLOTS = tuple(name for name in FACTOR_NAMES if name not in _FOLLOWS_SUBJECT)
_SHAPE = tuple(_TABLES[slot].shape[-1] for slot in _SLOTS)
_SIZES = dict(zip(_SLOTS, _SHAPE, strict=True))
# A subject stands here as many times as its weight says.
_SUBJECT_TICKETS = np.repeat(np.arange(len(SUBJECTS)), [s.weight for s in SUBJECTS])


def language_size() -> int:
    """How many distinct sentences the language has: the product of the sizes of its slots."""
    return math.prod(_SHAPE)


def sample(rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """(n,) indices of sentences, drawn with replacement and with the subjects' weights."""
    per_subject = math.prod(_SHAPE[1:])
    tickets = rng.integers(0, len(_SUBJECT_TICKETS) * per_subject, size=n)
    subjects = _SUBJECT_TICKETS[tickets // per_subject]
    return np.asarray(subjects * per_subject + tickets % per_subject, dtype=np.int64)


def columns_of(indices: npt.NDArray[np.int64]) -> dict[str, list[str]]:
    """The values of every factor for (N,) sentence indices."""
    slots = dict(zip(_SLOTS, np.unravel_index(indices, _SHAPE), strict=True))
    columns = {}
    for name in FACTOR_NAMES:
        index = tuple(slots[slot] for slot in _slots_of(name))
        columns[name] = _TABLES[name][index].tolist()
    return columns


def _slots_of(factor: str) -> tuple[str, ...]:
    """The slots that decide a factor's value, in the order that its table is indexed by."""
    own = () if factor in _FOLLOWS_SUBJECT else (factor,)
    return (*_DEPENDS_ON.get(factor, ()), *own)


@cache
def values_together(a: str, b: str) -> frozenset[tuple[str, str]]:
    """The pairs of a value of factor a and a value of factor b that some sentence has."""
    slots = tuple(dict.fromkeys((*_slots_of(a), *_slots_of(b))))
    grid = dict(zip(slots, np.indices([_SIZES[slot] for slot in slots]), strict=True))
    values = (
        _TABLES[name][tuple(grid[slot] for slot in _slots_of(name))].ravel().tolist()
        for name in (a, b)
    )
    return frozenset(zip(*values, strict=True))
