"""Batch-normalised posterior means: a posterior that cannot collapse (BN-VAE, Zhu et al., 2020)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

_MOMENTUM = 0.1
# Far below any variance that means have: a larger one would reward means that shrink towards it.
_EPSILON = 1e-10


class MeanNorm(nn.Module):
    """Holds the means of each latent dimension at zero on average, with one standard deviation.

    With means of variance s^2 over the sentences, the rate is at least Z s^2 / 2 nats whatever the
    weights are: KL >= mean^2 / 2 in each dimension (Zhu et al., 2020). A shift is learned, the
    scale is fixed.

    Batches hold sentences of one length, so their own moments would take the length out of z. The
    forward pass therefore divides by moments that run over all batches, as it does after training,
    while gradients flow as if by the batch's: batch renormalisation (Ioffe, 2017).

    Args:
        latent_dim: Z.
        scale: s, the standard deviation of the means.

    Attributes:
        total: sums a tensor over the processes that share a batch; here there is one.
    """

    mean: Tensor
    variance: Tensor
    seen: Tensor

    def __init__(self, latent_dim: int, scale: float) -> None:
        super().__init__()
        self.scale = scale
        self.total: Callable[[Tensor], Tensor] = _alone
        self.shift = nn.Parameter(torch.zeros(latent_dim))
        self.register_buffer("mean", torch.zeros(latent_dim))
        self.register_buffer("variance", torch.ones(latent_dim))
        self.register_buffer("seen", torch.zeros(()))

    def forward(self, means: Tensor) -> Tensor:
        """(B, Z) -> (B, Z); in training the running moments take the batch in."""
        if not self.training:
            return (means - self.mean) / self._deviation() * self.scale + self.shift
        n = self.total(torch.tensor(float(len(means))))
        batch_mean = self.total(means.sum(0)) / n
        centred = means - batch_mean
        batch_square = self.total(centred.square().sum(0)) / n
        batch_deviation = (batch_square + _EPSILON).sqrt()
        with torch.no_grad():
            self.seen += 1
            # The first batches count alike: a moment that starts at a guess would mislead long.
            share = max(1 / float(self.seen), _MOMENTUM)
            gap = batch_mean - self.mean
            self.mean.add_(share * gap)
            # The variance of two samples put together: within them, and between their means.
            self.variance.lerp_(batch_square, share).add_(share * (1 - share) * gap.square())
            ratio = batch_deviation / self._deviation()
            offset = (batch_mean - self.mean) / self._deviation()
        return (centred / batch_deviation * ratio + offset) * self.scale + self.shift

    def _deviation(self) -> Tensor:
        return (self.variance + _EPSILON).sqrt()


def _alone(values: Tensor) -> Tensor:
    return values
