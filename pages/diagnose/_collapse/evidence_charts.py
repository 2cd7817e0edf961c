"""What a diagnosis rests on, drawn: rate split, likelihood, units, densities, gains."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from vae import colours
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.gains import Gain
from vae.diagnostics.holes import THIN
from vae.diagnostics.likelihood import LikelihoodCurve
from vae.diagnostics.rate_split import RateSplit
from vae.diagnostics.units import MARKED, UnitCurve
from vae.diagnostics.usage import Floats, normal_density
from vae.figures import frame

HOLE = colours.COLLAPSED
SHELLS = {0.5: "half", 0.9: "90%", 0.99: "99%"}
"""Circles that hold these shares of the prior's draws in two dimensions."""


def rate_split(split: RateSplit, top: float, height: int = 190) -> go.Figure:
    """The rate as one bar: information, what cannot be told apart, mismatch; `top` is the scale."""
    least, most = split.information.value, split.rate.value
    between = max(0.0, split.upper.value - least) if split.falls_short else 0.0
    parts = [("information" if not between else "information, at least", least, colours.MEASURE)]
    if between:
        parts.append(
            ("one or the other: more than so few sentences show", between, colours.NEUTRAL)
        )
    rest = max(0.0, most - least - between)
    if rest > 0 or not between:
        parts.append(("mismatch of q(z) and the prior", rest, colours.RATE))
    fig = frame.figure(height, barmode="stack", bargap=0.5)
    shapes = {colours.MEASURE: "", colours.NEUTRAL: "/", colours.RATE: "."}
    for name, nats, colour in parts:
        fig.add_trace(
            go.Bar(
                y=["rate"],
                x=[nats],
                name=name,
                orientation="h",
                marker={"color": colour, "pattern": {"shape": shapes[colour], "fgopacity": 0.5}},
                hovertemplate=f"{name}: %{{x:.2f}} nats a sentence<extra></extra>",
            )
        )
    fig.data[-1].error_x = _errors([split.rate])
    fig.update_xaxes(range=[0, max(top, 1e-3) * 1.06])
    fig.update_yaxes(showticklabels=False, showgrid=False)
    fig.update_layout(legend={"traceorder": "normal"})
    frame.axis_title(fig, "nats a sentence")
    return fig


def _errors(figures: Sequence[Interval]) -> dict[str, object]:
    """Bars from the value to both ends of its interval."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [f.high - f.value for f in figures],
        "arrayminus": [f.value - f.low for f in figures],
        "color": colours.NEUTRAL,
        "thickness": 1.6,
        "width": 4,
    }


def likelihood(curve: LikelihoodCurve, ends: tuple[float, float], height: int = 260) -> go.Figure:
    """The bound of -log p(x) over the draws K, with its interval; `ends` is the scale."""
    fig = frame.figure(height)
    fig.add_trace(
        go.Scatter(
            x=curve.draws,
            y=[i.value for i in curve.nll],
            error_y=_errors(curve.nll),
            mode="lines+markers",
            line={"color": colours.DISTORTION, "width": 2.5},
            marker={"size": 9},
            hovertemplate="K = %{x}: at most %{y:.2f} nats a sentence<extra></extra>",
        )
    )
    fig.update_xaxes(type="log", tickvals=list(curve.draws), ticktext=[str(k) for k in curve.draws])
    room = 0.06 * max(ends[1] - ends[0], 0.1)
    fig.update_yaxes(range=[ends[0] - room, ends[1] + room])
    frame.axis_title(fig, "draws K of each sentence", "NLL, nats a sentence")
    return fig


def units(curve: UnitCurve, latent_dim: int, threshold: float, height: int = 260) -> go.Figure:
    """Active units over the threshold, with the band of its intervals and the marks of papers."""
    x = list(curve.thresholds)
    low, high = [c.low for c in curve.counts], [c.high for c in curve.counts]
    fig = frame.figure(height)
    fig.add_trace(
        go.Scatter(
            x=x + x[::-1],
            y=high + low[::-1],
            fill="toself",
            fillcolor=colours.faded(colours.POSTERIOR, 0.3),
            line={"width": 0},
            hoverinfo="skip",
            name="95% interval",
        )
    )
    fig.add_trace(
        go.Scatter(
            x=x,
            y=[c.value for c in curve.counts],
            mode="lines+markers",
            name="active units",
            line={"color": colours.POSTERIOR, "width": 2.5},
            marker={"size": 7},
            hovertemplate="above %{x:g}: %{y:.0f} active<extra></extra>",
        )
    )
    top = latent_dim * 1.12 + 0.5
    marks = {t: f"{paper.split(',')[0].split(' ')[0]} {t:g}" for t, paper in MARKED.items()}
    if threshold not in marks:
        marks[threshold] = f"chosen {threshold:g}"
    for mark, text in marks.items():
        # A trace, since a note on a logarithmic axis would stand elsewhere than its line.
        fig.add_trace(
            go.Scatter(
                x=[mark, mark],
                y=[0, top * 0.97],
                mode="lines+text",
                text=["", f" {text}"],
                textposition="middle right",
                line={"color": colours.NEUTRAL, "width": 1.5, "dash": "dot"},
                showlegend=False,
                hoverinfo="skip",
            )
        )
    ticks = {1e-4: "10⁻⁴", 1e-3: "10⁻³", 1e-2: "0.01", 0.1: "0.1", 1: "1", 10: "10"}
    fig.update_xaxes(type="log", tickvals=list(ticks), ticktext=list(ticks.values()))
    fig.update_yaxes(range=[0, top])
    frame.axis_title(fig, "threshold of the variance", "active units")
    return fig


def dimension(grid: Floats, density: Floats, height: int = 260) -> go.Figure:
    """One dimension of the aggregated posterior against the prior, holes filled."""
    prior = normal_density(grid)
    fig = frame.figure(height)
    fig.add_trace(
        go.Scatter(
            x=grid,
            y=np.where(density < THIN * prior, prior, np.nan),
            fill="tozeroy",
            mode="lines",
            line={"width": 0},
            fillcolor=colours.faded(HOLE, 0.45),
            name="hole",
            showlegend=bool((density < THIN * prior).any()),
            hoverinfo="skip",
        )
    )
    fig.add_trace(
        go.Scatter(
            x=grid,
            y=density,
            fill="tozeroy",
            mode="lines",
            line={"color": colours.POSTERIOR, "width": 3},
            fillcolor=colours.faded(colours.POSTERIOR, 0.3),
            name="aggregated posterior",
            hovertemplate="z = %{x:.2f}: density %{y:.3f}, aggregated posterior<extra></extra>",
        )
    )
    fig.add_trace(
        go.Scatter(
            x=grid,
            y=prior,
            mode="lines",
            name="prior N(0, 1)",
            line={"color": colours.PRIOR, "width": 3, "dash": "dash"},
            hovertemplate="z = %{x:.2f}: density %{y:.3f}, prior<extra></extra>",
        )
    )
    fig.update_yaxes(range=[0, max(0.45, float(density.max()) * 1.05)])
    frame.axis_title(fig, "z along this dimension", "density")
    return fig


def pair(
    grid: Floats, density: Floats, dimensions: tuple[int, int], height: int = 420
) -> go.Figure:
    """Two dimensions of the aggregated posterior, the prior's circles over them, holes marked."""
    prior = np.outer(normal_density(grid), normal_density(grid))
    radius = np.hypot(grid[:, None], grid[None])
    within = radius < np.sqrt(-2 * np.log(1 - max(SHELLS)))
    fig = frame.figure(height)
    fig.add_trace(
        go.Heatmap(
            x=grid,
            y=grid,
            z=density,
            colorscale=colours.SEQUENTIAL,
            colorbar={"title": {"text": "q(z)", "side": "top"}, "thickness": 10},
            hovertemplate="z = (%{x:.1f}, %{y:.1f}): density %{z:.3f}<extra></extra>",
        )
    )
    hole = np.where(within & (density < THIN * prior), 1.0, np.nan)
    fig.add_trace(
        go.Heatmap(
            x=grid,
            y=grid,
            z=hole,
            colorscale=[[0, HOLE], [1, HOLE]],
            opacity=0.75,
            showscale=False,
            hovertemplate="z = (%{x:.1f}, %{y:.1f}): a hole<extra></extra>",
        )
    )
    turn = np.linspace(0, 2 * np.pi, 181)
    for share, name in SHELLS.items():
        reach = np.sqrt(-2 * np.log(1 - share))
        fig.add_trace(
            go.Scatter(
                x=reach * np.cos(turn),
                y=reach * np.sin(turn),
                mode="lines",
                line={"color": "#F8F6F0", "width": 2, "dash": "dash"},
                showlegend=False,
                hovertemplate=f"{name} of the prior's draws lie within<extra></extra>",
            )
        )
    ends = [float(grid[0]), float(grid[-1])]
    fig.update_xaxes(range=ends, showgrid=False, constrain="domain")
    fig.update_yaxes(range=ends, showgrid=False, scaleanchor="x", constrain="domain")
    frame.axis_title(fig, f"dimension {dimensions[0]}", f"dimension {dimensions[1]}")
    return fig


def gains(found: Sequence[Gain], by: str, top: float, height: int = 0) -> go.Figure:
    """What each group of words gains over a foreign z, with intervals; positions run to the right.

    Args:
        by: what the groups are, the title of their axis.
        top: the largest gain of all runs that stand beside each other.
    """
    along = by == "position"
    names = [g.title for g in found]
    fig = frame.figure(height or (280 if along else 110 + 26 * len(found)))
    over = {
        "over another sentence's z": ([g.over_another for g in found], colours.OWN_SENTENCE),
        "over a prior z": ([g.over_prior for g in found], colours.PRIOR),
    }
    for (name, (figures, colour)), symbol in zip(over.items(), ("circle", "diamond"), strict=True):
        values, errors = [f.value for f in figures], {**_errors(figures), "color": colour}
        fig.add_trace(
            go.Scatter(
                x=names if along else values,
                y=values if along else names,
                **{"error_y" if along else "error_x": errors},
                mode="markers",
                name=name,
                marker={"size": 10, "symbol": symbol, "color": colour},
                customdata=[[g.words, n] for g, n in zip(found, names, strict=True)],
                hovertemplate=f"%{{customdata[1]}}: %{{{'y' if along else 'x'}:.2f}} nats a word "
                f"{name}; %{{customdata[0]:,}} words<extra></extra>",
            )
        )
    nats = "gain, nats a word"
    lowest = min([0.0, *(f.low for figures, _ in over.values() for f in figures)])
    reach = [lowest - 0.03 * top, max(top, 0.1) * 1.05]
    if along:
        fig.update_xaxes(type="category", showgrid=False, tickangle=0)
        fig.update_yaxes(range=reach)
        frame.axis_title(fig, "word of the sentence", nats)
    else:
        fig.update_yaxes(type="category", autorange="reversed")
        fig.update_xaxes(range=reach)
        frame.axis_title(fig, nats)
    return fig
