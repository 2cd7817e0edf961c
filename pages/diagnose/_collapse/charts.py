"""Is the posterior collapsed? Figures that two runs can be compared in. No Streamlit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from vae import colours
from vae.diagnostics.usage import LatentUsage
from vae.figures import frame

MARKED_THRESHOLDS = {0.01: "Burda 0.01", 0.2: "DELLA 0.2"}
_FLOOR = 1e-6


def rate_bars(usage: LatentUsage, threshold: float, top: float, height: int = 260) -> go.Figure:
    """Mean KL of each dimension, largest first; inactive dimensions hatched. `top` is the scale."""
    order = usage.order
    active = usage.variances[order] > threshold
    fig = frame.figure(height)
    fig.add_trace(
        go.Bar(
            x=[str(d) for d in order],
            y=usage.rate_per_dimension[order],
            marker={
                "color": [colours.RATE if a else colours.NEUTRAL for a in active],
                "pattern": {"shape": ["" if a else "/" for a in active], "fgopacity": 0.6},
            },
            customdata=["active" if a else "inactive" for a in active],
            hovertemplate="dimension %{x}, %{customdata}: %{y:.3f} nats a sentence<extra></extra>",
        )
    )
    fig.update_xaxes(type="category", showgrid=False, tickangle=0)
    if len(order) > 16:
        fig.update_xaxes(tickvals=[str(d) for d in order[:: max(2, len(order) // 12)]])
    fig.update_yaxes(range=[0, top * 1.05])
    frame.axis_title(fig, "dimension, by KL", "KL, nats a sentence")
    return fig


def variance_dots(usage: LatentUsage, threshold: float, height: int = 260) -> go.Figure:
    """Variance of the posterior means on a log scale, with the threshold that calls them active."""
    order = usage.order
    values = np.maximum(usage.variances[order], _FLOOR)
    active = usage.variances[order] > threshold
    fig = frame.figure(height)
    fig.add_trace(
        go.Scatter(
            x=[str(d) for d in order],
            y=values,
            mode="markers",
            marker={
                "size": 9,
                "symbol": ["circle" if a else "x-thin-open" for a in active],
                "color": [colours.POSTERIOR if a else colours.NEUTRAL for a in active],
                "line": {"width": 2, "color": colours.NEUTRAL},
            },
            customdata=["active" if a else "inactive" for a in active],
            hovertemplate="dimension %{x}, %{customdata}: variance %{y:.4g}<extra></extra>",
        )
    )
    for y in MARKED_THRESHOLDS:
        fig.add_hline(y=y, line={"color": colours.NEUTRAL, "width": 1.5, "dash": "dot"})
    fig.add_hline(y=threshold, line={"color": colours.NEUTRAL, "width": 3})
    fig.update_xaxes(type="category", showgrid=False, showticklabels=False)
    ticks = {1e-6: "10⁻⁶", 1e-4: "10⁻⁴", **MARKED_THRESHOLDS, 1.0: "1", 10.0: "10"}
    fig.update_yaxes(
        type="log", range=[-6.3, 1.0], tickvals=list(ticks), ticktext=list(ticks.values())
    )
    frame.axis_title(fig, "dimension, by KL", "variance of the means")
    return fig


def token_scores(
    tokens: Sequence[str],
    rows: Sequence[str],
    scores: npt.NDArray[np.floating],
    low: float,
    height: int = 260,
) -> go.Figure:
    """log p of each token (T) under each source of z (rows); `low` is the dark end of the scale."""
    fig = frame.figure(height)
    fig.add_trace(
        go.Heatmap(
            x=list(range(len(tokens))),
            y=list(rows),
            z=scores,
            zmin=low,
            zmax=0,
            colorscale=colours.SEQUENTIAL,
            xgap=2,
            ygap=3,
            text=[[f"{-v:.0f}".replace("-0", "0") for v in row] for row in scores],
            texttemplate="%{text}" if len(tokens) <= 16 else None,
            textfont={"size": 12},
            customdata=[list(tokens)] * len(rows),
            colorbar={"title": {"text": "log p", "side": "top"}, "thickness": 10},
            hovertemplate="“%{customdata}” under %{y}: %{z:.2f} nats<extra></extra>",
        )
    )
    fig.update_xaxes(
        tickvals=list(range(len(tokens))), ticktext=list(tokens), tickangle=-40, showgrid=False
    )
    fig.update_yaxes(autorange="reversed", showgrid=False)
    return fig
