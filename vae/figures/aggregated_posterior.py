"""Does the aggregated posterior fill the prior? Its densities, and the holes it leaves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vae import colours
from vae.diagnostics.bootstrap import Floats
from vae.diagnostics.holes import THIN, Holes, hole_mass, normal_density
from vae.figures import frame
from vae.figures.figure import Figure
from vae.i18n import _, pgettext
from vae.i18n.numbers import number, percent, share_between

HOLE = colours.COLLAPSED
SHELLS = (0.5, 0.9, 0.99)
"""Circles that hold these shares of the prior's draws in two dimensions."""


def dimension_density(
    grid: Floats, density: Floats, dimension: int, rate: float, which: object
) -> Figure:
    """One dimension of the aggregated posterior against the prior, holes filled.

    Args:
        grid: (G,) places along the dimension, evenly spaced.
        density: (G,) of q(z) there.
        rate: of the dimension, nats a sentence.
        which: of how many sentences of what kind, in words.
    """
    prior = normal_density(grid)
    thin = density < THIN * prior
    mass, (mean, deviation) = hole_mass(density, prior), _moments(grid, density)
    fig = frame.figure(260)
    fig.add_scatter(
        x=grid,
        y=np.where(thin, prior, np.nan),
        fill="tozeroy",
        mode="lines",
        line={"width": 0},
        fillcolor=colours.faded(HOLE, 0.45),
        name=_("hole"),
        showlegend=bool(thin.any()),
        hoverinfo="skip",
    )
    ours, theirs = _("aggregated posterior"), _("prior N(0, 1)")
    fig.add_scatter(
        x=grid,
        y=density,
        fill="tozeroy",
        mode="lines",
        line={"color": colours.POSTERIOR, "width": 3},
        fillcolor=colours.faded(colours.POSTERIOR, 0.3),
        name=ours,
        hovertemplate=_("z = %{x:.2f}: density %{y:.3f}, aggregated posterior") + "<extra></extra>",
    )
    fig.add_scatter(
        x=grid,
        y=prior,
        mode="lines",
        name=theirs,
        line={"color": colours.PRIOR, "width": 3, "dash": "dash"},
        hovertemplate=_("z = %{x:.2f}: density %{y:.3f}, prior") + "<extra></extra>",
    )
    fig.update_yaxes(range=[0, max(0.45, float(density.max()) * 1.05)])
    frame.axis_title(fig, _("z along this dimension"), _("density"))
    told = {"mean": number(mean, ".2f"), "deviation": deviation, "which": which, "mass": mass}
    return Figure(
        name=f"aggregated-dimension-{dimension}",
        question=_("Dimension {d}: {nats:.2f} nats", d=dimension, nats=rate),
        plot=fig,
        alt=_(
            "Density of dimension {d} of the aggregated posterior: mean {mean}, standard "
            "deviation {deviation:.2f}; the prior has 0 and 1.",
            d=dimension,
            **told,
        ),
        look_for=_(
            "Look for a solid line that follows the dashed one. A perfect fit at zero nats is "
            "collapse: every single posterior is the prior."
        ),
        estimator=_(
            "Mixture of the posteriors of {which}: mean {mean}, standard deviation "
            "{deviation:.2f} (prior: 0 and 1); {mass:.0%} of the prior's mass is where q(z) has "
            "less than a tenth of its density, a hole.",
            **told,
        ),
        table=lambda: pd.DataFrame({"z": grid, ours: density, theirs: prior}),
    )


def pair_density(
    grid: Floats, density: Floats, dimensions: tuple[int, int], which: object
) -> Figure:
    """Two dimensions of the aggregated posterior, the prior's circles over them, holes marked.

    Args:
        grid: (G,) places along both dimensions, evenly spaced.
        density: (G, G) of q(z) there: rows run over the second dimension.
        which: of how many sentences of what kind, in words.
    """
    prior = np.outer(normal_density(grid), normal_density(grid))
    radius = np.hypot(grid[:, None], grid[None])
    within = radius < _shell(max(SHELLS))
    mass = hole_mass(density, prior)
    fig = frame.figure(420)
    fig.add_heatmap(
        x=grid,
        y=grid,
        z=density,
        colorscale=colours.SEQUENTIAL,
        colorbar={"title": {"text": "q(z)", "side": "top"}, "thickness": 10},
        hovertemplate=_("z = (%{x:.1f}, %{y:.1f}): density %{z:.3f}") + "<extra></extra>",
    )
    hole = np.where(within & (density < THIN * prior), 1.0, np.nan)
    fig.add_heatmap(
        x=grid,
        y=grid,
        z=hole,
        colorscale=[[0, HOLE], [1, HOLE]],
        opacity=0.75,
        showscale=False,
        hovertemplate=_("z = (%{x:.1f}, %{y:.1f}): a hole") + "<extra></extra>",
    )
    turn = np.linspace(0, 2 * np.pi, 181)
    for share in SHELLS:
        said = _("{share:.0%} of the prior's draws lie within", share=share)
        fig.add_scatter(
            x=_shell(share) * np.cos(turn),
            y=_shell(share) * np.sin(turn),
            mode="lines",
            line={"color": "#F8F6F0", "width": 2, "dash": "dash"},
            showlegend=False,
            hovertemplate=f"{said}<extra></extra>",
        )
    ends = [float(grid[0]), float(grid[-1])]
    fig.update_xaxes(range=ends, showgrid=False, constrain="domain")
    fig.update_yaxes(range=ends, showgrid=False, scaleanchor="x", constrain="domain")
    first, second = dimensions
    frame.axis_title(fig, _("dimension {d}", d=first), _("dimension {d}", d=second))
    told = {"first": first, "second": second, "mass": mass}
    return Figure(
        name=f"aggregated-pair-{first}-{second}",
        question=_("Dimensions {first} and {second}: {mass:.0%} of the prior in holes", **told),
        plot=fig,
        alt=_(
            "Density of dimensions {first} and {second} of the aggregated posterior with circles "
            "of the prior; {mass:.0%} of the prior's mass is in holes.",
            **told,
        ),
        look_for=_(
            "Look for one bright middle that fades outwards. Islands mean that a step between them "
            "leaves the sentences. Orange: q(z) has less than a tenth of the prior's density "
            "there, a hole."
        ),
        estimator=_(
            "Mixture of the posteriors of {which}. Circles hold half, 90% and 99% of the prior's "
            "draws.",
            which=which,
        ),
        table=lambda: (
            pd.DataFrame(density, index=grid, columns=[f"{x:.3f}" for x in grid])
            .rename_axis(_("dimension {second} (down), {first} (across)", **told))
            .reset_index()
        ),
    )


def holes(found: Holes, latent_dim: int, *, top: float = 0.0) -> Figure:
    """The share of prior draws that fall into holes of all dimensions at once.

    Args:
        top: where the scale ends at least, of runs that stand beside each other.
    """
    rows = {
        _("draws of the prior"): (found.share.value, HOLE, "diamond"),
        _("if q(z) were the prior"): (found.quantile, colours.PRIOR, "circle"),
    }
    fig = frame.figure(150, showlegend=False)
    for name, (share, colour, symbol) in rows.items():
        fig.add_scatter(
            x=[share],
            y=[name],
            mode="markers",
            marker={"size": 12, "symbol": symbol, "color": colour},
            **frame.hover_text([_("{who}: {share:.1%} in a hole", who=name, share=share)]),
        )
    fig.data[0].error_x = frame.error_bars([found.share], HOLE)
    fig.update_xaxes(range=[0, max(0.1, top, found.share.high) * 1.08], tickformat=".0%")
    fig.update_yaxes(type="category", autorange="reversed")
    frame.axis_title(fig, _("share that falls into a hole"))
    return Figure(
        name="holes",
        question=_(
            "In all {dimensions} dimensions at once, {share:.0%} of prior draws fall into a hole",
            dimensions=latent_dim,
            share=found.share.value,
        ),
        plot=fig,
        alt=_(
            "{share} of prior draws fall into a hole ({interval}); {quantile:.0%} would if q(z) "
            "were the prior.",
            share=percent(found.share.value),
            interval=share_between(found.share),
            quantile=found.quantile,
        ),
        look_for=_(
            "Look for two points above each other. What the decoder says in a hole it was never "
            "taught. One dimension, or two, may look full where all together are not."
        ),
        estimator=_(
            "{interval}; {n:,} draws. A hole is where q(z) is thinner than at the lowest "
            "{quantile:.0%} of its own draws, seen by the others only.",
            interval=share_between(found.share),
            n=found.share.n,
            quantile=found.quantile,
        ),
        table=lambda: frame.estimates(
            pgettext("column", "draws"),
            {_("draws of the prior"): found.share},
            _("share in holes"),
        ).assign(**{_("if q(z) were the prior"): found.quantile}),
    )


def _shell(share: float) -> float:
    """The radius within which a share of a normal distribution in two dimensions lies."""
    return float(np.sqrt(-2 * np.log(1 - share)))


def _moments(grid: Floats, density: Floats) -> tuple[float, float]:
    """(mean, standard deviation) of a density on a grid."""
    weights = density / density.sum()
    mean = float((grid * weights).sum())
    return mean, float(np.sqrt(((grid - mean) ** 2 * weights).sum()))
