"""Steer one property: a direction, a sentence that moves along it, and what it does to many."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from pages.common import (
    controls,
    depth,
    direction_choice,
    figure_card,
    job_panel,
    links,
    sentence_sets,
    state,
)
from pages.diagnose._meaning import steering_data as data
from pages.diagnose._meaning import steering_walk
from vae.diagnostics.bootstrap import Interval
from vae.explorer import Explorer
from vae.figures.left_out import left_out
from vae.figures.steering import steering_curves, what_stays
from vae.i18n import _
from vae.i18n.numbers import number, percent, span
from vae.latent.directions import CONTROLS, HOWS
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
    steering_walk.show(explorer, chosen)
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
