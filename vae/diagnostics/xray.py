"""One sentence under the lens: what each token and each dimension adds to its ELBO."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from vae.corpora.corpus import normalise
from vae.diagnostics.information import falling
from vae.errors import UserError
from vae.models import Posterior
from vae.models.explorable import Explorable, NotAvailableError, where_available
from vae.models.point import KEEPS_A_POINT

DRAWS = 8
"""Latents from the posterior, and as many from the prior; more of them cost more than six forward
passes of the model."""

MOST_DRAWS = 256


@dataclass(frozen=True)
class Spread:
    """A mean over draws of z, in nats.

    Attributes:
        mean: over the draws.
        deviation: standard deviation of a single draw.
        draws: how many.
    """

    mean: float
    deviation: float
    draws: int

    @property
    def error(self) -> float:
        """Standard error of the mean."""
        return self.deviation / math.sqrt(self.draws)


@dataclass(frozen=True)
class Xray:
    """What a model computes of one sentence of T tokens; all in nats.

    Attributes:
        sentence: as it was given.
        tokens: T tokens as a person reads them, the end last.
        posterior: q(z|x), of (1, Z).
        z: (S, Z) draws from the posterior.
        own: (S, T) log p of each token, given each of these and the tokens before it.
        prior: (S, T) the same, given draws from the prior N(0, I).
    """

    sentence: str
    tokens: tuple[str, ...]
    posterior: Posterior
    z: Tensor
    own: Tensor
    prior: Tensor

    @property
    def log_p(self) -> Tensor:
        """(T,) log p of each token, the mean over the posterior's draws."""
        return self.own.mean(0)

    @property
    def log_p_prior(self) -> Tensor:
        """(T,) log p of each token, the mean over the prior's draws."""
        return self.prior.mean(0)

    @property
    def kl(self) -> Tensor:
        """(Z,) KL(q(z_d|x) || N(0, 1)) in closed form; it sums to the rate."""
        return self.posterior.kl_per_dimension()[0].double()

    @property
    def order(self) -> list[int]:
        """(Z,) the dimensions, the one that costs most first."""
        return falling(self.kl)

    @property
    def rate(self) -> float:
        """KL(q(z|x) || N(0, I)): exact, whatever the draws are."""
        return float(self.kl.sum())

    @property
    def losses(self) -> Tensor:
        """(S,) distortion + rate of each draw: what training minimises, at beta 1."""
        return self.rate - self.own.sum(1)

    @property
    def distortion(self) -> Spread:
        """-log p(x|z), with the end of the sentence."""
        return _spread(-self.own.sum(1))

    @property
    def distortion_prior(self) -> Spread:
        """-log p(x|z) where z says nothing of the sentence."""
        return _spread(-self.prior.sum(1))

    @property
    def saving(self) -> float:
        """By how much less the sentence costs given its own z than given a prior z."""
        return self.distortion_prior.mean - self.distortion.mean

    @property
    def loss(self) -> float:
        """Distortion + rate, which is the ELBO with its sign turned."""
        return float(self.losses.mean())

    @property
    def elbo(self) -> float:
        """E_q log p(x|z) - KL(q(z|x) || p(z)), which log p(x) is at least (Kingma 2014)."""
        return -self.loss

    def unknown(self, words: Sequence[str] | None) -> tuple[bool | None, ...]:
        """(T) whether each token is unknown to the model; None: not told."""
        if words is None:
            return (None,) * len(self.tokens)
        strange = set(words)
        return (*(token in strange for token in self.tokens[:-1]), False)

    def to_dict(self, unknown: Sequence[str] | None = None) -> dict[str, Any]:
        """As JSON; `unknown` are the words that the model does not know, where it tells."""
        rows = zip(
            self.tokens,
            self.log_p.tolist(),
            self.log_p_prior.tolist(),
            self.unknown(unknown),
            strict=True,
        )
        return {
            "sentence": self.sentence,
            "tokens": [
                {"token": token, "logp": own, "logp_prior": prior, "unknown": strange}
                for token, own, prior, strange in rows
            ],
            "kl": self.kl.tolist(),
            "rate": self.rate,
            "distortion": self.distortion.mean,
            "distortion_deviation": self.distortion.deviation,
            "distortion_standard_error": self.distortion.error,
            "distortion_prior": self.distortion_prior.mean,
            "elbo": self.elbo,
            "loss": self.loss,
            "draws": len(self.z),
            "mean": self.posterior.mean[0].tolist(),
            "deviation": self.posterior.deviation[0].tolist(),
        }


def xray(model: Explorable, sentence: str, generator: torch.Generator, draws: int = DRAWS) -> Xray:
    """Read one sentence and score it under its own z and under a prior z, in one batch.

    The tokens' -log p and the dimensions' KL together are the loss that training minimises at
    beta 1 without free bits (`vae.objectives`), for the same z; tested against it to 1e-5 for both
    architectures.

    Args:
        draws: S, of the posterior and as many of the prior.

    Raises:
        NotAvailableError: the model has no posterior or scores no tokens.
        UserError: the sentence cannot be read, the draws are fewer than 2 or too many, or the
            model's figures do not belong together.
    """
    if not 2 <= draws <= MOST_DRAWS:
        raise UserError(
            "An x-ray takes from 2 to {most} draws of z, not {draws}.", most=MOST_DRAWS, draws=draws
        )
    posterior = model.encode([sentence])
    if posterior.is_point:
        raise NotAvailableError(KEEPS_A_POINT)
    noise = torch.randn(draws, posterior.mean.shape[1], generator=generator)
    z = posterior.at(noise)  # (S, Z)
    prior = torch.randn(z.shape, generator=generator)
    tokens = model.tokens(sentence)
    scores = model.log_likelihood([sentence] * 2 * draws, torch.cat([z, prior]))
    if len(scores) != 2 * draws or any(s.shape != (len(tokens),) for s in scores):
        raise UserError(
            "The model has {n} tokens for this sentence, and scores of another shape: its `tokens` "
            "and `log_likelihood` do not belong together.",
            n=len(tokens),
        )
    # Summed in double precision: a long sentence leaves few digits in single.
    table = torch.stack(list(scores)).double()
    if not bool(table.isfinite().all()):
        raise UserError("The model finds a token impossible: its log p is not a finite number.")
    return Xray(sentence, tokens, posterior, z, table[:draws], table[draws:])


@dataclass(frozen=True)
class Saying:
    """A sentence that some draws of z decode to.

    Attributes:
        sentence: what the decoder says, greedily.
        draws: how many draws say it.
        log_p: log p(x|z) in nats of the sentence that was x-rayed, the mean over these draws.
        same: whether it is that sentence again, token by token.
    """

    sentence: str
    draws: int
    log_p: float
    same: bool


def sayings(model: Explorable, seen: Xray) -> tuple[Saying, ...]:
    """What the x-ray's draws from the posterior decode to, what most of them say first.

    Raises:
        NotAvailableError: the model does not decode.
    """
    groups: dict[str, list[int]] = {}
    for i, said in enumerate(model.decode(seen.z)):
        groups.setdefault(said, []).append(i)
    totals = seen.own.sum(1)
    found = [
        Saying(said, len(rows), float(totals[rows].mean()), same_tokens(model, said, seen.sentence))
        for said, rows in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: -one.draws))


def same_tokens(model: Explorable, one: str, other: str) -> bool:
    """Whether a model reads two sentences as the same tokens, or else as the same text."""
    if not one.strip() or not other.strip():
        return one.strip() == other.strip()
    same = where_available(lambda: model.tokens(one) == model.tokens(other))
    return normalise(one) == normalise(other) if same is None else same


def _spread(values: Tensor) -> Spread:
    return Spread(float(values.mean()), float(values.std()), len(values))
