"""The seed of all that is drawn: a field, and a button for the next one; the link keeps it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.common import links, state
from vae.i18n import _


def field(*lets_go: str, **more: Any) -> int:
    """The seed; another one lets go of the other choices named, as in `state.widget`.

    Args:
        more: what else `st.number_input` takes.
    """
    given = st.number_input(
        _("Seed"), 0, links.MOST_SEED, step=1, **more, **state.widget("seed", *lets_go)
    )
    return min(max(int(given or 0), 0), links.MOST_SEED)


def draw_again(*lets_go: str, key: str | None = None) -> None:
    """A button that takes the next seed, and lets go of the other choices named."""
    st.button(_("Draw again"), icon=":material/casino:", key=key, on_click=_take_next, args=lets_go)


def _take_next(*lets_go: str) -> None:
    state.put("seed", (state.get("seed") + 1) % links.MOST_SEED)
    for other in lets_go:
        state.put(other, None)
