"""How semantic is the space? The study `semantics` of a run, shown where a page asks for it."""

from __future__ import annotations

import streamlit as st

from pages.common import controls, figure_card, job_panel
from vae.explorer import Explorer
from vae.figures.semantics import (
    Study,
    distance_order,
    neighbour_overlap,
    not_available,
    semantics_finding,
)
from vae.i18n import _
from vae.latent import sentence_encoder
from vae.runs import jobs

STUDY = "semantics"


def show(explorer: Explorer) -> None:
    """Neighbours and distances of three spaces; where they were not measured, an offer."""
    st.header(_("How semantic is the space?"), anchor=False)
    with controls.page_error_boundary():
        found = job_panel.study(explorer, STUDY)
        if found is None:
            return
        st.markdown(f"### {controls.with_commands(semantics_finding(found))}")
        figures = neighbour_overlap(found), distance_order(found)
        for column, figure in zip(st.columns(2, gap="large"), figures, strict=True):
            with column:
                figure_card.show(
                    figure, key=f"meaning_{figure.name}", file_name=f"{explorer.name}-{figure.name}"
                )
        missing(explorer, found)
        st.page_link(
            "pages/explore/map.py",
            label=_("See each space as a map"),
            icon=":material/scatter_plot:",
        )


def missing(explorer: Explorer, found: Study) -> None:
    """What could not be measured, and how to have it."""
    for why in not_available(found):
        st.info(controls.with_commands(why), icon=":material/block:")
    if found["encoder"] is not None or sentence_encoder.missing():
        return
    key = jobs.study_key(explorer.run, STUDY)
    if (job := jobs.read(key)) and job.running:
        job_panel.follow(job)
        return
    st.button(
        _("It is installed now: measure again"),
        key=f"again_{key}",
        icon=":material/refresh:",
        on_click=jobs.start_study,
        args=(explorer.run, STUDY),
    )
