"""What pages show of one sentence and of the points of a path, computed once for all sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
import torch

from pages.common import resources
from vae.diagnostics import attribution
from vae.diagnostics.attribution import Attribution
from vae.diagnostics.xray import Saying, Xray, sayings, xray
from vae.errors import UserError
from vae.explorer import Explorer, PathPoint
from vae.latent.waypoints import returns, shell, shell_bounds, surroundings
from vae.models.explorable import where_available

SHOWN_DIMENSIONS = 8


@dataclass(frozen=True)
class Seen:
    """The x-ray of a sentence.

    Attributes:
        xray: its figures.
        unknown: (T) whether each token is unknown to the model; None where it does not tell.
        said: what the draws from the posterior decode to; None where the model does not decode.
    """

    xray: Xray
    unknown: tuple[bool | None, ...]
    said: tuple[Saying, ...] | None


@dataclass(frozen=True)
class Attributions:
    """Integrated gradients of a sentence, both ways.

    Attributes:
        dims: D dimensions that carry most of this sentence.
        words: (D, T) what each token adds to the posterior mean of each of them.
        dimensions: (T, Z) what each dimension adds to log p of each token.
    """

    dims: tuple[int, ...]
    words: Attribution
    dimensions: Attribution


def seen(explorer: Explorer, sentence: str, draws: int, seed: int) -> Seen:
    """The x-ray of a sentence, and what its draws decode to.

    Raises:
        NotAvailableError: the model has no posterior or scores no tokens.
        UserError: the sentence cannot be read.
    """
    version = resources.version(explorer.run)
    return _seen(str(explorer.run.path), version, sentence, draws, seed, explorer)


@st.cache_resource(max_entries=200, show_spinner="Reading the sentence")
def _seen(
    path: str, version: str, sentence: str, draws: int, seed: int, _explorer: Explorer
) -> Seen:
    found = xray(_explorer, sentence, torch.Generator().manual_seed(seed), draws)
    unknown = _explorer.unknown_words(sentence) if _explorer.tells_unknown else None
    return Seen(
        found,
        found.unknown(unknown),
        where_available(lambda: sayings(_explorer, found)),
    )


def attributions(explorer: Explorer, sentence: str) -> Attributions:
    """Which words move the dimensions that carry most of a sentence, and which words those move.

    Raises:
        NotAvailableError: the model gives no gradients.
        UserError: the sentence cannot be read.
    """
    version = resources.version(explorer.run)
    return _attributions(str(explorer.run.path), version, sentence, explorer)


@st.cache_resource(max_entries=100, show_spinner="Following the gradients")
def _attributions(path: str, version: str, sentence: str, _explorer: Explorer) -> Attributions:
    gradients = _explorer.gradients()
    posterior = _explorer.encode([sentence])
    kl = posterior.kl_per_dimension()[0]
    dims = tuple(kl.argsort(descending=True, stable=True)[:SHOWN_DIMENSIONS].tolist())
    return Attributions(
        dims,
        attribution.of_words(gradients, sentence, dims),
        attribution.of_dimensions(gradients, sentence, posterior.mean[0]),
    )


def waypoints(explorer: Explorer, frames: Sequence[PathPoint]) -> pd.DataFrame:
    """How each point of a path lies to the prior, the training sentences, and its own way back.

    Columns that this run cannot give are left out: those of the training sentences where it has no
    map, those of the way back where its model does not read its own words.
    """
    version = resources.version(explorer.run)
    z = tuple(tuple(frame.z.tolist()) for frame in frames)
    said = tuple(frame.sentence for frame in frames)
    t = tuple(frame.t for frame in frames)
    return _waypoints(str(explorer.run.path), version, t, z, said, explorer)


@st.cache_data(max_entries=60, show_spinner="Measuring the points")
def _waypoints(
    path: str,
    version: str,
    t: tuple[float, ...],
    z: tuple[tuple[float, ...], ...],
    said: tuple[str, ...],
    _explorer: Explorer,
) -> pd.DataFrame:
    points = torch.tensor(z)
    norms, quantiles = shell(points)
    table = pd.DataFrame({"t": t, "sentence": said, "norm": norms, "prior quantile": quantiles})
    table["shell from"], table["shell to"] = shell_bounds(points.shape[1])
    try:
        atlas = _explorer.atlas
        rows = np.flatnonzero(np.asarray(atlas.labels["split"]) == "train")
        near = surroundings(points, atlas.mean[rows], seed=0)
    except UserError:
        pass
    else:
        table["distance to training"] = near.distance
        table["nearest training sentence"] = [atlas.sentences[rows[r]] for r in near.row]
        table["usual distance"] = near.usual
        table["usual norm"] = near.norm
        table["training sentences"] = near.n
    back = where_available(lambda: returns(_explorer, points, said))
    if back:
        table["distance to re-encoded"] = [one.distance for one in back]
        table["doubt of re-encoded"] = [one.doubt for one in back]
        table["decoded again"] = [one.again for one in back]
        table["same again"] = [one.same for one in back]
    return table
