"""What each mistake of the article's listing does, in a picture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch

from vae import colours
from vae.figures import frame
from vae.figures.figure import Figure
from vae.i18n import _, pgettext
from vae.models import Posterior
from vae.training.mistakes import LEAST_STD, MOST_STD, NoNoise, coin_entropy

Floats = npt.NDArray[np.floating]
_DRAWS = 300


def spread_bounds(right: Posterior, bounded: Posterior) -> Figure:
    """The spreads (N, Z) of the right form, and those that tanh lets through."""
    named = {_("right form"): right, _("with tanh"): bounded}
    values = {n: q.deviation.flatten().detach().numpy() for n, q in named.items()}
    fig = frame.figure(300, barmode="overlay")
    bins = {"start": 0.0, "end": 2.0, "size": 0.04}
    for (name, spreads), colour in zip(
        values.items(), (colours.HEALTHY, colours.COLLAPSED), strict=True
    ):
        fig.add_histogram(
            x=spreads,
            xbins=bins,
            histnorm="percent",
            name=name,
            marker={"color": colour, "pattern": {"shape": "/" * (colour == colours.COLLAPSED)}},
            opacity=0.75,
            hovertemplate=_("σ around %{x}: %{y:.1f} %") + "<extra></extra>",
        )
    for bound in (LEAST_STD, MOST_STD):
        frame.marker_line(fig, bound, f"{bound:.2f}")
    fig.update_xaxes(range=[0, 2])
    frame.axis_title(fig, _("spread σ of q(z|x)"), _("% of all spreads"))
    return Figure(
        name="spread-bounds",
        question=_("How sure can the model be?"),
        plot=fig,
        alt=_(
            "Histogram of spreads: the right form reaches {low:.2f}, with tanh none lies below "
            "{bound:.2f}.",
            low=float(next(iter(values.values())).min()),
            bound=LEAST_STD,
        ),
        look_for=_(
            "Look left of the first line: spreads as narrow as those are what it takes to keep a "
            "value exactly. With tanh there is none, so the distortion stays higher."
        ),
        estimator=_("Every dimension of every held-out vector."),
        table=lambda: pd.DataFrame({name: pd.Series(v) for name, v in values.items()}),
    )


def kl_forms(means: Floats) -> Figure:
    """The right KL of a mean and the article's, and the share of means (N, Z) that it cannot take.

    Args:
        means: of held-out vectors, by the right form.
    """
    at = torch.linspace(-2, 2, 401)
    right, wrong = 0.5 * at.square(), coin_entropy(at)
    fig = frame.figure(300)
    for name, values, colour, dash in (
        (_("KL of a Gaussian, σ = 1"), right, colours.RATE, "solid"),
        (_("the article's"), wrong, colours.COLLAPSED, "dash"),
    ):
        fig.add_scatter(
            x=at.numpy(),
            y=values.numpy(),
            mode="lines",
            name=name,
            line={"color": colour, "width": 3, "dash": dash},
            hovertemplate=_("μ = %{x:.2f}: %{y:.2f} nats") + "<extra></extra>",
        )
    fig.update_xaxes(range=[-2, 2])
    frame.axis_title(fig, _("posterior mean μ"), _("nats"))
    outside = float(np.mean((means <= 0) | (means >= 1)))
    return Figure(
        name="kl-forms",
        question=_(
            "{share:.0%} of all means are where the article's KL is no number", share=outside
        ),
        plot=fig,
        alt=_(
            "The KL of a Gaussian is a parabola with its lowest point at 0; the article's form "
            "exists between 0 and 1 alone and is lowest, below zero, at one half."
        ),
        look_for=_(
            "Look for where the dashed line exists: between 0 and 1, below zero, lowest at one "
            "half. One mean outside, and the whole loss is NaN."
        ),
        estimator=_("The share is over every dimension of every held-out vector."),
        table=lambda: pd.DataFrame(
            {"μ": at.numpy(), _("right form"): right.numpy(), _("the article's"): wrong.numpy()}
        ),
    )


def draws_of_one(posterior: Posterior, seed: int = 0) -> Figure:
    """Draws of z of one vector (1, Z), in its first two dimensions: with noise and without."""
    generator = torch.Generator().manual_seed(seed)
    many = posterior.rows(torch.zeros(_DRAWS, dtype=torch.long))
    noise = torch.randn(many.mean.shape, generator=generator)
    right, wrong = many.at(noise).numpy(), NoNoise().latent(many, noise).numpy()
    fig = frame.figure(320)
    for name, points, colour, shape in (
        (_("mean + σ × noise"), right, colours.POSTERIOR, "circle"),
        (_("mean × σ"), wrong, colours.COLLAPSED, "x"),
    ):
        fig.add_scatter(
            x=points[:, 0],
            y=points[:, 1],
            mode="markers",
            name=name,
            marker={"color": colour, "symbol": shape, "size": 6 if shape == "circle" else 14},
            hovertemplate="%{x:.2f}, %{y:.2f}<extra></extra>",
        )
    frame.axis_title(fig, _("dimension {d}", d=0), _("dimension {d}", d=1))
    return Figure(
        name="draws-of-one",
        question=_("{n} draws of one vector: a cloud, or one point", n=_DRAWS),
        plot=fig,
        alt=_("With noise the draws are a cloud; without it they are all the same point."),
        look_for=_(
            "Look for the cross: all draws lie on it. A decoder that is only ever shown one point "
            "learns nothing of what lies around it."
        ),
        estimator=_("The spread is that of the posterior; the first two dimensions."),
        table=lambda: pd.DataFrame(
            np.concatenate([right[:, :2], wrong[:, :2]], axis=1),
            columns=[
                f"{form}, {_('dimension {d}', d=d)}"
                for form in (_("mean + σ × noise"), _("mean × σ"))
                for d in (0, 1)
            ],
        ).rename_axis(pgettext("column", "draw")),
    )
