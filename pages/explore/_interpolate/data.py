"""What is computed of the points of a path, once for all sessions."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.common import resources
from vae.explorer import Explorer, PathPoint
from vae.i18n import _
from vae.latent.waypoints import Waypoints
from vae.latent.waypoints import waypoints as measured


def waypoints(explorer: Explorer, frames: Sequence[PathPoint]) -> Waypoints:
    """How the points of a path lie to the prior, the training sentences and their own way back."""
    with st.spinner(_("Measuring the points")):
        return _waypoints(explorer, frames)


@resources.shared(max_entries=60)
def _waypoints(explorer: Explorer, frames: Sequence[PathPoint]) -> Waypoints:
    return measured(explorer, frames, lambda: explorer.atlas)
