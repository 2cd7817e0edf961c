"""Which labels of a corpus can be asked for, as a category or as a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from vae.corpora.label_types import MEASURED, LabelType, categories, exactly, measures, types_of
from vae.diagnostics.samples import Reason
from vae.scripts import words

MOST_CLASSES = 200
FEWEST_SENTENCES = 50
LENGTH = "length (words)"

# So few different whole numbers may be names of classes, as stars or years of school are.
_MOST_CODED = 20


@dataclass(frozen=True)
class Target:
    """What a probe is to say of a sentence.

    Attributes:
        name: the label, with "as classes" where its numbers are asked for as categories too.
        kind: a category is named, a number or a date is estimated.
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
    sentences: Sequence[str],
    labels: Mapping[str, Sequence[str]],
    types: Mapping[str, str] | None = None,
) -> tuple[list[Target], dict[str, Reason]]:
    """The targets of N sentences with their labels, and why the other labels are left out.

    A number or a date is estimated; a number of a few whole values, which may be names of classes,
    is asked for as a category as well, and one of two values as a category alone. A sentence
    without a value is not asked. The length in words is always among the targets, unless all
    sentences are equally long. A column that is called as one of ours keeps its name, and ours is
    not asked.

    Args:
        types: label to its type (`vae.corpora.label_types`), where it is known; else it is guessed.
    """
    targets: list[Target] = []
    left_out: dict[str, Reason] = {}
    lengths = [str(words(sentence)) for sentence in sentences]
    known = types_of(labels, types)
    for name, column in {**labels, LENGTH: lengths, **labels}.items():
        kind = known.get(name, "number")
        x = _sizes(column, kind)
        named = np.array(categories(column, kind) if x is None else [*map(exactly, x)], np.str_)
        rows = np.flatnonzero(named != "" if x is None else np.isfinite(x))
        values, measured = named[rows], None if x is None else x[rows]
        classes = len(np.unique(values if measured is None else measured))
        if reason := _unfit(values, classes, numeric=measured is not None):
            left_out[name] = reason
        elif measured is None or (classes == 2 and kind == "number"):
            targets.append(Target(name, "categorical", rows, values, classes))
        else:
            largest = np.abs(measured).max() or 1.0
            targets.append(Target(name, "numeric", rows, measured / largest, classes))
            both = f"{name} (as classes)"
            whole = kind == "number" and bool((measured == np.round(measured)).all())
            if whole and classes <= _MOST_CODED and name != LENGTH and both not in labels:
                targets.append(Target(both, "categorical", rows, values, classes))
    return targets, left_out


def _sizes(column: Sequence[str], kind: LabelType) -> npt.NDArray[np.float64] | None:
    """(N,) a label on its scale, dates from their middle; None of one that has no scale."""
    if kind not in MEASURED:
        return None
    x = measures(column, kind)
    # Seconds since 1970 differ by little beside their size.
    return x - np.nanmean(x) if kind == "date" and np.isfinite(x).any() else x


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
