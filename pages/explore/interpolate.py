"""What lies between two sentences?"""

import math

import numpy as np
import pandas as pd
import streamlit as st

from pages.common import (
    controls,
    figure_card,
    job_panel,
    links,
    prose,
    resources,
    state,
)
from pages.common.components import path_map, sentence_slider
from pages.explore._interpolate import charts
from pages.explore._sentence import xray_data
from vae.explorer import Explorer, PathPoint

FILM_STEPS = (7, 11, 13, 21, 31, 61)  # each divides the 60 intervals of the path


def end_input(label: str, end: state.End, explorer: Explorer) -> None:
    """A sentence to type, or the point that another page chose."""
    point = state.point(end, explorer.latent_dim)
    if point is None:
        controls.sentence_input(label, end, explorer)
        return
    st.caption(f"{label}: a point chosen on the page Dimensions. The model says there:")
    prose.show(explorer.decode(point[None])[0])
    st.button(
        "Type a sentence instead",
        key=f"type_{end}",
        icon=":material/edit:",
        on_click=state.clear_point,
        args=(end,),
    )


def journey_end(end: state.End, explorer: Explorer):  # a sentence or a point (Z,)
    """What the path starts from or leads to."""
    point = state.point(end, explorer.latent_dim)
    return state.sentence(end, explorer.examples()) if point is None else point


def stops(path: tuple[PathPoint, ...]) -> list[sentence_slider.Point]:
    """The path for the slider; words that changed since the last different sentence are marked."""
    out, different, last = [], None, None
    for point in path:
        if last is not None and point.sentence != last:
            different = last
        last = point.sentence
        out.append(
            sentence_slider.Point(
                prose.marked(point.sentence, different),
                f"t = {point.t:.2f} · log p(z) = {prose.number(point.log_prior, '.1f')} nats",
                f"t = {point.t:.2f}",
            )
        )
    return out


def film_frames(path: tuple[PathPoint, ...], steps: int) -> tuple[PathPoint, ...]:
    """The points of the film strip."""
    return path[:: (len(path) - 1) // (steps - 1)]


def film_rows(frames: tuple[PathPoint, ...]) -> pd.DataFrame:
    """The film strip as a table."""
    said = [frame.sentence for frame in frames]
    return pd.DataFrame(
        {
            "step": range(len(frames)),
            "t": [round(frame.t, 4) for frame in frames],
            "sentence": said,
            "log_prior_nats": [round(frame.log_prior, 2) for frame in frames],
            "repeats": [i > 0 and said[i] == said[i - 1] for i in range(len(said))],
        }
    )


def show_film(rows: pd.DataFrame, t: float) -> None:
    """One line a step; the step nearest to the slider has a bar at its left."""
    said = rows["sentence"].tolist()
    lines = []
    for i, row in enumerate(rows.itertuples()):
        text = prose.html(prose.marked(said[i], said[i - 1] if i else None)) or "(nothing)"
        if row.repeats:
            text += f" {prose.note('✓ repeats')}"
        lines.append([text, f"{row.t:.2f}", prose.number(row.log_prior_nats, ".1f")])
    nearest = int((rows["t"] - t).abs().argmin())
    prose.table(["sentence", "t", "log p(z), nats"], lines, nearest)


@st.fragment
@controls.page_error_boundary()
def journey(explorer: Explorer) -> None:
    """The slider, the film strip and the map; a move of the slider reruns this much only."""
    path = resources.path(
        explorer_name,
        journey_end("a", explorer),
        journey_end("b", explorer),
        state.get("method"),
        state.get("decode"),
        state.get("seed"),
    )
    at = round(state.get("t") * (len(path) - 1))
    points = stops(path)
    changes = [i for i in range(1, len(path)) if path[i].sentence != path[i - 1].sentence]
    line = sentence_slider.Line(
        id="t",
        label="Position between sentence A and sentence B",
        points=points,
        at=at,
        low=sentence_slider.End("A", [(path[0].sentence, False)]),
        high=sentence_slider.End("B", [(path[-1].sentence, False)]),
        ticks=changes,
    )
    sentence_slider.show(
        points[at],
        [line],
        lambda _, index: state.put("t", round(index / (len(path) - 1), 4)),
        key="interpolate_slider",
    )
    z = explorer.latent_dim
    usual = -0.5 * z * (1 + math.log(2 * math.pi))
    st.caption(
        f"The sentence changes {len(changes)} times on the way (a mark under the slider for each). "
        "Words that are new are underlined. log p(z) is the density of the prior N(0, I) at the "
        f"point: a random draw has {prose.number(usual, '.1f')} "
        f"± {math.sqrt(z / 2):.1f} nats (mean ± standard deviation, {z} dimensions)."
    )
    film, chart = st.columns([3, 2], gap="large")
    with film:
        st.subheader("Which words change, and when?", anchor=False)
        steps = st.segmented_control(
            "Steps", FILM_STEPS, default=11, key="film_steps", required=True, width="content"
        )
        frames = film_frames(path, steps or 11)
        rows = film_rows(frames)
        show_film(rows, path[at].t)
        st.caption(
            "Good: each step reads as English and changes little. Bad: broken sentences in the "
            "middle, or one jump from A to B."
        )
        st.download_button(
            "Download the film strip (CSV)",
            rows.to_csv(index=False).encode("utf-8"),
            f"interpolation-{explorer.name}.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        show_waypoints(explorer, frames)
    with chart:
        show_map(explorer, path, at)


def show_waypoints(explorer: Explorer, frames: tuple[PathPoint, ...]) -> None:
    """How the points lie to the prior, the training sentences and their own way back, on demand."""
    opened = st.expander(
        "Can these points be trusted?",
        icon=":material/straighten:",
        key="waypoints",
        on_change="rerun",
    )
    if not opened.open:
        return
    with opened:
        table = xray_data.waypoints(explorer, frames)
        figure_card.plotly(
            charts.waypoints(table),
            key="waypoints_chart",
            alt=f"{len(table)} points from A to B: their distance from the origin against the "
            "prior's shell, and, where known, their distances to the nearest training sentence and "
            "to their own words read again.",
        )
        st.caption(charts.look_for(table, explorer.latent_dim))
        st.dataframe(table, hide_index=True)
        figure_card.download(table, key="waypoints", file_name=f"waypoints-{explorer.name}")


def show_map(explorer: Explorer, path: tuple[PathPoint, ...], at: int) -> None:
    """The path over the cloud of the corpus."""
    st.subheader("Where does the path run on the map?", anchor=False)
    atlas = job_panel.atlas(explorer)
    if atlas is None:
        return
    kind = st.segmented_control(
        "Map", ("PCA", "UMAP"), default="PCA", key="path_map_kind", required=True, width="content"
    )
    kind = "umap" if kind == "UMAP" else "pca"
    cloud = getattr(atlas.projection, kind)
    z = np.stack([point.z.numpy() for point in path])
    placed = atlas.projection.place(z, atlas.mean, kind)
    path_map.show(
        cloud,
        placed,
        at,
        "t",
        f"{len(cloud):,} sentences as a cloud in {kind.upper()} coordinates, with the path from "
        "A to B drawn as a line and the current position as a dot.",
        key="path_map",
    )
    explained = atlas.projection.pca_explained
    st.caption(
        f"PCA: two directions that hold {100 * float(explained.sum()):.0f}% of the variance of "
        f"{len(cloud):,} posterior means; the path's shadow is exact."
        if kind == "pca"
        else "UMAP is not linear: a point of the path is put among its 15 nearest sentences, so "
        "the path may jump where the map is torn. Only neighbourhoods mean something here."
    )


with controls.page_error_boundary():
    st.title("What lies between two sentences?", anchor=False)
    explorer_name = state.chosen_run()
    explorer = job_panel.required_explorer(explorer_name)
    controls.require_latents(explorer)

    left, right = st.columns(2, gap="medium")
    with left:
        end_input("Sentence A", "a", explorer)
    with right:
        end_input("Sentence B", "b", explorer)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            "Path",
            links.METHODS,
            required=True,
            width="content",
            help="lerp: the straight line. slerp: along the sphere, where the prior has its mass.",
            **state.widget("method"),
        )
        st.segmented_control(
            "Words",
            links.DECODERS,
            required=True,
            width="content",
            help="greedy: the likeliest word each time. sampled: drawn; same seed, same words.",
            **state.widget("decode"),
        )
        if state.get("decode") == "sampled":
            st.number_input("Seed", 0, links.MOST_SEED, step=1, width=160, **state.widget("seed"))
        st.button(
            "Swap A and B",
            icon=":material/swap_horiz:",
            on_click=state.swap_ends,
            args=(explorer.examples(),),
        )
    journey(explorer)
