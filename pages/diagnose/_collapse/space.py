"""Which dimensions are in use, and whether the posteriors together match the prior."""

from __future__ import annotations

import streamlit as st

from pages.common import controls, figure_card
from pages.diagnose._collapse import data
from pages.diagnose._collapse.side import Side, pairs
from vae import figures
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD
from vae.figures.prior_match import finding
from vae.figures.units import units_finding
from vae.i18n import _
from vae.i18n.numbers import number
from vae.runs.summary import free_bits_of

THRESHOLDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]
PAPERS = {0.01: "Burda 2016", 0.2: "DELLA 2022"}
THRESHOLD = "collapse_threshold"
ONE, TWO = "one dimension", "a pair"


def dimensions(sides: list[Side]) -> None:
    """KL and variance of each dimension, with the threshold that calls it active."""
    st.header(_("Which dimensions are in use?"), anchor=False)
    threshold = st.select_slider(
        _("Active above this variance of the posterior mean"),
        THRESHOLDS,
        value=ACTIVE_UNIT_THRESHOLD,
        key=THRESHOLD,
        format_func=_threshold,
        persist_state="session",
        width=460,
    )
    top = max(max(s.dimensions.rate_per_dimension) for s in sides if s.dimensions)
    for side, column in pairs(sides):
        if found := side.dimensions:
            with column:
                figure_card.show(
                    figures.rates(
                        found.rate_per_dimension,
                        found.variances,
                        found.split.rate,
                        found.which,
                        threshold=threshold,
                        top=float(top),
                        floor=free_bits_of(side.explorer.run),
                    ),
                    key=f"rates_{side.name}",
                    of=side.name,
                )
    if len(sides) > 1:
        st.caption(_("Both runs share the scale."))


def _threshold(t: float) -> str:
    return f"{number(t, 'g')} ({PAPERS[t]})" if t in PAPERS else number(t, "g")


def units(side: Side) -> str:
    """How many units are active above which threshold, in a sentence."""
    return units_finding(side.dimensions.units) if side.dimensions else ""


def over_threshold(sides: list[Side]) -> None:
    """Active units as a curve, and the variances themselves, with the threshold that is chosen."""
    threshold = st.session_state.get(THRESHOLD, ACTIVE_UNIT_THRESHOLD)
    for side, column in pairs(sides):
        with column:
            _over_threshold(side, threshold)


def _over_threshold(side: Side, threshold: float) -> None:
    found = side.dimensions
    if found is None:
        return
    rates, variances, which = found.rate_per_dimension, found.variances, found.which
    for name, figure in (
        ("units", figures.active_units(found.units, found.latent_dim, which, threshold=threshold)),
        ("variance", figures.variances(rates, variances, which, threshold=threshold)),
    ):
        figure_card.show(figure, key=f"{name}_{side.name}", of=side.name)


def matched(side: Side) -> str:
    """How far the posteriors together lie from the prior, in a sentence."""
    match = side.evidence.match if side.evidence else None
    return finding(match) if match else ""


def against_prior(sides: list[Side]) -> None:
    """The aggregated posterior against the prior, in a picture and in all dimensions at once."""
    most = max(len(s.dimensions.order) for s in sides if s.dimensions)
    shown = ONE
    if most > 1:
        named = {ONE: _("one dimension"), TWO: _("a pair")}
        shown = st.segmented_control(
            _("Show"),
            [ONE, TWO],
            default=ONE,
            required=True,
            key="collapse_shown",
            persist_state="session",
            format_func=lambda one: named[one],
            label_visibility="collapsed",
        )
    count = 2 if shown == TWO else 1
    with st.container(horizontal=True):
        ranks = [rank(i, most) for i in range(count)]
    for side, column in pairs(sides):
        with column, controls.page_error_boundary():
            density(side, ranks)
    match(sides)


def rank(i: int, most: int) -> int:
    """The place by KL of the first or second dimension that is shown."""
    key = "collapse_rank" if i == 0 else "collapse_second"
    if st.session_state.get(key, 1) > most:
        st.session_state.pop(key)
    return int(
        st.slider(
            _("Dimension, by its KL (1 is the highest)")
            if i == 0
            else _("Against the dimension of rank"),
            1,
            max(most, 2),
            value=i + 1,
            key=key,
            persist_state="session",
            width=460,
        )
    )


def density(side: Side, ranks: list[int]) -> None:
    """The density of the dimensions of one or two ranks; the same twice is one."""
    found = side.dimensions
    if found is None:
        return
    chosen = tuple(dict.fromkeys(int(found.order[min(r, len(found.order)) - 1]) for r in ranks))
    values, which = data.density(side.explorer, chosen)
    if len(chosen) == 2:
        figure = figures.pair_density(data.GRID, values, (chosen[0], chosen[1]), which)
    else:
        rate = found.rate_per_dimension[chosen[0]]
        figure = figures.dimension_density(data.GRID, values, chosen[0], rate, which)
    kind = "pair" if len(chosen) == 2 else "aggregated"
    figure_card.show(figure, key=f"{kind}_{side.name}", of=side.name)


def match(sides: list[Side]) -> None:
    """How far the aggregated posterior is from the prior, and what the decoder says at both."""
    found = [(s, column, s.evidence.match) for s, column in pairs(sides) if s.evidence]
    matches = [m for _side, _column, m in found if m]
    parts = [part for m in matches for part in (m.whole, m.live, m.dead) if part]
    top = max((max(p.moment_kl.high, p.divergence.high) for p in parts), default=0.0)
    shares = [share for m in matches if m.valid for share in (m.valid.prior, m.valid.aggregate)]
    bottom = min((share.low for share in shares), default=1.0)
    for side, column, of_side in found:
        if of_side is None:
            continue
        with column, controls.page_error_boundary():
            figure_card.show(
                figures.prior_match(of_side, top=top), key=f"match_{side.name}", of=side.name
            )
            if of_side.valid:
                figure_card.show(
                    figures.prior_validity(of_side.valid, bottom=bottom),
                    key=f"valid_{side.name}",
                    of=side.name,
                )
