"""What a model must offer to be explored: read sentences, write sentences, and score them.

Nothing here knows of token ids, layers or gradients, so a model of another make fits as well:
OWN_MODEL.md tells how. `vae.explorer.Explorer` offers it for every run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from torch import Tensor

from vae.errors import UserError
from vae.models.base import Posterior

T = TypeVar("T")


class NotAvailableError(UserError):
    """A model cannot do what was asked: a figure is then shown as not available, never as zero."""


class Explorable(Protocol):
    """A model of sentences with a latent space, seen from outside.

    Every method may raise `NotAvailableError` where the model has no such thing, and `UserError`
    for a sentence or a latent that it cannot take.
    """

    @property
    def latent_dim(self) -> int:
        """Z."""
        ...

    def encode(self, sentences: Sequence[str]) -> Posterior:
        """Posteriors (N, Z) of N sentences; their `mean` is the embedding."""
        ...

    def decode(self, z: Tensor) -> list[str]:
        """The most fitting sentence at each of B latents (B, Z): the same each time."""
        ...

    def tokens(self, sentence: str) -> tuple[str, ...]:
        """What `log_likelihood` scores, one by one, as a person reads it; the end is the last."""
        ...

    def log_likelihood(self, sentences: Sequence[str], z: Tensor) -> list[Tensor]:
        """log p of every token in nats given latents (N, Z): N tensors of (T,)."""
        ...


def where_available(ask: Callable[[], T]) -> T | None:
    """What a call gives; None where the model has no such thing."""
    try:
        return ask()
    except NotAvailableError:
        return None
