"""What every sentence VAE offers: a posterior to sample from, and a decoder to step through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from vae.config import ModelConfig
from vae.tokenizer import BOS

# The decoder's memory: tensors whose first axis is the batch, so that rows can be picked.
State = tuple[Tensor, ...]


@dataclass(frozen=True)
class Posterior:
    """A diagonal Gaussian q(z|x) for each of B sentences.

    Attributes:
        mean: (B, Z).
        logvar: (B, Z), log of the variance.
    """

    mean: Tensor
    logvar: Tensor

    def sample(self, generator: torch.Generator) -> Tensor:
        """(B, Z) one reparameterised draw per sentence: mean + std * noise (Kingma 2014)."""
        noise = torch.randn(self.mean.shape, generator=generator, dtype=self.mean.dtype)
        return self.mean + (0.5 * self.logvar).exp() * noise

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
    """The protocol between a model and everything that trains, decodes or measures it.

    A batch of tokens is (B, T): sentences of one length, each ending in `EOS`, no padding. Batches
    are always grouped by length, so no model needs a mask. Randomness is never implicit: dropout is
    applied if, and only if, a generator is given.
    """

    config: ModelConfig

    def encode(self, tokens: Tensor) -> Posterior:
        """The posterior of each sentence, (B, T) -> mean and logvar of (B, Z)."""
        ...

    def logits(
        self, inputs: Tensor, z: Tensor, dropout_generator: torch.Generator | None = None
    ) -> Tensor:
        """(B, T, V) logits of the next token, for decoder inputs (B, T) that start with `BOS`."""
        ...

    def start(self, z: Tensor) -> State:
        """The decoder's state before `BOS`, for latents (B, Z)."""
        ...

    def step(self, token: Tensor, z: Tensor, state: State) -> tuple[Tensor, State]:
        """(B, V) logits after reading one token (B,) in `state`, and the state that follows."""
        ...


def decoder_inputs(tokens: Tensor) -> Tensor:
    """(B, T) what the decoder reads to predict `tokens`: `BOS`, then all but the last token."""
    return torch.cat([torch.full_like(tokens[:, :1], BOS), tokens[:, :-1]], dim=1)
