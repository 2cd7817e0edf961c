"""Which labels of a corpus can be asked for, as a category or as a number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from vae.diagnostics.samples import Reason

MOST_CLASSES = 200
FEWEST_SENTENCES = 50
LENGTH = "length (words)"

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
# So few different whole numbers may be names of classes, as stars or years of school are.
_MOST_CODED = 20


@dataclass(frozen=True)
class Target:
    """What a probe is to say of a sentence.

    Attributes:
        name: the label, with "as classes" where its numbers are asked for as categories too.
        kind: a category is named, a number is estimated.
        rows: (M,) the sentences that have the label, out of N.
        values: (M,) their values: text, or numbers of which the largest is 1 in size.
        classes: how many of them differ.
    """

    name: str
    kind: Literal["categorical", "numeric"]
    rows: npt.NDArray[np.intp]
    values: npt.NDArray[np.str_] | npt.NDArray[np.float64]
    classes: int


def targets_of(
    sentences: Sequence[str], labels: Mapping[str, Sequence[str]]
) -> tuple[list[Target], dict[str, Reason]]:
    """The targets of N sentences with their labels, and why the other labels are left out.

    A column whose values all are numbers is numeric; where they are a few whole numbers, which may
    be names of classes, it is categorical as well. A sentence without a value ("") is not asked.
    The length in words is always among the targets, unless all sentences are equally long. A column
    that is called as one of ours keeps its name, and ours is not asked.
    """
    targets: list[Target] = []
    left_out: dict[str, Reason] = {}
    lengths = [str(len(sentence.split())) for sentence in sentences]
    for name, column in {**labels, LENGTH: lengths, **labels}.items():
        values = np.array(column, dtype=np.str_)
        rows = np.flatnonzero(values != "")
        values = values[rows]
        different = np.unique(values)
        numbers = _numbers(different)
        if reason := _unfit(values, len(different), numeric=numbers is not None):
            left_out[name] = reason
            continue
        if numbers is None or len(different) == 2:
            targets.append(Target(name, "categorical", rows, values, len(different)))
            continue
        largest = np.abs(numbers).max()
        sizes = numbers[np.searchsorted(different, values)] / (largest or 1.0)
        targets.append(Target(name, "numeric", rows, sizes, len(different)))
        coded = len(different) <= _MOST_CODED and bool((numbers == np.round(numbers)).all())
        both = f"{name} (as classes)"
        if coded and name != LENGTH and both not in labels:
            targets.append(Target(both, "categorical", rows, values, len(different)))
    return targets, left_out


def _numbers(values: npt.NDArray[np.str_]) -> npt.NDArray[np.float64] | None:
    """The values as numbers, where all of them are."""
    if not all(_NUMBER.fullmatch(value.strip()) for value in values):
        return None
    numbers = values.astype(np.float64)
    return numbers if np.isfinite(numbers).all() else None


def _unfit(values: npt.NDArray[np.str_], different: int, *, numeric: bool) -> Reason | None:
    """Why a label cannot be probed; None where it can."""
    if len(values) < FEWEST_SENTENCES:
        return Reason.of("too-few", n=len(values), needed=FEWEST_SENTENCES)
    if different < 2:
        return Reason("one-value")
    if not numeric and different > MOST_CLASSES:
        return Reason.of("many-values", n=different, most=MOST_CLASSES)
    if not numeric and len(values) < 2 * different:
        return Reason("values-once")
    return None
