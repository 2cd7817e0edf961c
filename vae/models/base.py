"""What every sentence VAE offers: a posterior to sample from, and a decoder to step through."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from vae.config import ModelConfig
from vae.tokenizer import BOS

# The decoder's memory: tensors whose first axis is the batch, so that rows can be picked.
State = tuple[Tensor, ...]

# Uniform random numbers of a shape, in [0, 1).
Draw = Callable[[tuple[int, ...]], Tensor]

# exp(logvar) stays finite in every precision, and no posterior can vanish to a point.
LOGVAR_RANGE = (-12.0, 6.0)


@dataclass(frozen=True)
class Posterior:
    """A diagonal Gaussian q(z|x) for each of B sentences.

    Attributes:
        mean: (B, Z).
        logvar: (B, Z), log of the variance.
        is_point: whether there is no spread, only a code (`vae.models.point.Codes`).
    """

    is_point: ClassVar[bool] = False
    mean: Tensor
    logvar: Tensor

    @property
    def deviation(self) -> Tensor:
        """(B, Z) standard deviations."""
        return (0.5 * self.logvar).exp()

    def sample(self, generator: torch.Generator) -> Tensor:
        """(B, Z) one reparameterised draw per sentence: mean + std * noise (Kingma 2014)."""
        return self.at(torch.randn(self.mean.shape, generator=generator, dtype=self.mean.dtype))

    def at(self, noise: Tensor) -> Tensor:
        """(B, Z) the point that standard normal noise (B, Z) leads to: mean + std * noise."""
        return self.mean + self.deviation * noise

    def kl_per_dimension(self) -> Tensor:
        """(B, Z) nats: KL(q(z_d|x) || N(0, 1)) = (mean^2 + var - logvar - 1) / 2."""
        # expm1 keeps the digits of a collapsed posterior, whose KL would else round below zero.
        return 0.5 * (self.mean.square() + (torch.expm1(self.logvar) - self.logvar))

    def kl(self) -> Tensor:
        """(B,) nats: the rate of each sentence."""
        return self.kl_per_dimension().sum(-1)

    def __len__(self) -> int:
        return self.mean.shape[0]

    def rows(self, rows: Tensor | slice) -> Posterior:
        """The posteriors of some of the sentences."""
        return Posterior(self.mean[rows], self.logvar[rows])


class SentenceVAE(Protocol):
    """A model of sentences that can be explored. Tokens end in `EOS` and hold no padding."""

    config: ModelConfig

    def encode(self, tokens: Tensor) -> Posterior:
        """The posterior of each sentence, (B, T) -> mean and logvar of (B, Z)."""
        ...

    def logits(self, inputs: Tensor, z: Tensor, draw: Draw | None = None) -> Tensor:
        """(B, T, V) logits of the next token, for decoder inputs (B, T) that start with `BOS`.

        Dropout takes its numbers from `draw`; without one nothing is dropped.
        """
        ...

    def start(self, z: Tensor) -> State:
        """The decoder's state before `BOS`, for latents (B, Z)."""
        ...

    def step(self, token: Tensor, z: Tensor, state: State) -> tuple[Tensor, State]:
        """(B, V) logits after reading one token (B,) in `state`, and the state that follows."""
        ...


class TrainableVAE(nn.Module, ABC):
    """A `SentenceVAE` of ours, which the training loop can train.

    Attributes:
        encoder_parts, decoder_parts: first names of the parameters that only the encoder or only
            the decoder uses; what both share (the embedding) is in neither. The optimiser of
            aggressive training holds on to them, and a reset of the decoder redraws them.
        to_posterior: gives means, then log variances, (2Z,); absent where Z is 0.
        embedding, output_bias: of every word, (V, E) and (V,): a logit is their product with an
            output, and the bias.
    """

    encoder_parts: ClassVar[tuple[str, ...]]
    decoder_parts: ClassVar[tuple[str, ...]]
    config: ModelConfig
    to_posterior: nn.Linear
    embedding: nn.Embedding
    output_bias: nn.Parameter

    @abstractmethod
    def embed(self, tokens: Tensor) -> Tensor:
        """(B, T, E) what the encoder reads of each token (B, T), whatever its place."""

    @abstractmethod
    def encode_embedded(self, embedded: Tensor) -> Posterior:
        """The posterior of sentences given as `embed` gives them, (B, T, E)."""

    def encode(self, tokens: Tensor) -> Posterior:
        """As `SentenceVAE.encode`."""
        return self.encode_embedded(self.embed(tokens))

    @abstractmethod
    def outputs(self, inputs: Tensor, z: Tensor, draw: Draw | None = None) -> Tensor:
        """(B, T, E) what the decoder holds every word's vector against; else as `logits`."""

    def logits(self, inputs: Tensor, z: Tensor, draw: Draw | None = None) -> Tensor:
        """As `SentenceVAE.logits`."""
        return self.to_logits(self.outputs(inputs, z, draw))

    def to_logits(self, outputs: Tensor) -> Tensor:
        """(..., V) logits of outputs (..., E)."""
        return functional.linear(outputs, self.embedding.weight, self.output_bias)

    @abstractmethod
    def start(self, z: Tensor) -> State:
        """As `SentenceVAE.start`."""

    @abstractmethod
    def step(self, token: Tensor, z: Tensor, state: State) -> tuple[Tensor, State]:
        """As `SentenceVAE.step`."""

    @abstractmethod
    def latent_inputs(self) -> list[tuple[Tensor, Tensor]]:
        """Every weight that z enters by, (..., Z), and the bias (...) beside it, to write to."""

    @torch.no_grad()
    def turned(self, axes: Tensor, rest: Tensor, logvar: Tensor) -> TrainableVAE:
        """A model along other axes, which says of axes @ z what this one says of z.

        Where there are fewer axes than dimensions, z is held at `rest` in all other directions: of
        a z that lies there in them, nothing is lost. Means follow. A spread that differs by
        sentence cannot be kept, since it would depend between dimensions: each posterior gets the
        log variance given.

        Args:
            axes: (L, Z) orthonormal rows.
            rest: (Z,) at right angles to all of them.
            logvar: (L,).
        """
        kept, z = axes.shape
        with torch.random.fork_rng(devices=[]):
            model = type(self)(replace(self.config, latent_dim=kept))
        for new, old in zip(model.parameters(), self.parameters(), strict=True):
            if new.shape == old.shape:
                new.copy_(old)
            elif new.ndim > 1 and new.shape[:-1] == old.shape[:-1]:
                # Beside z, words may enter by the same weight, before it.
                new[..., :-kept] = old[..., :-z]
        ours, head = self.to_posterior, model.to_posterior
        head.weight[:kept], head.bias[:kept] = axes @ ours.weight[:z], axes @ (ours.bias[:z] - rest)
        head.weight[kept:], head.bias[kept:] = 0.0, logvar
        pairs = zip(model.latent_inputs(), self.latent_inputs(), strict=True)
        for (weight, bias), (old_weight, old_bias) in pairs:
            weight.copy_(old_weight @ axes.T)
            bias.copy_(old_bias + old_weight @ rest)
        return model.train(self.training)


def decoder_inputs(tokens: Tensor) -> Tensor:
    """(B, T) what the decoder reads to predict `tokens`: `BOS`, then all but the last token."""
    return torch.cat([torch.full_like(tokens[:, :1], BOS), tokens[:, :-1]], dim=1)


def dropout(values: Tensor, share: float, draw: Draw | None) -> Tensor:
    """Inverted dropout (Srivastava et al., 2014) from numbers of its own; none without them."""
    if draw is None or share == 0:
        return values
    keep = draw(tuple(values.shape)) >= share
    return values * keep.to(values.dtype) / (1.0 - share)
