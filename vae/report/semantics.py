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
from vae.studies.semantics import read


def parts(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """Common neighbours and the order of distances in each pair of spaces."""
    found = read(result)
    return [
        Finding(semantics_finding(found)),
        neighbour_overlap(found),
        distance_order(found),
        *map(Missing, not_available(found)),
    ]
