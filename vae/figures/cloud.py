"""Points in a plane, coloured by what is known of them, and what is laid over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from vae import colours
from vae.corpora.label_types import NO_VALUE, LabelType, written
from vae.figures import frame
from vae.figures.date_ticks import date_ticks
from vae.i18n import _, ngettext
from vae.i18n.numbers import number

Floats = npt.NDArray[np.floating]
Rows = npt.NDArray[np.intp]

MOST_GROUPS = len(colours.LABELS)
RANGES = 5
HEIGHT = 620
_WIDTH_OF_BAR = 32  # signs

_LOOKS: dict[str, dict[str, Any]] = {
    "rest": {"opacity": 0.35, "color": colours.NEUTRAL, "symbol": "circle"},
    "missing": {"opacity": 0.5, "color": colours.NEUTRAL, "symbol": "circle-open"},
}


Kind = Literal["value", "rest", "missing"]


@dataclass(frozen=True)
class Group:
    """Points that are drawn alike.

    Attributes:
        value: of the label that they have; "" of the rest and of what is missing.
        rows: which points.
        kind: points of one value, of all the rarer values together, or of none. It decides what is
            grey, never the text: a value may be called as anything.
        others: how many values the rest stands for; else 0.
    """

    value: str
    rows: Rows
    kind: Kind = "value"
    others: int = 0

    @property
    def name(self) -> str:
        """The value as a person reads it."""
        if self.kind == "rest":
            return ngettext("other ({n:,} value)", "other ({n:,} values)", self.others)
        return self.value if self.kind == "value" else str(NO_VALUE)


@dataclass(frozen=True)
class Scale:
    """Values of a label that is a number or a date.

    Attributes:
        values: (N,) on the scale of `vae.corpora.label_types.measures`; NaN where there is none.
        kind: "number" or "date".
    """

    values: Floats
    kind: LabelType = "number"


def groups(values: Sequence[str]) -> list[Group]:
    """The values of a label, most frequent first; all beyond seven are one group, the rest.

    Sentences without one ("") come last.
    """
    array = np.asarray(values, dtype=object).astype(str)
    found, counts = np.unique(array, return_counts=True)
    ranked = [str(v) for v in found[np.lexsort((found, -counts))] if v]
    named = ranked if len(ranked) <= MOST_GROUPS else ranked[: MOST_GROUPS - 1]
    out = [Group(v, np.flatnonzero(array == v)) for v in named]
    if others := len(ranked) - len(named):
        out.append(Group("", np.flatnonzero(~np.isin(array, [*named, ""])), "rest", others))
    return _with_missing(out, array == "")


def ranges(scale: Scale) -> list[Group]:
    """N values in at most `RANGES` groups of about equal size, rising; those without one last.

    The name of a group is the least and the greatest value in it.
    """
    values, known = scale.values, np.isfinite(scale.values)
    inside = values[known]
    found = []
    if len(inside):
        quantiles = np.quantile(inside, np.linspace(0, 1, RANGES + 1)[1:-1], method="nearest")
        edges = np.unique(quantiles[quantiles > inside.min()])
        of = np.where(known, np.searchsorted(edges, values, side="right"), -1)
        for g in range(len(edges) + 1):
            rows = np.flatnonzero(of == g)
            low, high = float(values[rows].min()), float(values[rows].max())
            found.append(Group(between(low, high, scale.kind), rows))
    return _with_missing(found, ~known)


def between(low: float, high: float, kind: LabelType) -> str:
    """A range on a scale as a person reads it."""
    if low == high:
        return said(low, kind)
    return _("{low} to {high}", low=said(low, kind), high=said(high, kind))


def said(value: float, kind: LabelType) -> str:
    """A value on a scale as a person reads it: a number in the language in force, or a date."""
    return number(value, "g") if kind == "number" else written(value, kind)


def _with_missing(found: list[Group], without: npt.NDArray[np.bool_]) -> list[Group]:
    return [*found, Group("", np.flatnonzero(without), "missing")] if without.any() else found


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
        found = _with_missing([], ~known)
    else:
        found = groups(values)
    for i, group in enumerate(found):
        look = _LOOKS.get(group.kind) or {
            "opacity": 0.72,
            "color": colours.LABELS[i],
            "symbol": colours.SYMBOLS[i],
        }
        title = group.name
        if group.kind == "missing":
            title = _("{what} ({n:,})", what=title, n=len(group.rows))
        fig.add_trace(_points(xy, group.rows, title, {"size": size, **look}))
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
    low, high = map(float, np.percentile(values, [1, 99])) if len(values) else (0.0, 1.0)
    high = max(high, low + 1e-6 * max(1.0, abs(low)))
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
        # As many as fit, since a date may be written in four signs or in sixteen; and both ends
        # where no two would.
        marks = (date_ticks(low, high, most) for most in (5, 3, 2))
        at, texts = next(
            (m for m in marks if len(m[0]) > 1 and len("".join(m[1])) <= _WIDTH_OF_BAR),
            ([low, high], [said(low, "date"), said(high, "date")]),
        )
        bar |= {"tickvals": at, "ticktext": texts}
    return {
        "opacity": 0.85,
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


def on_ground(fig: go.Figure, theme: str) -> None:
    """Colour the points of a scale so that they are seen on the page of a theme."""
    for trace in fig.data:
        if trace.marker.colorscale:
            trace.marker.colorscale = colours.POINTS["dark" if theme == "dark" else "light"]


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
