"""Models that keep a point: a sentence has one code, and no distribution around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NoReturn

import torch
from torch import Tensor

from vae.i18n import message
from vae.models.base import Posterior
from vae.models.explorable import NotAvailableError

KEEPS_A_POINT = message(
    "This model keeps a point: each sentence has one code, with no distribution around it and no "
    "prior, so rate, ELBO, information and likelihood do not exist for it."
)


class Codes(Posterior):
    """What a plain autoencoder gives for B sentences: `mean` holds their codes (B, Z).

    A draw is the code itself. All that needs a spread (`logvar`, KL and what is made of them)
    raises `NotAvailableError` and is not zero, nor a number that somebody made up.
    """

    is_point: ClassVar[bool] = True

    def __init__(self, mean: Tensor) -> None:
        object.__setattr__(self, "mean", mean)

    def __getattr__(self, name: str) -> NoReturn:
        if name == "logvar":
            raise NotAvailableError(KEEPS_A_POINT)
        raise AttributeError(name)

    def __repr__(self) -> str:
        return f"Codes(mean={self.mean!r})"

    def at(self, noise: Tensor) -> Tensor:
        """(B, Z) the codes, whatever the noise."""
        return self.mean.expand_as(noise).clone()

    def rows(self, rows: Tensor | slice) -> Codes:
        """The codes of some of the sentences."""
        return Codes(self.mean[rows])


def joined(parts: Sequence[Posterior]) -> Posterior:
    """The posteriors of several batches of one model as one, (N, Z); at least one of them."""
    mean = torch.cat([q.mean for q in parts])
    if any(q.is_point for q in parts):
        return Codes(mean)
    return Posterior(mean, torch.cat([q.logvar for q in parts]))
