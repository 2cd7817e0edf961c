"""What does each dimension cost, and which are active?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vae import colours
from vae.diagnostics.bootstrap import Floats, Interval
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD, falling
from vae.diagnostics.units import MARKED
from vae.figures import frame
from vae.figures.figure import Figure
from vae.figures.rate_split import LEAST
from vae.figures.units import marks_of_papers
from vae.i18n import _, pgettext, sentences
from vae.i18n.numbers import plus_minus

FLOOR = 1e-6
"""Variances below it are drawn there: the scale is logarithmic."""

NEAR = 0.1
"""A rate within this share of its floor stands at it."""


def rates(
    per_dimension: Sequence[float] | Floats,
    variances: Sequence[float] | Floats,
    rate: Interval,
    which: object,
    *,
    threshold: float = ACTIVE_UNIT_THRESHOLD,
    top: float = 0.0,
    floor: float = 0.0,
) -> Figure:
    """Mean KL of each of Z dimensions, largest first; inactive ones are hatched.

    Args:
        per_dimension: (Z,) nats a sentence.
        variances: (Z,) of the posterior mean, which decide what is active.
        rate: of all dimensions together.
        which: of how many sentences of what kind, in words.
        top: where the scale ends at least, of runs that stand beside each other.
        floor: free bits of a dimension in the run's training, nats; 0 where there were none.
    """
    order = falling(per_dimension)
    kl, spread = np.asarray(per_dimension)[order], np.asarray(variances)[order]
    active = spread > threshold
    fig = frame.figure(260)
    fig.add_bar(
        x=[str(d) for d in order],
        y=kl,
        marker={
            "color": [colours.RATE if a else colours.NEUTRAL for a in active],
            "pattern": {"shape": ["" if a else "/" for a in active], "fgopacity": 0.6},
        },
        **frame.hover_text(
            [
                _("dimension {d}, active: {nats:.3f} nats a sentence", d=d, nats=float(nats))
                if a
                else _("dimension {d}, inactive: {nats:.3f} nats a sentence", d=d, nats=float(nats))
                for d, nats, a in zip(order, kl, active, strict=True)
            ]
        ),
    )
    fig.update_xaxes(type="category", showgrid=False, tickangle=0)
    if len(order) > 16:
        fig.update_xaxes(tickvals=[str(d) for d in order[:: max(2, len(order) // 12)]])
    fig.update_yaxes(range=[0, max([top, LEAST, 1.1 * floor, *kl.tolist()]) * 1.05])
    if floor:
        frame.level(fig, floor, _("floor of free bits, {floor:g} nats", floor=floor), dash="dash")
    frame.axis_title(fig, _("dimension, by KL"), _("KL, nats a sentence"))
    counted = {"active": int(active.sum()), "all": len(order)}
    return Figure(
        name="rates",
        question=_("{active} of {all} dimensions are active", **counted),
        plot=fig,
        alt=_(
            "KL of each dimension, largest first: {active} of {all} are active, {nats:.2f} nats "
            "in all.",
            nats=rate.value,
            **counted,
        ),
        look_for=sentences(
            _(
                "Look for bars: dimensions that are paid for. What they buy the mutual information "
                "says. Hatched grey is inactive; no bar above zero is collapse."
            ),
            floor_finding(per_dimension, floor),
        ),
        estimator=_(
            "Mean over {which}; together {rate} nats. Active: variance of the posterior mean above "
            "{threshold:g} (Burda et al., 2016).",
            which=which,
            rate=plus_minus(rate),
            threshold=threshold,
        ),
        table=lambda: _dimension_table(order, kl, spread, threshold, rate.n),
    )


def floor_finding(per_dimension: Sequence[float] | Floats, floor: float) -> str:
    """That a rate stands at its floor of free bits (Kingma et al., 2016); "" where it does not.

    It does where the whole lies within a tenth of Z floors, or most dimensions within a tenth of
    their own.

    Args:
        per_dimension: (Z,) nats a sentence.
        floor: of a dimension, nats.
    """
    kl = np.asarray(per_dimension, dtype=np.float64)
    if not floor or not len(kl):
        return ""
    at = np.abs(kl - floor) <= NEAR * floor
    whole = len(kl) * floor
    if abs(float(kl.sum()) - whole) > NEAR * whole and 2 * at.sum() <= len(kl):
        return ""
    return _(
        "The rate stands at its floor: {n} of {total} dimensions lie within a tenth of their free "
        "bits, {floor:g} nats each, {whole:.2f} in all. The floor holds the rate up, so it is no "
        "sign of information.",
        n=int(at.sum()),
        total=len(kl),
        floor=floor,
        whole=whole,
    )


def variances(
    per_dimension: Sequence[float] | Floats,
    spread: Sequence[float] | Floats,
    which: object,
    *,
    threshold: float = ACTIVE_UNIT_THRESHOLD,
) -> Figure:
    """Variance of the posterior means on a log scale, with the thresholds that call them active.

    Args:
        per_dimension: (Z,) nats a sentence, which order the dimensions.
        spread: (Z,) variances of the posterior mean.
        which: of how many sentences of what kind, in words.
    """
    order = falling(per_dimension)
    kl, values = np.asarray(per_dimension)[order], np.asarray(spread)[order]
    active = values > threshold
    fig = frame.figure(260)
    fig.add_scatter(
        x=[str(d) for d in order],
        y=np.maximum(values, FLOOR),
        mode="markers",
        marker={
            "size": 9,
            "symbol": ["circle" if a else "x-thin-open" for a in active],
            "color": [colours.POSTERIOR if a else colours.NEUTRAL for a in active],
            "line": {"width": 2, "color": colours.NEUTRAL},
        },
        **frame.hover_text(
            [
                _("dimension {d}: variance {v:.4g}", d=d, v=float(v))
                for d, v in zip(order, values, strict=True)
            ]
        ),
    )
    for y in MARKED:
        fig.add_hline(y=y, line={"color": colours.NEUTRAL, "width": 1.5, "dash": "dot"})
    fig.add_hline(y=threshold, line={"color": colours.NEUTRAL, "width": 3})
    ticks = {1e-6: "10⁻⁶", 1e-4: "10⁻⁴", **marks_of_papers(), 1.0: "1", 10.0: "10"}
    fig.update_xaxes(type="category", showgrid=False, showticklabels=False)
    top = max(1.0, float(np.log10(values.max(initial=1.0))) + 0.2)
    fig.update_yaxes(
        type="log", range=[-6.3, top], tickvals=list(ticks), ticktext=list(ticks.values())
    )
    frame.axis_title(fig, _("dimension, by KL"), _("variance of the means"))
    return Figure(
        name="variances",
        question=_("Do active and inactive dimensions lie apart?"),
        plot=fig,
        alt=_(
            "Variance of the posterior mean of each of {n} dimensions, on a log scale, with the "
            "threshold {threshold:g}: {active} lie above it.",
            n=len(order),
            threshold=threshold,
            active=int(active.sum()),
        ),
        look_for=_(
            "Thick line: the threshold, {threshold:g}. Look for a gap that it falls into. A count "
            "that changes with every step of the threshold has no meaning without it.",
            threshold=threshold,
        ),
        estimator=_variance_estimator(values, which),
        table=lambda: _dimension_table(order, kl, values, threshold),
    )


def _variance_estimator(values: Floats, which: object) -> str:
    how = _("Variance of the posterior mean over {which}.", which=which)
    if below := int((values < FLOOR).sum()):
        off = _("{n} below 10⁻⁶ stand at 10⁻⁶; the table has their values.", n=below)
        return f"{how} {off}"
    return how


def _dimension_table(
    order: Sequence[int], kl: Floats, spread: Floats, threshold: float, n: int | None = None
) -> pd.DataFrame:
    columns = {
        pgettext("column", "dimension"): order,
        _("KL (nats a sentence)"): kl,
        _("variance of the posterior mean"): spread,
        pgettext("column", "active"): spread > threshold,
        pgettext("column", "threshold"): threshold,
    }
    return pd.DataFrame(columns if n is None else {**columns, _("n sentences"): n})
