"""Collapse: is the posterior collapsed, and does the decoder listen?"""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.common import controls, depth, job_panel, report_button, state
from pages.diagnose._collapse import listening, space, verdict
from pages.diagnose._collapse.side import Side, answers, load, pairs
from vae.i18n import _
from vae.runs.catalogue import COLLAPSED_RUN, DEFAULT_RUN, all_runs

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
        space.dimensions(usable)
    depth.bar()
    if usable:
        of_the_space(usable)
    of_the_decoder(sides, usable)
    report_button.show(sides[0].name, sides[0].explorer.run)


def of_the_space(sides: list[Side]) -> None:
    """What the verdict rests on, and how the space is used."""
    depth.section(
        "why",
        _("What does the verdict rest on, and what would help?"),
        answers(sides, verdict.grades),
        partial(verdict.evidence, sides),
    )
    depth.section(
        "split",
        _("How much of the rate is information?"),
        answers(sides, verdict.split),
        partial(verdict.rate_split, sides),
    )
    depth.section(
        "units",
        _("Does the count depend on the threshold?"),
        answers(sides, space.units),
        partial(space.over_threshold, sides),
    )
    depth.section(
        "prior",
        _("Do the posteriors together match the prior?"),
        answers(sides, space.matched),
        partial(space.against_prior, sides),
    )


def of_the_decoder(sides: list[Side], usable: list[Side]) -> None:
    """Whether the decoder listens, and how likely it finds what it is told."""
    if any(s.heard for s in usable):
        depth.section(
            "heard",
            _("Does the decoder listen to z?"),
            answers(usable, listening.heard),
            partial(listening.swapped, usable),
        )
        depth.section(
            "words",
            _("Which words does z tell?"),
            answers(usable, listening.opening),
            partial(listening.gains, usable),
        )
    if speaking := [s for s in sides if s.dimensions or not s.explorer.has_posterior]:
        depth.section(
            "swapped",
            _("What does it say under another sentence's z?"),
            _("Try it on a sentence: its own z, another's, and the prior's, side by side."),
            partial(listening.sentence, speaking),
        )
    if any(s.evidence for s in sides):
        depth.section(
            "likelihood",
            _("How likely does the model find the sentences?"),
            answers(sides, listening.bound),
            partial(listening.likelihood, sides),
        )


def choose_beside(name: str) -> str | None:
    """The run to stand beside the chosen one; the collapsed one at first."""
    others = [n for n in all_runs() if n != name]
    usual = COLLAPSED_RUN if COLLAPSED_RUN in others else DEFAULT_RUN
    key = f"beside_{name}"
    options = [*others, NONE]
    state.keep_among(key, options)
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
