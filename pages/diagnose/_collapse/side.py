"""The runs that stand beside each other on the page Collapse."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from pages.common import depth
from pages.diagnose._collapse import data
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.gains import Listening
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import _


@dataclass(frozen=True)
class Side:
    """One of the runs.

    Attributes:
        evidence: the fullest that was measured; None where nothing was.
        studied: whether it is the study "diagnosis", and no brief making of it.
    """

    name: str
    explorer: Explorer
    evidence: Evidence | None
    studied: bool

    @property
    def dimensions(self) -> Evidence | None:
        """The evidence where there is a dimension that it tells of."""
        return self.evidence if self.evidence and self.evidence.latent_dim else None

    @property
    def heard(self) -> Listening | None:
        """What the decoder hears, where that was measured."""
        return self.evidence.listening if self.evidence else None


def load(name: str, explorer: Explorer) -> Side:
    """A run and the best that has been measured of it; a damaged study counts as not made."""
    with contextlib.suppress(UserError):  # the offer to measure it says so
        if (evidence := data.evidence(explorer.run)) is not None:
            return Side(name, explorer, evidence, studied=True)
    with contextlib.suppress(UserError):
        return Side(name, explorer, data.brief(explorer), studied=False)
    return Side(name, explorer, None, studied=False)


def pairs(sides: list[Side]) -> list[tuple[Side, st.delta_generator.DeltaGenerator]]:
    """Each run with its column."""
    return list(zip(sides, st.columns(len(sides), gap="large"), strict=True))


def answers(sides: list[Side], finding: Callable[[Side], str]) -> str:
    """What was found of each run, in a line of Markdown; `finding` is empty where nothing was."""
    return depth.of_runs({side.name: finding(side) or _("not measured") for side in sides})
