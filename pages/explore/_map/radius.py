"""A circle around a sentence or a place, and what the model says in it."""

from __future__ import annotations

import pandas as pd
import streamlit as st
import torch

from pages.common import prose, resources
from vae.explorer import Explorer
from vae.i18n import _, ngettext, pgettext
from vae.latent.surroundings import Surroundings, surroundings

RADII = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Standard deviations; 1 is how wide the prior is around its middle."""
DRAWS = 32
MOST_SAID = 6
_ON, _AT = "map_around_it", "map_radius"


def chosen() -> float | None:
    """The radius of the circle, before it is drawn; None without one."""
    if not st.session_state.get(_ON):
        return None
    radius = st.session_state.get(_AT, 0.5)
    return radius if radius in RADII else 0.5


def show(explorer: Explorer, z: torch.Tensor) -> None:
    """Draws from around a latent (Z,), by how often each sentence is said."""
    if not st.toggle(_("Draw from around it"), key=_ON, persist_state="session"):
        return
    radius = st.select_slider(
        _("Radius, standard deviations (the prior has 1)"),
        RADII,
        value=0.5,
        key=_AT,
        persist_state="session",
    )
    with st.spinner(_("Drawing sentences")):
        found = _found(explorer, z)
    i = RADII.index(radius)
    st.caption(
        ngettext(
            "{n:,} draws from N(z, r² I) say {distinct:,} sentence.",
            "{n:,} draws from N(z, r² I) say {distinct:,} sentences.",
            found.distinct[i],
            n=found.n,
            distinct=found.distinct[i],
        )
    )
    own = found.said[0][0][0]
    for sentence, count in found.said[i][:MOST_SAID]:
        with st.container(gap=None):
            prose.show(sentence, before=own, size="normal")
            st.caption(f"`{count / found.n:.0%}`")
    st.dataframe(_table(found), hide_index=True, height=200)


def _table(found: Surroundings) -> pd.DataFrame:
    own = found.said[0][0][0]
    return pd.DataFrame(
        {
            pgettext("column", "radius"): found.radii,
            pgettext("column", "different sentences"): found.distinct,
            pgettext("column", "share of the sentence itself"): [
                dict(said).get(own, 0) / found.n for said in found.said
            ],
        }
    )


@resources.shared(max_entries=60)
def _found(explorer: Explorer, z: torch.Tensor) -> Surroundings:
    generator = torch.Generator().manual_seed(0)
    return surroundings(explorer, z, RADII, DRAWS, generator)
