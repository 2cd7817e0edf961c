"""The study "disentanglement" in a report: the metrics, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vae.explorer import Explorer
from vae.figures.disentanglement import (
    dependence,
    dependent_factors,
    disentanglement,
    disentanglement_finding,
    importances,
)
from vae.i18n import _
from vae.latent.names import read_names
from vae.report.parts import Details, Finding, Paragraph, Part
from vae.report.plots import frame_table
from vae.studies.disentanglement import read

_MOST_SHOWN = 64


def parts(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """Metrics with intervals, importance of each dimension for each factor, cautions."""
    found = read(result)
    made: list[Part] = [Finding(disentanglement_finding(found)), disentanglement(found)]
    if figure := importances(found, read_names(explorer.run), _MOST_SHOWN):
        made.append(figure)
    if found.dependent:
        table = frame_table("dependent-factors", dependent_factors(found))
        made.append(Paragraph(dependence(found)))
        made.append(Details(_("Which factors depend on which"), (table,)))
    return made
