"""What the map shows of a run, made once for all sessions; every cache of the page is here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import streamlit as st
import torch

from pages.common import label_words, resources, state
from pages.common.served import Served, served
from pages.explore._map.picture import BY_SENTENCES, Picture, put
from pages.explore._map.space import Seen
from vae.corpora.lines import lines
from vae.errors import UserError
from vae.explorer import Explorer
from vae.figures.colouring import Colouring, colouring
from vae.figures.map import label_of, values_of
from vae.figures.map_words import packed, packed_large
from vae.i18n import language
from vae.latent import interpolation
from vae.latent.atlas import Atlas
from vae.latent.large_atlas import HALVES, LargeAtlas
from vae.latent.places import Answer, Neighbourhoods, answer
from vae.models import Posterior

MOST_OWN = 200


def coloured(explorer: Explorer, seen: Seen, colour: str) -> Colouring:
    """What each point looks like in a colouring, on the page's ground."""
    ground = st.context.theme.type or "light"
    return _coloured(explorer, seen.version, colour, ground, language(), seen.atlas)


@resources.shared(max_entries=16)
def _coloured(
    explorer: Explorer, version: str, colour: str, ground: str, language: str, _atlas: Atlas
) -> Colouring:
    valued, label = label_words.values(explorer), label_of(_atlas, colour)
    return colouring(values_of(_atlas, colour), ground, lambda value: valued(label, value))


def latents(explorer: Explorer, atlas: Atlas) -> bytes | Served:
    """Posterior means (N, Z) in half precision, as a run stores them."""
    return (
        served(atlas.folder, HALVES) if isinstance(atlas, LargeAtlas) else _latents(explorer, atlas)
    )


@resources.shared(max_entries=6)
def _latents(explorer: Explorer, _atlas: Atlas) -> bytes:
    return np.ascontiguousarray(_atlas.mean, dtype="<f2").tobytes()


def neighbourhoods(explorer: Explorer, atlas: Atlas) -> Neighbourhoods:
    """How near latents lie to those of the atlas."""
    return _neighbourhoods(explorer, atlas.version, atlas)


@resources.shared(max_entries=6)
def _neighbourhoods(explorer: Explorer, version: str, _atlas: Atlas) -> Neighbourhoods:
    return _atlas.neighbourhoods()


def answered(explorer: Explorer, atlas: Atlas, z: npt.NDArray[np.floating]) -> Answer:
    """What the model says at a latent (Z,), and how far it can be trusted."""
    return _answered(explorer, atlas.version, torch.from_numpy(z), atlas)


@resources.shared(max_entries=200)
def _answered(explorer: Explorer, version: str, z: torch.Tensor, _atlas: Atlas) -> Answer:
    known = neighbourhoods(explorer, _atlas)
    return answer(explorer, z.numpy(), known, prior=explorer.has_posterior)


def path(explorer: Explorer, shown: Picture, atlas: Atlas) -> npt.NDArray[np.floating] | None:
    """(S, 2) the way of Interpolate from A to B on a picture; None while one of them is open."""
    ends = [str(state.get(end) or "") for end in ("a", "b")]
    if not shown.places or not all(ends) or ends[0] == ends[1]:
        return None
    try:
        a, b = own_posterior(explorer, tuple(ends)).mean
    except UserError:  # Interpolate says what is wrong with it
        return None
    _, points = interpolation.path(a, b, resources.PATH_STEPS, explorer.usual_path)
    return put(shown, atlas, points.numpy())


def found(explorer: Explorer, atlas: Atlas, query: str) -> npt.NDArray[np.intp]:
    """Rows of the sentences that hold every word of a search."""
    if not query.strip():
        return np.arange(0, dtype=np.intp)
    return _found(explorer, atlas.version, query, atlas)


@resources.shared(max_entries=40)
def _found(explorer: Explorer, version: str, query: str, _atlas: Atlas) -> npt.NDArray[np.intp]:
    return _atlas.search(query)


def words(explorer: Explorer, atlas: Atlas) -> bytes:
    """What stands beside the pointer at every point, packed for the browser."""
    return _words(explorer, language(), atlas.version, atlas)


@resources.shared(max_entries=6)
def _words(explorer: Explorer, language: str, version: str, _atlas: Atlas) -> bytes:
    valued = label_words.values(explorer)
    if isinstance(_atlas, LargeAtlas):
        folder = _atlas.folder
        return packed_large(_atlas, lambda file: served(folder, file).url, valued)
    return packed(_atlas, valued)


def marks(
    explorer: Explorer, shown: Picture, atlas: Atlas, way: npt.NDArray[np.floating] | None
) -> list[tuple[npt.NDArray[np.floating], str]]:
    """(place, name) of the sentences that a plane is laid by, and of the ends of a way."""
    if shown.kind in BY_SENTENCES:
        sentences = tuple(map(str, shown.at))
        places = put(shown, atlas, own_posterior(explorer, sentences).mean.numpy())
        return list(zip(places, "ABC", strict=False))
    return [] if way is None else [(way[0], "A"), (way[-1], "B")]


def own_lines(text: str) -> tuple[list[str], int]:
    """(sentences, how many were left out) of a text area, a sentence a line, at most 200."""
    found = list(dict.fromkeys(lines(text)))
    return found[:MOST_OWN], max(0, len(found) - MOST_OWN)


def readable(explorer: Explorer, sentences: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """(sentences that the model can read, why it cannot read each of the others)."""
    try:
        own_posterior(explorer, tuple(sentences))
    except UserError:
        kept, unread = [], {}
        for sentence in sentences:
            try:
                explorer.encode([sentence])
            except UserError as error:
                unread[sentence] = str(error)
            else:
                kept.append(sentence)
        return kept, unread
    return list(sentences), {}


@resources.shared(max_entries=50)
def own_posterior(explorer: Explorer, sentences: tuple[str, ...]) -> Posterior:
    """Posteriors (N, Z) of a person's own sentences.

    Raises:
        UserError: one of them is too long; the message says which.
    """
    return explorer.encode(sentences)
