"""The study "probes" in a report: what can be read off the posterior mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vae.explorer import Explorer
from vae.figures.probes import probes, probes_finding
from vae.report.parts import Finding, Part
from vae.studies.probes import read


def parts(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """The worst label in a sentence, and the probes of every label beside their controls."""
    found = read(result)
    return [Finding(probes_finding(found)), probes(found)]
