"""The choice of a picture, and of what it is laid by: dimensions or sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from pages.common import controls, links, resources, seeds, state
from pages.explore._map import picture as pictures
from pages.explore._map.picture import (
    AROUND,
    BY_SENTENCES,
    DIMENSIONS,
    PICTURES,
    WITH_REST,
    At,
    Picture,
)
from pages.explore._map.space import Seen
from vae.explorer import Explorer
from vae.figures import map as maps
from vae.i18n import Message, _, message
from vae.latent.spaces import MODEL

OFFERED: Mapping[str, str | Message] = {
    **PICTURES,
    "umap": message("neighbours (UMAP)"),
    "pca": message("shadow (PCA)"),
    DIMENSIONS: message("two dimensions"),
}


def kind(explorer: Explorer, space: str) -> str:
    """Which picture; of other spaces than the model's none is a plane through its latents."""
    planes = space == MODEL and explorer.latent_dim > 1
    offered = [name for name in PICTURES if planes or name in maps.PROJECTIONS]
    state.keep_among("map_projection", offered)
    chosen = st.segmented_control(
        _("Projection"),
        offered,
        default="umap",
        required=True,
        format_func=lambda name: str(OFFERED[name]),
        help=_(
            "How a space of many dimensions is laid flat. UMAP keeps neighbours together, PCA is "
            "the shadow of the space from its widest side; two dimensions are shown as they are."
        ),
        key="map_projection",
        persist_state="session",
    )
    return chosen or "umap"


def picture(explorer: Explorer, seen: Seen, kind: str) -> Picture:
    """The picture of an atlas, with what it is laid by as a person chooses it.

    Raises:
        UserError: as `pages.explore._map.picture.picture`, or the run offers no sentence.
    """
    if kind not in WITH_REST or seen.space != MODEL:
        return pictures.picture(explorer, seen, kind, at(explorer, kind))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        laid_by = _dimensions(explorer) if kind == DIMENSIONS else ()
        rest = _rest()
    return pictures.picture(explorer, seen, kind, laid_by, rest)


def _rest() -> str:
    """Where all lies that the picture does not show."""
    names = {"mean": _("the mean"), "sentence": _("sentence A"), "drawn": _("a draw")}
    st.segmented_control(
        _("Everything else at"),
        links.RESTS,
        format_func=names.__getitem__,
        required=True,
        help=_(
            "A picture shows two directions. A place has a latent only when the others are set: to "
            "the mean of all sentences, as in sentence A, or as in a draw."
        ),
        **state.widget("rest"),
    )
    rest = str(state.get("rest"))
    if rest == "drawn":
        seeds.draw_again()
    return rest


def at(explorer: Explorer, picture: str) -> At:
    """What a picture is laid by.

    Raises:
        UserError: the run offers no sentence to begin with.
    """
    if picture not in BY_SENTENCES:
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
    state.keep_among(key, order)
    chosen = st.selectbox(
        label, order, key=key, format_func=titled, persist_state="session", width=180
    )
    return int(order[0] if chosen is None else chosen)
