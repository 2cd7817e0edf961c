"""Probes and metrics as dots with whiskers. Figures only, no Streamlit."""

from __future__ import annotations

from html import escape

import pandas as pd
import plotly.graph_objects as go

from pages.diagnose._meaning.charts import whiskers
from vae import colours
from vae.figures import frame

ROW_HEIGHT = 30
_ABOVE = 90


def probe_dots(table: pd.DataFrame) -> go.Figure:
    """Both probes of each label with their intervals, the majority, and shuffled labels."""
    names = [
        escape(label) + ("" if metric == "accuracy" else " (R²)")
        for label, metric in zip(table["label"], table["metric"], strict=True)
    ]
    figure = frame.figure(ROW_HEIGHT * max(len(table), 3) + _ABOVE)
    marks = (
        ("linear", "linear probe", colours.MEASURE, "circle", 11),
        ("neighbours", "ten nearest sentences", colours.MEASURE, "diamond-open", 11),
        ("shuffled", "linear probe, shuffled labels", colours.NEUTRAL, "x-thin-open", 9),
    )
    figure.add_scatter(
        x=table["majority or mean"],
        y=names,
        mode="markers",
        name="without the model",
        marker={
            "symbol": "line-ns-open",
            "size": 18,
            "line": {"width": 3},
            "color": colours.NEUTRAL,
        },
        hovertemplate="%{y}: %{x:.3f} without the model<extra></extra>",
    )
    for column, name, colour, symbol, size in marks:
        low, high = table[f"{column}, low (95%)"], table[f"{column}, high (95%)"]
        figure.add_scatter(
            x=table[column],
            y=names,
            mode="markers",
            name=name,
            marker={"color": colour, "symbol": symbol, "size": size, "line": {"width": 2}},
            error_x=whiskers(table[column], low, high),
            customdata=list(zip(low, high, strict=True)),
            hovertemplate=f"%{{y}}, {name}: %{{x:.3f}} (%{{customdata[0]:.3f}} to "
            "%{customdata[1]:.3f})<extra></extra>",
        )
    figure.update_yaxes(autorange="reversed", type="category")
    lowest = float(table[["linear", "neighbours", "shuffled"]].min().min())
    figure.update_xaxes(range=[max(-0.5, min(0.0, lowest)) - 0.02, 1.03])
    frame.axis_title(figure, x="accuracy on held-out sentences (R² of numbers)")
    return figure


def metric_dots(table: pd.DataFrame) -> go.Figure:
    """Each metric with its interval, from 0 to 1."""
    figure = frame.figure(ROW_HEIGHT * len(table) + 70, showlegend=False)
    figure.add_scatter(
        x=table["value"],
        y=table["metric"],
        mode="markers",
        marker={"color": colours.MEASURE, "size": 11},
        error_x=whiskers(table["value"], table["low (95%)"], table["high (95%)"]),
        customdata=table[["low (95%)", "high (95%)"]],
        hovertemplate="%{y}: %{x:.3f} (%{customdata[0]:.3f} to %{customdata[1]:.3f})"
        "<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", type="category")
    figure.update_xaxes(range=[-0.02, 1.03])
    frame.axis_title(figure, x="value, 0 to 1")
    return figure
