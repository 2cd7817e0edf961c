"""Controls that a link hides, so that a lesson shows what it is about and no more.

They are out of sight, not out of reach: who may change what is a matter of `guests`.
"""

from __future__ import annotations

import streamlit as st

from pages.common import state
from vae.i18n import Message, message

TITLES: dict[str, Message] = {
    "sidebar": message("The whole sidebar"),
    "pages": message("The list of pages"),
    "run": message("The choice of the run"),
    "lang": message("The choice of the language"),
    "a": message("Sentence A"),
    "b": message("Sentence B"),
    "t": message("The slider between A and B"),
    "seed": message("The seed"),
    "method": message("Straight line or arc"),
    "decode": message("Greedy or sampled"),
    "from": message("Where the dials start"),
    "film": message("The steps of the film strip"),
    "strength": message("The strength of steering"),
    "projection": message("The projection of the map"),
    "space": message("The space of the map"),
    "colour": message("The colour of the map"),
    "find": message("The search on the map"),
    "on": message("What lies over the map"),
}
"""What a link can hide (`links.HIDDEN`)."""

SIDEBAR = (
    '[data-testid="stSidebar"]',
    '[data-testid="stExpandSidebarButton"]',
    '[data-testid="stSidebarCollapsedControl"]',
)
_PLACES = {
    "sidebar": SIDEBAR,
    "pages": ('[data-testid="stSidebarNav"]',),
    "run": (".st-key-run_picker",),
    "lang": (".st-key-language_picker",),
    **{key: (f".st-key-map_{key}",) for key in ("projection", "space", "colour")},
    "find": (".st-key-map_search",),
    "film": (".st-key-film_interpolate",),
}


def apply() -> None:
    """Hide what the link asks for."""
    if names := state.get("hide"):
        places = ", ".join(place for name in names for place in _places(name))
        st.html(f"<style>{places} {{ display: none !important; }}</style>")


def _places(name: str) -> tuple[str, ...]:
    # A widget of the link has a key for each page (`state.widget_key`).
    return _PLACES.get(name, (f'[class*="st-key-{name}_"]',))
