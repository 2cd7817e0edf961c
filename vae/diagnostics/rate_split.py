"""The rate in two: what z tells of the sentence, and how far the posteriors stray from the prior.

    mean KL(q(z|x) || p(z)) = I_q(x; z) + KL(q(z) || p(z))      (Hoffman and Johnson, 2016)

q(z) is the mixture of the N posteriors at hand. The information in it cannot exceed ln N, however
much more z tells of a sentence, and falls short well before: over half of ln N it is a lower bound
and no estimate, and the upper bound says how much more there could be.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import torch

from vae.diagnostics.bootstrap import Floats, Interval, bootstrap_mean
from vae.diagnostics.information import falls_short, mixture_parts
from vae.errors import UserError
from vae.i18n import message
from vae.inference import log_normal, log_prior
from vae.models.base import Posterior
from vae.progress import Progress, silent

DRAWS = 5
"""Draws of z for each sentence."""


@dataclass(frozen=True)
class SplitTerms:
    """What each of N sentences adds, in nats; the means are the figures.

    Attributes:
        rate: (N,) KL(q(z|x) || p(z)) in closed form.
        information: (N,) log q(z|x) - log q(z) at draws of z.
        mismatch: (N,) log q(z) - log p(z) at the same draws.
        without_own: (N,) log q(z|x) - log of the mixture of all other posteriors.
        pull: (N,) by how much the sentence raises q(z) at all draws, against the mean, which is 0:
            the other half of its influence on the information.
    """

    rate: Floats
    information: Floats
    mismatch: Floats
    without_own: Floats
    pull: Floats


@dataclass(frozen=True)
class RateSplit:
    """The split of the rate, nats a sentence, with intervals over sentences.

    Attributes:
        rate: mean KL from posterior to prior.
        information: mutual information of sentence and z in the mixture of N posteriors.
        ceiling: ln N, which the information cannot exceed.
        upper: the information among all sentences there could be is at most this: each sentence
            against the mixture of the others (Poole et al., 2019), or what `bounded` finds less.
        mismatch: rate less information, KL(q(z) || p(z)) of the same mixture.
        residual: both parts measured at draws, less the rate in closed form: zero but for chance.
        draws: of z for each sentence.
    """

    rate: Interval
    information: Interval
    ceiling: float
    upper: Interval
    mismatch: Interval
    residual: Interval
    draws: int

    @property
    def falls_short(self) -> bool:
        """Whether the information is a lower bound, since sentences are few for so much of it."""
        return falls_short(self.information.value, self.ceiling)


def split_terms(
    posterior: Posterior,
    generator: torch.Generator,
    draws: int = 1,
    progress: Progress = silent,
) -> SplitTerms:
    """Each sentence's part in the split, from posteriors (N, Z) and `draws` of z for each.

    Raises:
        UserError: there are fewer than two sentences, or no draw.
    """
    n = len(posterior)
    if n < 2 or draws < 1:
        raise UserError("To split the rate takes two sentences, and a draw of each.")
    mean, logvar = posterior.mean.double(), posterior.logvar.double()
    information, mismatch, without, pull = (torch.zeros(n, dtype=torch.double) for _ in range(4))
    for draw in range(draws):
        z = posterior.sample(generator).double()
        own, prior = log_normal(z, mean, logvar), log_prior(z)  # (N,) each
        start = 0
        for log_q in mixture_parts(z, posterior):  # (m, N): log q(z_i|x_j)
            rows = torch.arange(start, start + len(log_q))
            start += len(log_q)
            total = log_q.logsumexp(1)
            pull += (log_q - total[:, None]).exp().sum(0)
            information[rows] += own[rows] - (total - math.log(n))
            mismatch[rows] += total - math.log(n) - prior[rows]
            log_q[torch.arange(len(rows)), rows] = float("-inf")
            without[rows] += own[rows] - (log_q.logsumexp(1) - math.log(n - 1))
            progress(draw * n + start, draws * n, message("Splitting the rate"))
    return SplitTerms(
        rate=posterior.kl().double().numpy(),
        information=(information / draws).numpy(),
        mismatch=(mismatch / draws).numpy(),
        without_own=(without / draws).numpy(),
        pull=(pull / draws - 1).numpy(),
    )


def rate_split(
    posterior: Posterior,
    generator: torch.Generator,
    rng: np.random.Generator,
    draws: int = DRAWS,
    progress: Progress = silent,
) -> RateSplit:
    """The split of N posteriors (N, Z), with intervals over sentences.

    A sentence counts twice: by its own term, and by what it adds to q(z) under the others. The
    intervals resample both together (its influence), since a resampled mixture would hold
    sentences twice and carry less information by that alone.

    Raises:
        UserError: there are fewer than two sentences.
    """
    terms = split_terms(posterior, generator, draws, progress)
    ceiling = math.log(len(posterior))
    if posterior.mean.shape[1] == 0:
        zero = bootstrap_mean(np.zeros(len(posterior)), rng)
        return RateSplit(zero, zero, ceiling, zero, zero, zero, draws)
    # Both estimates of the rate have one expectation, so their difference is pure chance: as much
    # of it is taken out as explains the information best (a control variate).
    chance = terms.information + terms.mismatch - terms.rate
    noise = float(chance.var())
    slope = float(np.cov(terms.information, chance, bias=True)[0, 1]) / noise if noise > 0 else 0.0
    influence = terms.information - slope * chance - terms.pull
    information = _within(bootstrap_mean(influence, rng), 0.0, ceiling)
    mismatch = _within(bootstrap_mean(terms.rate - influence, rng), 0.0, math.inf)
    rate = bootstrap_mean(terms.rate, rng)
    upper = rate
    # A posterior so far from all others that their density there is 0 bounds nothing.
    if np.isfinite(terms.without_own).all():
        others = bootstrap_mean(terms.without_own, rng)
        upper = others if others.value < rate.value else rate
    return RateSplit(
        rate=rate,
        information=information,
        ceiling=ceiling,
        upper=_within(upper, 0.0, math.inf),
        # Where the information was held at 0, the rate is all mismatch.
        mismatch=_at_most(mismatch, rate),
        residual=bootstrap_mean(chance, rng),
        draws=draws,
    )


def bounded(split: RateSplit, nll: Interval | None, moment_kl: Interval | None) -> RateSplit:
    """The split with the least bound of the information that is known, nats.

    Beside those of `rate_split`: the rate less the KL of the aggregated posterior's Gaussian
    moments to the prior, the least that the mismatch can be; and the NLL, since z tells no more of
    a sentence than there is in it, I <= H(x) <= -E log p(x).
    """
    bounds = [split.upper, split.rate]
    if moment_kl is not None:
        low, high = split.rate.low - moment_kl.high, split.rate.high - moment_kl.low
        left = replace(split.rate, value=split.rate.value - moment_kl.value, low=low, high=high)
        bounds.append(_within(left, 0.0, math.inf))
    if nll is not None:
        bounds.append(nll)
    least = min(bounds, key=lambda bound: bound.value)
    # Each is an estimate; what was told is told.
    return replace(split, upper=_within(least, split.information.value, math.inf))


def _within(found: Interval, low: float, high: float) -> Interval:
    """The bounds of a quantity hold for its estimate too: rounding and resampling may pass them."""
    value, start, end = (min(max(v, low), high) for v in (found.value, found.low, found.high))
    return replace(found, value=value, low=start, high=end)


def _at_most(found: Interval, bound: Interval) -> Interval:
    """An estimate of what cannot exceed another, itself estimated on the same sentences."""
    value, low, high = (
        min(a, b)
        for a, b in zip(
            (found.value, found.low, found.high), (bound.value, bound.low, bound.high), strict=True
        )
    )
    return replace(found, value=value, low=low, high=high)
