"""What the map shows of a run, made once for all sessions; every cache of the page is here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import streamlit as st

from pages.common import resources
from pages.explore._map.space import Seen
from vae.corpora.lines import lines
from vae.errors import UserError
from vae.explorer import Explorer
from vae.figures import Figure
from vae.figures.cloud import on_ground
from vae.figures.map import sentence_cloud
from vae.figures.map_words import packed
from vae.i18n import language
from vae.latent.atlas import Atlas

MOST_OWN = 200


def map_figure(explorer: Explorer, seen: Seen, projection: str, colour: str) -> Figure:
    """The cloud in a colouring. It is shared: copy its plot before you add to it."""
    ground = st.context.theme.type or "light"
    return _figure(explorer, seen.version, projection, colour, ground, language(), seen)


@resources.shared(max_entries=16)
def _figure(
    explorer: Explorer,
    version: str,
    projection: str,
    colour: str,
    ground: str,
    language: str,
    _seen: Seen,
) -> Figure:
    figure = sentence_cloud(_seen.atlas, projection, colour, _seen.by)
    on_ground(figure.plot, ground)
    return figure


def words(explorer: Explorer, atlas: Atlas) -> bytes:
    """What stands beside the pointer at every point, packed for the browser."""
    return _words(explorer, language(), atlas)


@resources.shared(max_entries=6)
def _words(explorer: Explorer, language: str, _atlas: Atlas) -> bytes:
    return packed(_atlas)


def own_lines(text: str) -> tuple[list[str], int]:
    """(sentences, how many were left out) of a text area, a sentence a line, at most 200."""
    found = list(dict.fromkeys(lines(text)))
    return found[:MOST_OWN], max(0, len(found) - MOST_OWN)


def readable(explorer: Explorer, sentences: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """(sentences that the model can read, why it cannot read each of the others)."""
    try:
        own_means(explorer, sentences)
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
def own_means(explorer: Explorer, sentences: Sequence[str]) -> npt.NDArray[np.float32]:
    """(N, Z) posterior means of a person's own sentences.

    Raises:
        UserError: one of them is too long; the message says which.
    """
    return explorer.encode(sentences).mean.numpy()
