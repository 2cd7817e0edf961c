"""The study "probes" in a report: what can be read off the posterior mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vae.explorer import Explorer
from vae.figures.probes import linear_probes, probes, probes_finding
from vae.report.parts import Finding, Part
from vae.studies.probes import read, read_linear


def parts(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """The worst label in a sentence, and the probes of every label beside their controls."""
    found = read(result)
    return [Finding(probes_finding(found)), probes(found)]


def brief(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """What an evaluation says of the same: the linear probe alone."""
    return [linear_probes(read_linear(result))]
