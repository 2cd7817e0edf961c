"""A VAE of vectors: one hidden layer each way, as introductions draw it (Kingma and Welling, 2014).

It has no tokens and is no `SentenceVAE`: what it reads and writes is a vector, of the grey values
of a picture or of a sentence (`vae.corpora.vectors`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from vae.errors import UserError
from vae.models.base import LOGVAR_RANGE, Posterior

LEAST_STD = 0.05
"""The least spread of a Gaussian decoder. What never changes in the data (the corner of a digit)
would else be claimed ever more exactly, and the likelihood of a density has no end there."""

LIKELIHOODS = ("gaussian", "bernoulli")
_MOST_WEIGHTS = 50_000_000


class Output(Protocol):
    """What a decoder says of B vectors: a distribution over each."""

    @property
    def mean(self) -> Tensor:
        """(B, D) what is expected of every value."""
        ...

    def log_likelihood(self, x: Tensor) -> Tensor:
        """(B,) nats: log p(x|z) of vectors (B, D), summed over their values."""
        ...

    def sample(self, generator: torch.Generator) -> Tensor:
        """(B, D) one draw each."""
        ...


@dataclass(frozen=True)
class Gaussian:
    """Independent normal values: `mean` and `logvar`, (B, D). Its nats are of a density, so -log p
    may lie below zero."""

    mean: Tensor
    logvar: Tensor

    def log_likelihood(self, x: Tensor) -> Tensor:
        """As `Output.log_likelihood`."""
        square = (x - self.mean).square() * (-self.logvar).exp()
        return -0.5 * (square + self.logvar + math.log(2 * math.pi)).sum(-1)

    def sample(self, generator: torch.Generator) -> Tensor:
        """As `Output.sample`."""
        return Posterior(self.mean, self.logvar).sample(generator)


@dataclass(frozen=True)
class Bernoulli:
    """Independent values of 0 or 1: `logits` (B, D)."""

    logits: Tensor

    @property
    def mean(self) -> Tensor:
        """As `Output.mean`."""
        return self.logits.sigmoid()

    def log_likelihood(self, x: Tensor) -> Tensor:
        """As `Output.log_likelihood`."""
        each = functional.binary_cross_entropy_with_logits(self.logits, x, reduction="none")
        return -each.sum(-1)

    def sample(self, generator: torch.Generator) -> Tensor:
        """As `Output.sample`."""
        drawn = torch.rand(self.logits.shape, generator=generator)
        return (drawn < self.mean).to(self.logits.dtype)


@dataclass(frozen=True)
class VectorConfig:
    """Sizes of a `VectorVAE`: D values in, one hidden layer, Z latents.

    Raises:
        UserError: a size below one, too many weights, or no such likelihood.
    """

    data_dim: int
    hidden: int = 256
    latent_dim: int = 20
    likelihood: Literal["gaussian", "bernoulli"] = "gaussian"

    def __post_init__(self) -> None:
        sizes = {n: getattr(self, n) for n in ("data_dim", "hidden", "latent_dim")}
        for name, size in sizes.items():
            if size < 1:
                raise UserError(
                    "`{name}` is {size}. A vector VAE needs at least 1.", name=name, size=size
                )
        if (weights := 2 * self.hidden * (self.data_dim + self.latent_dim)) > _MOST_WEIGHTS:
            raise UserError(
                "This vector VAE would have {n:,} weights. Choose a smaller hidden layer, or "
                "vectors of fewer values.",
                n=weights,
            )
        if self.likelihood not in LIKELIHOODS:
            raise UserError(
                "There is no likelihood '{name}'. Choose gaussian or bernoulli.",
                name=self.likelihood,
            )


class VectorVAE(nn.Module):
    """Encoder x -> ReLU -> mean and log variance of q(z|x); decoder z -> ReLU -> p(x|z).

    Args:
        seed: of the weights. They are drawn from a generator of their own, so that the same seed
            gives the same model, whatever else the process draws.
    """

    def __init__(self, config: VectorConfig, seed: int = 0) -> None:
        super().__init__()
        c = self.config = config
        outputs = 2 if c.likelihood == "gaussian" else 1
        self.read = _layer(c.data_dim, c.hidden)
        self.to_posterior = _layer(c.hidden, 2 * c.latent_dim)
        self.unfold = _layer(c.latent_dim, c.hidden)
        self.to_output = _layer(c.hidden, outputs * c.data_dim)
        self._draw(torch.Generator().manual_seed(seed))

    @torch.no_grad()
    def _draw(self, generator: torch.Generator) -> None:
        """Weights and biases uniform up to 1 / sqrt(inputs), as `nn.Linear` draws them."""
        for layer in (self.read, self.to_posterior, self.unfold, self.to_output):
            bound = 1 / math.sqrt(layer.in_features)
            for values in (layer.weight, layer.bias):
                values.uniform_(-bound, bound, generator=generator)

    def hidden(self, x: Tensor) -> Tensor:
        """(B, H) the encoder's hidden layer for vectors (B, D)."""
        hidden: Tensor = self.read(x).relu()
        return hidden

    def encode(self, x: Tensor) -> Posterior:
        """The posterior (B, Z) of vectors (B, D)."""
        mean, logvar = self.to_posterior(self.hidden(x)).chunk(2, dim=-1)
        return Posterior(mean, logvar.clamp(*LOGVAR_RANGE))

    def decode(self, z: Tensor) -> Gaussian | Bernoulli:
        """What latents (B, Z) say of vectors (B, D)."""
        output = self.to_output(self.unfold(z).relu())
        if self.config.likelihood == "bernoulli":
            return Bernoulli(output)
        mean, spread = output.chunk(2, dim=-1)
        least = 2 * math.log(LEAST_STD)
        # softplus, not a clamp: at the floor a gradient still flows.
        return Gaussian(mean, least + functional.softplus(spread - least))


def _layer(inputs: int, outputs: int) -> nn.Linear:
    """A layer whose weights are still to be drawn: torch's global generator is left alone."""
    return cast(nn.Linear, nn.utils.skip_init(nn.Linear, inputs, outputs))


@dataclass(frozen=True)
class VectorLoss:
    """The loss of B vectors, term by term, in nats: reconstruction + beta x KL.

    Attributes:
        distortion: (B,) -log p(x|z) at the z that was drawn, the reconstruction loss.
        rate: (B,) KL(q(z|x) || p(z)).
        beta: the weight between them.
    """

    distortion: Tensor
    rate: Tensor
    beta: float

    @property
    def total(self) -> Tensor:
        """(B,) what is minimised."""
        return self.distortion + self.beta * self.rate


def vector_loss(model: VectorVAE, x: Tensor, noise: Tensor, beta: float = 1.0) -> VectorLoss:
    """The loss of vectors (B, D) at the draw that standard normal noise (B, Z) leads to; with beta
    = 1 its expectation is the negative ELBO (Kingma and Welling, 2014; beta: Higgins, 2017)."""
    posterior = model.encode(x)
    output = model.decode(posterior.at(noise))
    return VectorLoss(-output.log_likelihood(x), posterior.kl(), beta)
