"""What is computed of the points of a path, once for all sessions."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
import torch

from pages.common import resources
from vae.explorer import Explorer, PathPoint
from vae.i18n import _
from vae.inference import log_prior
from vae.latent.interpolation import WAYS
from vae.latent.waypoints import Waypoints
from vae.latent.waypoints import waypoints as measured


def between(explorer: Explorer, path: Sequence[PathPoint], method: str, at: float) -> PathPoint:
    """The point of a path at a part of a step, with its most probable sentence."""
    t = at / (len(path) - 1)
    z = WAYS[method](path[0].z, path[-1].z, torch.tensor([t]))  # (1, Z)
    density = float(log_prior(z)) if explorer.has_posterior else None
    said = explorer.decode(z)[0]
    return PathPoint(t, z[0], said, density, said == path[int(at)].sentence)


def waypoints(explorer: Explorer, frames: Sequence[PathPoint]) -> Waypoints:
    """How the points of a path lie to the prior, the training sentences and their own way back."""
    with st.spinner(_("Measuring the points")):
        return _waypoints(explorer, frames)


@resources.shared(max_entries=60)
def _waypoints(explorer: Explorer, frames: Sequence[PathPoint]) -> Waypoints:
    return measured(explorer, frames, lambda: explorer.atlas)
