"""Does the decoder listen to z? The same sentence under its own z, another's, and the prior's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from vae.i18n import _
from vae.models import Posterior

Source = Literal["own", "another", "prior"]

HEARD = 1.0
"""Nats of log-likelihood that a foreign z must cost before we say that the decoder reads it."""


@dataclass(frozen=True)
class Condition:
    """A latent (Z,) to decode under, and where it comes from."""

    source: Source
    z: Tensor


def conditions(posterior: Posterior, draws: int, seed: int) -> list[Condition]:
    """Latents for one sentence: its own, another's, and `draws` from the prior N(0, I).

    Args:
        posterior: of two sentences, the one that is asked about first. Each gives one draw, as in
            training; the posterior mean would hide how little a wide posterior says.
        draws: how many prior latents.
        seed: same seed, same latents.
    """
    generator = torch.Generator().manual_seed(seed)
    own, another = posterior.sample(generator)
    prior = torch.randn(draws, posterior.mean.shape[1], generator=generator)
    return [
        Condition("own", own),
        Condition("another", another),
        *(Condition("prior", z) for z in prior),
    ]


def finding(own: float, another: float, prior: float) -> str:
    """What mean log p(x|z) in nats under the three sources says about the decoder."""
    cost = own - max(another, prior)
    costs = {"another": own - another, "prior": own - prior}
    if cost > HEARD:
        return _(
            "The decoder reads z: another sentence's z costs {another:.1f} nats, a prior z "
            "{prior:.1f}.",
            **costs,
        )
    return _(
        "The decoder does not read z: another sentence's z costs {another:.2f} nats, a prior z "
        "{prior:.2f}.",
        **costs,
    )


def distinct(sentences: Sequence[str]) -> int:
    """How many different sentences there are."""
    return len(set(sentences))
