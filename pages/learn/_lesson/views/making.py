"""New sentences: where z is drawn from, how far out, and how boldly words are chosen."""

from __future__ import annotations

import streamlit as st

from pages.common import parts, resources, seeds, state
from pages.learn._lesson.scene import Scene
from vae.handout.views import making
from vae.i18n import _


def samples(scene: Scene) -> None:
    """Sentences decoded from draws of z."""
    explorer = scene.explorer
    box, source = state.widget("source"), state.get("source") or scene.text("source", "prior")
    st.session_state[box["key"]] = source
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            _("Draw z from"),
            list(making.SOURCES),
            format_func=lambda name: str(making.SOURCES[name]),
            required=True,
            width="content",
            **box,
        )
    sentence = scene.sentence(explorer) if source == "sentence" else ""
    left, right = st.columns(2, gap="large")
    with left:
        scale = st.slider(
            _("How far out: each draw is multiplied by this"),
            0.0,
            4.0,
            step=0.25,
            disabled=source == "zero",
            **state.widget("scale"),
        )
    with right:
        temperature = st.slider(
            _("Temperature of the words: 0 takes the likeliest each time"),
            0.0,
            2.0,
            step=0.25,
            **state.widget("temperature"),
        )
    z, said = drawn(explorer, source, sentence, scale, temperature, state.get("seed"))
    seeds.draw_again(key="lesson_draw")
    parts.show(making.said_there(explorer, z, said))


drawn = resources.shared(max_entries=120)(making.drawn)
