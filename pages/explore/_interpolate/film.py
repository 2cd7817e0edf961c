"""The film strip of a path: its steps below each other, and how far each can be trusted."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.common import figure_card, prose, resources
from vae.explorer import Explorer, PathPoint
from vae.figures.waypoints import waypoints
from vae.i18n import _, pgettext
from vae.i18n.numbers import number
from vae.latent.changes import marked


def frames_of(path: tuple[PathPoint, ...], steps: int) -> tuple[PathPoint, ...]:
    """The points of the film strip."""
    return path[:: (len(path) - 1) // (steps - 1)]


def table(frames: tuple[PathPoint, ...]) -> pd.DataFrame:
    """The film strip as a table."""
    return pd.DataFrame(
        {
            pgettext("column", "step"): range(len(frames)),
            "t": [round(frame.t, 4) for frame in frames],
            pgettext("column", "sentence"): [frame.sentence for frame in frames],
            **(
                {}
                if any(frame.log_prior is None for frame in frames)
                else {_("log p(z), nats"): [round(frame.log_prior, 2) for frame in frames]}
            ),
            pgettext("column", "repeats"): [
                i > 0 and frame.sentence == frames[i - 1].sentence for i, frame in enumerate(frames)
            ],
        }
    )


def show(frames: tuple[PathPoint, ...], t: float) -> None:
    """One line a step; the step nearest to the slider has a bar at its left."""
    lines = []
    for i, frame in enumerate(frames):
        before = frames[i - 1].sentence if i else None
        text = prose.html(marked(frame.sentence, before)) or _("(nothing)")
        if frame.sentence == before:
            text += f" {prose.note(_('✓ repeats'))}"
        lines.append([text, f"{frame.t:.2f}", *density(frame)])
    nearest = min(range(len(frames)), key=lambda i: abs(frames[i].t - t))
    headings = [pgettext("column", "sentence"), "t", _("log p(z), nats")]
    prose.table(headings[: len(lines[0])], lines, nearest)


def density(point: PathPoint) -> list[str]:
    """log p(z) as it is written; nothing where there is no prior."""
    return [] if point.log_prior is None else [number(point.log_prior, ".1f")]


def show_waypoints(explorer: Explorer, frames: tuple[PathPoint, ...]) -> None:
    """How the points lie to the prior, the training sentences and their own way back."""
    with st.spinner(_("Measuring the points")):
        figure = waypoints(resources.waypoints(explorer, frames))
    figure_card.plotly(figure.plot, key="waypoints_chart", alt=figure.alt)
    st.caption(figure.look_for)
    table = figure.table()
    st.dataframe(table, hide_index=True)
    figure_card.download(table, key="waypoints", file_name=f"waypoints-{explorer.name}")
