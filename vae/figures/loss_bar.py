"""The loss of one sentence as a bar: each piece is one word or one dimension."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vae import colours
from vae.course.worked import Worked, shown
from vae.figures import frame
from vae.figures.figure import Figure
from vae.figures.posterior import named
from vae.i18n import _, pgettext

MOST = 8
"""Dimensions that have a piece each."""


def loss_bar(worked: Worked, draw: int, titles: Sequence[str]) -> Figure:
    """What each token and each dimension adds to the loss of a draw of z, in nats.

    Args:
        titles: of all Z dimensions; empty where one has none.
    """
    seen = worked.seen
    some, others = shown(seen, MOST)
    pieces = [
        (token, cost, colours.DISTORTION)
        for token, cost in zip(seen.tokens, worked.costs[draw].tolist(), strict=True)
    ]
    kl = (worked.beta * seen.kl).tolist()
    pieces += [(n, kl[d], colours.RATE) for d, n in zip(some, named(some, titles), strict=True)]
    if others:
        rest = _("{n} others", n=len(others))
        pieces.append((rest, sum(kl[d] for d in others), colours.NEUTRAL))
    plot = frame.figure(150, showlegend=False, barmode="stack")
    for name, cost, colour in pieces:
        plot.add_bar(
            x=[cost],
            y=[""],
            orientation="h",
            marker={"color": colour, "line": {"color": "#FFFFFF", "width": 1}},
            text=frame.plain(name) if cost > worked.losses[draw] / 20 else "",
            textposition="inside",
            insidetextanchor="middle",
            hovertemplate=f"{frame.plain(name)}: %{{x:.2f}}<extra></extra>",
        )
    frame.axis_title(plot, x=_("loss, in nats"))
    return Figure(
        name="loss",
        question=_("What is the loss made of? {nats:.1f} nats", nats=float(worked.losses[draw])),
        plot=plot,
        alt=_(
            "A bar of the loss: a piece for each of {n} tokens, then the dimensions.",
            n=len(seen.tokens),
        ),
        look_for=_("Look for which bill is longer: that of the words, or that of the place."),
        estimator=_(
            "−log p of each token at this draw of z, then the KL of each dimension; they add up to "
            "the loss."
        ),
        table=lambda: pd.DataFrame(
            {
                pgettext("column", "what"): [name for name, _cost, _colour in pieces],
                _("loss, in nats"): [round(cost, 4) for _name, cost, _colour in pieces],
            }
        ),
    )
