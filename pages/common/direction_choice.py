"""Which direction of Meaning is meant: chosen on its page or on the map, the same on both."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.common import label_words, state
from vae.explorer import Explorer
from vae.i18n import _
from vae.latent.directions import HOWS, REST
from vae.studies.direction_names import value_name
from vae.studies.directions_read import DirectionsStudy, LabelDirections

_HOW = "meaning_how"


def how() -> str:
    """How the direction is found, as it was chosen last."""
    chosen = st.session_state.get(_HOW)
    return chosen if chosen in HOWS else HOWS[0]


def values(explorer: Explorer, study: DirectionsStudy) -> tuple[str, str, str]:
    """Label, source and target, of a study that has labels."""
    # A label of few values is the plainest to begin with.
    labels = sorted(study.labels, key=lambda each: (len(each.values), each.label))
    by_name: dict[str, LabelDirections] = {each.label: each for each in labels}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        named = label_words.names(explorer)
        label = _select(_("Label"), list(by_name), "meaning_label", named)
        found = by_name[label]
        # The commonest value is what most sentences have already.

        def valued(value: str) -> str:
            return value_of(explorer, label, value)

        of = f"_{label}"
        target = _select(_("Towards"), list(found.targets), f"meaning_target{of}", valued, first=1)
        sources = [value for value in found.values if value != target]
        sources = sources if len(sources) == 1 else [REST, *sources]
        source = _select(_("Away from"), sources, f"meaning_source{of}", valued)
    return label, source, target


def value_of(explorer: Explorer, label: str, value: str) -> str:
    """What a value of a label is called, or several values that a direction leads from or to."""
    return value_name(label_words.values(explorer)(label, value))


def _select(
    title: str,
    options: list[str],
    key: str,
    named: Callable[[str], str],
    first: int = 0,
) -> str:
    state.keep_among(key, options)
    chosen = st.selectbox(
        title,
        options,
        index=min(first, len(options) - 1),
        key=key,
        placeholder=_("Choose"),
        format_func=named,
        persist_state="session",
        width=210,
    )
    return chosen if chosen in options else options[0]
