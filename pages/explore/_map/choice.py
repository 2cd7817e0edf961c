"""The choice of a picture, and of what it is laid by: dimensions or sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.common import controls, resources, state
from pages.explore._map.picture import AROUND, DIMENSIONS, PICTURES, THREE, At
from vae.explorer import Explorer
from vae.figures import map as maps
from vae.i18n import _
from vae.latent.spaces import MODEL


def kind(explorer: Explorer, space: str) -> str:
    """Which picture; of other spaces than the model's none is a plane through its latents."""
    planes = space == MODEL and explorer.latent_dim > 1
    offered = [name for name in PICTURES if planes or name in maps.PROJECTIONS]
    if st.session_state.get("map_projection") not in offered:
        st.session_state.pop("map_projection", None)
    chosen = st.segmented_control(
        _("Projection"),
        offered,
        default="umap",
        required=True,
        format_func=lambda name: str(PICTURES[name]),
        key="map_projection",
        persist_state="session",
    )
    return chosen or "umap"


def at(explorer: Explorer, picture: str) -> At:
    """What a picture is laid by.

    Raises:
        UserError: the run offers no sentence to begin with.
    """
    if picture == DIMENSIONS:
        with st.container(horizontal=True):
            return _dimensions(explorer)
    if picture not in (AROUND, THREE):
        return ()
    examples = list(resources.starters(explorer))
    a = state.sentence("a", examples)
    if picture == AROUND:
        st.caption(
            _(
                "Around A: “{sentence}” Use as A, beside a sentence, lays it around another.",
                sentence=controls.plain_markdown(a),
            )
        )
        return (a,)
    b = state.sentence("b", examples)
    st.session_state.setdefault("map_third", _other(examples, a, b))
    third = st.text_input(
        _("Third sentence (C)"), key="map_third", persist_state="session", max_chars=2_000
    )
    st.caption(
        _(
            "Through A: “{a}” and B: “{b}” Use as A and Use as B, beside a sentence, choose "
            "others.",
            a=controls.plain_markdown(a),
            b=controls.plain_markdown(b),
        )
    )
    return a, b, (third or "").strip() or _other(examples, a, b)


def _other(examples: Sequence[str], *taken: str) -> str:
    return next((s for s in examples if s not in taken), "")


def _dimensions(explorer: Explorer) -> tuple[int, int]:
    known = resources.informative(explorer.name)

    def titled(d: int) -> str:
        title = known.titles[d]
        return _("{d} · {title}", d=d, title=title) if title else str(d)

    first = _dimension(_("To the right"), known.order, 0, titled)
    rest = [d for d in known.order if d != first]
    return first, _dimension(_("Up"), rest, 1, titled)


def _dimension(label: str, order: Sequence[int], i: int, titled: Callable[[int], str]) -> int:
    key = f"map_dimension_{i}"
    if st.session_state.get(key) not in order:
        st.session_state.pop(key, None)
    chosen = st.selectbox(
        label, order, key=key, format_func=titled, persist_state="session", width=180
    )
    return int(order[0] if chosen is None else chosen)
