"""Steer one property: a direction, a sentence that moves along it, and what it does to many."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.common import controls, figure_card, job_panel, links, prose, sentence_sets, state
from pages.common.components import sentence_slider
from pages.diagnose._meaning import steering_charts
from pages.diagnose._meaning import steering_data as data
from vae.diagnostics.bootstrap import Interval
from vae.explorer import Explorer
from vae.latent.directions import HOWS, REST
from vae.studies.directions_read import DirectionsStudy, LabelDirections, read

MADE_OF = {"label": "a label's values", "sets": "two sets of sentences"}
FEW = 20
"""Sentences; of fewer a share is shown as its interval alone."""
WAYS = {"difference": "difference of means", "classifier": "linear classifier"}


def show(explorer: Explorer) -> None:
    """Choose a direction, walk along it, and see what it does."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            "Direction between",
            links.MADE_OF,
            format_func=MADE_OF.__getitem__,
            required=True,
            **state.widget("made"),
        )
        how = st.segmented_control(
            "Found as",
            HOWS,
            default=HOWS[0],
            format_func=WAYS.__getitem__,
            required=True,
            key="meaning_how",
            persist_state="session",
            help="Difference of means: from the mean of the one to the mean of the other. Linear "
            "classifier: along the normal of a logistic classifier, as far.",
        )
    if state.get("made") == "label":
        by_label(explorer, how or HOWS[0])
    else:
        by_hand(explorer, how or HOWS[0])


def by_label(explorer: Explorer, how: str) -> None:
    """A direction between values of a label, from the study."""
    result = job_panel.study(explorer, "directions")
    if result is None:
        return
    study = read(result)
    if not study.labels:
        st.info(
            "No label of this corpus has directions. Choose two sets of sentences instead.",
            icon=":material/info:",
        )
        return
    label, source, target = choose(study)
    if without := controls.left_out({each.label: each.why for each in study.left_out}):
        st.caption(without)
    chosen = data.from_study(study, label, source, target, how)
    steering(explorer, chosen, lambda: data.measured(study, label, how))


def choose(study: DirectionsStudy) -> tuple[str, str, str]:
    """Label, source and target."""
    # A label of few values is the plainest to begin with.
    labels = sorted(study.labels, key=lambda each: (len(each.values), each.label))
    by_name: dict[str, LabelDirections] = {each.label: each for each in labels}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = _select("Label", list(by_name), "meaning_label")
        found = by_name[label]
        # The commonest value is what most sentences have already.
        target = _select("Towards", list(found.targets), f"meaning_target_{label}", first=1)
        sources = [value for value in found.values if value != target]
        sources = sources if len(sources) == 1 else [REST, *sources]
        source = _select("Away from", sources, f"meaning_source_{label}")
    return label, source, target


def _select(title: str, options: list[str], key: str, first: int = 0) -> str:
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)  # of another run, or the other end of the direction
    chosen = st.selectbox(
        title,
        options,
        index=min(first, len(options) - 1),
        key=key,
        format_func=lambda value: value or "none",
        persist_state="session",
        width=210,
    )
    return chosen if chosen in options else options[0]


def by_hand(explorer: Explorer, how: str) -> None:
    """A direction between two sets that a person picked."""
    a, b = sentence_sets.inputs(explorer)
    if len(a) < 2 or len(b) < 2:
        st.info(
            "Two sets of sentences make a direction: it leads from what those of set A have in "
            "common to what those of set B have. Pick 2 or more for each; 20 or more are better.",
            icon=":material/conversion_path:",
        )
        return
    chosen = data.from_sets(explorer, a, b, how, state.get("seed"))
    seed = state.get("seed")
    steering(explorer, chosen, lambda: data.tried_by_hand(explorer, chosen, (*a, *b), seed))


@st.fragment
@controls.page_error_boundary()
def steering(
    explorer: Explorer, chosen: data.Chosen, effects: Callable[[], data.Effects | None]
) -> None:
    """The slider and its evidence; moving it reruns this much only."""
    travel(explorer, chosen)
    evidence(chosen)
    found = effects()
    if found is None:
        st.info(
            "What the direction does to many sentences is not available: this run has no map to "
            "take them from, or its model cannot write.",
            icon=":material/info:",
        )
        return
    consequences(explorer, chosen, found)


def travel(explorer: Explorer, chosen: data.Chosen) -> None:
    """The person's sentence over a slider from the one side to the other."""
    sentence = controls.sentence_input("My sentence", "a", explorer)
    steps = data.steered(explorer, chosen.direction, sentence)
    read_as = data.reads_as(explorer, chosen, steps)
    source, target = (name or "none" for name in chosen.names)
    what = chosen.label or "nearer to"
    start = len(steps) // 2
    at = min(range(len(steps)), key=lambda i: abs(steps[i].strength - state.get("strength")))
    points = [
        sentence_slider.Point(
            prose.marked(step.sentence, steps[start].sentence if i != start else None),
            f"strength {prose.number(step.strength, '+.2f')} · "
            + (f"{what}: {read_as[i]}" if read_as[i] else "cannot be read"),
            f"strength {prose.number(step.strength, '+.2f')}",
        )
        for i, step in enumerate(steps)
    ]
    line = sentence_slider.Line(
        id="strength",
        label=f"Strength, from {source} to {target}",
        points=points,
        at=at,
        low=sentence_slider.End(f"more {source}", points[0].pieces),
        high=sentence_slider.End(f"more {target}", points[-1].pieces),
        ticks=[i for i in range(1, len(steps)) if read_as[i] != read_as[i - 1]],
    )
    sentence_slider.show(
        points[at],
        [line],
        lambda _, index: state.put("strength", round(steps[index].strength, 4)),
        key="meaning_steer_walk",
    )
    if len({step.sentence for step in steps}) == 1:
        st.warning(
            "No step changes a word: the decoder does not listen in this direction. The page "
            "Collapse shows whether it listens to z at all.",
            icon=":material/hearing_disabled:",
        )
    flips = next(
        (
            s.strength
            for s, r in zip(steps, read_as, strict=True)
            if r and s.strength > 0 and r != read_as[start]
        ),
        None,
    )
    st.caption(
        (
            f"It first reads otherwise at strength {prose.number(flips, '+.2f')}. "
            if flips is not None
            else "It reads the same at every positive strength: it may be there already. "
        )
        + "Read "
        + (
            "by the corpus's own grammar"
            if chosen.label and chosen.reads == "grammar"
            else "by encoding what was said again: on which side of the middle it lies"
        )
        + "; a mark under the slider is where that changes. At strength 0 stands what comes back "
        "of your sentence unmoved; words that differ from it are underlined."
    )


def evidence(chosen: data.Chosen) -> None:
    """Accuracy on held-out sentences beside its controls."""
    told = chosen.told
    st.subheader("Does the direction tell the two apart?", anchor=False)
    if told is None:
        st.info(
            "How well this direction tells the two apart was not measured: too few held-out "
            "sentences have these values.",
            icon=":material/info:",
        )
        return
    with st.container(horizontal=True):
        st.metric(f"Held-out accuracy (n = {told.accuracy.n:,})", accuracy(told.accuracy))
        st.metric("A random direction", f"{told.control:.1%}")
        st.metric("Always the commoner", f"{told.majority:.1%}")
        st.metric("Length of the step", f"{chosen.direction.length:.2f}")
    st.caption(
        f"95% interval {told.accuracy.low:.1%} to {told.accuracy.high:.1%} (after Wilson, 1927); "
        f"{chosen.told_by}, n = {told.accuracy.n:,}. Random: the mean of 20. Good: far above the "
        "random direction. Bad: no better than it; then the slider turns nothing in particular. "
        "The length is Euclidean, where the prior has a standard deviation of 1."
    )


def accuracy(found: Interval) -> str:
    """A share; of few sentences its interval, since the share itself would say too much."""
    if found.n < FEW:
        return f"{found.low:.0%} to {found.high:.0%}"
    return f"{found.value:.1%}"


def consequences(explorer: Explorer, chosen: data.Chosen, effects: data.Effects) -> None:
    """What happens to many sentences as strength grows, and what else changes."""
    table = data.curve_table(effects)
    at = state.get("strength")
    who = "the corpus's own grammar" if effects.read_by == "grammar" else "linear probes"
    if effects.rightly is not None:
        who += f", right in {effects.rightly:.0%} of held-out sentences"
    both = chosen.label is not None and any(table["figure"] == "both")
    shown = table if both else table[~table["figure"].isin(["all else stays", "both"])]
    figure_card.chart(
        "How often does it flip, and does all else stay?"
        if both
        else "How often does it cross over?",
        steering_charts.strength_curves(shown, at),
        key="meaning_curves",
        alt="Curves over the strength: share of sentences that flip"
        + (", share in which all else stays, and both" if both else "")
        + ", with 95% intervals, beside flips along random directions.",
        look_for="Look for a strength at which flips are near 100% "
        + ("and all else still stays. " if both else "while the random direction stays at 0. ")
        + "A bad sign: flips come only where much else has changed, or a random direction as long "
        f"does as much. {effects.moved}; read by {who}"
        + (
            "; what the grammar forces to change with it is not asked to stay"
            if effects.read_by == "grammar" and chosen.label
            else ""
        )
        + ". Whiskers 95% (Wilson, 1927); the dashed line is the slider.",
        table=lambda: table,
        file_name=f"{explorer.name}-steering",
    )
    if not any(table["figure"] == "stays"):
        st.caption("What else stays is not available: there is no other label to read.")
        return
    wanted = at if at > 0 else 1.0
    strength = min(table["strength"].unique(), key=lambda s: abs(s - wanted))
    figure_card.chart(
        f"What else stays at strength {strength:g}?",
        steering_charts.stays_bars(table, strength),
        key="meaning_stays",
        alt=f"Bars of how often each other label stays at strength {strength:g}, with 95% "
        "intervals, beside random directions.",
        look_for="Look for bars as long as the grey marks: no more is lost than any step as long "
        "would lose. A short bar is what comes along"
        + ("." if both else ", the property itself first of all: nobody told which label it is.")
        + " Strength 1 while the slider stands at 0 or below.",
        table=lambda: table[(table["figure"] == "stays") & (table["strength"] == strength)],
        file_name=f"{explorer.name}-steering-stays",
    )
