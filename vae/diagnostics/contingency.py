"""Counts of values, and of one value with another: entropies and what one tells of the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.integer]


def entropy(weights: npt.ArrayLike) -> float:
    """Nats: entropy of the distribution that is proportional to the weights; 0 where all are 0."""
    p = np.asarray(weights, dtype=np.float64).ravel()
    p = p[p > 0] / max(p.sum(), np.finfo(float).tiny)
    return float(-(p * np.log(p)).sum())


def joint_counts(a: Integers, b: Integers) -> Integers:
    """(A, B) how often each value of one, (N,) from 0 on, met each value of the other."""
    width = int(b.max()) + 1
    counts = np.bincount(a * width + b, minlength=(int(a.max()) + 1) * width)
    return counts.reshape(-1, width)


def table_information(table: Integers) -> float:
    """Nats: mutual information of the two margins of a table of counts, by its plain frequencies.

    It is biased upwards by about (A - 1)(B - 1) / 2N (Miller, 1955).
    """
    return entropy(table.sum(1)) + entropy(table.sum(0)) - entropy(table)
