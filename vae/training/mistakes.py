"""The five mistakes of the article's listing, each as the one step that it gets wrong.

Written anew in PyTorch; `Objective` is the right form beside each. Measured by the same right
formulas, what a mistake does to the curves can be seen.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vae.models import Posterior
from vae.models.vector import VectorLoss, VectorVAE
from vae.training.vector import Objective

LEAST_STD, MOST_STD = 0.6065306597, 1.6487212707
"""exp(-1/2) and exp(1/2): where tanh on the log variance holds every spread."""


class NoNoise(Objective):
    """z = mean * exp(logvar / 2): no noise, so the spread is but one more factor."""

    def latent(self, posterior: Posterior, noise: Tensor) -> Tensor:
        """As `Objective.latent`."""
        return posterior.mean * posterior.deviation


class BoundedSpread(Objective):
    """tanh on the log variance: it stays between -1 and 1."""

    def posterior(self, model: VectorVAE, x: Tensor) -> Posterior:
        """As `Objective.posterior`."""
        mean, logvar = model.to_posterior(model.hidden(x)).chunk(2, dim=-1)
        return Posterior(mean, logvar.tanh())


def coin_entropy(mean: Tensor) -> Tensor:
    """mu log mu + (1 - mu) log(1 - mu), the negative entropy of a coin: no KL of a Gaussian, and
    undefined (NaN) for a mean below 0 or above 1."""
    return mean * mean.log() + (1 - mean) * (1 - mean).log()


class CoinEntropy(Objective):
    """The KL as `coin_entropy`, averaged over the dimensions: the spread is not in it at all."""

    def rate(self, posterior: Posterior) -> Tensor:
        """As `Objective.rate`."""
        return coin_entropy(posterior.mean).mean(-1)


class RemovedLog(Objective):
    """The logarithm through a name that the library dropped in 2019, with TensorFlow 2."""

    def rate(self, posterior: Posterior) -> Tensor:
        """As `Objective.rate`.

        Raises:
            AttributeError: always.
        """
        logvar: Tensor = tf.log(posterior.logvar.exp())  # type: ignore[attr-defined]
        return Posterior(posterior.mean, logvar).kl()


class ComputedOnce(Objective):
    """The loss is computed once, before training, and its number is handed on: a constant has no
    gradient."""

    def begin(self, model: VectorVAE, x: Tensor, noise: Tensor, beta: float) -> None:
        """As `Objective.begin`."""
        with torch.no_grad():
            self.number = float(super().to_minimise(self.loss(model, x, noise, beta)))

    def to_minimise(self, loss: VectorLoss) -> Tensor:
        """As `Objective.to_minimise`."""
        return torch.tensor(self.number, requires_grad=True)


class tf:  # noqa: N801
    """Where TensorFlow 2 has its logarithm: in `tf.math`, and no longer in `tf`."""

    class math:  # noqa: N801
        """Functions of numbers."""

        log = staticmethod(torch.log)


MISTAKES: dict[str, type[Objective]] = {
    "noise": NoNoise,
    "tanh": BoundedSpread,
    "kl": CoinEntropy,
    "log": RemovedLog,
    "once": ComputedOnce,
}
"""By name, in the order of the listing."""
