"""What can be read off a latent, and whether each dimension stands for one thing."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.common import controls, depth, figure_card, job_panel, resources
from vae.explorer import Explorer
from vae.figures.disentanglement import (
    dependence,
    disentanglement,
    disentanglement_finding,
    importances,
)
from vae.figures.probes import probes, probes_finding
from vae.i18n import _
from vae.studies.disentanglement import read as read_disentanglement
from vae.studies.probes import read as read_probes

_MOST_DIMENSIONS = 16


def show_probes(explorer: Explorer) -> None:
    """Linear and nearest-neighbour probes of every label, with their controls."""
    result = job_panel.study(explorer, "probes")
    if result is None:
        return
    found = read_probes(result)
    st.header(controls.with_commands(probes_finding(found)), anchor=False)
    figure_card.show(probes(found), key="meaning_probes", file_name=f"{explorer.name}-probes")


def show_disentanglement(explorer: Explorer) -> None:
    """Metrics of disentanglement with their intervals over seeds, and what they rest on."""
    result = job_panel.study(explorer, "disentanglement")
    if result is None:
        return
    found = read_disentanglement(result)
    st.header(controls.with_commands(disentanglement_finding(found)), anchor=False)
    figure_card.show(
        disentanglement(found),
        key="meaning_disentanglement",
        file_name=f"{explorer.name}-disentanglement",
    )
    if said := dependence(found):
        st.caption(controls.with_commands(said))
    ranking = resources.informative(explorer.name)
    names = {d: ranking.title(d) for d in ranking.order}
    if figure := importances(found, names, _MOST_DIMENSIONS):
        depth.bar()
        depth.section(
            "importance",
            _("What do these scores rest on?"),
            _("How much each dimension tells of each factor, beside every other dimension."),
            partial(
                figure_card.show,
                figure,
                key="meaning_importance",
                file_name=f"{explorer.name}-importance",
            ),
        )
