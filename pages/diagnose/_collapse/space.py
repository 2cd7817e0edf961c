"""Which dimensions are in use, and whether the posteriors together fill the prior."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.common import controls, figure_card, prose
from pages.diagnose._collapse import charts, data, evidence_charts
from pages.diagnose._collapse.side import Side, pairs
from vae.diagnostics.holes import hole_mass
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD
from vae.diagnostics.units import MARKED
from vae.diagnostics.usage import LatentUsage, normal_density

THRESHOLDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]
ONE, TWO = "one dimension", "a pair"


def dimensions(sides: list[Side]) -> None:
    """KL and variance of each dimension, with the threshold that calls it active."""
    st.header("Which dimensions carry information?", anchor=False, divider="gray")
    threshold = st.select_slider(
        "Active above this variance of the posterior mean",
        THRESHOLDS,
        value=ACTIVE_UNIT_THRESHOLD,
        key="collapse_threshold",
        format_func=lambda t: {0.01: "0.01 (Burda 2016)", 0.2: "0.2 (DELLA 2022)"}.get(t, f"{t:g}"),
        persist_state="session",
        width=460,
    )
    top = max(1e-3, *(float(s.used.rate_per_dimension.max()) for s in sides))
    for side, column in pairs(sides):
        usage = side.used
        with column:
            units = usage.active_units(threshold)
            figure_card.chart(
                f"{side.name}: {units} of {usage.latent_dim} active",
                charts.rate_bars(usage, threshold, top),
                key=f"rates_{side.name}",
                alt=f"KL of each dimension of {side.name}, largest first: {units} of "
                f"{usage.latent_dim} are active, {usage.rate:.2f} nats in all.",
                look_for="Look for bars: dimensions that say something about the sentence. "
                "Hatched grey is inactive; no bar above zero is collapse. Both runs share the "
                "scale.",
                table=lambda usage=usage, t=threshold: dimension_table(usage, t),
                file_name=f"{side.name}-dimensions",
            )
    opened = st.expander(
        "Does the count depend on the threshold?", key="collapse_units", on_change="rerun"
    )
    if opened.open:
        with opened:
            for side, column in pairs(sides):
                with column:
                    over_threshold(side, threshold)


def dimension_table(usage: LatentUsage, threshold: float) -> pd.DataFrame:
    order = usage.order
    return pd.DataFrame(
        {
            "dimension": order,
            "KL (nats a sentence)": usage.rate_per_dimension[order],
            "variance of the posterior mean": usage.variances[order],
            "active": usage.variances[order] > threshold,
            "threshold": threshold,
            "n sentences": usage.n_sentences,
        }
    )


def over_threshold(side: Side, threshold: float) -> None:
    """Active units as a curve where the run was studied; else the variances themselves."""
    usage = side.used
    if side.evidence is None:
        figure_card.plotly(
            charts.variance_dots(usage, threshold),
            key=f"variance_{side.name}",
            alt=f"Variance of the posterior mean of each dimension of {side.name}, on a log "
            f"scale, with the threshold {threshold:g}.",
        )
        st.caption(
            f"Thick line: the threshold, {threshold:g}. Look for a gap that it falls into. A "
            "count that changes with every step of the slider has no meaning without its "
            "threshold."
        )
        return
    curve = side.evidence.units
    marked = ", ".join(f"{curve.at(t).value:.0f} above {t:g} ({MARKED[t]})" for t in MARKED)
    figure_card.chart(
        f"{side.name}: {marked}",
        evidence_charts.units(curve, usage.latent_dim, threshold),
        key=f"units_{side.name}",
        alt=f"Active units of {side.name} over the threshold: {marked}.",
        look_for="Look for a flat stretch around the marks: there the count means something. A "
        f"steady slope is a count that its threshold makes. Band: 95% interval over "
        f"{usage.n_sentences:,} sentences.",
        table=lambda c=curve: pd.DataFrame(
            [
                {"threshold": t, "active units": i.value, "low": i.low, "high": i.high, "n": i.n}
                for t, i in zip(c.thresholds, c.counts, strict=True)
            ]
        ),
        file_name=f"{side.name}-active-units",
    )


def against_prior(sides: list[Side]) -> None:
    """One dimension of the aggregated posterior, or a pair, against the prior."""
    st.header("Does the posterior fill the prior?", anchor=False, divider="gray")
    most = max(s.used.latent_dim for s in sides)
    shown = ONE
    if most > 1:
        shown = st.segmented_control(
            "Show",
            [ONE, TWO],
            default=ONE,
            required=True,
            key="collapse_shown",
            persist_state="session",
            label_visibility="collapsed",
        )
    count = 2 if shown == TWO else 1
    with st.container(horizontal=True):
        ranks = [rank(i, most) for i in range(count)]
    for side, column in pairs(sides):
        with column, controls.page_error_boundary():
            order = side.used.order
            chosen = tuple(int(order[min(r, side.used.latent_dim) - 1]) for r in ranks)
            if len(set(chosen)) == 2:
                pair(side, (chosen[0], chosen[1]))
            else:
                one(side, chosen[0])
            holes(side)


def rank(i: int, most: int) -> int:
    """The place by KL of the first or second dimension that is shown."""
    key = "collapse_rank" if i == 0 else "collapse_second"
    if st.session_state.get(key, 1) > most:
        st.session_state.pop(key)
    return int(
        st.slider(
            "Dimension, by its KL (1 carries most)" if i == 0 else "Against the dimension of rank",
            1,
            max(most, 2),
            value=i + 1,
            key=key,
            persist_state="session",
            width=460,
        )
    )


def one(side: Side, dimension: int) -> None:
    """The density of one dimension."""
    grid = data.GRID
    density, which = data.density(side.explorer, (dimension,))
    mass = hole_mass(density, normal_density(grid))
    mean, deviation = moments(grid, density)
    figure_card.chart(
        f"{side.name}, dimension {dimension}: {side.used.rate_per_dimension[dimension]:.2f} nats",
        evidence_charts.dimension(grid, density),
        key=f"aggregated_{side.name}",
        alt=f"Density of dimension {dimension} of the aggregated posterior of {side.name}: mean "
        f"{mean:.2f}, standard deviation {deviation:.2f}; the prior has 0 and 1.",
        look_for=f"{which}: mean {prose.number(mean, '.2f')}, standard deviation "
        f"{deviation:.2f} (prior: 0 and 1); "
        f"{mass:.0%} of the prior's mass is where q(z) has less than a tenth of its density, a "
        "hole. Look for a solid line that follows the dashed one. A perfect fit at zero nats is "
        "collapse: every single posterior is the prior.",
        table=lambda: pd.DataFrame(
            {"z": grid, "aggregated posterior": density, "prior": normal_density(grid)}
        ),
        file_name=f"{side.name}-aggregated-dimension-{dimension}",
    )


def moments(grid: np.ndarray, density: np.ndarray) -> tuple[float, float]:
    """(mean, standard deviation) of a density on a grid."""
    weights = density / density.sum()
    mean = float((grid * weights).sum())
    mean = 0.0 if abs(mean) < 0.005 else mean  # no minus before a zero
    return mean, float(np.sqrt(((grid - mean) ** 2 * weights).sum()))


def pair(side: Side, chosen: tuple[int, int]) -> None:
    """The density of two dimensions."""
    grid = data.GRID
    density, which = data.density(side.explorer, chosen)
    prior = np.outer(normal_density(grid), normal_density(grid))
    mass = hole_mass(density, prior)
    figure_card.chart(
        f"{side.name}, dimensions {chosen[0]} and {chosen[1]}: {mass:.0%} of the prior in holes",
        evidence_charts.pair(grid, density, chosen),
        key=f"pair_{side.name}",
        alt=f"Density of dimensions {chosen[0]} and {chosen[1]} of the aggregated posterior of "
        f"{side.name} with circles of the prior; {mass:.0%} of the prior's mass is in holes.",
        look_for=f"{which}. Circles hold half, 90% and 99% of the prior's draws. Orange: q(z) "
        "has less than a tenth of the prior's density there, a hole. Look for one bright middle "
        "that fades outwards. Islands mean that a step between them leaves the sentences.",
        table=lambda: (
            pd.DataFrame(density, index=grid, columns=[f"{x:.3f}" for x in grid])
            .rename_axis(f"dimension {chosen[1]} (down), {chosen[0]} (across)")
            .reset_index()
        ),
        file_name=f"{side.name}-aggregated-pair-{chosen[0]}-{chosen[1]}",
    )


def holes(side: Side) -> None:
    """Holes in all dimensions at once, from the study."""
    if side.evidence is None or side.evidence.holes is None:
        return
    found = side.evidence.holes
    share = found.share
    st.markdown(
        f"**In all {side.evidence.latent_dim} dimensions at once, {share.value:.0%} of prior draws "
        "fall into a hole.**"
    )
    st.caption(
        f"95% interval {share.low:.0%} to {share.high:.0%}; {share.n:,} draws. A hole is where "
        f"q(z) is thinner than at the lowest {found.quantile:.0%} of its own draws, seen by "
        f"the others only: if q(z) were the prior, the share would be {found.quantile:.0%}. One "
        "dimension, or two, may look full where all together are not."
    )
