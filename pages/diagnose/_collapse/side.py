"""The runs that stand beside each other on the page Collapse."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.diagnose._collapse import data
from vae.diagnostics.bootstrap import Floats, Interval
from vae.diagnostics.collapse import Diagnosis
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.usage import LatentUsage
from vae.errors import UserError
from vae.explorer import Explorer
from vae.figures.rate import order_of


@dataclass(frozen=True)
class Dimensions:
    """What each of Z dimensions carries, as the figures of `vae.figures.rate` take it.

    Attributes:
        rates, variances: (Z,) mean KL in nats a sentence, and variance of the posterior mean.
        rate: of all together.
        which: measured on how many sentences of what kind, in words.
    """

    rates: Sequence[float] | Floats
    variances: Sequence[float] | Floats
    rate: Interval
    which: object

    @property
    def order(self) -> list[int]:
        """The dimensions by their rate, the most informative first."""
        return order_of(self.rates)


@dataclass(frozen=True)
class Side:
    """One of the runs.

    Attributes:
        usage: None where the study has been made, or nothing has been measured.
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
    def dimensions(self) -> Dimensions | None:
        """What each dimension carries; None where there is none, or nothing was measured."""
        if self.evidence is not None and self.evidence.latent_dim:
            found = self.evidence
            rates, variances = found.rate_per_dimension, found.variances
            return Dimensions(rates, variances, found.split.rate, found.which)
        if self.usage is not None and self.usage.latent_dim:
            used = self.usage
            which = f"{used.n_sentences:,} {used.sentences_are}"
            return Dimensions(used.rate_per_dimension, used.variances, used.rate_interval, which)
        return None


def load(name: str, explorer: Explorer) -> Side:
    """A run and all that has been measured of it; a study that is damaged counts as not made."""
    with contextlib.suppress(UserError):  # the offer to measure it says so
        evidence = data.evidence(explorer.run)
        if evidence is not None:
            return Side(name, explorer, None, evidence)
    try:
        return Side(name, explorer, data.usage(explorer), None)
    except UserError:
        return Side(name, explorer, None, None)


def pairs(sides: list[Side]) -> list[tuple[Side, st.delta_generator.DeltaGenerator]]:
    """Each run with its column."""
    return list(zip(sides, st.columns(len(sides), gap="large"), strict=True))
