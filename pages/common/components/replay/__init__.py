"""A replay of training: the latent space forms under a slider that moves in the browser alone.

All snapshots are sent once (1,000 points at 24 snapshots: 0.2 MB); the browser draws what lies
between them, and shows what the model said at each. No move of the slider asks the server.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.common.components import curves
from pages.common.components.replay.story import Story, story

__all__ = ["SCRIPTS", "STYLE", "Story", "replay", "story"]

_HERE = Path(__file__).parent


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


SCRIPTS = "\n".join(map(_read, ("stage.js", "texts.js", "replay.js")))
"""All but the tie to Streamlit: `replayView(root)`; needs `curves.SCRIPTS`."""

STYLE = _read("replay.css")

_COMPONENT = st.components.v2.component(
    "latent_lens_replay",
    html='<div class="replay"></div>',
    css=STYLE,
    js=curves.SCRIPTS + SCRIPTS + _read("component.js"),
)


def replay(told: Story, *, key: str) -> None:
    """Show a story made by `story`; curves of its group follow the slider."""
    _COMPONENT(key=key, data=told)
