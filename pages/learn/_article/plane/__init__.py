"""The plane of two latents: what the decoder says everywhere on it, and under the pointer.

The browser decodes by itself (`vae.browser.vector_source`): a move asks the server nothing.
"""

from __future__ import annotations

import base64
from typing import Any

import streamlit as st
import torch

from pages.common import media
from pages.common.components.source import DOM, source
from vae.browser import pack_vector, vector_source
from vae.i18n import _, localised
from vae.training.vector import VectorTraining

EXTENT = 3.2
"""Half the side of the plane, in standard deviations of the prior."""

_MOST_POINTS = 400
_COMPONENT = st.components.v2.component(
    "latent_lens_article_plane",
    html='<div class="plane"></div>',
    css=source(__file__, "plane.css"),
    js=f"{DOM}{vector_source()}\n{source(__file__, 'plane.js')}",
)


def show(training: VectorTraining, key: str) -> None:
    """The plane of a training of two latents, with its held-out vectors on request."""
    vectors = training.vectors
    with torch.no_grad():
        held_out = torch.from_numpy(vectors.held_out[:_MOST_POINTS])
        means = training.objective.posterior(training.model, held_out).mean.numpy()
    packed = pack_vector(training.model, vectors.terms)
    _COMPONENT(
        key=key,
        data={
            "url": media.address(packed, f"latent-lens-{key}"),
            "extent": EXTENT,
            "shape": list(vectors.shape) if vectors.shape else [],
            "points": base64.b64encode(means.astype("<f4").tobytes()).decode(),
            "labels": tuple(vectors.held_out_labels[:_MOST_POINTS]),
            "signs": localised(".-"),
            "says": _words(vectors.shape is not None),
        },
    )


def _words(picture: bool) -> dict[str, Any]:
    nearest = (
        _("nearest held-out digit: {label}", label="{label}")
        if picture
        else _("nearest held-out sentence: {label}", label="{label}")
    )
    return {
        "place": _("z = ({x}, {y}), log p(z) = {nats} nats", x="{x}", y="{y}", nats="{nats}"),
        "nearest": nearest,
        "points": _("Show the held-out digits") if picture else _("Show the held-out sentences"),
        "label": _("The plane of two latents. Arrow keys move the place that is decoded."),
        "failed": _("The decoder could not be loaded. Reload the page."),
        "nothing": _("(no word above the mean)"),
    }
