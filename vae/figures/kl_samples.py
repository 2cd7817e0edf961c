"""How many draws does a KL divergence take, that a formula gives at once?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vae import colours
from vae.diagnostics.kl_samples import KlSamples
from vae.figures import frame
from vae.figures.figure import Figure
from vae.i18n import _, pgettext
from vae.i18n.numbers import ERRORS

_POINTS = 240


def kl_by_draws(found: KlSamples) -> Figure:
    """The running mean of log q - log p over the draws, and the closed form."""
    n = len(found.log_ratios)
    at = np.unique(np.geomspace(1, n, _POINTS).astype(int))
    mean, half = found.running[at - 1], ERRORS * found.errors[at - 1]
    plot = frame.figure(340, showlegend=False)
    plot.add_scatter(
        x=[*at, *at[::-1]],
        y=[*(mean + half), *(mean - half)[::-1]],
        fill="toself",
        fillcolor=colours.faded(colours.RATE, 0.18),
        line={"width": 0},
        hoverinfo="skip",
    )
    hover = _("{n} draws: {nats} nats", n="%{x:,}", nats="%{y:.2f}")
    plot.add_scatter(
        x=at,
        y=mean,
        mode="lines",
        line={"color": colours.RATE, "width": 2.5},
        hovertemplate=f"{hover}<extra></extra>",
    )
    frame.level(plot, found.exact, _("the formula: {nats:.2f} nats", nats=found.exact))
    plot.update_xaxes(type="log")
    frame.axis_title(plot, x=_("draws of z"), y=_("mean of log q − log p, nats"))
    return Figure(
        name="kl-by-draws",
        question=_(
            "After {n:,} draws: {nats:.2f} nats, give or take {half:.2f}",
            n=n,
            nats=float(found.running[-1]),
            half=float(ERRORS * found.errors[-1]),
        ),
        plot=plot,
        alt=_(
            "The mean of log q − log p over {n:,} draws settles at {nats:.2f} nats, beside the "
            "closed form of {exact:.2f}.",
            n=n,
            nats=float(found.running[-1]),
            exact=found.exact,
        ),
        look_for=_(
            "Look for a line that wanders at first and settles on the dotted one. A bad sign: a "
            "line that settles elsewhere, which would be a wrong formula."
        ),
        estimator=_(
            "log q(z|x) − log p(z) at draws of q(z|x), its running mean and 95% interval; dotted: "
            "½ (μ² + σ² − log σ² − 1), summed over the dimensions."
        ),
        table=lambda: pd.DataFrame(
            {
                pgettext("column", "draws"): at,
                _("KL (nats)"): mean.round(4),
                pgettext("column", "standard error"): found.errors[at - 1].round(4),
            }
        ),
    )
