"""Points in a plane, coloured by what is known of them, and what is laid over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from vae import colours
from vae.figures import frame
from vae.figures.colouring import SCALE_OPACITY, bounds, date_marks, legend_name, look_of
from vae.figures.groups import Scale, groups, with_missing

Floats = npt.NDArray[np.floating]
Rows = npt.NDArray[np.intp]

HEIGHT = 620


def cloud(xy: Floats, values: Sequence[str] | Scale, name: str) -> go.Figure:
    """N points (N, 2), coloured by N categories ("" is none) or by a scale called `name`.

    `customdata` of a point is its row, so that a selection can be looked up.
    """
    fig = frame.figure(HEIGHT, dragmode="pan", hovermode="closest")
    fig.update_layout(
        margin={"l": 0, "r": 34, "t": 0, "b": 0},
        modebar={"orientation": "v"},
        legend={"itemsizing": "constant", "y": 1.0, "title": {"text": name}},
        hoverlabel={"namelength": 0},
    )
    for axis in (fig.update_xaxes, fig.update_yaxes):
        axis(showgrid=False, showticklabels=False, ticks="", zeroline=False, showline=False)
    # Small clouds take larger points; what lies at one place is seen as one.
    places = len(np.unique(np.round(xy, 3), axis=0))
    size = float(np.clip(320 / np.sqrt(max(places, 1)), 4, 11))
    if isinstance(values, Scale):
        known = np.isfinite(values.values)
        rows = np.flatnonzero(known)
        marker = {"size": size, **_scale(values, name)}
        fig.add_trace(_points(xy, rows, name, marker).update(showlegend=False))
        # Beside the bar, which has the name.
        fig.update_layout(legend={"title": {"text": ""}, "x": 0.5, "xanchor": "left"})
        found = with_missing([], ~known)
    else:
        found = groups(values)
    for i, group in enumerate(found):
        look = vars(look_of(group, i))
        fig.add_trace(_points(xy, group.rows, legend_name(group), {"size": size, **look}))
    return fig


def true_to_scale(fig: go.Figure) -> None:
    """Make one unit as long up as across, where distances in the picture mean something."""
    xy = np.concatenate([np.column_stack([trace.x, trace.y]) for trace in fig.data])
    if len(xy):
        width, up = np.ptp(xy, axis=0)
        fig.update_yaxes(scaleanchor="x", scaleratio=1)
        fig.update_layout(height=int(np.clip(660 * up / max(width, 1e-9), 380, HEIGHT)))


def _scale(scale: Scale, name: str) -> dict[str, Any]:
    values = scale.values[np.isfinite(scale.values)]
    low, high = bounds(scale)
    bar: dict[str, Any] = {
        "title": {"text": name, "side": "top"},
        "orientation": "h",
        "y": 1.0,
        "yanchor": "bottom",
        "x": 0,
        "xanchor": "left",
        "len": 0.45,
        "thickness": 10,
    }
    if scale.kind == "date":
        at, texts = date_marks(low, high)
        bar |= {"tickvals": at, "ticktext": texts}
    return {
        "opacity": SCALE_OPACITY,
        "color": np.round(values, 2) if scale.kind == "date" else values.astype(np.float32),
        "colorscale": colours.SEQUENTIAL,
        "cmin": low,
        "cmax": high,
        "colorbar": bar,
    }


def _points(points: Floats, rows: Rows, name: str, marker: dict[str, Any]) -> go.Scattergl:
    # As few bytes as tell the points apart: a figure is sent to everyone who looks at it.
    xy = np.round(points[rows], 3).astype(np.float32)
    return go.Scattergl(
        x=xy[:, 0],
        y=xy[:, 1],
        mode="markers",
        name=name,
        customdata=rows.astype(np.min_scalar_type(len(points))),
        hoverinfo="none",
        marker=marker,
        selected={"marker": {"opacity": 1.0}},
        unselected={"marker": {"opacity": 0.12}},
    )


def with_texts(fig: go.Figure, texts: Sequence[str]) -> None:
    """Let each point of a cloud say its text (HTML) beside the pointer."""
    for trace in fig.data:
        trace.update(
            hovertext=[texts[i] for i in trace.customdata],
            hovertemplate="%{hovertext}<extra></extra>",
            hoverinfo=None,
        )
