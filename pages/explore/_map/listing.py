"""The sentences that were selected or found: the first ones to read, all to download."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.common import controls, figure_card, sentence_sets, state
from vae.figures import map as maps
from vae.i18n import _
from vae.latent import large_atlas
from vae.latent.atlas import Atlas

MOST_SHOWN = 500  # rows of a table that are sent at once


def say_found(n: int, total: int, query: str) -> None:
    """How many sentences a search found."""
    st.markdown(
        _(
            "**{n:,}** of {total:,} sentences hold “{sought}”.",
            n=n,
            total=total,
            sought=controls.plain_markdown(query.strip()),
        )
    )


def show(atlas: Atlas, chosen: Sequence[int] | maps.Rows, title: str, name: str) -> None:
    """Selected or found sentences: the first rows to read, all to download, up to a bound."""
    rows = chosen[: large_atlas.MOST_IN_TABLE]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(title, anchor=False)
        # Made when it is asked for: a table of all would be waited for at each selection.
        figure_card.download_later(
            lambda: maps.points(atlas, rows),
            len(rows),
            key=f"map_{name}",
            file_name=f"{state.chosen_run()}-{name}",
        )
    sentence_sets.use_buttons(
        lambda: [atlas.sentences[row] for row in rows], len(rows), f"map_{name}"
    )
    shown = maps.points(atlas, rows[:MOST_SHOWN])
    st.dataframe(shown, hide_index=True, height=300, key=f"map_{name}_table")
    if len(rows) > MOST_SHOWN:
        st.caption(
            _(
                "The first {most} are shown; the download has all {n:,}.",
                most=MOST_SHOWN,
                n=len(rows),
            )
        )
    if len(chosen) > large_atlas.MOST_IN_TABLE:
        st.warning(
            _(
                "Tables and downloads hold up to {most:,} points: these are the first of {n:,}. "
                "Select fewer to have all.",
                most=large_atlas.MOST_IN_TABLE,
                n=len(chosen),
            )
        )
