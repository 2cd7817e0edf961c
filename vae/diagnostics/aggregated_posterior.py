"""The density of q(z), the mixture of the posteriors, along one dimension or two."""

from __future__ import annotations

import math

import numpy as np
import torch

from vae.diagnostics.bootstrap import Floats
from vae.errors import UserError
from vae.inference import log_normal
from vae.models.base import Posterior


def dimension_density(posterior: Posterior, dimension: int, grid: Floats) -> Floats:
    """(G,) density of q(z_d), the mixture of N posteriors, along a grid (G,)."""
    return np.asarray(_columns(posterior, dimension, grid).mean(0), dtype=np.float64)


def pair_density(posterior: Posterior, first: int, second: int, grid: Floats) -> Floats:
    """(G, G) density of q(z_a, z_b): rows run over the second dimension, columns over the first."""
    across, up = (_columns(posterior, d, grid) for d in (first, second))
    return np.asarray(up.T @ across / len(posterior), dtype=np.float64)


def _columns(posterior: Posterior, dimension: int, grid: Floats) -> Floats:
    """(N, G) density of each posterior along one dimension."""
    if not len(posterior):
        raise UserError("There is no sentence whose posterior could be drawn.")
    mean, logvar = (
        t[:, dimension].double()[:, None, None] for t in (posterior.mean, posterior.logvar)
    )
    points = torch.as_tensor(grid, dtype=torch.double)[None, :, None]
    return np.asarray(log_normal(points, mean, logvar).exp().numpy())


def normal_density(z: Floats) -> Floats:
    """The prior's density N(z; 0, 1) of one dimension."""
    return np.asarray(np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi))
