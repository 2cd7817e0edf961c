"""What a dimension seems to stand for, judged by the labels of the corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_MOST_VALUES = 40
_WEAK = 0.25
_NOT_A_FACTOR = {"split"}


@dataclass(frozen=True)
class DimensionName:
    """The label that tells most about a dimension.

    Attributes:
        column: the label.
        share: eta squared, 0 to 1: the part of the dimension's variance over the sentences that
            lies between the label's values.
        low, high: the values whose sentences have the lowest and the highest mean there.
        values: how many values the label has.
    """

    column: str
    share: float
    low: str
    high: str
    values: int


def between_groups(
    mean: npt.NDArray[np.floating], values: Sequence[str]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], list[str]]:
    """(eta squared (Z,), group means (G, Z), names of the G groups) of posterior means (N, Z)."""
    names, group = np.unique(np.asarray(values, dtype=str), return_inverse=True)
    x = np.asarray(mean, dtype=np.float64)
    centred = x - x.mean(0)
    counts = np.bincount(group, minlength=len(names)).astype(np.float64)
    sums = np.zeros((len(names), x.shape[1]))
    np.add.at(sums, group, centred)
    means = sums / counts[:, None]
    between = (counts[:, None] * means**2).sum(0)
    total = (centred**2).sum(0)
    share = np.divide(between, total, out=np.zeros_like(total), where=total > 0)
    return share, means, [str(name) for name in names]


def name_dimensions(
    mean: npt.NDArray[np.floating], labels: Mapping[str, Sequence[str]], weakest: float = _WEAK
) -> list[DimensionName | None]:
    """For each of Z dimensions the label that explains most of it, or None where none does.

    A label of more than 40 values, of one value, or "split" is no candidate; nor is a share of
    variance below `weakest`.
    """
    best: list[DimensionName | None] = [None] * mean.shape[1]
    if len(mean) < 2:
        return best
    for column, values in labels.items():
        if column in _NOT_A_FACTOR or not 2 <= len(set(values)) <= _MOST_VALUES:
            continue
        share, means, names = between_groups(mean, values)
        for d, value in enumerate(share):
            known = best[d]
            if value >= weakest and (known is None or value > known.share):
                low, high = int(means[:, d].argmin()), int(means[:, d].argmax())
                best[d] = DimensionName(column, float(value), names[low], names[high], len(names))
    return best
