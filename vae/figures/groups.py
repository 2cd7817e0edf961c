"""What points are told apart by: the values of a label, or ranges of a scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from vae import colours
from vae.corpora.coded import Coded
from vae.corpora.label_types import NO_VALUE, LabelType, written
from vae.i18n import _, ngettext
from vae.i18n.numbers import number

Floats = npt.NDArray[np.floating]
Rows = npt.NDArray[np.intp]

MOST_GROUPS = len(colours.LABELS)
RANGES = 5

Kind = Literal["value", "rest", "missing"]


@dataclass(frozen=True)
class Group:
    """Points that are drawn alike.

    Attributes:
        value: of the label that they have; "" of the rest and of what is missing.
        rows: which points.
        kind: points of one value, of all the rarer values together, or of none. It decides what is
            grey, never the text: a value may be called as anything.
        others: how many values the rest stands for; else 0.
    """

    value: str
    rows: Rows
    kind: Kind = "value"
    others: int = 0

    @property
    def name(self) -> str:
        """The value as a person reads it."""
        if self.kind == "rest":
            return ngettext("other ({n:,} value)", "other ({n:,} values)", self.others)
        return self.value if self.kind == "value" else str(NO_VALUE)


@dataclass(frozen=True)
class Scale:
    """Values of a label that is a number or a date.

    Attributes:
        values: (N,) on the scale of `vae.corpora.label_types.measures`; NaN where there is none.
        kind: "number" or "date".
    """

    values: Floats
    kind: LabelType = "number"


def groups(values: Sequence[str]) -> list[Group]:
    """The values of a label, most frequent first; all beyond seven are one group, the rest.

    Sentences without one ("") come last.
    """
    column = Coded.of(values)
    found, counts = column.values, np.bincount(column.codes, minlength=len(column.values))
    ranked = [c for c in np.argsort(-counts, kind="stable").tolist() if found[c] and counts[c]]
    named = ranked if len(ranked) <= MOST_GROUPS else ranked[: MOST_GROUPS - 1]
    out = [Group(found[code], np.flatnonzero(column.codes == code)) for code in named]
    none = np.isin(column.codes, [code for code, value in enumerate(found) if not value])
    if others := len(ranked) - len(named):
        rest = np.flatnonzero(~none & ~np.isin(column.codes, named))
        out.append(Group("", rest, "rest", others))
    return with_missing(out, none)


def ranges(scale: Scale) -> list[Group]:
    """N values in at most `RANGES` groups of about equal size, rising; those without one last.

    The name of a group is the least and the greatest value in it.
    """
    values, known = scale.values, np.isfinite(scale.values)
    inside = values[known]
    found = []
    if len(inside):
        quantiles = np.quantile(inside, np.linspace(0, 1, RANGES + 1)[1:-1], method="nearest")
        edges = np.unique(quantiles[quantiles > inside.min()])
        of = np.where(known, np.searchsorted(edges, values, side="right"), -1)
        for g in range(len(edges) + 1):
            rows = np.flatnonzero(of == g)
            low, high = float(values[rows].min()), float(values[rows].max())
            found.append(Group(between(low, high, scale.kind), rows))
    return with_missing(found, ~known)


def between(low: float, high: float, kind: LabelType) -> str:
    """A range on a scale as a person reads it."""
    if low == high:
        return said(low, kind)
    return _("{low} to {high}", low=said(low, kind), high=said(high, kind))


def said(value: float, kind: LabelType) -> str:
    """A value on a scale as a person reads it: a number in the language in force, or a date."""
    return number(value, "g") if kind == "number" else written(value, kind)


def with_missing(found: list[Group], without: npt.NDArray[np.bool_]) -> list[Group]:
    """Groups, and after them those points (N,) that have no value, if there are any."""
    return [*found, Group("", np.flatnonzero(without), "missing")] if without.any() else found
