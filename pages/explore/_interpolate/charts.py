"""Can the points of a path be trusted? Figures only, no Streamlit."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from vae import colours
from vae.figures import frame

PANEL_HEIGHT = 130


def waypoints(table: pd.DataFrame) -> go.Figure:
    """Up to three panels over t, one for each question that the table of `xray_data` answers."""
    panels = [_shell]
    if "distance to training" in table:
        panels.append(_training)
    if "distance to re-encoded" in table:
        panels.append(_way_back)
    fig = make_subplots(rows=len(panels), cols=1, shared_xaxes=True, vertical_spacing=0.06)
    frame.frame(fig, PANEL_HEIGHT * len(panels) + 50)
    fig.update_layout(showlegend=False)
    for row, draw in enumerate(panels, start=1):
        draw(fig, table, row)
    frame.axis_title(fig, x="t, from A to B", row=len(panels), col=1)
    return fig


def look_for(table: pd.DataFrame, latent_dim: int) -> str:
    """What to look for in `waypoints`, and what is not available."""
    shell = (
        f"- **|z|**: distance from the origin; band: nine of ten draws from the prior (chi, "
        f"{latent_dim} degrees of freedom). "
    )
    if "distance to training" in table:
        first = table.iloc[0]
        shell += (
            f"Dashed: the median of the training sentences' means, `{first['usual norm']:.2f}`, "
            "which lie inside the shell, since their doubt is not in them. Bad: a dip far below it."
        )
        training = (
            "- **To training**: Euclidean distance to the nearest posterior mean of "
            f"{int(first['training sentences']):,} training sentences; dashed: from one of them to "
            f"the next, `{first['usual distance']:.2f}` (median). Bad: far above the dashes, where "
            "the model has seen nothing alike."
        )
    else:
        shell += "Bad: far from the band."
        training = (
            "- The distance to training sentences is not available: this run has no map here."
        )
    return "\n".join([shell, training, _way_back_in_words(table)])


def _way_back_in_words(table: pd.DataFrame) -> str:
    if "distance to re-encoded" not in table:
        return "- The way back is not available for this model."
    return (
        "- **To its words**: from the point to the posterior mean of the sentence decoded there; "
        "dashed: the doubt of that posterior, root mean square. Dots: the mean says the same "
        f"sentence again ({int(table['same again'].sum())} of {len(table)}); crosses: another. "
        "Bad: crosses, or a line far above the dashes."
    )


def _shell(fig: go.Figure, table: pd.DataFrame, row: int) -> None:
    low, high = float(table["shell from"].iloc[0]), float(table["shell to"].iloc[0])
    if "usual norm" in table:
        _reference(fig, table["t"], table["usual norm"], "training sentences, median", row)
    fig.add_trace(
        go.Scatter(
            x=table["t"],
            y=table["norm"],
            mode="lines+markers",
            line={"color": colours.MEASURE, "width": 2},
            marker={"size": 7},
            customdata=table["prior quantile"],
            hovertemplate="t = %{x:.2f}: |z| = %{y:.2f}, further out than "
            "%{customdata:.1%} of the prior's draws<extra></extra>",
        ),
        row=row,
        col=1,
    )
    # After the lines: Plotly leaves an empty panel without its band.
    fig.add_hrect(
        y0=low,
        y1=high,
        fillcolor=colours.faded(colours.PRIOR, 0.25),
        line_width=0,
        layer="below",
        row=row,
        col=1,
    )
    fig.update_yaxes(range=[0, 1.1 * max(high, float(table["norm"].max()))], row=row, col=1)
    frame.axis_title(fig, y="|z|", row=row, col=1)


def _training(fig: go.Figure, table: pd.DataFrame, row: int) -> None:
    _reference(fig, table["t"], table["usual distance"], "usual", row)
    fig.add_trace(
        go.Scatter(
            x=table["t"],
            y=table["distance to training"],
            mode="lines+markers",
            line={"color": colours.POSTERIOR, "width": 2},
            marker={"size": 7},
            cliponaxis=False,
            hovertemplate="t = %{x:.2f}: %{y:.2f} to the nearest training sentence<extra></extra>",
        ),
        row=row,
        col=1,
    )
    fig.update_yaxes(rangemode="tozero", row=row, col=1)
    frame.axis_title(fig, y="to training", row=row, col=1)


def _way_back(fig: go.Figure, table: pd.DataFrame, row: int) -> None:
    _reference(fig, table["t"], table["doubt of re-encoded"], "doubt", row)
    fig.add_trace(
        go.Scatter(
            x=table["t"],
            y=table["distance to re-encoded"],
            mode="lines+markers",
            line={"color": colours.OWN_SENTENCE, "width": 2},
            marker={
                "size": [8 if same else 11 for same in table["same again"]],
                "symbol": ["circle" if same else "x" for same in table["same again"]],
            },
            cliponaxis=False,
            customdata=[
                "the same again" if same else "not the same" for same in table["same again"]
            ],
            hovertemplate="t = %{x:.2f}: %{y:.2f} to its own words read again; "
            "%{customdata}<extra></extra>",
        ),
        row=row,
        col=1,
    )
    fig.update_yaxes(rangemode="tozero", row=row, col=1)
    frame.axis_title(fig, y="to its words", row=row, col=1)


def _reference(fig: go.Figure, x: pd.Series, y: pd.Series, what: str, row: int) -> None:
    fig.add_trace(
        go.Scatter(
            x=x,
            y=y,
            mode="lines",
            line={"color": colours.NEUTRAL, "width": 2, "dash": "dash"},
            hovertemplate=f"{what}: %{{y:.2f}}<extra></extra>",
        ),
        row=row,
        col=1,
    )
