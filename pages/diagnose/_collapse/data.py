"""What the Collapse page shows of a run, measured once for all sessions; its caches are here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch

from pages.common import resources, studying
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.holes import dimension_density, pair_density
from vae.diagnostics.listening import Source, conditions
from vae.diagnostics.usage import (
    Floats,
    LatentUsage,
    usage_of_evaluation,
    usage_of_posterior,
)
from vae.errors import UserError
from vae.explorer import Explorer
from vae.models import Posterior
from vae.runs.store import RunDirectory
from vae.studies import diagnosis

GRID = np.linspace(-4.5, 4.5, 121)
"""Where densities are drawn: a prior draw lies outside once in 150,000."""


@dataclass(frozen=True)
class Hearing:
    """A sentence under latents from several sources.

    Attributes:
        sources: where each latent comes from.
        said: what the decoder says there, greedy.
        scores: (sources, T) log p of each token of the sentence there, nats.
        tokens: T tokens, the end of the sentence last.
    """

    sources: tuple[Source, ...]
    said: tuple[str, ...]
    scores: Floats
    tokens: tuple[str, ...]

    def mean(self, source: Source) -> float:
        """log p(x|z) in nats, the mean over the latents of one source."""
        rows = [i for i, s in enumerate(self.sources) if s == source]
        return float(self.scores[rows].sum(1).mean())


def usage(explorer: Explorer) -> LatentUsage:
    """From evaluation.json; measured on the sentences of the map where there is none.

    Raises:
        UserError: the run has neither.
    """
    run = explorer.run
    version = f"{resources.version(run)}/{run.version('evaluation.json')}"
    return _usage(str(run.path), version, explorer)


@st.cache_resource(max_entries=20, show_spinner="Measuring the latent space")
def _usage(path: str, version: str, _explorer: Explorer) -> LatentUsage:
    if evaluation := _explorer.evaluation():
        return usage_of_evaluation(evaluation)
    return usage_of_posterior(_explorer.atlas.posterior, "sentences of the map")


def evidence(run: RunDirectory) -> Evidence | None:
    """The study "diagnosis"; None where it has not been made.

    Raises:
        UserError: its file is damaged.
    """
    found = studying.stored(run, "diagnosis")
    return None if found is None else diagnosis.read(found)


def usage_of_evidence(found: Evidence) -> LatentUsage:
    """The same figures for charts that show a run with or without its study."""
    split = found.split
    return LatentUsage(
        n_sentences=found.n,
        sentences_are="test sentences",
        rate=split.rate.value,
        rate_error=(split.rate.high - split.rate.low) / 4,
        rate_per_dimension=np.array(found.rate_per_dimension),
        variances=np.array(found.variances),
        information=split.information.value,
        information_error=(split.information.high - split.information.low) / 4,
        information_ceiling=split.ceiling,
        heard=found.listening.over_another.value if found.listening else None,
        holes=found.holes.share.value if found.holes else None,
    )


def density(explorer: Explorer, dimensions: tuple[int, ...]) -> tuple[Floats, str]:
    """(density of one or two dimensions of q(z) on `GRID`, of which sentences).

    Raises:
        UserError: there is no sentence to encode.
    """
    version = resources.version(explorer.run)
    return _density(str(explorer.run.path), version, dimensions, explorer)


@st.cache_data(max_entries=200, show_spinner=False)
def _density(
    path: str, version: str, dimensions: tuple[int, ...], _explorer: Explorer
) -> tuple[Floats, str]:
    posterior, which = _posterior(_explorer)
    if len(dimensions) == 1:
        found = dimension_density(posterior, dimensions[0], GRID)
    else:
        found = pair_density(posterior, *dimensions, GRID)
    return found, f"{len(posterior):,} {which}"


def _posterior(explorer: Explorer) -> tuple[Posterior, str]:
    try:
        return explorer.atlas.posterior, "sentences of the map"
    except UserError:
        return explorer.encode(explorer.examples()), "example sentences"


def hearing(explorer: Explorer, sentence: str, other: str, draws: int, seed: int) -> Hearing:
    """Decode and score a sentence under its own z, another sentence's, and the prior's.

    Raises:
        UserError: a sentence is empty or too long for the model.
    """
    version = resources.version(explorer.run)
    return _hearing(str(explorer.run.path), version, sentence, other, draws, seed, explorer)


@st.cache_data(max_entries=200, show_spinner="Decoding")
def _hearing(
    path: str, version: str, sentence: str, other: str, draws: int, seed: int, _explorer: Explorer
) -> Hearing:
    asked = conditions(_explorer.encode([sentence, other]), draws, seed)
    z = torch.stack([c.z for c in asked])
    scores = _explorer.log_likelihood([sentence] * len(asked), z)
    return Hearing(
        sources=tuple(c.source for c in asked),
        said=tuple(_explorer.decode(z)),
        scores=np.stack([s.double().numpy() for s in scores]),
        tokens=_explorer.tokens(sentence),
    )
