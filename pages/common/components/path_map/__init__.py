"""A path across the map of the corpus, with a dot that follows the slider while it moves.

Plotly would redraw the cloud for every step of the dot; a canvas of our own redraws the dot alone.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from pages.common.components.source import DOM, source

_COMPONENT = st.components.v2.component(
    "latent_lens_path_map",
    html='<div class="path-map"></div>',
    css=source(__file__, "path_map.css"),
    js=DOM + source(__file__, "path_map.js"),
)
_MOST_POINTS = 4_000

Coordinates = npt.NDArray[np.floating[Any]]


def show(cloud: Coordinates, path: Coordinates, at: float, line: str, alt: str, key: str) -> None:
    """Draw a path (S, 2) over a cloud (N, 2), with the dot at step `at`, or between two.

    `line` is the id of the `Line` (`pages.common.components.sentence_slider`) whose slider the dot
    follows.
    """
    step = max(1, -(-len(cloud) // _MOST_POINTS))
    cloud = cloud[::step]
    everything = np.concatenate([cloud, path])
    low, high = everything.min(0), everything.max(0)
    side = max(float((high - low).max()), 1e-9)
    corner = (low + high) / 2 - side / 2

    def packed(points: Coordinates) -> str:
        whole = np.clip((points - corner) / side * 65_535, 0, 65_535).astype("<u2")
        return base64.b64encode(whole.tobytes()).decode()

    _COMPONENT(
        key=key,
        data={
            "cloud": packed(cloud),
            "path": packed(path),
            "at": at,
            "line": line,
            "height": 420,
            "alt": alt,
        },
    )
