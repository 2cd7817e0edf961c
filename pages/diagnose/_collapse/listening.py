"""Does the decoder listen? Over the held-out sentences, and on one of a person's own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from pages.common import controls, figure_card, links, prose, state
from pages.diagnose._collapse import charts, data, evidence_charts
from pages.diagnose._collapse.side import Side, pairs
from pages.diagnose._collapse.verdict import span
from vae.diagnostics.gains import Gain, length_finding, opening_finding
from vae.diagnostics.listening import finding

DRAWS = 3
SOURCES = {"own": "its own z", "another": "the other's z", "prior": "a prior z"}
BY = ("position", "frequency", "factor")
AXES = {"position": "position", "frequency": "rank in the training text", "factor": "factor"}


def gains(sides: list[Side]) -> None:
    """Where the decoder gains by its own z, over the held-out sentences."""
    if all(s.evidence is None or s.evidence.listening is None for s in sides):
        return
    st.subheader("Which words does z tell?", anchor=False)
    by = st.segmented_control(
        "Gains by",
        BY,
        default=BY[0],
        required=True,
        key="collapse_by",
        persist_state="session",
        format_func=lambda b: {"frequency": "how frequent a word is"}.get(b, b),
    )
    top = max((g.over_another.high for s in sides for g in _groups(s, by or BY[0])), default=0.0)
    for side, column in pairs(sides):
        with column:
            gains_of(side, by or BY[0], top)


def _groups(side: Side, by: str) -> Sequence[Gain]:
    if side.evidence is None or side.evidence.listening is None:
        return ()
    evidence = side.evidence
    groups = {"position": side.evidence.listening.positions, "frequency": evidence.vocabulary}
    return groups.get(by, evidence.factors)


def gains_of(side: Side, by: str, top: float) -> None:
    """What one run's decoder gains, group by group, on a scale up to `top`."""
    evidence = side.evidence
    name = controls.plain_markdown(side.name)
    if evidence is None or evidence.listening is None:
        st.caption(f"Not measured of {name}.")
        return
    heard, found = evidence.listening, _groups(side, by)
    if not found:
        st.caption(
            f"Not available for {name}: its sentences have no known factors."
            if by == "factor"
            else f"Not available for {name}: too few words, or its training text is gone."
        )
        return
    st.markdown(f"{opening_finding(heard)} {length_finding(heard)}")
    figure_card.chart(
        f"{side.name}: its own z gains {heard.over_another.value:.1f} nats a sentence over "
        f"another's, {heard.over_prior.value:.1f} over a prior z",
        evidence_charts.gains(found, AXES[by], top),
        key=f"gains_{by}_{side.name}",
        alt=f"Gain of log likelihood by {by} in {side.name}: "
        + ", ".join(f"{g.title} {g.over_another.value:.2f}" for g in found[:40]),
        look_for=f"{_look_for(by)} Bars: 95% intervals over {evidence.n:,} sentences, one draw of "
        "z each. Runs beside each other share the scale.",
        table=lambda f=found: gain_table(f),
        file_name=f"{side.name}-gains-by-{by}",
    )


def _look_for(by: str) -> str:
    return {
        "position": "Look for gains along the whole sentence; gains in the first words only are a "
        "bad sign. Late words gain less where the words before give them away. A foreign z "
        "misleads, so it may cost more nats than the rate has.",
        "frequency": "Rank 1 is the most frequent word of the training text. Gains of the rare "
        "words are content; gains of frequent ones alone are grammar.",
        "factor": "A factor's words are those that change when the sentence is rendered with "
        "another value of it; a word may count for several. A factor at zero is not read from z.",
    }[by]


def gain_table(found: Sequence[Gain]) -> pd.DataFrame:
    """Each group with its figures."""
    return pd.DataFrame(
        [
            {
                "words that": g.title,
                "words": g.words,
                "sentences": g.over_another.n,
                "log p under own z": g.own,
                "under another's z": g.another,
                "under a prior z": g.prior,
                "gain over another's": g.over_another.value,
                "low": g.over_another.low,
                "high": g.over_another.high,
                "gain over a prior z": g.over_prior.value,
                "prior low": g.over_prior.low,
                "prior high": g.over_prior.high,
                "share of surprise taken": g.resolved.value,
                "share low": g.resolved.low,
                "share high": g.resolved.high,
            }
            for g in found
        ]
    )


def likelihood(sides: list[Side]) -> None:
    """The importance-weighted bound over K, when it is asked for."""
    if all(s.evidence is None for s in sides):
        return
    opened = st.expander(
        "How likely does the model find the sentences?", key="collapse_nll", on_change="rerun"
    )
    if not opened.open:
        return
    curves = [s.evidence.likelihood for s in sides if s.evidence and s.evidence.likelihood]
    figures = [i for curve in curves for i in curve.nll]
    ends = (min((i.low for i in figures), default=0), max((i.high for i in figures), default=1))
    with opened:
        for side, column in pairs(sides):
            curve = side.evidence.likelihood if side.evidence else None
            if curve is None:
                column.caption(f"Not available for {controls.plain_markdown(side.name)}.")
                continue
            last = curve.nll[-1]
            falls = len(curve.nll) > 1 and curve.nll[-2].value - last.value > 0.05
            with column:
                figure_card.chart(
                    f"{side.name}: at most {last.value:.2f} nats a sentence, perplexity "
                    f"{curve.perplexity.value:.2f}",
                    evidence_charts.likelihood(curve, ends),
                    key=f"nll_{side.name}",
                    alt=f"Bound of the negative log likelihood of {side.name} over the draws K: "
                    + ", ".join(
                        f"{i.value:.2f} at {k}" for k, i in zip(curve.draws, curve.nll, strict=True)
                    ),
                    look_for="K = 1 is the negative ELBO; importance weights (Burda et al., 2016) "
                    f"take {curve.gap.value:.2f} nats off it. "
                    + (
                        "The curve still falls at its end: the true figure is lower. "
                        if falls
                        else "The curve is flat at its end: more draws would change little. "
                    )
                    + f"Perplexity a token {span(curve.perplexity)}, ends of sentences counted "
                    f"({curve.n_tokens:,} tokens, {last.n:,} sentences). Bars: 95% intervals over "
                    "sentences. Compare runs at the same K only.",
                    table=lambda c=curve, n=last.n: pd.DataFrame(
                        [
                            {"K": k, "NLL, at most": i.value, "low": i.low, "high": i.high}
                            for k, i in zip(c.draws, c.nll, strict=True)
                        ]
                    ).assign(n=n),
                    file_name=f"{side.name}-likelihood",
                )


def sentence(sides: list[Side]) -> None:
    """One sentence decoded and scored under several z."""
    st.subheader("Try it on a sentence", anchor=False)
    examples = sides[0].explorer.examples()
    left, right, seeds = st.columns([5, 5, 2], vertical_alignment="bottom")
    with left:
        asked = controls.sentence_box("The sentence", "a", examples)
    with right:
        other = controls.sentence_box("Another sentence", "b", examples)
    seed = int(
        seeds.number_input(
            "Seed", min_value=0, max_value=links.MOST_SEED, step=1, **state.widget("seed")
        )
    )
    if not (asked.strip() and other.strip()):
        st.info("Type both sentences to see what each z says.", icon=":material/edit:")
        return
    heard: list[tuple[Side, data.Hearing | None]] = []
    places = pairs(sides)
    for side, column in places:
        found = None
        with column, controls.page_error_boundary():
            for sentence in (asked, other):
                controls.unknown_words(sentence, side.explorer)
            found = data.hearing(
                side.explorer, asked, other, DRAWS, min(max(seed, 0), links.MOST_SEED)
            )
        heard.append((side, found))
    scored = [h for _, h in heard if h is not None]
    if not scored:
        return
    low = min(-1.0, *(float(np.percentile(h.scores, 2)) for h in scored))
    for (side, column), (_, hearing) in zip(places, heard, strict=True):
        if hearing is not None:
            with column:
                hearing_of(side, hearing, asked, low)


def hearing_of(side: Side, hearing: data.Hearing, sentence: str, low: float) -> None:
    """What one run says, and how likely it finds the sentence."""
    st.markdown(
        f"**{finding(hearing.mean('own'), hearing.mean('another'), hearing.mean('prior'))}**"
    )
    totals = hearing.scores.sum(1)
    names = [SOURCES[s] for s in hearing.sources]
    names[2:] = [f"{name} {i}" for i, name in enumerate(names[2:], start=1)]
    for name, said, total in zip(names, hearing.said, totals, strict=True):
        with st.container(gap=None):
            st.caption(f"Decoded from {name} · log p(sentence | z) `{total:.1f}` nats")
            prose.show(said, before=sentence, size="normal")
    st.caption(
        "Marked: differs from the sentence asked about. Look for a sentence that comes back from "
        "its own z only. Words may differ where nothing is heard, since a small push decides "
        "between two that are as likely: what counts is log p, the same under every z where the "
        "decoder does not listen."
    )
    figure_card.chart(
        f"{side.name}: which of these words does z tell?",
        charts.token_scores(hearing.tokens, names, hearing.scores, low),
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
