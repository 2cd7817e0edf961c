"""Collapse: is the posterior collapsed, and does the decoder listen?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from pages.common import (
    card,
    collapse_charts,
    controls,
    diagnosis_data,
    links,
    state,
    waiting,
    words,
)
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD
from vae.diagnostics.listening import finding
from vae.diagnostics.usage import LatentUsage
from vae.errors import UserError
from vae.explorer import Explorer
from vae.runs.catalogue import DEFAULT_RUN, all_runs

COLLAPSED_RUN = "factors-collapsed"
ICONS = {"healthy": "check_circle", "partial": "contrast", "collapsed": "do_not_disturb_on"}
BADGES = {"healthy": "green", "partial": "orange", "collapsed": "orange"}
THRESHOLDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]
NONE = "none"
DRAWS = 3
SOURCES = {"own": "its own z", "another": "the other's z", "prior": "a prior z"}


@dataclass(frozen=True)
class Side:
    """One of the runs that stand beside each other."""

    name: str
    explorer: Explorer
    usage: LatentUsage | None


def main() -> None:
    st.title("Is the posterior collapsed, does the decoder listen?", anchor=False)
    name = state.chosen_run()
    beside = choose_beside(name)
    sides: list[Side] = []
    for run in [name, *([beside] if beside else [])]:
        with controls.page_error_boundary():
            explorer = waiting.explorer(run)
            sides += [load(run, explorer)] if explorer else []
    if not sides:
        return
    for side, column in pairs(sides):
        with column:
            verdict(side)
    usable = [s for s in sides if s.usage is not None and s.usage.latent_dim]
    if not usable:
        return
    dimensions(usable)
    against_prior(usable)
    listening(usable)


def load(name: str, explorer: Explorer) -> Side:
    """A run and its figures; None where it has been neither evaluated nor mapped."""
    try:
        return Side(name, explorer, diagnosis_data.usage(explorer))
    except UserError:
        return Side(name, explorer, None)


def pairs(sides: list[Side]) -> list[tuple[Side, st.delta_generator.DeltaGenerator]]:
    """Each run with its column."""
    return list(zip(sides, st.columns(len(sides), gap="large"), strict=True))


def choose_beside(name: str) -> str | None:
    """The run to stand beside the chosen one; the collapsed one at first."""
    others = [n for n in all_runs() if n != name]
    usual = COLLAPSED_RUN if COLLAPSED_RUN in others else DEFAULT_RUN
    key = f"beside_{name}"
    if st.session_state.get(key, NONE) not in [*others, NONE]:
        st.session_state.pop(key, None)
    options = [*others, NONE]
    chosen = st.selectbox(
        "Compare with",
        options,
        index=options.index(usual) if usual in options else len(options) - 1,
        key=key,
        persist_state="session",
        width=260,
    )
    return None if chosen == NONE else chosen


def verdict(side: Side) -> None:
    """The verdict in words, and its evidence."""
    with st.container(border=True):
        if side.usage is None:
            st.markdown(f"**{controls.plain_markdown(side.name)}**")
            st.info(
                "This run has been neither evaluated nor mapped, so nothing is known of its "
                f"latent space yet. Run `python -m vae evaluate {side.explorer.run.path}`.",
                icon=":material/hourglass_empty:",
            )
            return
        usage = side.usage
        diagnosis = usage.diagnosis()
        icon, colour = ICONS[diagnosis.verdict], BADGES[diagnosis.verdict]
        st.badge(side.name, icon=f":material/{icon}:", color=colour)
        st.markdown(f"# {diagnosis.sentence}")
        if not usage.latent_dim:
            return
        with st.container(horizontal=True):
            st.metric("Rate, nats a sentence", f"{usage.rate:.2f} ± {usage.rate_error:.2f}")
            st.metric("Active units", f"{usage.active_units()} of {usage.latent_dim}")
            st.metric(
                f"Mutual information, nats (ceiling {usage.information_ceiling:.2f})",
                f"{usage.information:.2f} ± {usage.information_error:.2f}",
            )
        at_ceiling = usage.information > 0.95 * usage.information_ceiling
        st.caption(
            f"Measured on {usage.n_sentences:,} {usage.sentences_are}; ± one standard error. "
            f"Active: variance of the posterior mean above {ACTIVE_UNIT_THRESHOLD:g}. "
            "Mutual information after Hoffman and Johnson (2016)"
            + (
                ": it stands at its ceiling ln n, so the true value is this or more."
                if at_ceiling
                else ", which cannot exceed ln n."
            )
        )


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
    top = max(1e-3, *(float(s.usage.rate_per_dimension.max()) for s in sides if s.usage))
    for side, column in pairs(sides):
        usage = side.usage
        assert usage is not None
        with column:
            units = usage.active_units(threshold)
            card.chart(
                f"{side.name}: {units} of {usage.latent_dim} active",
                collapse_charts.rate_bars(usage, threshold, top),
                key=f"rates_{side.name}",
                alt=f"KL of each dimension of {side.name}, largest first: {units} of "
                f"{usage.latent_dim} are active, {usage.rate:.2f} nats in all.",
                look_for="Look for bars: dimensions that say something about the sentence. "
                "Hatched grey is inactive; no bar above zero is collapse. Both runs share the "
                "scale.",
                table=lambda usage=usage, t=threshold: dimension_table(usage, t),
                file_name=f"{side.name}-dimensions",
            )
            card.plotly(
                collapse_charts.variance_dots(usage, threshold),
                key=f"variance_{side.name}",
                alt=f"Variance of the posterior mean of each dimension of {side.name}, on a log "
                f"scale, with the threshold {threshold:g}.",
            )
            st.caption(
                f"Thick line: the threshold, {threshold:g}. Look for a gap that it falls into. A "
                "count that changes with every step of the slider has no meaning without its "
                "threshold."
            )


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


def against_prior(sides: list[Side]) -> None:
    """One dimension of the aggregated posterior against the prior."""
    st.header("Does the posterior fill the prior?", anchor=False, divider="gray")
    most = max(s.usage.latent_dim for s in sides if s.usage)
    if st.session_state.get("collapse_rank", 1) > most:
        st.session_state.pop("collapse_rank")
    rank = st.slider(
        "Dimension, by its KL (1 carries most)",
        1,
        max(most, 2),
        key="collapse_rank",
        persist_state="session",
        width=460,
    )
    for side, column in pairs(sides):
        usage = side.usage
        assert usage is not None
        with column, controls.page_error_boundary():
            dimension = int(usage.order[min(rank, usage.latent_dim) - 1])
            draws, which = diagnosis_data.aggregated(side.explorer, dimension, state.get("seed"))
            card.chart(
                f"{side.name}, dimension {dimension}: "
                f"{usage.rate_per_dimension[dimension]:.2f} nats",
                collapse_charts.aggregated(draws),
                key=f"aggregated_{side.name}",
                alt=f"Histogram of dimension {dimension} of the aggregated posterior of "
                f"{side.name}: mean {draws.mean():.2f}, standard deviation {draws.std():.2f}; the "
                "prior has 0 and 1.",
                look_for=f"{which}: mean {draws.mean():.2f}, standard deviation {draws.std():.2f} "
                "(prior: 0 and 1). Look for bars that follow the dashed line: prior samples then "
                "land where sentences live. Holes or a shift are bad for sampling. A perfect fit "
                "at zero nats is collapse: every single posterior is the prior.",
                table=lambda d=dimension, draws=draws: pd.DataFrame({f"z, dim {d}": draws}),
                file_name=f"{side.name}-aggregated-dimension-{dimension}",
            )


def listening(sides: list[Side]) -> None:
    """The same sentence decoded and scored under several z."""
    st.header("Does the decoder listen to z?", anchor=False, divider="gray")
    left, right, seeds = st.columns([5, 5, 2], vertical_alignment="bottom")
    with left:
        sentence = controls.sentence_input("The sentence", "a", sides[0].explorer)
    with right:
        other = controls.sentence_input("Another sentence", "b", sides[0].explorer)
    seed = int(
        seeds.number_input(
            "Seed", min_value=0, max_value=links.MOST_SEED, step=1, **state.widget("seed")
        )
    )
    heard = []
    with controls.page_error_boundary():
        heard = [
            diagnosis_data.hearing(s.explorer, sentence, other, DRAWS, min(max(seed, 0), 2**31 - 1))
            for s in sides
        ]
    if not heard:
        return
    low = min(-1.0, *(float(np.percentile(h.scores, 2)) for h in heard))
    for (side, column), hearing in zip(pairs(sides), heard, strict=True):
        with column:
            hearing_of(side, hearing, sentence, low)


def hearing_of(side: Side, hearing: diagnosis_data.Hearing, sentence: str, low: float) -> None:
    """What one run says, and how likely it finds the sentence."""
    st.subheader(
        finding(hearing.mean("own"), hearing.mean("another"), hearing.mean("prior")), anchor=False
    )
    totals = hearing.scores.sum(1)
    names = [SOURCES[s] for s in hearing.sources]
    names[2:] = [f"{name} {i}" for i, name in enumerate(names[2:], start=1)]
    for name, said, total in zip(names, hearing.said, totals, strict=True):
        with st.container(gap=None):
            st.caption(f"Decoded from {name} · log p(sentence | z) `{total:.1f}` nats")
            words.show(said, before=sentence, size="normal")
    st.caption(
        "Marked: differs from the sentence asked about. Look for a sentence that comes back from "
        "its own z only. The same words from every z: the decoder does not listen."
    )
    card.chart(
        f"{side.name}: which words does z tell?",
        collapse_charts.token_scores(hearing.tokens, names, hearing.scores, low),
        key=f"scores_{side.name}",
        alt=f"log likelihood of each word of the sentence under each z in {side.name}: "
        + ", ".join(f"{n} {t:.1f} nats in all" for n, t in zip(names, totals, strict=True)),
        look_for="Numbers: −log p of each word in nats, its earlier words given. Look for a "
        "bright first row above dark ones. Rows alike: z tells the decoder nothing. One draw of z "
        "a row.",
        table=lambda: pd.DataFrame(hearing.scores, columns=list(hearing.tokens)).pipe(
            lambda f: f.set_axis([f"{i + 1} {c}" for i, c in enumerate(f.columns)], axis=1).assign(
                source=names, total=totals
            )
        ),
        file_name=f"{side.name}-token-log-likelihoods",
    )
    evaluation = side.explorer.evaluation() or {}
    if measured := evaluation.get("decoder_listens"):
        st.caption(
            f"Over {evaluation['n_sentences']:,} {evaluation['split']} sentences, mean log p(x|z): "
            f"own `{measured['own']:.1f}`, another's `{measured['another']:.1f}`, "
            f"prior `{measured['prior']:.1f}` nats."
        )


with controls.page_error_boundary():
    main()
