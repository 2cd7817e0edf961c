"""What a class thinks at a step, and what it has learned between two rounds of questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vae.classroom.entry import Entry
from vae.classroom.gain import Gain, normalised_change, normalised_gain
from vae.classroom.inventory import RIGHT
from vae.diagnostics.bootstrap import Interval

LESSONS = {"before": "questions before", "after": "questions after"}
"""As what lesson the answers to each form of the concept questions are recorded."""


@dataclass(frozen=True)
class Outcome:
    """Before against after.

    Attributes:
        questions: of each question, over the pupils who answered it both times.
        whole: the class: of each pupil the share of right answers among the questions that it
            answered both times.
        change: mean change of the pupils (Marx and Cummings, 2007); None where nobody changed.
    """

    questions: Mapping[str, Gain]
    whole: Gain
    change: Interval | None


def counts(said: Iterable[Entry]) -> Counter[str | None]:
    """How often each value was said; None is "I do not know"."""
    return Counter(entry.value for entry in said)


def outcome(
    before: Iterable[Entry], after: Iterable[Entry], ids: Sequence[str], seed: int = 0
) -> Outcome:
    """What was learned.

    Args:
        before, after: answers to each form, in the order in which they were given; the last of a
            pupil to a question counts. "I do not know" is not right.
        ids: of the questions.
    """
    rng = np.random.default_rng(seed)
    one, other = _right(before), _right(after)
    both = {key for key in one.keys() & other.keys() if key[1] in set(ids)}
    pupils = sorted({pupil for pupil, _question in both})
    of_questions = {
        question: _gain([(p, question) for p in pupils if (p, question) in both], one, other, rng)
        for question in ids
    }
    x, y = (
        [float(np.mean([said[key] for key in both if key[0] == pupil])) for pupil in pupils]
        for said in (one, other)
    )
    return Outcome(of_questions, normalised_gain(x, y, rng), normalised_change(x, y, rng))


def _gain(
    keys: Sequence[tuple[str, str]],
    one: Mapping[tuple[str, str], bool],
    other: Mapping[tuple[str, str], bool],
    rng: np.random.Generator,
) -> Gain:
    return normalised_gain([float(one[k]) for k in keys], [float(other[k]) for k in keys], rng)


def _right(said: Iterable[Entry]) -> dict[tuple[str, str], bool]:
    return {(entry.pupil, entry.step): entry.value == RIGHT for entry in said}
