"""Collapse: is the posterior collapsed, and does the decoder listen?"""

from __future__ import annotations

import streamlit as st

from pages.common import controls, job_panel, report_button, state
from pages.diagnose._collapse import listening, space, verdict
from pages.diagnose._collapse.side import Side, load, pairs
from vae.i18n import _
from vae.runs.catalogue import DEFAULT_RUN, all_runs

COLLAPSED_RUN = "factors-collapsed"
NONE = "none"


def main() -> None:
    st.title(_("Is the posterior collapsed, does the decoder listen?"), anchor=False)
    name = state.chosen_run()
    beside = choose_beside(name)
    sides: list[Side] = []
    for run in [name, *([beside] if beside else [])]:
        with controls.page_error_boundary():
            explorer = job_panel.explorer(run)
            sides += [load(run, explorer)] if explorer else []
    if not sides:
        return
    for side, column in pairs(sides):
        with column:
            verdict.show(side)
    usable = [s for s in sides if s.dimensions is not None]
    if usable:
        verdict.rate_split(usable)
        space.dimensions(usable)
        space.against_prior(usable)
    speaking = [s for s in sides if s.dimensions is not None or not s.explorer.has_posterior]
    if speaking:
        st.header(_("Does the decoder listen to z?"), anchor=False, divider="gray")
        listening.swapped(usable)
        listening.sentence(speaking)
    listening.likelihood(sides)
    report_button.show(sides[0].name, sides[0].explorer.run)


def choose_beside(name: str) -> str | None:
    """The run to stand beside the chosen one; the collapsed one at first."""
    others = [n for n in all_runs() if n != name]
    usual = COLLAPSED_RUN if COLLAPSED_RUN in others else DEFAULT_RUN
    key = f"beside_{name}"
    if st.session_state.get(key, NONE) not in [*others, NONE]:
        st.session_state.pop(key, None)
    options = [*others, NONE]
    chosen = st.selectbox(
        _("Compare with"),
        options,
        index=options.index(usual) if usual in options else len(options) - 1,
        key=key,
        placeholder=_("Choose"),
        format_func=lambda run: _("none") if run == NONE else run,
        persist_state="session",
        width=260,
    )
    return None if chosen == NONE else chosen


with controls.page_error_boundary():
    main()
