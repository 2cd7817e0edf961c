"""Points in a plane, coloured by what is known of them, and what is laid over them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from vae import colours
from vae.figures import frame
from vae.i18n import _, ngettext, pgettext
from vae.i18n.numbers import number

Floats = npt.NDArray[np.floating]
Rows = npt.NDArray[np.intp]

MOST_GROUPS = len(colours.LABELS)
RANGES = 5
HEIGHT = 620


@dataclass(frozen=True)
class Group:
    """Points of one value of a label.

    Attributes:
        value: it may be empty.
        rows: which points.
        others: how many values it stands for, where it is the rest; else 0.
    """

    value: str
    rows: Rows
    others: int = 0

    @property
    def name(self) -> str:
        """The value as a person reads it."""
        if self.others:
            return ngettext("other ({n:,} value)", "other ({n:,} values)", self.others)
        return self.value or pgettext("value", "none")


def groups(values: Sequence[str]) -> list[Group]:
    """The values of a label, most frequent first; all beyond seven are one group, the rest."""
    array = np.asarray(values, dtype=object).astype(str)
    found, counts = np.unique(array, return_counts=True)
    ranked = [str(v) for v in found[np.lexsort((found, -counts))]]
    named = ranked if len(ranked) <= MOST_GROUPS else ranked[: MOST_GROUPS - 1]
    out = [Group(v, np.flatnonzero(array == v)) for v in named]
    if others := len(ranked) - len(named):
        out.append(Group("", np.flatnonzero(~np.isin(array, named)), others))
    return out


def numbers(values: Sequence[str]) -> Floats | None:
    """The values (n,) of a label as numbers, NaN where one is empty; None where they are names.

    Few different numbers are names too.
    """
    try:
        found = np.array([float(v) if v else math.nan for v in values])
    except ValueError:
        return None
    return found if len(np.unique(found[np.isfinite(found)])) > RANGES else None


def ranges(values: Floats) -> list[Group]:
    """Numbers (n,) in at most `RANGES` groups of about equal size, rising; without one at the end.

    One is finite at least.
    """
    known = np.isfinite(values)
    inside = values[known]
    quantiles = np.quantile(inside, np.linspace(0, 1, RANGES + 1)[1:-1], method="nearest")
    edges = np.unique(quantiles[quantiles > inside.min()])
    of = np.where(known, np.searchsorted(edges, values, side="right"), -1)
    found = []
    for g in range(len(edges) + 1):
        rows = np.flatnonzero(of == g)
        low, high = float(values[rows].min()), float(values[rows].max())
        between = _("{low:g} to {high:g}", low=low, high=high)
        found.append(Group(number(low, "g") if low == high else between, rows))
    return found if known.all() else [*found, Group("", np.flatnonzero(~known))]


def cloud(xy: Floats, values: Sequence[str] | Floats, hover: Sequence[str], name: str) -> go.Figure:
    """N points (N, 2), coloured by N labels or numbers called `name`.

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
    # Small clouds take larger points.
    size = float(np.clip(320 / np.sqrt(max(len(xy), 1)), 4, 11))
    if isinstance(values, np.ndarray):
        marker = {"size": size, **_scale(values, name)}
        fig.add_trace(_points(xy, np.arange(len(xy)), hover, name, marker))
        return fig
    for i, group in enumerate(groups(values)):
        marker = {
            "size": size,
            "opacity": 0.35 if group.others else 0.72,
            "color": colours.NEUTRAL if group.others else colours.LABELS[i],
            "symbol": "circle" if group.others else colours.SYMBOLS[i],
        }
        fig.add_trace(_points(xy, group.rows, hover, group.name, marker))
    return fig


def true_to_scale(fig: go.Figure) -> None:
    """Make one unit as long up as across, where distances in the picture mean something."""
    xy = np.concatenate([np.column_stack([trace.x, trace.y]) for trace in fig.data])
    if len(xy):
        width, up = np.ptp(xy, axis=0)
        fig.update_yaxes(scaleanchor="x", scaleratio=1)
        fig.update_layout(height=int(np.clip(660 * up / max(width, 1e-9), 380, HEIGHT)))


def _scale(values: Floats, name: str) -> dict[str, Any]:
    low, high = np.percentile(values, [1, 99]) if len(values) else (0.0, 1.0)
    return {
        "opacity": 0.75,
        "color": np.round(values, 2),
        "colorscale": colours.SEQUENTIAL,
        "cmin": float(low),
        "cmax": float(max(high, low + 1e-6)),
        "colorbar": {
            "title": {"text": name, "side": "top"},
            "orientation": "h",
            "y": 1.0,
            "yanchor": "bottom",
            "x": 0,
            "xanchor": "left",
            "len": 0.45,
            "thickness": 10,
        },
    }


def _points(
    points: Floats, rows: Rows, hover: Sequence[str], name: str, marker: dict[str, Any]
) -> go.Scattergl:
    xy = np.round(points[rows], 3)
    return go.Scattergl(
        x=xy[:, 0],
        y=xy[:, 1],
        mode="markers",
        name=name,
        customdata=rows.astype(np.int32),
        hovertext=[hover[i] for i in rows],
        hovertemplate="%{hovertext}<extra></extra>",
        marker=marker,
        selected={"marker": {"opacity": 1.0}},
        unselected={"marker": {"opacity": 0.12}},
    )


def with_hits(fig: go.Figure, xy: Floats) -> go.Figure:
    """A copy of a cloud with rings around the points (N, 2) that a search found."""
    result = go.Figure(fig)
    result.add_scattergl(
        x=xy[:, 0],
        y=xy[:, 1],
        mode="markers",
        name=_("{n:,} found", n=len(xy)),
        hoverinfo="skip",
        marker={
            "size": 12,
            "symbol": "circle-open",
            "color": colours.OWN_SENTENCE,
            "line": {"width": 1.6},
        },
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
            name=_("own sentence"),
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
