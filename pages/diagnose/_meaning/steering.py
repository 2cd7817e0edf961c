"""Steer one property: a direction, a sentence that moves along it, and what it does to many."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from pages.common import (
    controls,
    depth,
    direction_choice,
    fields,
    figure_card,
    job_panel,
    label_words,
    links,
    sentence_sets,
    state,
)
from pages.common.components import decoder, sentence_slider
from pages.diagnose._meaning import steering_data as data
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.label_reader import GRAMMAR
from vae.explorer import Explorer
from vae.figures.left_out import left_out
from vae.figures.steering import steering_curves, what_stays
from vae.i18n import _
from vae.i18n.numbers import number, percent, span
from vae.latent.changes import marked
from vae.latent.directions import CONTROLS, HOWS
from vae.latent.steering import SteeringStep
from vae.studies.direction_names import HOWS as WAYS
from vae.studies.directions_read import read
from vae.studies.effects import Effects, of_label

FEW = 20
"""Sentences; of fewer a share is shown as its interval alone."""


def show(explorer: Explorer) -> None:
    """Choose a direction, walk along it, and see what it does."""
    made_of = {"label": _("a label's values"), "sets": _("two sets of sentences")}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            _("Direction between"),
            links.MADE_OF,
            format_func=made_of.__getitem__,
            required=True,
            **state.widget("made"),
        )
        how = st.segmented_control(
            _("Found as"),
            HOWS,
            default=HOWS[0],
            format_func=lambda way: str(WAYS[way]),
            required=True,
            key="meaning_how",
            persist_state="session",
            help=_(
                "Difference of means: from the mean of the one to the mean of the other. Linear "
                "classifier: along the normal of a logistic classifier, as far."
            ),
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
            _("No label of this corpus has directions. Choose two sets of sentences instead."),
            icon=":material/info:",
        )
        return
    label, source, target = direction_choice.values(explorer, study)
    if without := left_out({each.label: each.why for each in study.left_out}):
        st.caption(controls.with_commands(without))
    chosen = data.from_study(study, label, source, target, how)
    steering(explorer, chosen, lambda: of_label(study, label, how))


def by_hand(explorer: Explorer, how: str) -> None:
    """A direction between two sets that a person picked."""
    a, b = sentence_sets.inputs(explorer)
    if len(a) < 2 or len(b) < 2:
        st.info(
            _(
                "Two sets of sentences make a direction: it leads from what those of set A have in "
                "common to what those of set B have. Pick 2 or more for each; 20 or more are "
                "better."
            ),
            icon=":material/conversion_path:",
        )
        return
    chosen = data.from_sets(explorer, a, b, how, state.get("seed"))
    seed = state.get("seed")
    steering(explorer, chosen, lambda: data.tried_by_hand(explorer, chosen, (*a, *b), seed))


@st.fragment
@controls.page_error_boundary()
def steering(
    explorer: Explorer, chosen: data.Chosen, effects: Callable[[], Effects | None]
) -> None:
    """The slider and its evidence; moving it reruns this much only."""
    travel(explorer, chosen)
    depth.bar()
    depth.section(
        "apart",
        _("Does the direction tell the two apart?"),
        _("not measured")
        if (told := chosen.told) is None
        else _(
            "{share} of held-out sentences; a random direction {random}.",
            share=accuracy(told.accuracy),
            random=percent(told.control),
        ),
        partial(evidence, chosen),
    )
    depth.section(
        "many",
        _("What does it do to many sentences?"),
        _("How often the property flips as strength grows, and whether all else stays."),
        partial(of_many, explorer, effects),
    )


def of_many(explorer: Explorer, effects: Callable[[], Effects | None]) -> None:
    """What the direction does to many sentences, as far as it can be said."""
    found = effects()
    if found is None:
        st.info(
            _(
                "What the direction does to many sentences is not available: this run has no map "
                "to take them from, or its model cannot write."
            ),
            icon=":material/info:",
        )
        return
    consequences(explorer, found)


def travel(explorer: Explorer, chosen: data.Chosen) -> None:
    """The person's sentence over a slider from the one side to the other."""
    sentence = fields.sentence_input(_("My sentence"), "a", explorer)
    steps = data.steps_along(explorer, chosen.direction, sentence)
    read_as = data.reads_as(explorer, chosen, steps)
    start, decoder_name = len(steps) // 2, decoder.name(explorer)
    at = sentence_slider.place(state.get("strength"), data.GRID, decoder_name)
    unmoved = steps[start].sentence
    points = [
        _point(explorer, step, read, unmoved if step.strength else None, chosen)
        for step, read in zip(steps, read_as, strict=True)
    ]
    here = points[int(at)]
    if at != int(at):
        step = data.step_at(explorer, chosen.direction, sentence, state.get("strength"))
        here = _point(explorer, step, data.reads_as(explorer, chosen, (step,))[0], unmoved, chosen)
    way = _way(explorer, chosen, sentence, unmoved) if decoder_name else None
    sentence_slider.show(
        here,
        [_line(explorer, chosen, points, at, read_as, way)],
        lambda _line, index: state.put(
            "strength", round(sentence_slider.value(index, data.GRID), 4)
        ),
        "meaning_steer_walk",
        decoder_name,
    )
    if len({step.sentence for step in steps}) == 1:
        st.warning(
            _(
                "No step changes a word: the decoder does not listen in this direction. The page "
                "Collapse shows whether it listens to z at all."
            ),
            icon=":material/hearing_disabled:",
        )
    flips = next(
        (
            step.strength
            for step, read in zip(steps, read_as, strict=True)
            if read and step.strength > 0 and read != read_as[start]
        ),
        None,
    )
    st.caption(
        _("It reads the same at every positive strength: it may be there already.")
        if flips is None
        else _("It first reads otherwise at strength {strength}.", strength=number(flips, "+.2f"))
    )
    st.caption(_read_how(chosen))


def _point(
    explorer: Explorer, step: SteeringStep, read: str, unmoved: str | None, chosen: data.Chosen
) -> sentence_slider.Point:
    label = chosen.label
    if label and read:
        read = direction_choice.value_of(explorer, label, read)
        label = label_words.names(explorer)(label)
    return sentence_slider.Point(
        marked(step.sentence, unmoved),
        _at(step.strength, read, label),
        _short(step.strength),
    )


def _short(strength: float | sentence_slider.Gap) -> str:
    said = format(strength, "+.2f") if isinstance(strength, sentence_slider.Gap) else None
    return _("strength {strength}", strength=said or number(strength, "+.2f"))


def _way(
    explorer: Explorer, chosen: data.Chosen, sentence: str, unmoved: str
) -> sentence_slider.Way:
    """Where the slider leads; what is said between its points is read when it is let go."""
    low, high = data.ends(explorer, chosen.direction, sentence)
    short = _short(sentence_slider.Gap("value"))
    ends = data.GRID[0], data.GRID[-1]
    return sentence_slider.Way(low, high, "lerp", ends, short, short, len(data.GRID), unmoved)


def _at(strength: float, read: str, label: str | None) -> str:
    """Where the slider stands, and what the sentence there is read as."""
    said = number(strength, "+.2f")
    if not read:
        return _("strength {strength} · cannot be read", strength=said)
    if label is None:
        return _("strength {strength} · nearer to {side}", strength=said, side=read)
    return _("strength {strength} · {label}: {value}", strength=said, label=label, value=read)


def _line(
    explorer: Explorer,
    chosen: data.Chosen,
    points: list[sentence_slider.Point],
    at: float,
    read_as: list[str],
    way: sentence_slider.Way | None,
) -> sentence_slider.Line:
    source, target = (
        direction_choice.value_of(explorer, chosen.label or "", value)
        for value in (chosen.source, chosen.target)
    )
    return sentence_slider.Line(
        id="strength",
        label=_("Strength, from {source} to {target}", source=source, target=target),
        points=points,
        at=at,
        low=sentence_slider.End(_("more {value}", value=source), points[0].pieces),
        high=sentence_slider.End(_("more {value}", value=target), points[-1].pieces),
        ticks=[i for i in range(1, len(points)) if read_as[i] != read_as[i - 1]],
        way=way,
    )


def _read_how(chosen: data.Chosen) -> str:
    if chosen.label and chosen.reads == GRAMMAR:
        return _(
            "Read by the corpus's own grammar; a mark under the slider is where that changes. At "
            "strength 0 stands what comes back of your sentence unmoved; words that differ from it "
            "are underlined."
        )
    return _(
        "Read by encoding what was said again: on which side of the middle it lies; a mark under "
        "the slider is where that changes. At strength 0 stands what comes back of your sentence "
        "unmoved; words that differ from it are underlined."
    )


def evidence(chosen: data.Chosen) -> None:
    """Accuracy on held-out sentences beside its controls."""
    told = chosen.told
    if told is None:
        st.info(
            _(
                "How well this direction tells the two apart was not measured: too few held-out "
                "sentences have these values."
            ),
            icon=":material/info:",
        )
        return
    with st.container(horizontal=True):
        st.metric(_("Held-out accuracy (n = {n:,})", n=told.accuracy.n), accuracy(told.accuracy))
        st.metric(_("A random direction"), percent(told.control))
        st.metric(_("Always the commoner"), percent(told.majority))
        st.metric(_("Length of the step"), number(chosen.direction.length, ".2f"))
    st.caption(
        _(
            "95% interval {low:.1%} to {high:.1%} (after Wilson, 1927); {told_by}, n = {n:,}. "
            "Random: the mean of {directions}. Good: far above the random direction. Bad: no "
            "better than it; then the slider turns nothing in particular. The length is Euclidean, "
            "where the prior has a standard deviation of 1.",
            low=told.accuracy.low,
            high=told.accuracy.high,
            told_by=chosen.told_by,
            n=told.accuracy.n,
            directions=CONTROLS,
        )
    )


def accuracy(found: Interval) -> str:
    """A share; of few sentences its interval, since the share itself would say too much."""
    if found.n < FEW:
        return span(found, ".0%")
    return percent(found.value)


def consequences(explorer: Explorer, effects: Effects) -> None:
    """What happens to many sentences as strength grows, and what else changes."""
    at = state.get("strength")
    figure_card.show(
        steering_curves(effects, at),
        key="meaning_curves",
        file_name=f"{explorer.name}-steering",
    )
    # Strength 1 while the slider stands at 0 or below.
    figure = what_stays(effects, at if at > 0 else 1.0)
    if figure is None:
        st.caption(_("What else stays is not available: there is no other label to read."))
        return
    figure_card.show(figure, key="meaning_stays", file_name=f"{explorer.name}-steering-stays")
