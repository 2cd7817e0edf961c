"""The density of the aggregated posterior against the prior, in one dimension or two."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vae import colours
from vae.diagnostics.aggregated_posterior import normal_density
from vae.diagnostics.bootstrap import Floats
from vae.figures import frame
from vae.figures.figure import Figure
from vae.i18n import _
from vae.i18n.numbers import number

SHELLS = (0.5, 0.9, 0.99)
"""Circles that hold these shares of the prior's draws in two dimensions."""


def dimension_density(
    grid: Floats, density: Floats, dimension: int, rate: float, which: object
) -> Figure:
    """One dimension of the aggregated posterior against the prior.

    Args:
        grid: (G,) places along the dimension, evenly spaced.
        density: (G,) of q(z) there.
        rate: of the dimension, nats a sentence.
        which: of how many sentences of what kind, in words.
    """
    prior = normal_density(grid)
    mean, deviation = _moments(grid, density)
    fig = frame.figure(260)
    ours, theirs = _("aggregated posterior"), _("prior N(0, 1)")
    fig.add_scatter(
        x=grid,
        y=density,
        fill="tozeroy",
        mode="lines",
        line={"color": colours.POSTERIOR, "width": 3},
        fillcolor=colours.faded(colours.POSTERIOR, 0.3),
        name=ours,
        customdata=density / prior,
        hovertemplate=_("z = %{x:.2f}: density %{y:.3f}, %{customdata:.2f} times the prior's")
        + "<extra></extra>",
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
    told = {"mean": number(mean, ".2f"), "deviation": deviation, "which": which}
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
            "{deviation:.2f} (prior: 0 and 1).",
            **told,
        ),
        table=lambda: pd.DataFrame({"z": grid, ours: density, theirs: prior}),
    )


def pair_density(
    grid: Floats, density: Floats, dimensions: tuple[int, int], which: object
) -> Figure:
    """Two dimensions of the aggregated posterior, the prior's circles over them.

    Args:
        grid: (G,) places along both dimensions, evenly spaced.
        density: (G, G) of q(z) there: rows run over the second dimension.
        which: of how many sentences of what kind, in words.
    """
    prior = np.outer(normal_density(grid), normal_density(grid))
    fig = frame.figure(420)
    fig.add_heatmap(
        x=grid,
        y=grid,
        z=density,
        colorscale=colours.SEQUENTIAL,
        colorbar={"title": {"text": "q(z)", "side": "top"}, "thickness": 10},
        customdata=density / prior,
        hovertemplate=_(
            "z = (%{x:.1f}, %{y:.1f}): density %{z:.3f}, %{customdata:.2f} times the prior's"
        )
        + "<extra></extra>",
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
    told = {"first": first, "second": second}
    return Figure(
        name=f"aggregated-pair-{first}-{second}",
        question=_("Do dimensions {first} and {second} fill the prior's circles?", **told),
        plot=fig,
        alt=_(
            "Density of dimensions {first} and {second} of the aggregated posterior with circles "
            "of the prior.",
            **told,
        ),
        look_for=_(
            "Look for one bright middle that fades outwards, as the circles do. Islands mean that "
            "a step between them leaves the sentences."
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


def _shell(share: float) -> float:
    """The radius within which a share of a normal distribution in two dimensions lies."""
    return float(np.sqrt(-2 * np.log(1 - share)))


def _moments(grid: Floats, density: Floats) -> tuple[float, float]:
    """(mean, standard deviation) of a density on a grid."""
    weights = density / density.sum()
    mean = float((grid * weights).sum())
    return mean, float(np.sqrt(((grid - mean) ** 2 * weights).sum()))
