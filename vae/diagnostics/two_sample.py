"""Can a classifier tell draws from those of a standard normal, and how far are they apart?

The classifier is fitted on a part of the draws and judged on another (Lopez-Paz and Oquab, 2017).
Its accuracy is one half where the two distributions are the same, and its log odds bound how far
one is from the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from vae.diagnostics.bootstrap import Floats, Interval, bootstrap_mean, share_interval
from vae.errors import UserError

Score = Callable[[Floats], Floats]
"""(M,) how much M points (M, Z) look like our draws."""

FOLDS = 4
"""Two to fit scores on, one to choose and weigh them, one to judge; each judges once."""
FEWEST = 50
"""Draws of each kind: fewer teach a classifier nothing."""

_SHRINKAGE = (0.0, 0.15, 0.4, 0.7, 1.0)
_WIDTHS = (0.15, 1.5)
_RIDGE = (1e-3, 1e-2, 1e-1, 1.0)
_LANDMARKS = 400
_FARTHEST = 5.0
"""Standard deviations beyond which one score may not outvote the others."""
_SUREST = 5.0


@dataclass(frozen=True)
class TwoSample:
    """How well draws are told from those of a standard normal.

    Attributes:
        accuracy: share of held-out draws that are told right, one half by chance (Wilson, 1927).
        divergence: KL(ours || normal) is at least this, in nats; more than 6 cannot be shown.
    """

    accuracy: Interval
    divergence: Interval


def two_sample(ours: Floats, normal: Floats, rng: np.random.Generator) -> TwoSample:
    """Tell draws (N, Z) from as many of N(0, I), (N, Z), by classifiers fitted on other draws.

    Scores are the log ratio of a Gaussian to the normal (shift, scale, correlation; shrunk as much
    as the choosing fold asks for), kernel machines of two widths (sheets, clusters, gaps; Williams
    and Seeger, 2001) and boosted trees (Friedman, 2001); a logistic regression weighs them. None
    sees the axes: all but the trees know only distances and products, and those grow in principal
    axes.

    With held-out log odds f, KL(q || p) >= E_q[f] - E_p[e^f] + 1 for any f (Nguyen, Wainwright and
    Jordan, 2010), which is tight where f is log q/p. The means of held-out draws estimate the
    right side without bias; f is cut at 5 nats, so that no single draw decides. What is below zero
    says no more than zero.

    Raises:
        UserError: there are fewer than 50 draws, none of a dimension, or one that is not finite.
    """
    n = len(ours)
    if n < FEWEST or ours.shape != normal.shape or not ours.shape[1]:
        raise UserError("Draws can be told apart from {fewest} of each kind on.", fewest=FEWEST)
    if not (np.isfinite(ours).all() and np.isfinite(normal).all()):
        raise UserError("Draws that are not finite numbers cannot be told apart.")
    fold = rng.permutation(n) % FOLDS
    odds = np.empty((2, n))
    # Parts so small gain nothing by threads, which wait for each other where the machine is busy.
    with threadpool_limits(1):
        for held in range(FOLDS):
            chosen = (held + 1) % FOLDS
            fit, choose, judge = (fold != held) & (fold != chosen), fold == chosen, fold == held
            parts = [np.concatenate([ours[rows], normal[rows]]) for rows in (fit, choose, judge)]
            odds[:, judge] = _log_odds(parts[0], parts[1], parts[2], rng).reshape(2, -1)
    odds = odds.clip(-_SUREST, _SUREST)
    hits = int((odds[0] > 0).sum() + (odds[1] <= 0).sum())
    gained = bootstrap_mean(odds[0] - np.exp(odds[1]) + 1, rng)
    ends = {name: max(0.0, getattr(gained, name)) for name in ("value", "low", "high")}
    return TwoSample(share_interval(hits, 2 * n), replace(gained, **ends))


def _log_odds(fit: Floats, choose: Floats, judge: Floats, rng: np.random.Generator) -> Floats:
    """(M,) log odds that points to judge are ours; each part holds as many of ours, then others."""
    from sklearn.linear_model import LogisticRegression

    chosen: list[Floats] = []
    judged: list[Floats] = []
    for family in (_gaussians(fit), _kernels(fit, rng), _trees(fit)):
        scored = [(score(choose), score) for score in family]
        best, score = max(scored, key=lambda each: _ordered(each[0]))
        middle, spread = best.mean(), best.std() + 1e-12
        for out, values in ((chosen, best), (judged, score(judge))):
            out.append(((values - middle) / spread).clip(-_FARTHEST, _FARTHEST))
    weighed = LogisticRegression(C=0.1).fit(np.stack(chosen, 1), _sides(choose))
    return np.asarray(weighed.decision_function(np.stack(judged, 1)))


def _sides(points: Floats) -> npt.NDArray[np.int_]:
    """(M,) 1 for the first half, ours, and 0 for the second."""
    return np.repeat([1, 0], len(points) // 2)


def _ordered(scores: Floats) -> float:
    """How often one of the first half scores above one of the second: the area under the ROC."""
    ranks = scores.argsort(kind="stable").argsort(kind="stable")
    return float(ranks[: len(ranks) // 2].mean())


def _gaussians(fit: Floats) -> Iterator[Score]:
    """Log ratio of our Gaussian to N(0, I), its covariance drawn towards balls of two sizes."""
    ours = fit[: len(fit) // 2]
    mean = ours.mean(0)
    variances, axes = np.linalg.eigh(np.cov(ours.T).reshape(len(mean), -1))
    for ball in (1.0, float(variances.mean())):
        for share in _SHRINKAGE:
            yield partial(_log_ratio, mean, axes, (1 - share) * variances + share * ball + 1e-9)


def _log_ratio(mean: Floats, axes: Floats, variances: Floats, z: Floats) -> Floats:
    along = ((z - mean) @ axes) ** 2 / variances
    return np.asarray(0.5 * (z**2).sum(1) - 0.5 * (along + np.log(variances)).sum(1))


def _kernels(fit: Floats, rng: np.random.Generator) -> Iterator[Score]:
    """Ridge regression of the side on radial kernels at landmarks (Williams and Seeger, 2001)."""
    landmarks = fit[rng.permutation(len(fit))[:_LANDMARKS]]
    # The same points are scored by machines of every width and strength.
    squares = _once(partial(_squares, b=landmarks))
    middle = float(np.median(squares(landmarks))) or 1.0
    for width in _WIDTHS:
        radial = _once(partial(_radial, squares, width * middle))
        values, vectors = np.linalg.eigh(radial(landmarks))
        kept = values > 1e-8 * values[-1]
        features = vectors[:, kept] / np.sqrt(values[kept])
        seen = radial(fit)
        centre = seen.mean(0)
        seen = (seen - centre) @ features
        strengths, turned = np.linalg.eigh(seen.T @ seen)
        target = turned.T @ (seen.T @ (2.0 * _sides(fit) - 1))
        for ridge in _RIDGE:
            weights = features @ (turned @ (target / (strengths + ridge * strengths[-1] + 1e-12)))
            yield partial(_weighed, radial, centre, weights)


def _once(score: Score) -> Score:
    """What is found of points, kept for when the same array comes again."""
    kept: dict[int, tuple[Floats, Floats]] = {}

    def found(z: Floats) -> Floats:
        if id(z) not in kept:
            kept[id(z)] = z, score(z)  # with z, so that no other array has its number
        return kept[id(z)][1]

    return found


def _radial(squares: Score, scale: float, z: Floats) -> Floats:
    return np.asarray(np.exp(-squares(z) / scale))


def _weighed(radial: Score, centre: Floats, weights: Floats, z: Floats) -> Floats:
    return np.asarray((radial(z) - centre) @ weights)


def _trees(fit: Floats) -> Iterator[Score]:
    """Boosted trees in our principal axes on these draws alone: others would leak into them."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    away = fit[: len(fit) // 2] - fit[: len(fit) // 2].mean(0)
    axes = np.linalg.eigh(away.T @ away)[1]
    axes *= np.where(((away @ axes) ** 3).sum(0) < 0, -1.0, 1.0)  # the longer tail ahead
    trees = HistGradientBoostingClassifier(
        max_iter=60, max_leaf_nodes=8, l2_regularization=1.0, early_stopping=False, random_state=0
    ).fit(fit @ axes, _sides(fit))
    yield lambda z: np.asarray(trees.decision_function(z @ axes))


def _squares(a: Floats, b: Floats) -> Floats:
    """(A, B) squared distances."""
    return np.asarray(((a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * a @ b.T).clip(0))
