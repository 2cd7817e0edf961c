"""What a direction does as strength grows. Figures only, no Streamlit."""

from __future__ import annotations

from html import escape

import pandas as pd
import plotly.graph_objects as go

from pages.diagnose._meaning.charts import whiskers
from vae import colours
from vae.figures import frame

ROW_HEIGHT = 26
_LOOK = {
    "flips": (colours.LABELS[5], "circle", "solid"),
    "all else stays": (colours.LABELS[0], "square", "solid"),
    "both": (colours.LABELS[2], "diamond", "dash"),
}


def strength_curves(table: pd.DataFrame, at: float) -> go.Figure:
    """Flips and stays over strength, with intervals, beside flips along random directions.

    Args:
        table: as `meaning_steer_data.curve_table`.
        at: the strength of the slider, drawn as a line.
    """
    figure = frame.figure(360, hovermode="x unified")
    along = table[table["direction"] != "random"]
    for name, (colour, symbol, dash) in _LOOK.items():
        rows = along[along["figure"] == name]
        if len(rows):
            figure.add_trace(_line(rows, name, colour, symbol, dash))
    rows = table[(table["direction"] == "random") & (table["figure"] == "flips")]
    if len(rows):
        figure.add_trace(
            _line(rows, "flips, random direction", colours.NEUTRAL, "x-thin-open", "dot")
        )
    if table["strength"].min() <= at <= table["strength"].max():
        figure.add_vline(x=at, line={"color": colours.NEUTRAL, "width": 1.5, "dash": "dash"})
    figure.update_yaxes(range=[-0.02, 1.04], tickformat=".0%")
    frame.axis_title(figure, "strength (1: the difference of the means)", "share of sentences")
    return figure


def _line(rows: pd.DataFrame, name: str, colour: str, symbol: str, dash: str) -> go.Scatter:
    return go.Scatter(
        x=rows["strength"],
        y=rows["share"],
        mode="lines+markers",
        name=name,
        line={"color": colour, "width": 2.5, "dash": dash},
        marker={"symbol": symbol, "size": 9, "line": {"width": 2}},
        error_y=whiskers(rows["share"], rows["low (95%)"], rows["high (95%)"]),
        customdata=rows[["low (95%)", "high (95%)"]],
        hovertemplate="%{y:.0%} (%{customdata[0]:.0%} to %{customdata[1]:.0%})",
    )


def stays_bars(table: pd.DataFrame, strength: float) -> go.Figure:
    """How often each other label stays at a strength, beside random directions."""
    rows = table[(table["figure"] == "stays") & (table["strength"] == strength)]
    along = rows[rows["direction"] != "random"].sort_values("share")
    random = rows[rows["direction"] == "random"]
    figure = frame.figure(ROW_HEIGHT * max(len(along), 4) + 84, bargap=0.35)
    figure.add_bar(
        x=along["share"],
        y=[escape(label) for label in along["label"]],
        orientation="h",
        name="along the direction",
        marker={"color": colours.LABELS[0]},
        error_x=whiskers(along["share"], along["low (95%)"], along["high (95%)"]),
        customdata=along[["low (95%)", "high (95%)", "sentences"]],
        hovertemplate="%{y} stays in %{x:.1%} (%{customdata[0]:.1%} to %{customdata[1]:.1%}) of "
        "%{customdata[2]:,}<extra></extra>",
    )
    figure.add_scatter(
        x=random["share"],
        y=[escape(label) for label in random["label"]],
        mode="markers",
        name="a random direction",
        marker={
            "symbol": "line-ns-open",
            "size": 15,
            "line": {"width": 3},
            "color": colours.NEUTRAL,
        },
        hovertemplate="%{y}, random direction: %{x:.1%}<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(range=[0, 1.02], tickformat=".0%")
    frame.axis_title(figure, x="share of sentences in which it stays")
    return figure
