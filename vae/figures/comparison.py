"""How do runs compare? The rate-distortion plane, and a figure of many runs over their settings.

A run keeps the colour and the shape that it has in the curves (`vae.figures.curves`).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from vae import colours
from vae.diagnostics.rate_plane import EqualElbo, RatePoint, equal_elbo_lines, plane
from vae.figures import frame
from vae.figures.curves import run_colour, run_shape
from vae.figures.figure import Figure
from vae.i18n import _, listed, pgettext
from vae.i18n.numbers import ERRORS, mean_plus_minus, number


def rate_distortion(points: Sequence[RatePoint], joined: Sequence[Sequence[int]] = ()) -> Figure:
    """Runs in the plane of Alemi et al. (2018), with lines of equal ELBO.

    Args:
        points: one at least.
        joined: indices of points that a line joins, in its order.
    """
    places = [
        _(
            "{run} at rate {rate:.2f}, distortion {distortion:.2f}",
            run=p.name,
            rate=p.rate,
            distortion=p.distortion,
        )
        for p in points
    ]
    return Figure(
        "rate-distortion",
        _("What did each run pay, and what for?"),
        _plane(points, joined),
        _("Rate-distortion plane, in nats a sentence: {places}.", places=listed(places)),
        _(
            "Dotted: lines of equal ELBO, each step down and left a better one (Alemi et al., "
            "2018). Two runs on one line differ in the rate that they pay for z, and need not be "
            "equally likely: the ELBO is a bound, the looser one at the higher rate as a rule. "
            "Look for points far to the right on a good line. A point at the left edge has a "
            "collapsed posterior, whatever its ELBO."
        ),
        _(
            "Bars, and ±: half of a 95% interval, mostly smaller than the mark. Measured with one "
            "draw of z each on {samples}.",
            samples=listed(_("{sample} ({run})", sample=p.sample, run=p.name) for p in points),
        ),
        lambda: _table(points),
    )


def _plane(points: Sequence[RatePoint], joined: Sequence[Sequence[int]]) -> go.Figure:
    fig = frame.figure(470, showlegend=False)
    rates, distortions = plane(points)
    edge = rates[0] + 0.94 * (rates[1] - rates[0])
    for i, line in enumerate(equal_elbo_lines(rates, distortions)):
        text = number(line.elbo, "g") if i else _("ELBO {elbo:g}", elbo=line.elbo)
        _equal_elbo(fig, line, text, edge)
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
        fig.add_scatter(
            x=[point.rate],
            y=[point.distortion],
            error_x=_error(point.rate_error, run_colour(i)),
            error_y=_error(point.distortion_error, run_colour(i)),
            mode="markers+text",
            marker={
                "size": 15,
                "color": run_colour(i),
                "symbol": run_shape(i),
                "line": {"width": 1.5, "color": "#FFFFFF"},
            },
            text=[f"  {frame.plain(point.name)}  "],
            textposition="middle right" if point.rate <= middle else "middle left",
            textfont={"size": 14},
            hovertext=[_hover(point)],
            hoverinfo="text",
        )
    fig.update_xaxes(range=list(rates))
    fig.update_yaxes(range=list(distortions))
    frame.axis_title(
        fig,
        _("rate R, nats a sentence (the price of z)"),
        _("distortion D, nats a sentence (what is still unsaid)"),
    )
    return fig


def _equal_elbo(fig: go.Figure, line: EqualElbo, text: str, edge: float) -> None:
    (x0, y0), (x1, y1) = line.start, line.end
    fig.add_scatter(
        x=[x0, x1],
        y=[y0, y1],
        mode="lines",
        line={"color": colours.NEUTRAL, "width": 1.2, "dash": "dot"},
        hoverinfo="skip",
    )
    # Near its lower end: points of interest are far up or far left.
    x, y = x0 + 0.85 * (x1 - x0), y0 + 0.85 * (y1 - y0)
    fig.add_annotation(
        x=x,
        y=y,
        text=text,
        showarrow=False,
        # At the right edge there is no room for it on the right.
        xanchor="left" if x < edge else "right",
        yanchor="bottom",
        font={"size": 12, "color": colours.NEUTRAL},
    )


def _error(value: float | None, colour: str) -> dict[str, object]:
    reach = ERRORS * (value or 0.0)
    return {"type": "data", "array": [reach], "visible": bool(value), "color": colour}


def _hover(point: RatePoint) -> str:
    rate, distortion = point.rate_error or None, point.distortion_error or None
    lines = (
        f"<b>{frame.plain(point.name)}</b>",
        _("rate {value} nats", value=mean_plus_minus(point.rate, rate)),
        _("distortion {value} nats", value=mean_plus_minus(point.distortion, distortion)),
        _("ELBO {value:.2f} nats", value=point.elbo),
        frame.plain(point.sample),
    )
    return "<br>".join(lines)


def _reach(error: float | None) -> float | None:
    return None if error is None else ERRORS * error


def _table(points: Sequence[RatePoint]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                pgettext("column", "run"): p.name,
                pgettext("column", "rate, nats"): p.rate,
                pgettext("column", "± rate"): _reach(p.rate_error),
                pgettext("column", "distortion, nats"): p.distortion,
                pgettext("column", "± distortion"): _reach(p.distortion_error),
                pgettext("column", "ELBO, nats"): p.elbo,
                pgettext("column", "measured on"): p.sample,
            }
            for p in points
        ]
    )
