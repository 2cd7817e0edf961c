"""Two ways to learn through a draw: the gradient with z = mu + sigma eps, and the one without."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from vae.diagnostics.bootstrap import Floats
from vae.diagnostics.gradients import Gradients
from vae.errors import UserError
from vae.models import Posterior

MOST_DRAWS = 512
_MOST_TOKENS = 512


@dataclass(frozen=True)
class GradientNoise:
    """d E[-log p(x|z)] / d mu of one sentence, by S draws, in nats per unit of mu.

    Both are right on average; they differ in how far a single draw is off.

    Attributes:
        through: (S, Z) the gradient of the decoder at the draw, which z = mu + sigma eps lets
            through (Kingma and Welling, 2014).
        around: (S, Z) -log p(x|z) times the gradient of log q, which needs no path through the
            draw (the score function; Williams, 1992). No baseline is taken off.
    """

    through: Floats
    around: Floats

    @property
    def ratio(self) -> float:
        """How many times as wide the second is: the median over dimensions of the quotient of
        standard deviations.
        """
        deviations = self.around.std(0, ddof=1), self.through.std(0, ddof=1)
        return float(np.median(deviations[0] / np.maximum(deviations[1], 1e-12)))


def gradient_noise(
    gradients: Gradients,
    sentence: str,
    posterior: Posterior,
    draws: int,
    generator: torch.Generator,
) -> GradientNoise:
    """Both gradients at the same draws of a posterior (1, Z).

    Raises:
        UserError: fewer than 2 draws, or too many.
    """
    if not 2 <= draws <= MOST_DRAWS:
        raise UserError(
            "Gradients are compared at 2 to {most:,} draws, not {draws:,}.",
            most=MOST_DRAWS,
            draws=draws,
        )
    noise = torch.randn(draws, posterior.mean.shape[1], generator=generator)
    with torch.enable_grad():
        z = posterior.at(noise).detach().requires_grad_()  # (S, Z)
        costs = -gradients.log_likelihood(sentence, z, _MOST_TOKENS).sum(1)  # (S,)
        (through,) = torch.autograd.grad(costs.sum(), z)
    around = costs.detach()[:, None] * noise / posterior.deviation
    return GradientNoise(through.double().numpy(), around.double().numpy())
