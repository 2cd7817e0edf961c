"""How the aggregated posterior matches the prior: moments, a classifier, and the decoder's word."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from vae import colours
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.prior_match import (
    GOOD_MOMENT_KL,
    VISIBLE_ACCURACY,
    PriorMatch,
    SpaceMatch,
    Validity,
)
from vae.figures import frame, marks
from vae.figures.figure import Figure
from vae.i18n import _, ngettext, pgettext
from vae.i18n.numbers import between, number, percent, share_between, span

Named = Mapping[str, Interval]


def prior_match(found: PriorMatch, *, top: float = 0.0) -> Figure:
    """KL by moments and by a classifier above, its accuracy below; live and dead directions apart.

    Args:
        top: where the scale of nats ends at least, of runs that stand beside each other.
    """
    rows = _rows(found)
    moments = {name: each.moment_kl for name, each in rows.items()}
    bounds = {name: each.divergence for name, each in rows.items()}
    shares = {name: each.accuracy for name, each in rows.items()}
    fig = make_subplots(rows=2, cols=1, vertical_spacing=0.32)
    frame.frame(fig, 230 + 40 * len(rows))
    _points(fig, 1, moments, _("by moments"), ".2f", colours.POSTERIOR, "diamond")
    _points(fig, 1, bounds, _("by a classifier, at least"), ".2f", colours.MEASURE, "circle")
    _points(fig, 2, shares, _("told apart"), ".1%", colours.MEASURE, "circle", showlegend=False)
    ends = (GOOD_MOMENT_KL, top, *(i.high for each in (moments, bounds) for i in each.values()))
    for row, x in ((1, GOOD_MOMENT_KL), (2, 0.5), (2, VISIBLE_ACCURACY)):
        frame.marker_line(fig, x, row=row, col=1)
    fig.update_xaxes(range=[-0.02 * max(ends), max(ends) * 1.08], row=1, col=1)
    least = min(0.45, *(i.low for i in shares.values()))
    fig.update_xaxes(range=[least - 0.01, 1.02], tickformat=".0%", row=2, col=1)
    fig.update_yaxes(type="category", autorange="reversed")
    frame.axis_title(fig, _("KL to the prior, nats"), row=1, col=1)
    frame.axis_title(fig, _("draws told apart (chance: 50%)"), row=2, col=1)
    told = {
        "nats": found.moment_kl.value,
        "kl": between(found.moment_kl),
        "accuracy": percent(found.accuracy.value),
        "share": share_between(found.accuracy),
    }
    return Figure(
        name="prior-match",
        question=finding(found),
        plot=fig,
        alt=_(
            "By its moments the aggregated posterior lies at least {nats:.2f} nats from the prior "
            "({kl}). A classifier tells {accuracy} of draws apart ({share}).",
            **told,
        ),
        look_for=_(
            "Good: moments within 1 nat, and 50% of draws told apart, which is chance. Bad: above "
            "60% a classifier plainly sees the difference, and at many draws of the prior the "
            "decoder says what it was never taught. What is dead is the same for every sentence: a "
            "mismatch there is paid for nothing."
        ),
        estimator=_estimator(found),
        table=lambda: _table(rows),
    )


def finding(found: PriorMatch) -> str:
    """How far all posteriors together lie from the prior."""
    return _(
        "All posteriors together lie at least {nats:.2f} nats from the prior; {accuracy} of draws "
        "are told apart",
        nats=found.moment_kl.value,
        accuracy=percent(found.accuracy.value),
    )


def prior_validity(found: Validity, *, bottom: float = 1.0) -> Figure:
    """What the grammar accepts of draws of the prior and of the posteriors, decoded greedily.

    Args:
        bottom: where the scale begins at most, of runs that stand beside each other.
    """
    named = {_("draws of the prior"): found.prior, _("draws of posteriors"): found.aggregate}
    fig = frame.figure(150, showlegend=False)
    for (name, share), colour in zip(
        named.items(), (colours.PRIOR, colours.POSTERIOR), strict=True
    ):
        marks.points(
            fig,
            [name],
            [share],
            name=name,
            hover=[_("{who}: {share:.1%} in the language", who=name, share=share.value)],
            colour=colour,
            symbol="diamond",
            size=12,
        )
    least = min(bottom, found.prior.low, found.aggregate.low)
    fig.update_xaxes(range=[least - 0.05 * (1 - least) - 0.001, 1.002], tickformat=".1%")
    fig.update_yaxes(type="category", autorange="reversed")
    frame.axis_title(fig, _("sentences that the grammar accepts"))
    told = {
        "prior": percent(found.prior.value),
        "aggregate": percent(found.aggregate.value),
        "prior_interval": share_between(found.prior),
        "aggregate_interval": share_between(found.aggregate),
        "n": found.prior.n,
    }
    return Figure(
        name="prior-validity",
        question=_(
            "{prior} of prior draws are decoded into the language, {aggregate} of posteriors'",
            **told,
        ),
        plot=fig,
        alt=_(
            "The grammar accepts {prior} of what is decoded at draws of the prior "
            "({prior_interval}) and {aggregate} at draws of posteriors ({aggregate_interval}).",
            **told,
        ),
        look_for=_(
            "Look for two points above each other. Where the prior's lies lower, the decoder does "
            "not know the places that the prior likes and no posterior fills."
        ),
        estimator=_(
            "{n:,} draws of each, the likeliest word at each step; Wilson intervals.",
            **told,
        ),
        table=lambda: frame.estimates(
            pgettext("column", "draws"), named, _("share in the language")
        ),
    )


def _rows(found: PriorMatch) -> dict[str, SpaceMatch]:
    """The whole, and its live and its dead part where it has both."""
    n = found.whole.dimensions
    rows = {ngettext("{n} dimension", "all {n} dimensions", n): found.whole}
    if found.live and found.dead:
        rows[_("{n} live", n=found.live.dimensions)] = found.live
        rows[_("{n} dead", n=found.dead.dimensions)] = found.dead
    return rows


def _points(
    fig: go.Figure,
    row: int,
    named: Named,
    name: str,
    form: str,
    colour: str,
    symbol: str,
    **more: bool,
) -> None:
    """A point of each part, with its interval."""
    said = [
        _(
            "{where}, {what}: {value} ({interval})",
            where=where,
            what=name,
            value=number(i.value, form),
            interval=span(i, form),
        )
        for where, i in named.items()
    ]
    marks.points(
        fig,
        list(named),
        list(named.values()),
        name=name,
        hover=said,
        colour=colour,
        symbol=symbol,
        row=row,
        col=1,
        **more,
    )


def _estimator(found: PriorMatch) -> str:
    return _(
        "Moments: KL to N(0, I) of the Gaussian with the mean and the covariance of the aggregated "
        "posterior of {n:,} sentences, the least that the true KL can be; bias of few sentences is "
        "taken off, intervals are over sentences. Classifier: {draws:,} draws, half of them of the "
        "prior, each judged by what others were fitted on (Lopez-Paz and Oquab, 2017); its log "
        "odds bound the KL from below, up to 6 nats (Nguyen et al., 2010). Live are the principal "
        "directions along which the posterior mean varies.",
        n=found.n,
        draws=found.accuracy.n,
    )


def _table(rows: Mapping[str, SpaceMatch]) -> pd.DataFrame:
    kinds = {
        _("KL by moments (nats)"): "moment_kl",
        _("KL by a classifier, at least (nats)"): "divergence",
        _("share of draws told apart"): "accuracy",
    }
    named = {
        (where, kind): getattr(each, field)
        for where, each in rows.items()
        for kind, field in kinds.items()
    }
    figure = pgettext("column", "figure")
    table = frame.estimates(figure, named, pgettext("column", "value"))
    table[figure] = [kind for _where, kind in named]
    table.insert(0, pgettext("column", "directions"), [where for where, _kind in named])
    return table
