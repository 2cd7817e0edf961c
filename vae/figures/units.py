"""How many dimensions are active? The count over the threshold that makes it."""

from __future__ import annotations

import re

from vae import colours
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD
from vae.diagnostics.units import MARKED, UnitCurve
from vae.figures import frame
from vae.figures.figure import Figure
from vae.i18n import _, listed, pgettext
from vae.i18n.numbers import number

_TICKS = {1e-6: "10⁻⁶", 1e-4: "10⁻⁴", 1e-3: "10⁻³", 1e-2: "0.01", 0.1: "0.1", 1.0: "1", 10.0: "10"}


def active_units(
    curve: UnitCurve, latent_dim: int, which: object, *, threshold: float = ACTIVE_UNIT_THRESHOLD
) -> Figure:
    """Active units over the threshold, with the band of their intervals and the marks of papers.

    Args:
        which: of how many sentences of what kind, in words.
        threshold: one more that is marked.
    """
    x = list(curve.thresholds)
    low, high = [c.low for c in curve.counts], [c.high for c in curve.counts]
    top = latent_dim * 1.12 + 0.5
    fig = frame.figure(260)
    if curve.counts[0].known:
        fig.add_scatter(
            x=x + x[::-1],
            y=high + low[::-1],
            fill="toself",
            fillcolor=colours.faded(colours.POSTERIOR, 0.3),
            line={"width": 0},
            hoverinfo="skip",
            name=_("{level:.0%} interval", level=curve.counts[0].level),
        )
    fig.add_scatter(
        x=x,
        y=[c.value for c in curve.counts],
        mode="lines+markers",
        name=_("active units"),
        line={"color": colours.POSTERIOR, "width": 2.5},
        marker={"size": 7},
        **frame.hover_text(
            [
                _("above {t:g}: {n:.0f} active ({low:.0f} to {high:.0f})", t=t, **_ends(c))
                for t, c in zip(curve.thresholds, curve.counts, strict=True)
            ]
        ),
    )
    for mark, text in {threshold: _("chosen {t:g}", t=threshold), **marks_of_papers()}.items():
        # A trace, since a note on a logarithmic axis would stand elsewhere than its line.
        fig.add_scatter(
            x=[mark, mark],
            y=[0, top * 0.92],
            mode="lines+text",
            text=["", f" {text} "],
            textposition="middle left" if mark <= ACTIVE_UNIT_THRESHOLD else "middle right",
            line={"color": colours.NEUTRAL, "width": 1.5, "dash": "dot"},
            showlegend=False,
            hoverinfo="skip",
        )
    fig.update_xaxes(type="log", tickvals=list(_TICKS), ticktext=list(_TICKS.values()))
    fig.update_yaxes(range=[0, top])
    frame.axis_title(fig, _("threshold of the variance"), _("active units"))
    return Figure(
        name="active-units",
        question=units_finding(curve),
        plot=fig,
        alt=_("Active units over the threshold: {marked}.", marked=_marked(curve)),
        look_for=_(
            "Look for a flat stretch around the marks: there the count means something. A steady "
            "slope is a count that its threshold makes."
        ),
        estimator=_units_estimator(curve, which),
        table=lambda: frame.estimates(
            pgettext("column", "threshold"),
            dict(zip(curve.thresholds, curve.counts, strict=True)),
            _("active units"),
        ),
    )


def units_finding(curve: UnitCurve) -> str:
    """How many dimensions are active above the thresholds of the literature."""
    return _("Active units: {marked}", marked=_marked(curve))


def _marked(curve: UnitCurve) -> str:
    return listed(
        _("{n:.0f} above {t:g} ({paper})", n=curve.at(t).value, t=t, paper=paper)
        for t, paper in MARKED.items()
    )


def _units_estimator(curve: UnitCurve, which: object) -> str:
    if not curve.counts[0].known:
        return _(
            "Dimensions whose posterior mean varies by more than the threshold (Burda et al., "
            "2016), over {which}.",
            which=which,
        )
    return _(
        "Dimensions whose posterior mean varies by more than the threshold (Burda et al., 2016). "
        "Band: {level:.0%} interval over {which}.",
        level=curve.counts[0].level,
        which=which,
    )


def _ends(count: Interval) -> dict[str, float]:
    return {"n": count.value, "low": count.low, "high": count.high}


def marks_of_papers() -> dict[float, str]:
    """Thresholds of the literature with the first name of their paper, as "Burda 0.01"."""
    return {
        t: f"{re.split(r'[ ,，]', str(paper))[0]} {number(t, 'g')}" for t, paper in MARKED.items()
    }
