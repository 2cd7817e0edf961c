"""What each dimension tells, and what a move along it changes. Figures only, no Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd
import plotly.graph_objects as go

from vae import colours
from vae.figures import frame
from vae.latent.naming import bits
from vae.studies.dimensions import DimensionStudy, Told

ROW_HEIGHT = 26
_ABOVE = 84
_MOST_WRITTEN = 400


def row_name(dimension: int, title: str) -> str:
    """How a dimension is called beside its row: "33 · place"."""
    short = title if len(title) <= 22 else f"{title[:21]}…"
    return f"{dimension} · {escape(short)}" if title else str(dimension)


def information_map(
    found: DimensionStudy, dims: Sequence[int], titles: Sequence[str], top: float
) -> go.Figure:
    """Bits that each dimension tells of each label; none where shuffled labels give as much.

    Args:
        top: bits at the bright end of the scale.
    """
    labels = [told.label for told in found.told]
    cells = [[_cell(t, d) for t in found.told] for d in dims]
    written = len(dims) * len(labels) <= _MOST_WRITTEN
    figure = frame.figure(ROW_HEIGHT * len(dims) + _ABOVE)
    figure.add_heatmap(
        z=[[shown for shown, _ in row] for row in cells],
        x=[escape(label) for label in labels],
        y=[row_name(d, title) for d, title in zip(dims, titles, strict=True)],
        colorscale=colours.SEQUENTIAL,
        zmin=0,
        zmax=max(top, 0.1),
        xgap=1,
        ygap=1,
        text=[[f"{shown:.2f}" if shown >= 0.1 else "" for shown, _ in row] for row in cells],
        customdata=[[said for _, said in row] for row in cells],
        texttemplate="%{text}" if written else None,
        colorbar={"title": {"text": "bits", "side": "right"}, "thickness": 12},
        hovertemplate="dimension %{y}<br>of %{x}: %{customdata}<extra></extra>",
    )
    figure.update_xaxes(side="top", tickangle=-60, dtick=1, tickfont={"size": 11}, showgrid=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    return figure


def _cell(told: Told, d: int) -> tuple[float, str]:
    """(bits to draw, what is said of them)."""
    found = bits(told.value[d])
    if told.value[d] > told.chance[d]:
        return found, f"{found:.3f} bits"
    return 0.0, f"{found:.3f} bits, no more than shuffled labels"


def told_bars(table: pd.DataFrame) -> go.Figure:
    """What one dimension tells of each label, with interval, and what shuffled labels give."""
    rows = table.sort_values("bits", ascending=False)
    names = [escape(label) for label in rows["label"]]
    figure = frame.figure(ROW_HEIGHT * max(len(rows), 4) + _ABOVE, bargap=0.35)
    figure.add_bar(
        x=rows["bits"],
        y=names,
        orientation="h",
        name="mutual information",
        marker={"color": colours.MEASURE},
        error_x=whiskers(rows["bits"], rows["low (95%)"], rows["high (95%)"]),
        customdata=rows[["low (95%)", "high (95%)", "share of the label"]],
        hovertemplate="%{y}: %{x:.3f} bits (%{customdata[0]:.3f} to %{customdata[1]:.3f}), "
        "%{customdata[2]:.0%} of what there is to know<extra></extra>",
    )
    figure.add_scatter(
        x=rows["most of shuffled labels, bits"],
        y=names,
        mode="markers",
        name="shuffled labels",
        marker=_line_mark(),
        hovertemplate="%{y}, shuffled: at most %{x:.3f} bits<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(rangemode="tozero")
    frame.axis_title(figure, x="mutual information, bits")
    return figure


def changed_bars(table: pd.DataFrame) -> go.Figure:
    """How often each label changes along one dimension, beside a random direction as long."""
    rows = table.dropna(subset=["changes"]).sort_values("changes", ascending=False)
    names = [escape(label) for label in rows["label"]]
    figure = frame.figure(ROW_HEIGHT * max(len(rows), 4) + _ABOVE, bargap=0.35)
    figure.add_bar(
        x=rows["changes"],
        y=names,
        orientation="h",
        name="along this dimension",
        marker={"color": colours.MEASURE},
        error_x=whiskers(rows["changes"], rows["low (95%)"], rows["high (95%)"]),
        customdata=rows[["low (95%)", "high (95%)"]],
        hovertemplate="%{y} changes in %{x:.0%} (%{customdata[0]:.0%} to %{customdata[1]:.0%})"
        "<extra></extra>",
    )
    figure.add_scatter(
        x=rows["along a random direction"],
        y=names,
        mode="markers",
        name="a random direction",
        marker=_line_mark(),
        hovertemplate="%{y}, random direction: %{x:.0%}<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(range=[0, 1.02], tickformat=".0%")
    frame.axis_title(figure, x="share of sentences in which it changes")
    return figure


def _line_mark() -> dict[str, object]:
    return {
        "symbol": "line-ns-open",
        "size": 15,
        "line": {"width": 3},
        "color": colours.NEUTRAL,
    }


def whiskers(value: pd.Series, low: pd.Series, high: pd.Series) -> dict[str, object]:
    """Error bars from `low` to `high`, as Plotly takes them."""
    return {
        "type": "data",
        "symmetric": False,
        "array": (high - value).clip(lower=0),
        "arrayminus": (value - low).clip(lower=0),
        "thickness": 1.6,
        "width": 4,
        "color": colours.NEUTRAL,
    }
