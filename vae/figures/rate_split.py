"""The rate: how much of it is information, and how much does z stray from the prior?"""

from __future__ import annotations

import pandas as pd

from vae import colours
from vae.diagnostics.rate_split import RateSplit
from vae.figures import frame
from vae.figures.figure import Figure
from vae.i18n import _, listed, pgettext
from vae.i18n.numbers import number, plus_minus

LEAST = 0.1
"""Nats: a scale of rates reaches so far at least, else a collapsed run would look busy."""


def rate_split(split: RateSplit, *, top: float = 0.0) -> Figure:
    """The rate as one bar: information, what cannot be told apart, mismatch.

    Args:
        top: where the scale ends at least, in nats, of runs that stand beside each other.
    """
    fig = frame.figure(190, barmode="stack", bargap=0.5, legend={"traceorder": "normal"})
    parts = _parts(split)
    for name, nats, colour, shape in parts:
        fig.add_bar(
            y=[0],
            x=[nats],
            name=name,
            orientation="h",
            marker={"color": colour, "pattern": {"shape": shape, "fgopacity": 0.5}},
            **frame.hover_text([_("{part}: {nats:.2f} nats a sentence", part=name, nats=nats)]),
        )
    fig.data[-1].error_x = frame.error_bars([split.rate])
    fig.update_xaxes(range=[0, max(top, split.rate.high, LEAST) * 1.06])
    fig.update_yaxes(showticklabels=False, showgrid=False)
    frame.axis_title(fig, _("nats a sentence"))
    return Figure(
        name="rate-split",
        question=finding(split),
        plot=fig,
        alt=_(
            "The rate, {rate:.2f} nats a sentence, in its parts: {parts}.",
            rate=split.rate.value,
            parts=listed(
                _("{part} {nats:.2f}", part=name, nats=nats) for name, nats, *_rest in parts
            ),
        ),
        look_for=_(
            "Look for a long first part: z tells sentences apart. The last part is "
            "KL(q(z) || p(z)): rate without information, since the posteriors together stray from "
            "the prior. No bar at all is collapse."
        ),
        estimator=_split_estimator(split),
        table=lambda: _split_table(split),
    )


def _parts(split: RateSplit) -> list[tuple[str, float, str, str]]:
    """(name, nats, colour, hatching) of each part of the rate; they add up to it."""
    least = split.information.value
    between = max(0.0, split.upper.value - least) if split.falls_short else 0.0
    rest = max(0.0, split.rate.value - least - between)
    first = _("information, at least") if between else _("information")
    parts = [(first, least, colours.MEASURE, "")]
    if between:
        unknown = _("one or the other: more than so few sentences show")
        parts.append((unknown, between, colours.NEUTRAL, "/"))
    if rest > 0 or not between:
        parts.append((_("mismatch of q(z) and the prior"), rest, colours.RATE, "."))
    return parts


def finding(split: RateSplit) -> str:
    """How much of the rate is information."""
    information, rate = split.information.value, split.rate.value
    if split.falls_short:
        return _(
            "{information:.1f} nats of information or more, of {rate:.1f}",
            information=information,
            rate=rate,
        )
    return _(
        "{information:.2f} nats of information, {mismatch:.2f} of mismatch",
        information=information,
        mismatch=split.mismatch.value,
    )


def _split_estimator(split: RateSplit) -> str:
    said = {
        "rate": plus_minus(split.rate),
        "information": plus_minus(split.information),
        "upper": number(split.upper.value),
        "n": split.rate.n,
        "ceiling": split.ceiling,
        "level": split.rate.level,
    }
    if split.falls_short:
        return _(
            "Rate {rate} nats, information {information} (Hoffman and Johnson, 2016), at most "
            "{upper} (the least of three bounds: that of Poole et al., 2019; the rate less the KL "
            "of the moments to the prior; the NLL); ± the longer half of a {level:.0%} interval "
            "over {n:,} sentences. With so many no more than ln n = {ceiling:.2f} nats of "
            "information can be seen, and from half of that on the estimate falls short, so the "
            "middle may be either.",
            **said,
        )
    return _(
        "Rate {rate} nats, information {information} (Hoffman and Johnson, 2016), at most {upper} "
        "(the least of three bounds: that of Poole et al., 2019; the rate less the KL of the "
        "moments to the prior; the NLL); ± the longer half of a {level:.0%} interval over {n:,} "
        "sentences. "
        "The estimate cannot exceed ln n = {ceiling:.2f} nats.",
        **said,
    )


def _split_table(split: RateSplit) -> pd.DataFrame:
    rows = {
        _("rate: mean KL(q(z|x) || p(z))"): split.rate,
        _("mutual information of sentence and z"): split.information,
        _("upper bound of the information"): split.upper,
        _("mismatch KL(q(z) || p(z)): rate less information"): split.mismatch,
        _("check: both parts at draws, less the rate (0 but for chance)"): split.residual,
    }
    made = frame.estimates(pgettext("column", "figure"), rows, _("nats a sentence"))
    return made.assign(
        **{_("ceiling ln n"): split.ceiling, _("draws of z a sentence"): split.draws}
    )
