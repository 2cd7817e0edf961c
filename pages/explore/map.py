"""Where do sentences live in the latent space?"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

import pandas as pd
import streamlit as st
import torch

from pages.common import (
    controls,
    figure_card,
    job_panel,
    resources,
    sentence_sets,
    state,
)
from pages.explore._map import data, downloads, point, space, tooltip
from vae.errors import UserError
from vae.explorer import Explorer
from vae.figures import cloud, map_words
from vae.figures import map as maps
from vae.i18n import _, listed, ngettext, sentences
from vae.latent.atlas import Atlas, search
from vae.latent.projection import NEIGHBOURS
from vae.latent.spaces import MODEL

MOST_SHOWN = 500
MOST_LEFT_OUT = 3
CHART = "map_cloud"


def main() -> None:
    st.title(_("Where do sentences live in the latent space?"), anchor=False)
    explorer = job_panel.explorer(state.chosen_run())
    if explorer is None:
        return
    facts = st.empty()
    atlas = job_panel.atlas(explorer)
    if atlas is None:
        return
    if not explorer.latent_dim:
        st.info(
            _(
                "This run is a plain language model: it has no latent space, so there is no map. "
                "Choose another run in the sidebar."
            ),
            icon=":material/info:",
        )
        return
    shown, projection, colour, query = choose(atlas)
    seen = space.seen(explorer, atlas, shown)
    if seen is None:
        return
    known = (how_many(atlas), maps.distinct(atlas), maps.trust(seen.atlas, projection), seen.note)
    facts.markdown(sentences(*known))
    left, right = st.columns([2, 1], gap="medium")
    # The text area stands below the map, and the map shows what is in it.
    with left:
        above, below = st.container(), st.container()
    with below:
        own, own_mean = own_sentences(explorer)
    if seen.space != MODEL and own:
        below.caption(_("Own sentences are placed in the model's space only."))
    with above:
        hits = search(atlas.sentences, query)
        if query.strip():
            say_found(len(hits), len(atlas), query)
        selected = show_cloud(explorer, seen, projection, colour, hits, own, own_mean)
    shown_now = point.choose(selected, query, hits, own)
    with right, controls.page_error_boundary():
        point.show(explorer, atlas, shown_now, own, own_mean)
    with above:
        label = maps.label_of(atlas, colour)
        tooltip.show(data.words(explorer, atlas), label, shown_now.row, CHART)
        rows = [r for r in selected if r >= 0]
        if rows and not shown_now.found:
            title = ngettext("Selected: {n:,} sentence", "Selected: {n:,} sentences", len(rows))
            listing(maps.points(seen.atlas, rows), title, "selection")
        elif len(hits):
            title = ngettext("Found: {n:,} sentence", "Found: {n:,} sentences", len(hits))
            listing(maps.points(seen.atlas, hits), title, "found")
    figure_card.data(
        lambda: maps.points(seen.atlas),
        key="map",
        file_name=f"{explorer.name}-map",
        label=_("All {n:,} points as a table", n=len(atlas)),
    )
    downloads.show(explorer)


def choose(atlas: Atlas) -> tuple[str, str, str, str]:
    """Space, projection, colour and search text."""
    options = maps.colourings(atlas)
    if st.session_state.get("map_colour") not in options:
        # A column of the other run.
        st.session_state.pop("map_colour", None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        colour = st.selectbox(
            _("Colour by"),
            options,
            index=options.index("tense") if "tense" in options else 0,
            key="map_colour",
            placeholder=_("Choose"),
            format_func=maps.colouring_name,
            persist_state="session",
            width=180,
        )
        shown = space.choose()
        projection = st.segmented_control(
            _("Projection"),
            list(maps.PROJECTIONS),
            default="umap",
            required=True,
            format_func=maps.PROJECTIONS.__getitem__,
            key="map_projection",
            persist_state="session",
        )
        query = st.text_input(
            _("Search"),
            key="map_search",
            placeholder=_("words that a sentence holds"),
            icon=":material/search:",
            max_chars=200,
            persist_state="session",
            width=240,
        )
    return shown, projection or "umap", colour, query


def how_many(atlas: Atlas) -> str:
    """How many sentences are shown, in a sentence."""
    numbers = {"n": len(atlas), "total": len(atlas) + atlas.missing}
    if atlas.fresh:
        return _("**{n:,}** of {total:,} sentences shown, encoded on this machine.", **numbers)
    return _("**{n:,}** of {total:,} sentences shown.", **numbers)


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


def show_cloud(
    explorer: Explorer,
    seen: space.Seen,
    projection: str,
    colour: str,
    hits: maps.Rows,
    own: list[str],
    own_mean: torch.Tensor | None,
) -> list[int]:
    """The map; returns the rows that are selected, own sentences as -1, -2, ..."""
    with st.spinner(_("Drawing the map")):
        figure, atlas = data.map_figure(explorer, seen, projection, colour), seen.atlas
    plot, coordinates = figure.plot, getattr(atlas.projection, projection)
    if len(hits):
        plot = cloud.with_hits(plot, coordinates[hits])
    if own_mean is not None and seen.space == MODEL:
        placed = atlas.projection.place(own_mean.numpy(), atlas.mean, projection)
        plot = cloud.with_own(plot, placed, map_words.own_texts(own))
    with st.container(key=CHART):
        event = st.plotly_chart(
            plot,
            key=f"map_chart_{explorer.name}_{seen.space}_{projection}_{colour}",
            on_select="rerun",
            config=maps.config(),
            alt=_("{what} The table below the map has every point.", what=figure.alt),
        )
    st.caption(
        _(
            "{look_for} Click a point to read it; choose box or lasso at the right edge of the map "
            "and drag to select many.",
            look_for=figure.look_for,
        )
    )
    ids = [int(i) for p in event.selection.points if (i := row_id(p)) is not None]
    return [i for i in dict.fromkeys(ids) if -len(own) <= i < len(atlas)]


def row_id(point: dict[str, object]) -> int | None:
    """The row that a selected point stands for."""
    value = point.get("customdata")
    value = value[0] if isinstance(value, list | tuple) and value else value
    return int(value) if isinstance(value, int | float) else None


def own_sentences(explorer: Explorer) -> tuple[list[str], torch.Tensor | None]:
    """The person's own sentences, and their posterior means (N, Z)."""
    st.subheader(_("Place your own sentences"), anchor=False)
    st.session_state.setdefault("map_own", state.get("a") or "")
    example = ""
    with contextlib.suppress(UserError):
        example = next(iter(resources.starters(explorer)), "")
    with st.form("map_own_form", border=False):
        text = st.text_area(
            _("One sentence a line, up to {most}", most=data.MOST_OWN),
            key="map_own",
            placeholder=example,
            persist_state="session",
            max_chars=40_000,
            height=110,
        )
        st.form_submit_button(_("Place on the map"), icon=":material/add_location:")
    controls.lines_help(text or "", (explorer,), "map_own", add_own)
    st.caption(
        _(
            "The map is not fitted again. PCA places a point exactly; UMAP puts it among its {k} "
            "nearest sentences, weighted by distance.",
            k=NEIGHBOURS,
        )
    )
    sentences, left_out = data.own_lines(text or "")
    if left_out:
        st.warning(
            ngettext(
                "{n:,} line beyond {most} was left out.",
                "{n:,} lines beyond {most} were left out.",
                left_out,
                most=data.MOST_OWN,
            )
        )
    with controls.page_error_boundary():
        with st.spinner(_("Encoding your sentences")):
            sentences, unread = data.readable(explorer, sentences)
        if unread:
            st.warning(why_left_out(unread))
        if not sentences:
            return [], None
        for sentence in sentences[:3]:
            controls.unknown_words(sentence, explorer)
        return sentences, torch.from_numpy(data.own_means(explorer, sentences))
    return [], None


def add_own(sentence: str) -> None:
    """One more sentence to place, on a line of its own."""
    before = str(st.session_state.get("map_own") or "").rstrip()
    st.session_state["map_own"] = f"{before}\n{sentence}".lstrip()


def why_left_out(unread: Mapping[str, str]) -> str:
    """Which sentences were left out and why, the first few and how many more there are."""
    begun = [
        _(
            "{i}. “{sentence}”: {why}",
            i=i,
            sentence=controls.plain_markdown(sentence[:40]),
            why=controls.plain_markdown(why.rstrip(".")),
        )
        for i, (sentence, why) in enumerate(unread.items(), start=1)
    ]
    if (more := len(begun) - MOST_LEFT_OUT) > 0:
        begun[MOST_LEFT_OUT:] = [ngettext("{n:,} more", "{n:,} more", more)]
    return _("Left out: {sentences}.", sentences=listed(begun, "clauses"))


def listing(rows: pd.DataFrame, title: str, name: str) -> None:
    """Selected or found sentences: the first rows to read, all to download."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(title, anchor=False)
        figure_card.download(rows, key=f"map_{name}", file_name=f"{state.chosen_run()}-{name}")
    sentence_sets.use_buttons(rows.iloc[:, 0].tolist(), f"map_{name}")
    st.dataframe(rows.head(MOST_SHOWN), hide_index=True, height=300, key=f"map_{name}_table")
    if len(rows) > MOST_SHOWN:
        st.caption(
            _(
                "The first {most} are shown; the download has all {n:,}.",
                most=MOST_SHOWN,
                n=len(rows),
            )
        )


with controls.page_error_boundary():
    main()
