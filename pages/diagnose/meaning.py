"""Meaning: what does each dimension stand for, and can one property be steered?"""

from __future__ import annotations

import streamlit as st

from pages.common import controls, job_panel, links, report_button, state
from pages.common.components import decoder
from pages.diagnose._meaning import arithmetic, dimensions, quality, reading, semantics, steering
from vae.i18n import _, message

PARTS = {
    "dimensions": (message("Dimension by dimension"), dimensions.show),
    "read": (message("What can be read off"), reading.show_probes),
    "one": (message("One thing each"), reading.show_disentanglement),
    "steer": (message("Steer a property"), steering.show),
    "arithmetic": (message("a − b + c"), arithmetic.show),
    "space": (message("How semantic"), semantics.show),
}
# Parts in which a sentence follows a slider.
SLIDERS = ("dimensions", "steer", "arithmetic")

with controls.page_error_boundary():
    st.title(_("What does each dimension mean?"), anchor=False)
    explorer = job_panel.required_explorer(state.chosen_run())
    controls.require_latents(explorer)
    st.segmented_control(
        _("Question"),
        links.MEANINGS,
        format_func=lambda part: str(PARTS[part][0]),
        required=True,
        label_visibility="collapsed",
        **state.widget("meaning"),
    )
    # Only the part that is open runs.
    PARTS[state.get("meaning")][1](explorer)
    if state.get("meaning") in SLIDERS:
        decoder.mount(explorer)
    with controls.page_error_boundary():
        quality.show(explorer)
    report_button.show(explorer.name, explorer.run)
