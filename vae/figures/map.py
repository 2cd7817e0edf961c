"""The cloud of sentences, and what is laid over it. Figures only, no Streamlit.

The cloud is built once for a projection and a colour and passed unchanged: Plotly lets go of zoom
and selection when a figure changes in any way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from vae import colours
from vae.figures import frame

Floats = npt.NDArray[np.floating]

CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "displayModeBar": True,
    "modeBarButtonsToRemove": ["autoScale2d", "toImage"],
}

MOST_GROUPS = len(colours.LABELS)
OTHER = "other"


@dataclass(frozen=True)
class Cloud:
    """What is drawn: N points with what is said of each.

    Attributes:
        xy: (N, 2).
        hover: N texts, HTML.
        values: N label values, or numbers of (N,), by which the points are coloured.
        name: what the values are, with their unit.
        true_scale: whether distances in the picture mean something (PCA) or not (UMAP).
    """

    xy: Floats
    hover: Sequence[str]
    values: Sequence[str] | Floats
    name: str
    true_scale: bool


def groups(values: Sequence[str]) -> list[tuple[str, npt.NDArray[np.intp]]]:
    """(value, rows), most frequent first; all beyond seven values are one group, "other".

    An empty value is shown as "none".
    """
    found, counts = np.unique(np.asarray(values, dtype=object).astype(str), return_counts=True)
    ranked = [str(v) for v in found[np.lexsort((found, -counts))]]
    named = ranked if len(ranked) <= MOST_GROUPS else ranked[: MOST_GROUPS - 1]
    array = np.asarray(values, dtype=object).astype(str)
    out = [(v or "none", np.flatnonzero(array == v)) for v in named]
    if len(ranked) > len(named):
        rest = np.flatnonzero(~np.isin(array, named))
        out.append((f"{OTHER} ({len(ranked) - len(named):,} values)", rest))
    return out


def cloud(shown: Cloud, height: int = 620) -> go.Figure:
    """All points; `customdata` of a point is its row, so that a selection can be looked up."""
    fig = frame.figure(height, dragmode="pan", hovermode="closest")
    fig.update_layout(
        margin={"l": 0, "r": 34, "t": 0, "b": 0},
        modebar={"orientation": "v"},
        legend={"itemsizing": "constant", "y": 1.0, "title": {"text": shown.name}},
        hoverlabel={"namelength": 0},
    )
    for axis in (fig.update_xaxes, fig.update_yaxes):
        axis(showgrid=False, showticklabels=False, ticks="", zeroline=False, showline=False)
    if shown.true_scale and len(shown.xy):
        # One unit is as long up as across, or the picture would stretch what it shows.
        width, up = np.ptp(shown.xy, axis=0)
        fig.update_yaxes(scaleanchor="x", scaleratio=1)
        fig.update_layout(height=int(np.clip(660 * up / max(width, 1e-9), 380, height)))
    # Small clouds take larger points.
    size = float(np.clip(320 / np.sqrt(max(len(shown.xy), 1)), 4, 11))
    if isinstance(shown.values, np.ndarray):
        fig.add_trace(_numbers(shown, shown.values, size))
        return fig
    for i, (value, rows) in enumerate(groups(shown.values)):
        rest = value.startswith(OTHER + " (")
        marker = {
            "size": size,
            "opacity": 0.35 if rest else 0.72,
            "color": colours.NEUTRAL if rest else colours.LABELS[i],
            "symbol": "circle" if rest else colours.SYMBOLS[i],
        }
        fig.add_trace(_points(shown, rows, value, marker))
    return fig


def _numbers(shown: Cloud, values: Floats, size: float) -> go.Scattergl:
    low, high = np.percentile(values, [1, 99]) if len(values) else (0.0, 1.0)
    marker = {
        "size": size,
        "opacity": 0.75,
        "color": np.round(values, 2),
        "colorscale": colours.SEQUENTIAL,
        "cmin": float(low),
        "cmax": float(max(high, low + 1e-6)),
        "colorbar": {
            "title": {"text": shown.name, "side": "top"},
            "orientation": "h",
            "y": 1.0,
            "yanchor": "bottom",
            "x": 0,
            "xanchor": "left",
            "len": 0.45,
            "thickness": 10,
        },
    }
    return _points(shown, np.arange(len(shown.xy)), shown.name, marker)


def _points(
    shown: Cloud, rows: npt.NDArray[np.intp], name: str, marker: dict[str, Any]
) -> go.Scattergl:
    xy = np.round(shown.xy[rows], 3)
    return go.Scattergl(
        x=xy[:, 0],
        y=xy[:, 1],
        mode="markers",
        name=name,
        customdata=rows.astype(np.int32),
        hovertext=[shown.hover[i] for i in rows],
        hovertemplate="%{hovertext}<extra></extra>",
        marker=marker,
        selected={"marker": {"opacity": 1.0}},
        unselected={"marker": {"opacity": 0.12}},
    )


def with_hits(fig: go.Figure, xy: Floats, name: str) -> go.Figure:
    """A copy of a cloud with rings around the points that a search found."""
    result = go.Figure(fig)
    result.add_trace(
        go.Scattergl(
            x=xy[:, 0],
            y=xy[:, 1],
            mode="markers",
            name=name,
            hoverinfo="skip",
            marker={
                "size": 12,
                "symbol": "circle-open",
                "color": colours.OWN_SENTENCE,
                "line": {"width": 1.6},
            },
        )
    )
    return result


def with_own(fig: go.Figure, xy: Floats, hover: Sequence[str]) -> go.Figure:
    """A copy of a cloud with numbered own sentences; `customdata` counts down from -1."""
    result = go.Figure(fig)
    result.add_trace(
        # WebGL as the cloud is: plain SVG would lie under it.
        go.Scattergl(
            x=xy[:, 0],
            y=xy[:, 1],
            mode="markers+text",
            name="own sentence",
            text=[str(i + 1) for i in range(len(xy))] if len(xy) <= 40 else None,
            textposition="middle center",
            textfont={"color": "white", "size": 11},
            customdata=-1 - np.arange(len(xy)),
            hovertext=list(hover),
            hovertemplate="%{hovertext}<extra></extra>",
            marker={
                "size": 20 if len(xy) <= 40 else 12,
                "symbol": "circle",
                "color": colours.OWN_SENTENCE,
                "line": {"width": 2, "color": "white"},
            },
        )
    )
    return result
