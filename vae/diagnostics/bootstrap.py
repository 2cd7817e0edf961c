"""How sure is a figure? Percentile intervals from sentences drawn again and again."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from vae.errors import UserError

Floats = npt.NDArray[np.float64]

DRAWS = 1_000
LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """A figure with its confidence interval.

    Attributes:
        value: the estimate on the sentences themselves.
        low, high: the interval's ends.
        level: its coverage, as 0.95.
        n: how many sentences (or seeds) it rests on.
        error: the standard error; None where it is not that of a mean, or was not kept.
    """

    value: float
    low: float
    high: float
    level: float
    n: int
    error: float | None = None

    @property
    def known(self) -> bool:
        """Whether the ends say how sure the figure is: at a level of 0 they are the figure."""
        return self.level > 0

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def bootstrap_mean(
    values: npt.ArrayLike, rng: np.random.Generator, draws: int = DRAWS, level: float = LEVEL
) -> Interval:
    """The mean of N values, one a sentence, with its percentile interval (Efron, 1979).

    Raises:
        UserError: there is no value, or one that is not finite.
    """
    x = np.asarray(values, dtype=np.float64)
    n = _checked(x)
    found = bootstrap(lambda rows: float(x[rows].mean()), n, rng, draws, level)
    return replace(found, error=standard_error(x))


def standard_error(values: npt.ArrayLike) -> float:
    """That of the mean of N values, by their scatter; 0 of a single one."""
    x = np.asarray(values, dtype=np.float64)
    return float(x.std(ddof=1)) / math.sqrt(len(x)) if len(x) > 1 else 0.0


def bootstrap(
    statistic: Callable[[npt.NDArray[np.intp]], float],
    n: int,
    rng: np.random.Generator,
    draws: int = DRAWS,
    level: float = LEVEL,
) -> Interval:
    """A statistic of N sentences with its percentile interval (Efron, 1979).

    Args:
        statistic: takes (N,) rows, some of them more than once, and gives the figure on those.
        n: N.

    Raises:
        UserError: there is no sentence, or the level is not between 0 and 1.
    """
    if n < 1 or draws < 1 or not 0 < level < 1:
        raise UserError("An interval needs a sentence, a draw, and a level between 0 and 1.")
    drawn = np.array([statistic(rng.integers(0, n, n)) for _ in range(draws)])
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Interval(statistic(np.arange(n)), float(low), float(high), level, n)


def share_interval(hits: int, n: int) -> Interval:
    """A share of N sentences with its interval (Wilson, 1927), which holds near 0 and 1 too.

    Raises:
        UserError: there is no sentence, or more hits than sentences.
    """
    if n < 1 or not 0 <= hits <= n:
        raise UserError("A share needs a sentence, and no more hits than sentences.")
    return Interval(hits / n, *_wilson(hits / n, n), LEVEL, n)


def share_of(hits: npt.ArrayLike) -> Interval:
    """As `share_interval`, of N sentences of which (N,) says whether each is a hit."""
    return share_interval(int(np.sum(hits)), len(np.asarray(hits)))


def grouped_share_interval(hits: npt.ArrayLike, sizes: npt.ArrayLike) -> Interval:
    """A share of rows that come in G groups, as the copies of a sentence do; `n` is G.

    Wilson's interval (1927) with as many independent rows as these are worth by the scatter of the
    groups about the share (Rao and Scott, 1992); where every row hits, or none, as many as groups.
    A percentile bootstrap covers next to nothing there.

    Args:
        hits, sizes: (G,) of each group.

    Raises:
        UserError: there is no group, an empty one, or one with more hits than rows.
    """
    h, m = np.asarray(hits, dtype=np.float64), np.asarray(sizes, dtype=np.float64)
    if not len(m) or h.shape != m.shape or not ((h >= 0) & (h <= m) & (m > 0)).all():
        raise UserError("A share needs a sentence, and no more hits than sentences.")
    rows = float(m.sum())
    share = float(h.sum()) / rows
    scatter = float(((h - share * m) ** 2).sum()) / rows**2
    worth = min(rows, share * (1 - share) / scatter) if scatter > 0 else float(len(m))
    return Interval(share, *_wilson(share, worth), LEVEL, len(m))


def mean_interval(shares: Sequence[Interval]) -> Interval:
    """The mean of shares that were measured on different sentences, each counting alike.

    Its ends are as far off as those of the shares are together (Zou and Donner, 2008).

    Raises:
        UserError: there is no share.
    """
    if not shares:
        raise UserError("A mean needs a share.")
    value = sum(s.value for s in shares) / len(shares)
    below = math.hypot(*(s.value - s.low for s in shares)) / len(shares)
    above = math.hypot(*(s.high - s.value for s in shares)) / len(shares)
    return Interval(value, value - below, value + above, shares[0].level, sum(s.n for s in shares))


def _wilson(share: float, n: float) -> tuple[float, float]:
    from scipy.special import ndtri

    z = float(ndtri((1 + LEVEL) / 2))
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * float(np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)))
    # At either end the interval ends there too, which rounding may miss by a hair.
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return min(low, share), max(high, share)


def _checked(x: Floats) -> int:
    if x.ndim != 1 or not len(x) or not np.isfinite(x).all():
        raise UserError("An interval needs finite values, one for each sentence.")
    return len(x)
