"""The study "semantics" in a report: are sentences alike that lie together?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vae.explorer import Explorer
from vae.figures.semantics import (
    distance_order,
    neighbour_overlap,
    not_available,
    semantics_finding,
)
from vae.report.parts import Finding, Missing, Part
from vae.studies.semantics import check


def parts(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """Common neighbours and the order of distances in each pair of spaces."""
    check(result)
    return [
        Finding(semantics_finding(result)),
        neighbour_overlap(result),
        distance_order(result),
        *map(Missing, not_available(result)),
    ]
