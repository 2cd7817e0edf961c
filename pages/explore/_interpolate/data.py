"""What is computed of a path between its points."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from vae.explorer import Explorer, PathPoint
from vae.inference import log_prior
from vae.latent.interpolation import WAYS


def between(explorer: Explorer, path: Sequence[PathPoint], method: str, at: float) -> PathPoint:
    """The point of a path at a part of a step, with its most probable sentence."""
    t = at / (len(path) - 1)
    z = WAYS[method](path[0].z, path[-1].z, torch.tensor([t]))  # (1, Z)
    density = float(log_prior(z)) if explorer.has_posterior else None
    said = explorer.decode(z)[0]
    return PathPoint(t, z[0], said, density, said == path[int(at)].sentence)
