"""The runs that stand beside each other on the page Collapse."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import streamlit as st

from pages.diagnose._collapse import data
from vae.diagnostics.collapse import Diagnosis
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.usage import LatentUsage
from vae.errors import UserError
from vae.explorer import Explorer


@dataclass(frozen=True)
class Side:
    """One of the runs.

    Attributes:
        usage: None where it has been neither evaluated nor mapped nor studied.
        evidence: the study "diagnosis"; None where it has not been made.
    """

    name: str
    explorer: Explorer
    usage: LatentUsage | None
    evidence: Evidence | None

    @property
    def diagnosis(self) -> Diagnosis | None:
        """The verdict, on the best that has been measured."""
        if self.evidence is not None:
            return self.evidence.diagnosis
        return None if self.usage is None else self.usage.diagnosis()

    @property
    def used(self) -> LatentUsage:
        """What the latent space carries, of a side that shows charts of it."""
        if self.usage is None:
            raise UserError(f"Nothing has been measured of the run '{self.name}' yet.")
        return self.usage


def load(name: str, explorer: Explorer) -> Side:
    """A run and all that has been measured of it; a study that is damaged counts as not made."""
    with contextlib.suppress(UserError):  # the offer to measure it says so
        evidence = data.evidence(explorer.run)
        if evidence is not None:
            return Side(name, explorer, data.usage_of_evidence(evidence), evidence)
    try:
        return Side(name, explorer, data.usage(explorer), None)
    except UserError:
        return Side(name, explorer, None, None)


def pairs(sides: list[Side]) -> list[tuple[Side, st.delta_generator.DeltaGenerator]]:
    """Each run with its column."""
    return list(zip(sides, st.columns(len(sides), gap="large"), strict=True))
