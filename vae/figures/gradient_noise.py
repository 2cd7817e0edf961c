"""What does z = mu + sigma eps buy? Gradients with it and without, draw by draw."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vae import colours
from vae.diagnostics.gradient_noise import GradientNoise
from vae.figures import frame
from vae.figures.figure import Figure
from vae.figures.posterior import named
from vae.i18n import _, pgettext

ROW_HEIGHT = 46


def gradient_noise(found: GradientNoise, dims: Sequence[int], titles: Sequence[str]) -> Figure:
    """The gradient of each draw in some dimensions, by both ways.

    Args:
        titles: of all Z dimensions; empty where one has none.
    """
    names = [frame.plain(name) for name in named(dims, titles)]
    plot = frame.figure(ROW_HEIGHT * len(dims) + 90)
    ways = (
        (found.around, _("without it"), colours.DISTORTION, "x", -0.18),
        (found.through, _("with z = μ + σ ε"), colours.POSTERIOR, "circle", 0.18),
    )
    for values, name, colour, symbol, shift in ways:
        plot.add_scatter(
            x=values[:, dims].T.ravel(),
            y=[i + shift for i in range(len(dims)) for _draw in values],
            mode="markers",
            name=name,
            marker={"color": colour, "symbol": symbol, "size": 6, "opacity": 0.55},
            hovertemplate="%{x:.1f}<extra></extra>",
        )
    plot.add_vline(x=0, line={"color": colours.NEUTRAL, "width": 1})
    ticks = list(range(len(dims)))
    plot.update_yaxes(tickvals=ticks, ticktext=names, autorange="reversed", showgrid=False)
    frame.axis_title(plot, x=_("gradient of the distortion, nats per unit of μ"))
    n = len(found.through)
    return Figure(
        name="gradient-noise",
        question=_(
            "Without it, a single draw is {ratio:.0f} times as far off",
            ratio=found.ratio,
        ),
        plot=plot,
        alt=_(
            "Gradients of {n} draws in {dims} dimensions: those with z = μ + σ ε lie close "
            "together, those without it far apart.",
            n=n,
            dims=len(dims),
        ),
        look_for=_(
            "Look at how far the marks of one row are apart: each is what one draw would teach. "
            "Both kinds have the same mean; the wide kind takes many draws to find it."
        ),
        estimator=_(
            "The same {n} draws of z for both; the second kind is −log p(x|z) times the gradient "
            "of log q (Williams, 1992), with no baseline. The number is the median over all "
            "dimensions of the quotient of standard deviations.",
            n=n,
        ),
        table=lambda: pd.DataFrame(
            {
                pgettext("column", "dimension"): list(dims),
                _("mean with it"): found.through[:, dims].mean(0).round(3),
                _("standard deviation with it"): found.through[:, dims].std(0, ddof=1).round(3),
                _("mean without it"): found.around[:, dims].mean(0).round(3),
                _("standard deviation without it"): found.around[:, dims].std(0, ddof=1).round(3),
            }
        ),
    )
