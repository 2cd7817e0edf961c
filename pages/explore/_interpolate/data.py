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
    version = resources.version(explorer.run)
    places = tuple((frame.t, tuple(frame.z.tolist()), frame.sentence) for frame in frames)
    with st.spinner(_("Measuring the points")):
        return _waypoints(str(explorer.run.path), version, places, explorer, frames)


@st.cache_resource(max_entries=60, show_spinner=False)
def _waypoints(
    path: str,
    version: str,
    places: tuple[tuple[float, tuple[float, ...], str], ...],
    _explorer: Explorer,
    _frames: Sequence[PathPoint],
) -> Waypoints:
    return measured(_explorer, _frames, lambda: _explorer.atlas)
