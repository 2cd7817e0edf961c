"""How much of what there was to learn was learned: normalised gain, with its interval.

Hake (1998, Am. J. Phys. 66, 64): of a class whose mean share of right answers went from `before` to
`after`, g = (after - before) / (1 - before). Marx and Cummings (2007, Am. J. Phys. 75, 87): the
change of one pupil, which counts a loss against what there was to lose, and leaves out who could
change in one direction only and did not: all wrong twice, or all right twice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vae.diagnostics.bootstrap import DRAWS, LEVEL, Interval, bootstrap_mean

Floats = npt.NDArray[np.float64]

FEWEST = 5
"""Pupils from whom on an interval is given: of fewer, drawing again tells too little."""
_MOST_UNDEFINED = 0.05


@dataclass(frozen=True)
class Gain:
    """Before against after, of the pupils who answered both times.

    Attributes:
        n: those pupils.
        before, after: mean share of right answers, 0 to 1.
        gain: Hake's; None where nothing was left to learn, or nobody answered twice. `low` and
            `high` are its percentile bootstrap over pupils (Efron, 1979); None of fewer than
            `FEWEST` pupils, and where the gain is undefined in more than 5 % of the draws.
    """

    n: int
    before: float
    after: float
    gain: float | None
    low: float | None
    high: float | None


def normalised_gain(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    rng: np.random.Generator,
    draws: int = DRAWS,
    level: float = LEVEL,
) -> Gain:
    """Hake's gain of a class.

    Args:
        before, after: (N,) share of right answers of each pupil, 0 to 1, in the same order.
    """
    x, y = _shares(before, after)
    n = len(x)
    if not n:
        return Gain(0, math.nan, math.nan, None, None, None)
    value = float(_hake(x.mean(), y.mean()))
    found = Gain(n, float(x.mean()), float(y.mean()), _known(value), None, None)
    if n < FEWEST or found.gain is None:
        return found
    rows = rng.integers(0, n, (draws, n))
    drawn = _hake(x[rows].mean(1), y[rows].mean(1))
    drawn = drawn[np.isfinite(drawn)]
    if len(drawn) < (1 - _MOST_UNDEFINED) * draws:
        return found
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Gain(n, found.before, found.after, found.gain, float(low), float(high))


def normalised_change(
    before: npt.ArrayLike, after: npt.ArrayLike, rng: np.random.Generator
) -> Interval | None:
    """Mean change of the pupils after Marx and Cummings, bootstrapped over pupils.

    None where all were left out. Arguments as `normalised_gain`.
    """
    x, y = _shares(before, after)
    changes = [c for one, other in zip(x, y, strict=True) if (c := _change(one, other)) is not None]
    return bootstrap_mean(changes, rng) if changes else None


def _change(before: float, after: float) -> float | None:
    if after > before:
        return (after - before) / (1 - before)
    if after < before:
        return (after - before) / before
    return None if after in (0, 1) else 0.0


def _hake(before: npt.ArrayLike, after: npt.ArrayLike) -> Floats:
    x, y = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    left = 1 - x
    # A mean of ones may miss 1 by a rounding.
    return np.where(left > 1e-9, (y - x) / np.where(left > 1e-9, left, 1), np.nan)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _shares(before: npt.ArrayLike, after: npt.ArrayLike) -> tuple[Floats, Floats]:
    x, y = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1 or not ((x >= 0) & (x <= 1) & (y >= 0) & (y <= 1)).all():
        raise ValueError("shares of right answers, from 0 to 1, of the same pupils")
    return x, y
