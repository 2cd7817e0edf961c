"""Meaning: what does each dimension stand for, and can one property be steered?"""

from __future__ import annotations

import streamlit as st

from pages.common import (
    controls,
    links,
    meaning_arithmetic,
    meaning_dimensions,
    meaning_quality,
    meaning_reading,
    meaning_steering,
    report_button,
    semantics_view,
    state,
    waiting,
)

PARTS = {
    "dimensions": ("Dimension by dimension", meaning_dimensions.show),
    "read": ("What can be read off", meaning_reading.show_probes),
    "one": ("One thing each", meaning_reading.show_disentanglement),
    "steer": ("Steer a property", meaning_steering.show),
    "arithmetic": ("a − b + c", meaning_arithmetic.show),
    "space": ("How semantic", semantics_view.show),
}

with controls.page_error_boundary():
    st.title("What does each dimension mean?", anchor=False)
    explorer = waiting.required(state.chosen_run())
    controls.require_latents(explorer)
    st.segmented_control(
        "Question",
        links.MEANINGS,
        format_func=lambda part: PARTS[part][0],
        required=True,
        label_visibility="collapsed",
        **state.widget("meaning"),
    )
    # Only the part that is open runs.
    PARTS[state.get("meaning")][1](explorer)
    with controls.page_error_boundary():
        meaning_quality.show(explorer)
    report_button.show(explorer.name, explorer.run)
