"""Do two spaces sort the same sentences alike? Common neighbours, and the order of distances.

A space is seen through the distances of N sentences in it, (N, N): what turns, mirrors or scales a
space as a whole changes nothing here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from vae.diagnostics.bootstrap import DRAWS, Floats, Interval, bootstrap, bootstrap_mean
from vae.errors import UserError


def euclidean(points: npt.ArrayLike) -> Floats:
    """(N, N) distances of the rows of (N, D)."""
    from scipy.spatial.distance import pdist, squareform

    return _tidy(squareform(pdist(np.asarray(points, dtype=np.float64))))


def cosine(vectors: Any) -> Floats:
    """(N, N) distances 1 - cos of the rows of (N, D), dense or sparse; a row of zeros is at 1."""
    from sklearn.preprocessing import normalize

    unit = normalize(vectors)
    product = unit @ unit.T
    dense = product.toarray() if hasattr(product, "toarray") else product
    return _tidy(1.0 - np.asarray(dense, dtype=np.float64))


def _tidy(distances: Floats) -> Floats:
    """Twelve digits of the largest, so that rounding does not order what is equal."""
    largest = float(np.abs(distances).max(initial=0.0))
    digits = 12 - int(np.ceil(np.log10(largest))) if largest > 0 else 12
    distances = np.round((distances + distances.T) / 2, digits)
    np.fill_diagonal(distances, 0.0)
    return distances


def chance_overlap(n: int, k: int) -> float:
    """What `neighbour_overlap` is on average where one space knows nothing of the other."""
    return k / (n - 1)


def neighbour_overlap(a: Floats, b: Floats, k: int, rng: np.random.Generator) -> Interval:
    """Mean share of a sentence's k nearest in one space that are so in the other, 0 to 1.

    Interval by bootstrap over sentences, their neighbours held (Efron, 1979).
    Independent spaces share k / (N - 1).

    Args:
        a, b: (N, N) distances of the same sentences.

    Raises:
        UserError: the two do not fit, or there are not more than k other sentences.
    """
    return bootstrap_mean(neighbour_shares(a, b, k), rng)


def neighbour_shares(a: Floats, b: Floats, k: int) -> Floats:
    """(N,) for each sentence the share of its k nearest in space a that are so in space b.

    Sentences at one distance share the places that are left, so that no accident of their order
    counts: the common part of two such neighbourhoods is the sum of the smaller memberships.
    """
    n = _checked(a, b)
    if not 1 <= k < n:
        raise UserError(
            "{n:,} sentences have no {k} neighbours each. Ask for fewer, at least 1.", n=n, k=k
        )
    common = np.minimum(_membership(a, k), _membership(b, k)).sum(1) / k
    return np.asarray(np.minimum(common, 1.0))


def _membership(distances: Floats, k: int) -> Floats:
    """(N, N) how far sentence j is among the k nearest of i, 0 to 1; every row sums to k."""
    d = distances.copy()
    np.fill_diagonal(d, np.inf)  # nobody is their own neighbour
    last = np.partition(d, k - 1, axis=1)[:, k - 1 : k]
    nearer, level = d < last, d == last
    left = k - nearer.sum(1, keepdims=True)
    return np.asarray(nearer + level * (left / level.sum(1, keepdims=True)))


def rank_correlation(
    a: Floats, b: Floats, rng: np.random.Generator, draws: int = DRAWS
) -> Interval | None:
    """Spearman's correlation of the N (N - 1) / 2 pairwise distances in two spaces, -1 to 1.

    None where a space has one distance only, as when all points fall together. Interval by
    bootstrap over sentences: a pair counts as often as both its sentences are drawn, a sentence
    with its own copy never, and the pairs are ranked anew each time.

    Args:
        a, b: (N, N) distances of the same sentences.

    Raises:
        UserError: the two do not fit, or there are fewer than three sentences.
    """
    n = _checked(a, b)
    i, j = np.triu_indices(n, 1)
    first, second = _Ranks(a[i, j]), _Ranks(b[i, j])
    if first.constant or second.constant:
        return None

    def spearman(rows: npt.NDArray[np.intp]) -> float:
        times = np.bincount(rows, minlength=n).astype(np.float64)
        weights = times[i] * times[j]
        return _pearson(first(weights), second(weights), weights)

    return bootstrap(spearman, n, rng, draws)


class _Ranks:
    """Mid-ranks of values of which each may stand there any number of times."""

    def __init__(self, values: Floats) -> None:
        self._order = np.argsort(values, kind="stable")
        ordered = values[self._order]
        starts = np.concatenate([[True], ordered[1:] != ordered[:-1]])
        self._starts = np.flatnonzero(starts)
        # For each value, which of the different ones it is.
        self._group = np.empty(len(values), dtype=np.intp)
        self._group[self._order] = np.cumsum(starts) - 1

    @property
    def constant(self) -> bool:
        """Whether there is one value only."""
        return len(self._starts) < 2

    def __call__(self, weights: Floats) -> Floats:
        """The rank of each value where it stands there `weights` times."""
        size = np.add.reduceat(weights[self._order], self._starts)
        middle = np.cumsum(size) - size / 2
        return np.asarray(middle[self._group])


def _pearson(x: Floats, y: Floats, weights: Floats) -> float:
    total = weights.sum()
    if total <= 0:
        return 0.0
    x = x - (weights @ x) / total
    y = y - (weights @ y) / total
    spread = np.sqrt((weights @ (x * x)) * (weights @ (y * y)))
    return float(np.clip((weights @ (x * y)) / spread, -1.0, 1.0)) if spread > 0 else 0.0


def _checked(a: Floats, b: Floats) -> int:
    if a.shape != b.shape or a.ndim != 2 or a.shape[0] != a.shape[1] or len(a) < 3:
        raise UserError("Two spaces are compared on the same sentences, three at least.")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise UserError("A distance between two sentences is no finite number.")
    return len(a)
