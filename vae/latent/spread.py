"""Where the numbers of a latent space lie: the prior's N(0, 1), or what codes were seen to have."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from vae.models import Posterior

_UNIT = 1e-2


@dataclass(frozen=True)
class Spread:
    """The middle and one standard deviation of each dimension, (Z,) each."""

    centre: Tensor
    deviation: Tensor

    @classmethod
    def of_prior(cls, latent_dim: int) -> Spread:
        """That of N(0, I) in Z dimensions."""
        return cls(torch.zeros(latent_dim), torch.ones(latent_dim))

    def at(self, place: float) -> Tensor:
        """(Z,) so many standard deviations from the middle."""
        return self.centre + place * self.deviation


def spread_of(posterior: Posterior) -> Spread:
    """Of the prior; of the codes (N, Z) themselves where a model keeps a point and has no prior."""
    mean = posterior.mean
    if not posterior.is_point or len(mean) < 2:
        return Spread.of_prior(mean.shape[1])
    return Spread(mean.mean(0), mean.std(0))


def usual_path(posterior: Posterior) -> str:
    """The path that fits a space: "slerp", but "lerp" for codes that do not lie on a sphere.

    Draws of N(0, I) lie near a shell, and codes of unit length on one; what a plain autoencoder
    keeps in between has no such shape.
    """
    if not posterior.is_point or not len(posterior):
        return "slerp"
    norms = posterior.mean.norm(dim=1)
    return "slerp" if bool(((norms - 1).abs() <= _UNIT).all()) else "lerp"
