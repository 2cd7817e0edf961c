"""What the Collapse page shows of a run, measured once for all sessions; its caches are here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch

from pages.common import resources
from vae.diagnostics.listening import Source, conditions
from vae.diagnostics.usage import (
    Floats,
    LatentUsage,
    aggregated_draws,
    usage_of_evaluation,
    usage_of_posterior,
)
from vae.errors import UserError
from vae.explorer import Explorer
from vae.models import Posterior


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


def aggregated(explorer: Explorer, dimension: int, seed: int) -> tuple[Floats, str]:
    """(draws of z_d, what they are) from the posteriors of the map's sentences, or the examples'.

    Raises:
        UserError: there is no sentence to encode.
    """
    posterior, which = _posterior(explorer)
    draws = aggregated_draws(posterior, dimension, seed)
    return draws, f"{len(draws):,} {which}, one draw of z each"


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
