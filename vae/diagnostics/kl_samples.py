"""The KL divergence to the prior by drawing: what the closed form says at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from vae.diagnostics.bootstrap import Floats
from vae.errors import UserError
from vae.inference import log_normal, log_prior
from vae.models import Posterior

MOST_DRAWS = 20_000


@dataclass(frozen=True)
class KlSamples:
    """KL(q(z|x) || N(0, I)) of one sentence, in nats: exact, and by S draws.

    Attributes:
        exact: the closed form.
        log_ratios: (S,) log q(z|x) - log p(z) at each draw.
    """

    exact: float
    log_ratios: Floats

    @property
    def running(self) -> Floats:
        """(S,) the mean of the first 1, 2, ... draws."""
        return np.asarray(np.cumsum(self.log_ratios) / np.arange(1, len(self.log_ratios) + 1))

    @property
    def errors(self) -> Floats:
        """(S,) the standard error of each of these means, by the spread of all draws."""
        deviation = self.log_ratios.std(ddof=1)
        return np.asarray(deviation / np.sqrt(np.arange(1, len(self.log_ratios) + 1)))


def kl_samples(posterior: Posterior, draws: int, generator: torch.Generator) -> KlSamples:
    """Estimate the KL of one posterior (1, Z) as the mean of log q - log p over draws of q.

    Raises:
        UserError: fewer than 2 draws, or too many.
    """
    if not 2 <= draws <= MOST_DRAWS:
        raise UserError(
            "A KL is estimated from 2 to {most:,} draws, not {draws:,}.",
            most=MOST_DRAWS,
            draws=draws,
        )
    noise = torch.randn(draws, posterior.mean.shape[1], generator=generator).double()
    q = Posterior(posterior.mean.double(), posterior.logvar.double())
    z = q.at(noise)  # (S, Z)
    ratios = log_normal(z, q.mean, q.logvar) - log_prior(z)
    return KlSamples(float(posterior.kl_per_dimension().double().sum()), ratios.numpy())
