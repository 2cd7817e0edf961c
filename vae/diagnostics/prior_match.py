"""Does the aggregated posterior match the prior? How far, where, and what the decoder says of it.

q(z), the mean of the posteriors of all sentences, is where the decoder was taught; draws of the
prior are decoded well as far as they could have been draws of q (Rezende and Viola, 2018; Dai and
Wipf, 2019).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vae.diagnostics.bootstrap import LEVEL, Floats, Interval, share_of
from vae.diagnostics.information import live_directions, tailed_axes
from vae.diagnostics.two_sample import two_sample
from vae.errors import UserError
from vae.i18n import message
from vae.models.base import Posterior
from vae.progress import Progress, silent

GOOD_MOMENT_KL = 1.0
"""Nats up to which the moments of q are near enough to the prior's."""
VISIBLE_ACCURACY = 0.6
"""Share of draws told right above which the difference of q and prior is plain; chance is 0.5."""
FEWEST, EACH = 50, 4
"""Sentences, and sentences a dimension, below which a covariance is a guess and nothing is said."""
MOST = 2_000
"""Sentences whose draws are told from the prior's, and decoded."""

_RESAMPLED = 300
_THINNEST = 1e-12
_PLAIN = 1e6


@dataclass(frozen=True)
class SpaceMatch:
    """q against the prior in a subspace; all figures are the same however the axes are turned.

    Attributes:
        dimensions: of the subspace.
        moment_kl: KL of the Gaussian with mean and covariance of q to N(0, I), nats: the least that
            KL(q || p) can be, and equal to it where q is Gaussian.
        accuracy: share of held-out draws of q and prior that a classifier tells right, by chance
            one half.
        divergence: KL(q || p) is at least this by the classifier's log odds, nats.
    """

    dimensions: int
    moment_kl: Interval
    accuracy: Interval
    divergence: Interval


@dataclass(frozen=True)
class Validity:
    """Shares of greedily decoded draws that the grammar of the corpus accepts."""

    prior: Interval
    aggregate: Interval


@dataclass(frozen=True)
class PriorMatch:
    """How the aggregated posterior q(z) of N sentences matches the prior N(0, I).

    Attributes:
        n: sentences, one draw of each posterior.
        whole: in all dimensions.
        live: in the principal directions along which the posterior mean varies by more than the
            usual threshold; None where there is none.
        dead: in all other directions; None where there is none. Moments of the whole have besides
            what the two say of each other.
        valid: None where no grammar is known of the sentences, or without a decoder.
    """

    n: int
    whole: SpaceMatch
    live: SpaceMatch | None = None
    dead: SpaceMatch | None = None
    valid: Validity | None = None

    @property
    def moment_kl(self) -> Interval:
        """In all dimensions, nats."""
        return self.whole.moment_kl

    @property
    def accuracy(self) -> Interval:
        """In all dimensions; 0.5 is chance."""
        return self.whole.accuracy


def prior_match(
    posterior: Posterior,
    rng: np.random.Generator,
    accepts: Callable[[Tensor], list[bool] | None] = lambda z: None,
    progress: Progress = silent,
) -> PriorMatch:
    """Set q(z), of N posteriors (N, Z) of sentences that the model has not seen, against N(0, I).

    Draws of both, noise included, are made and told apart in the principal axes of the posterior
    means: a rotation of z changes nothing.

    Args:
        accepts: whether the grammar accepts what is decoded at each of M latents (M, Z); None where
            that cannot be said.

    Raises:
        UserError: there are fewer than 50 sentences or four a dimension, no dimension, or a
            posterior that is no finite number.
    """
    n, z = posterior.mean.shape
    if n < (fewest := max(FEWEST, EACH * z)):
        raise UserError(
            "It takes {fewest:,} sentences to say how posteriors match the prior in {dimensions} "
            "dimensions, and there are {n:,}.",
            dimensions=z,
            fewest=fewest,
            n=n,
        )
    if not z:
        raise UserError("Without a dimension there is no prior to match.")
    if not (torch.isfinite(posterior.mean) & torch.isfinite(posterior.logvar.exp())).all():
        raise UserError("A posterior that is not finite cannot be set against the prior.")
    axes = np.asarray(tailed_axes(posterior.mean)[0].numpy())
    live = len(live_directions(posterior.mean)[0])
    ours, normal = _draws(posterior, axes, rng)
    resampled = _resampled(posterior, axes, rng)
    parts = {"whole": slice(0, z), "live": slice(0, live), "dead": slice(live, z)}
    found: dict[str, SpaceMatch] = {}
    for done, (name, part) in enumerate(parts.items()):
        progress(done, len(parts) + 1, message("Telling draws of posteriors from the prior's"))
        size = part.stop - part.start
        if size == z and found:
            found[name] = found["whole"]
        elif size:
            kl = _interval(resampled, part, n)
            told = two_sample(ours[:, part], normal[:, part], rng)
            found[name] = SpaceMatch(size, kl, told.accuracy, told.divergence)
    progress(len(parts), len(parts) + 1, message("Decoding draws of prior and posteriors"))
    return PriorMatch(n=n, **found, valid=_valid(ours @ axes, normal @ axes, accepts))


def moment_kl(mean: Floats, covariance: Floats) -> float:
    """KL(N(mean, covariance) || N(0, I)) in nats, of a mean (Z,) and a covariance (Z, Z).

    For any q with these moments KL(q || p) = KL(q || g) + KL(g || p), g the Gaussian that has them:
    log g and log p are quadratic, so q and g agree on their means, and E_q log(g / p) is
    KL(g || p). So the moments give a lower bound, which is tight where q is Gaussian. A direction
    of less variance than rounding leaves counts with as much, which keeps it a lower bound.
    """
    total = float(np.trace(covariance))
    return 0.5 * (total + float(mean @ mean) - len(mean) - _log_volume(covariance))


def _log_volume(covariance: Floats) -> float:
    """The log determinant, no direction thinner than rounding leaves."""
    thinnest = max(_THINNEST, _THINNEST * float(np.trace(covariance)))
    try:
        pivots = np.linalg.cholesky(covariance).diagonal() ** 2
    except np.linalg.LinAlgError:
        pivots = np.zeros(1)
    # Far from rounding eigenvalues say the same, and take much longer.
    if pivots.min() > _PLAIN * thinnest:
        return float(np.log(pivots).sum())
    variances = np.linalg.eigvalsh(covariance)
    return float(np.log(variances.clip(max(_THINNEST, _THINNEST * variances[-1]))).sum())


Moments = tuple[Floats, Floats]


def _moments(mean: Floats, spread: Floats, axes: Floats, weights: Floats) -> Moments:
    """(mean, covariance) of q in axes: covariance of the means, and the mean posterior variance.

    Args:
        mean: (N, Z) of the posteriors, in these axes.
        spread: (N, Z) posterior variances in the axes of the model.
        weights: (N,) of the sentences; they sum to 1.
    """
    middle = weights @ mean
    some = weights > 0
    away = (mean[some] - middle) * np.sqrt(weights[some])[:, None]
    between = away.T @ away * (len(mean) / (len(mean) - 1))
    return middle, between + (axes * (weights @ spread)) @ axes.T


def _resampled(posterior: Posterior, axes: Floats, rng: np.random.Generator) -> list[Moments]:
    """Moments on the sentences themselves, then on sentences drawn again (Efron, 1979)."""
    n = len(posterior)
    mean = posterior.mean.double().numpy() @ axes.T
    spread = posterior.logvar.double().exp().numpy()
    even = np.full(n, 1 / n)
    again = (rng.multinomial(n, even) / n for _ in range(_RESAMPLED))
    return [_moments(mean, spread, axes, weights) for weights in (even, *again)]


def _interval(resampled: list[Moments], part: slice, n: int) -> Interval:
    """The KL of the moments in a subspace, with its percentile interval, both freed of bias.

    The logarithm of a determinant is too small on few sentences, by about Z (Z + 1) / 2N where all
    the variance is between them. Drawing again adds as much once more, which tells how much it is.
    """
    own, *again = (moment_kl(mean[part], covariance[part, part]) for mean, covariance in resampled)
    value = 2 * own - float(np.mean(again))
    ends = np.quantile(again, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]) - np.mean(again) + value
    low, high = (max(0.0, float(end)) for end in ends)
    return Interval(max(0.0, value), low, high, LEVEL, n)


def _draws(posterior: Posterior, axes: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """One draw of each of at most 2,000 posteriors, and as many of the prior, in these axes.

    The noise too is drawn there, so that it turns with the space.
    """
    rows = np.sort(rng.permutation(len(posterior))[:MOST])
    some = posterior.rows(torch.from_numpy(rows))
    noise, normal = rng.standard_normal((2, len(rows), axes.shape[1]))
    deviation = (0.5 * some.logvar.double()).exp().numpy()
    return (some.mean.double().numpy() + deviation * (noise @ axes)) @ axes.T, normal


def _valid(
    ours: Floats, normal: Floats, accepts: Callable[[Tensor], list[bool] | None]
) -> Validity | None:
    shares = []
    for draws in (normal, ours):
        hits: npt.ArrayLike | None = accepts(torch.from_numpy(draws).float())
        if hits is None:
            return None
        shares.append(share_of(hits))
    return Validity(prior=shares[0], aggregate=shares[1])
