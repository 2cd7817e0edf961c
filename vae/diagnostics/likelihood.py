"""How likely does a model find a sentence? Importance-weighted bounds, as a curve over draws K."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vae.batching import Encoded
from vae.diagnostics.bootstrap import Floats, Interval, bootstrap, bootstrap_mean
from vae.diagnostics.proposals import Choice
from vae.errors import UserError
from vae.i18n import _
from vae.i18n.numbers import number
from vae.inference import encode_all, log_importance_weights
from vae.models.base import TrainableVAE

DRAWS = (1, 2, 5, 10, 20, 50, 100)
"""Draws K at which the bound is shown, beside all and half of those there are."""
MOST_PERPLEXITY = 1e12
"""Above it a perplexity is no number to compare: it is said to be above, and not kept."""
MOST_EACH = 2_000
"""Sentences of which the bound of each is kept, to compare two models in pairs."""
LEVEL_WITHIN = 0.05
"""Nats that the last doubling of K may still take off a bound that is called level."""
_LOW = 0.1


@dataclass(frozen=True)
class Effective:
    """Effective sample sizes of the draws, over the sentences.

    Attributes:
        median, low: their median, and what one sentence in ten stays below.
    """

    median: float
    low: float


@dataclass(frozen=True)
class LikelihoodCurve:
    """-log p(x) bounded with K draws, in nats a sentence; lower and tighter as K grows.

    Attributes:
        draws: K.
        nll: the mean bound at each K.
        gap: by how much the negative ELBO lies above the bound of most draws.
        perplexity: exp(nats / tokens) at most draws, ends of sentences counted; None where it is
            above `MOST_PERPLEXITY`.
        n_tokens: tokens of all sentences.
        each: (N,) the bound of each sentence at most draws, where they are few.
        effective: of how many draws of equal weight those of most K are worth; None where it was
            not measured.
        proposal: what the draws were made from; None where an earlier version drew from the
            posterior.
    """

    draws: tuple[int, ...]
    nll: tuple[Interval, ...]
    gap: Interval
    perplexity: Interval | None
    n_tokens: int
    each: tuple[float, ...] | None = None
    effective: Effective | None = None
    proposal: Choice | None = None

    def __post_init__(self) -> None:
        # Earlier versions held it at the most, as if that had been measured.
        if self.perplexity is not None and not self.perplexity.high < MOST_PERPLEXITY:
            object.__setattr__(self, "perplexity", None)

    @property
    def perplexity_said(self) -> str:
        """The perplexity in words: its value, or that it is above the most."""
        return perplexity_said(self.perplexity.value if self.perplexity else None)

    @property
    def fall(self) -> float | None:
        """Nats that the last doubling of K took off the bound; None where it was not kept."""
        half = self.draws[-1] // 2
        if half not in self.draws:
            return None
        return max(0.0, self.nll[self.draws.index(half)].value - self.nll[-1].value)

    @property
    def negative_elbo(self) -> float:
        """Nats a sentence, from one draw of the posterior each."""
        return self.nll[-1].value + self.gap.value

    @property
    def span(self) -> tuple[float, float]:
        """(lowest, highest) nats of the intervals and of the negative ELBO."""
        ends = [(i.low, i.high) for i in self.nll] + [(self.negative_elbo,) * 2]
        return min(low for low, _ in ends), max(high for _, high in ends)

    @property
    def exact(self) -> bool:
        """Whether nothing is drawn: then the bound is -log p(x) itself."""
        return self.draws == (1,) and self.gap.value == 0

    @property
    def level(self) -> bool:
        """Whether the last doubling of K took next to nothing: if not, the draws ended first."""
        return self.exact or (self.fall is not None and self.fall < LEVEL_WITHIN)

    @property
    def ending(self) -> str:
        """Which ended it, in words: a bound that is level, or the draws that there were."""
        if self.exact:
            return _("No draw takes anything off it: this is the likelihood itself.")
        if self.fall is None:
            return _("How far the bound would fall with more draws was not measured.")
        told = {"k": self.draws[-1], "fall": self.fall, "level": LEVEL_WITHIN}
        if self.level:
            return _(
                "The bound is level: the last doubling, to K = {k:,}, took {fall:.2f} nats off it, "
                "less than {level:g}. More draws would change little.",
                **told,
            )
        return _(
            "The bound still falls, and the true figure is lower: the draws ended at K = {k:,}, "
            "where the last doubling took {fall:.2f} nats off it, not less than {level:g}.",
            **told,
        )

    @property
    def drawn(self) -> str:
        """What the draws are worth and what they are made from, in words; "" where unknown."""
        if self.exact or self.effective is None:
            return ""
        worth = _(
            "By their weights K = {k:,} draws of a sentence are worth {median:.1f} of equal weight "
            "(effective sample size, median; Kong, 1992), for one sentence in ten less than "
            "{low:.1f}.",
            k=self.draws[-1],
            median=self.effective.median,
            low=self.effective.low,
        )
        return worth if self.proposal is None else f"{worth} {self.proposal.sentence}"


def grown(draw: Callable[[int], Tensor], first: int, most: int) -> Tensor:
    """(N, K) log-weights: K doubles from `first` until the bound is level, or `most` are reached.

    Args:
        draw: makes (N, k) log-weights of k more draws.
    """
    weights = draw(first)
    while weights.shape[1] >= first and 2 * weights.shape[1] <= most and not _level(weights):
        weights = torch.cat([weights, draw(weights.shape[1])], 1)
    return weights


def _level(log_weights: Tensor) -> bool:
    """Whether the last doubling of K (N, K) moved the mean bound by less than is told."""
    k = log_weights.shape[1]
    fall = bound(log_weights, k // 2).mean() - bound(log_weights, k).mean() if k > 1 else math.inf
    return bool(fall < LEVEL_WITHIN)


def effective_samples(log_weights: Tensor) -> Floats:
    """(N,) (sum w)^2 / sum w^2 of K weights each, given as logs (N, K) (Kong, 1992).

    Of how many draws of equal weight they are worth: between 1 and K. While it is large, the bound
    lies about 1 / (2 ESS) - 1 / (2 K) nats above -log p(x); where it is near 1, nobody knows.
    """
    logs = 2 * log_weights.logsumexp(1) - (2 * log_weights).logsumexp(1)
    return np.asarray(logs.exp().numpy(), dtype=np.float64)


def with_effective(bound: str, effective: float | None) -> str:
    """How a bound was measured, in words, with its effective sample size where that is known."""
    if effective is None:
        return bound
    return _(
        "{bound}; effective sample size {effective} (median)",
        bound=bound,
        effective=number(effective, ".1f"),
    )


def likelihood_curve(
    log_weights: Tensor,
    tokens: npt.ArrayLike,
    rng: np.random.Generator,
    *,
    elbo: npt.ArrayLike | None = None,
    proposal: Choice | None = None,
) -> LikelihoodCurve:
    """The bound at each K of `DRAWS` that there are draws for, with intervals over sentences.

    All from the same draws (N, K), so that a step of the curve is no noise between two samples.

    Args:
        tokens: (N,) tokens of each sentence, its end counted.
        elbo: (N,) of each; without it the bound of one draw stands for it, which it is where the
            draws are of the posterior.
        proposal: what the draws were made from.

    Raises:
        UserError: there is no sentence.
    """
    counts = np.asarray(tokens, dtype=np.float64)
    most = log_weights.shape[1]
    doublings = [most]
    while doublings[-1] > 2 * DRAWS[-1]:
        doublings.append(doublings[-1] // 2)
    draws = tuple(sorted({*(k for k in DRAWS if k <= most), max(1, most // 2), *doublings}))
    bounds = [bound(log_weights, k) for k in draws]
    last = bounds[-1]
    first = bounds[0] if elbo is None else -np.asarray(elbo, dtype=np.float64)
    effective = np.quantile(effective_samples(log_weights), (0.5, _LOW))
    return LikelihoodCurve(
        draws=draws,
        nll=tuple(bootstrap_mean(b, rng) for b in bounds),
        gap=bootstrap_mean(first - last, rng),
        perplexity=_perplexity(last, counts, rng),
        n_tokens=int(counts.sum()),
        each=tuple(last.round(4).tolist()) if len(last) <= MOST_EACH else None,
        effective=Effective(*effective.tolist()),
        proposal=proposal,
    )


def importance_weighted_nll(
    model: TrainableVAE,
    encoded: Encoded,
    samples: int,
    generator: torch.Generator,
    tokens_per_batch: int = 4_096,
) -> Floats:
    """(N,) nats: -log 1/K sum_k p(x, z_k) / q(z_k|x) with K `samples` (Burda et al., 2016).

    An upper bound of -log p(x) in expectation that tightens as K grows: always state K. With
    `latent_dim=0` it is -log p(x) itself, and K plays no part.

    Raises:
        UserError: K is below 1.
    """
    posterior = encode_all(model, encoded)
    weights = log_importance_weights(
        model, encoded, posterior, samples, generator, tokens_per_batch
    )
    return bound(weights, weights.shape[1])


def bound(log_weights: Tensor, k: int) -> Floats:
    """(N,) nats: -log 1/k sum of k weights, the mean over disjoint groups of the draws (N, K).

    An upper bound of -log p(x) in expectation that tightens as k grows: always state k. Each group
    is a bound of k draws by itself, so their mean has the expectation of one (Burda et al., 2016).
    Draws beyond the last whole group are left out.

    Raises:
        UserError: k is below 1 or above K.
    """
    if not 1 <= k <= log_weights.shape[1]:
        raise UserError(
            "A bound of {k} draws needs that many; there are {most}.",
            k=k,
            most=log_weights.shape[1],
        )
    groups = log_weights.shape[1] // k
    grouped = log_weights[:, : groups * k].reshape(len(log_weights), groups, k)
    bounds = -(grouped.logsumexp(-1) - math.log(k)).mean(1)
    return np.asarray(bounds.numpy(), dtype=np.float64)


def _perplexity(nats: Floats, counts: Floats, rng: np.random.Generator) -> Interval | None:
    if not perplexity(nats.sum(), counts.sum()) < MOST_PERPLEXITY:
        return None
    return bootstrap(lambda rows: perplexity(nats[rows].sum(), counts[rows].sum()), len(nats), rng)


def perplexity(nats: float, tokens: float) -> float:
    """exp(nats / tokens); infinite where no float holds it.

    The nats are of whole sentences, so the tokens count their ends too.
    """
    try:
        return math.exp(nats / tokens)
    except OverflowError:
        return math.inf


def perplexity_said(value: float | None) -> str:
    """A perplexity in words; None is one above `MOST_PERPLEXITY`."""
    if value is None or value >= MOST_PERPLEXITY:
        return _("above 10¹²")
    return number(value, ".2f")
