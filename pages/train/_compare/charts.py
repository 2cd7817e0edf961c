"""Runs set against each other, as figures; no Streamlit.

A run keeps the colour and the shape that it has in the curves (`pages.common.components.curves`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from pages.common import prose
from vae import colours
from vae.diagnostics.comparison import RatePoint, equal_elbo_lines, plane
from vae.figures import frame

Floats = npt.NDArray[np.float64]


def rate_distortion(
    points: Sequence[RatePoint], joined: Sequence[Sequence[int]] = (), height: int = 470
) -> go.Figure:
    """The plane of Alemi et al. (2018) with lines of equal ELBO.

    Args:
        joined: indices of points that a line joins, in its order.
    """
    fig = frame.figure(height, showlegend=False)
    rates, distortions = plane(points)
    for i, line in enumerate(equal_elbo_lines(rates, distortions)):
        said = prose.number(line.elbo, "g")
        text = said if i else f"ELBO {said}"
        _equal_elbo(fig, line.start, line.end, text, rates[0] + 0.94 * (rates[1] - rates[0]))
    for indices in joined:
        fig.add_scatter(
            x=[points[i].rate for i in indices],
            y=[points[i].distortion for i in indices],
            mode="lines",
            line={"color": colours.NEUTRAL, "width": 1.5},
            hoverinfo="skip",
        )
    middle = sum(rates) / 2
    for i, point in enumerate(points):
        colour = colours.LABELS[i % len(colours.LABELS)]
        fig.add_scatter(
            x=[point.rate],
            y=[point.distortion],
            error_x=_error(point.rate_error, colour),
            error_y=_error(point.distortion_error, colour),
            mode="markers+text",
            marker={
                "size": 15,
                "color": colour,
                "symbol": colours.SYMBOLS[(i + 3) % len(colours.SYMBOLS)],
                "line": {"width": 1.5, "color": "#FFFFFF"},
            },
            text=[f"  {point.name}  "],
            textposition="middle right" if point.rate <= middle else "middle left",
            textfont={"size": 14},
            hovertext=[_hover(point)],
            hoverinfo="text",
        )
    fig.update_xaxes(range=list(rates))
    fig.update_yaxes(range=list(distortions))
    frame.axis_title(
        fig,
        "rate R, nats a sentence (how much z tells)",
        "distortion D, nats a sentence (what is still unsaid)",
    )
    return fig


def grid(
    table: Floats,
    rows: Sequence[str],
    columns: Sequence[str],
    unit: str,
    lowest: float | None = None,
) -> go.Figure:
    """A heat map with its numbers written in; cells that are not known yet stay empty.

    Args:
        table: (rows, columns); one number at least.
        rows, columns: what the cells of each have in common, as "beta 0.4".
        unit: of the numbers.
        lowest: where the colours begin; at the lowest number by default.
    """
    least = float(np.nanmin(table)) if lowest is None else lowest
    most = max(float(np.nanmax(table)), least + 1e-3)
    fig = frame.figure(max(230, 90 + 62 * len(rows)))
    said = [["" if np.isnan(v) else prose.number(float(v), ".2f") for v in row] for row in table]
    fig.add_heatmap(
        z=table,
        x=list(columns),
        y=list(rows),
        text=said,
        texttemplate="%{text}",
        textfont={"size": 15},
        zmin=least,
        zmax=most,
        colorscale=colours.SEQUENTIAL,
        colorbar={"title": {"text": unit}, "thickness": 12},
        hovertemplate="%{y}, %{x}: %{text} " + unit + "<extra></extra>",
        hoverongaps=False,
        xgap=3,
        ygap=3,
    )
    fig.update_xaxes(type="category", showgrid=False)
    fig.update_yaxes(type="category", showgrid=False, autorange="reversed")
    return fig


def _equal_elbo(
    fig: go.Figure, start: tuple[float, float], end: tuple[float, float], text: str, edge: float
) -> None:
    fig.add_scatter(
        x=[start[0], end[0]],
        y=[start[1], end[1]],
        mode="lines",
        line={"color": colours.NEUTRAL, "width": 1.2, "dash": "dot"},
        hoverinfo="skip",
    )
    # Near its lower end: points of interest are far up or far left.
    at = 0.85
    x = start[0] + at * (end[0] - start[0])
    fig.add_annotation(
        x=x,
        y=start[1] + at * (end[1] - start[1]),
        text=text,
        showarrow=False,
        # At the right edge there is no room for it on the right.
        xanchor="left" if x < edge else "right",
        yanchor="bottom",
        font={"size": 12, "color": colours.NEUTRAL},
    )


def _error(value: float | None, colour: str) -> dict[str, object]:
    return {"type": "data", "array": [value or 0.0], "visible": bool(value), "color": colour}


def _hover(point: RatePoint) -> str:
    def pm(value: float, error: float | None) -> str:
        return f"{value:.2f}" + (f" ± {error:.2f}" if error else "")

    return (
        f"<b>{point.name}</b><br>rate {pm(point.rate, point.rate_error)} nats<br>distortion "
        f"{pm(point.distortion, point.distortion_error)} nats<br>ELBO "
        f"{prose.number(point.elbo, '.2f')} nats<br>{point.n_sentences:,} {point.measured_on}"
    )
