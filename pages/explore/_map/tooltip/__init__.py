"""What a point of the map says beside the pointer, and the ring around the sentence of the card.

The words of all points are a file of their own, which the browser asks for once the page stands
and keeps by its digest: another colouring, another look, another tab sends none of them again.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.common import media
from vae.corpora.label_types import NO_VALUE

_HERE = Path(__file__).parent
_COMPONENT = st.components.v2.component(
    "latent_lens_map_tooltip",
    html='<div class="tooltip" popover="manual"></div>',
    css=(_HERE / "tooltip.css").read_text(encoding="utf-8"),
    js=(_HERE / "tooltip.js").read_text(encoding="utf-8"),
)


def show(words: bytes, first: str, row: int, chart: str) -> None:
    """Let the chart in the container of key `chart` say what its points are.

    Args:
        words: as `vae.figures.map_words.packed`.
        first: the label that is shown with its name, before all others.
        row: the point that has a ring, by its `customdata`.
    """
    _COMPONENT(
        key="map_tooltip",
        data={
            "url": media.address(words, "latent-lens-map-words"),
            "first": first,
            "row": row,
            "chart": f"st-key-{chart}",
            "none": str(NO_VALUE),
        },
        height=1,
    )
