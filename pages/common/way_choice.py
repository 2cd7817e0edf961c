"""The choice of a way between two places of the latent space."""

from __future__ import annotations

import streamlit as st

from pages.common import links, state
from vae.i18n import _, sentences
from vae.latent.interpolation import NAMES


def name(method: str) -> str:
    """A way as a person reads it, with its term."""
    return str(NAMES[method])


def choose(usual: str, *, has_prior: bool = True) -> str:
    """Which of `links.METHODS`.

    Args:
        usual: the one that is chosen where nobody has.
        has_prior: of the model, by which the ways are told.
    """
    curved = (
        _("curved (slerp): along a sphere around the origin, where the prior has its mass.")
        if has_prior
        else _("curved (slerp): along a sphere around the origin, where codes of one length lie.")
    )
    box = state.widget("method")
    st.session_state[box["key"]] = state.get("method") or usual
    st.segmented_control(
        _("Path"),
        links.METHODS,
        required=True,
        width="content",
        format_func=name,
        help=sentences(_("straight (lerp): the line between the two."), curved),
        **box,
    )
    return str(state.get("method") or usual)
