"""Map: where do sentences live in the latent space?"""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st
import torch

from pages.common import (
    controls,
    figure_card,
    preparing,
    prose,
    sentence_sets,
    state,
    waiting,
)
from pages.explore._map import data, space
from vae.explorer import Explorer
from vae.figures import map as map_figure
from vae.latent.atlas import Atlas, search
from vae.latent.projection import NEIGHBOURS
from vae.latent.spaces import MODEL

MOST_SHOWN = 500
PROJECTIONS = {"umap": "UMAP", "pca": "PCA"}
CAUTION = {
    "umap": "UMAP keeps neighbours together and nothing else: the distance between two islands, "
    "and how large one is, say nothing of distance in the space itself.",
    "pca": "PCA is a shadow of the space along its two widest directions: points that lie "
    "together here may be far apart in the others.",
}


def main() -> None:
    st.title("Where do sentences live in the latent space?", anchor=False)
    explorer = waiting.explorer(state.chosen_run())
    if explorer is None:
        return
    facts = st.empty()
    atlas = preparing.atlas(explorer)
    if atlas is None:
        return
    if not explorer.latent_dim:
        st.info(
            "This run is a plain language model: it has no latent space, so there is no map. "
            "Choose another run in the sidebar.",
            icon=":material/info:",
        )
        return
    shown, kind, colour, query = choose(atlas)
    seen = space.seen(explorer, atlas, shown)
    if seen is None:
        return
    facts.markdown(facts_line(explorer, seen.atlas, kind) + seen.note)
    left, right = st.columns([2, 1], gap="medium")
    # The text area stands below the map, and the map shows what is in it.
    with left:
        above, below = st.container(), st.container()
    with below:
        own, own_mean = own_sentences(explorer)
    if seen.space != MODEL and own:
        below.caption("Own sentences are placed in the model's space only.")
    with above:
        hits = search(atlas.sentences, query)
        if query.strip():
            sought = controls.plain_markdown(query.strip())
            st.markdown(f"**{len(hits):,}** of {len(atlas):,} sentences hold “{sought}”.")
        selected = show_cloud(explorer, seen, kind, colour, hits, own, own_mean)
    with right, controls.page_error_boundary():
        this_point(explorer, atlas, selected, own, own_mean)
    table = data.frame(explorer, seen)
    with above:
        rows = [r for r in selected if r >= 0]
        if rows:
            listing(table.iloc[rows], f"Selected: {len(rows):,} sentences", "selection")
        elif query.strip() and len(hits):
            listing(table.iloc[hits], f"Found: {len(hits):,} sentences", "found")
    figure_card.data(
        lambda: table,
        key="map",
        file_name=f"{explorer.name}-map",
        label=f"All {len(table):,} points as a table",
    )


def choose(atlas: Atlas) -> tuple[str, str, str, str]:
    """Space, projection, colour and search text."""
    options = data.colourings(atlas)
    if st.session_state.get("map_colour") not in options:
        # A column of the other run.
        st.session_state.pop("map_colour", None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        colour = st.selectbox(
            "Colour by",
            options,
            index=options.index("tense") if "tense" in options else 0,
            key="map_colour",
            format_func=lambda name: data.MEASURES.get(name, name),
            persist_state="session",
            width=180,
        )
        shown = space.choose()
        kind = st.segmented_control(
            "Projection",
            list(PROJECTIONS),
            default="umap",
            required=True,
            format_func=PROJECTIONS.__getitem__,
            key="map_projection",
            persist_state="session",
        )
        query = st.text_input(
            "Search",
            key="map_search",
            placeholder="words that a sentence holds",
            icon=":material/search:",
            max_chars=200,
            persist_state="session",
            width=240,
        )
    return shown, kind or "umap", colour, query


def facts_line(explorer: Explorer, atlas: Atlas, kind: str) -> str:
    """How much is shown, and how far the picture can be trusted."""
    total = len(atlas) + atlas.missing
    shown = f"**{len(atlas):,}** of {total:,} sentences shown"
    if atlas.fresh:
        shown += ", encoded on this machine"
    value = data.trust(atlas, kind)
    if math.isnan(value):
        trust = "trustworthiness not measured: too few sentences"
    else:
        trust = (
            f"trustworthiness of this picture **{value:.2f}** "
            f"(k = {NEIGHBOURS}, n = {atlas.projection.trust_sample:,})"
        )
    if kind == "pca":
        share = float(atlas.projection.pca_explained.sum())
        trust += f", {share:.0%} of the variance"
    return f"{shown}; {trust}."


def show_cloud(
    explorer: Explorer,
    seen: space.Seen,
    kind: str,
    colour: str,
    hits: data.Rows,
    own: list[str],
    own_mean: torch.Tensor | None,
) -> list[int]:
    """The map; returns the rows that are selected, own sentences as -1, -2, ..."""
    figure, atlas = data.cloud(explorer, kind, colour, seen), seen.atlas
    coordinates = getattr(atlas.projection, kind)
    if len(hits):
        figure = map_figure.with_hits(figure, coordinates[hits], f"{len(hits):,} found")
    if own_mean is not None and seen.space == MODEL:
        placed = atlas.projection.place(own_mean.numpy(), atlas.mean, kind)
        hover = [data.point_text(s, {}, "own sentence") for s in own]
        figure = map_figure.with_own(figure, placed, hover)
    event = st.plotly_chart(
        figure,
        key=f"map_chart_{explorer.name}_{seen.space}_{kind}_{colour}",
        on_select="rerun",
        config=map_figure.CONFIG,
        alt=f"{PROJECTIONS[kind]} map of {len(atlas):,} sentences of the run {explorer.name}, "
        f"coloured by {colour}, as {seen.by} sorts them; the table below the map has every point.",
    )
    st.caption(
        f"Look for colours that keep together: {seen.by} sorts sentences by that label. One even "
        "mixture means that these two dimensions do not show it; for every colouring alike, that "
        "is a bad sign. Click a point to read it; choose box or lasso above the map and drag to "
        f"select many. {CAUTION[kind]}"
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
    st.subheader("Place your own sentences", anchor=False)
    st.session_state.setdefault("map_own", state.get("a") or "")
    with st.form("map_own_form", border=False):
        text = st.text_area(
            f"One sentence a line, up to {data.MOST_OWN}",
            key="map_own",
            placeholder="Those children did not like eating the bland soup yesterday.",
            persist_state="session",
            max_chars=40_000,
            height=110,
        )
        st.form_submit_button("Place on the map", icon=":material/add_location:")
    st.caption(
        "The map is not fitted again. PCA places a point exactly; UMAP puts it among its "
        f"{NEIGHBOURS} nearest sentences, weighted by distance."
    )
    sentences, left_out = data.own_lines(text or "")
    if left_out:
        st.warning(f"{left_out:,} lines beyond {data.MOST_OWN} were left out.")
    with controls.page_error_boundary():
        sentences, unread = data.readable(explorer, sentences)
        if unread:
            begun = {f"{i}. “{s[:40]}”": why for i, (s, why) in enumerate(unread.items(), start=1)}
            st.warning(controls.left_out(begun, most=3))
        if not sentences:
            return [], None
        for sentence in sentences[:3]:
            controls.unknown_words(sentence, explorer)
        return sentences, torch.from_numpy(data.own_means(explorer, sentences))
    return [], None


def this_point(
    explorer: Explorer,
    atlas: Atlas,
    selected: list[int],
    own: list[str],
    own_mean: torch.Tensor | None,
) -> None:
    """The sentence that was clicked, what is known of it, and its neighbours."""
    if selected:
        row, why = selected[0], "This point"
        if len(selected) > 1:
            why = f"First of {len(selected):,} selected points"
    elif own:
        row, why = -1, "Your sentence"
    else:
        row, why = 0, "The first sentence; click a point to see another"
    st.markdown(f"**{why}**")
    if row < 0 and own_mean is not None:
        sentence, z, labels = own[-1 - row], own_mean[-1 - row], {}
    else:
        sentence, z = atlas.sentences[row], torch.from_numpy(atlas.mean[row])
        labels = {k: v[row] for k, v in atlas.labels.items() if v[row]}
    prose.show(sentence)
    rate = "" if row < 0 else f"{float(data.frame(explorer)['rate'].iat[row]):.1f} nats, "
    st.caption(
        f"{rate}{len(sentence.split())} words"
        + "".join(
            f" · {controls.plain_markdown(k)} **{controls.plain_markdown(v)}**"
            for k, v in labels.items()
        )
    )
    use_as(sentence, "this")
    st.markdown("**Nearest five** (distance between posterior means)")
    found = explorer.neighbours(z[None], 6)[0]
    nearest = [n for n in found if row < 0 or n.row != row][:5]
    for i, neighbour in enumerate(nearest):
        with st.container(gap=None):
            prose.show(neighbour.sentence, before=sentence, size="normal")
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.caption(f"`{neighbour.distance:.2f}`", width="content")
                use_as(neighbour.sentence, f"near_{i}")
    st.caption("Marked words differ from the sentence above.")
    st.page_link(
        "pages/explore/interpolate.py", label="Walk from A to B", icon=":material/linear_scale:"
    )


def use_as(sentence: str, key: str) -> None:
    """Two buttons that take a sentence along to Interpolate."""
    with st.container(horizontal=True, gap="small", width="content"):
        for end in ("a", "b"):
            taken = state.get(end) == sentence
            st.button(
                f"Is {end.upper()}" if taken else f"Use as {end.upper()}",
                key=f"use_{key}_{end}",
                type="tertiary",
                icon=":material/check:" if taken else ":material/add:",
                on_click=state.set_sentence,
                args=(end, sentence),
            )


def listing(rows: pd.DataFrame, title: str, name: str) -> None:
    """Selected or found sentences: the first rows to read, all to download."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(title, anchor=False)
        figure_card.download(rows, key=f"map_{name}", file_name=f"{state.chosen_run()}-{name}")
    sentence_sets.use_buttons(rows["sentence"].tolist(), f"map_{name}")
    st.dataframe(rows.head(MOST_SHOWN), hide_index=True, height=300, key=f"map_{name}_table")
    if len(rows) > MOST_SHOWN:
        st.caption(f"The first {MOST_SHOWN} are shown; the download has all {len(rows):,}.")


with controls.page_error_boundary():
    main()
