"""What is computed of one sentence, once for all sessions."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
import torch

from pages.common import resources
from vae.diagnostics.attribution import Attributions, both_ways
from vae.diagnostics.xray import Saying, Xray, sayings, xray
from vae.explorer import Explorer
from vae.i18n import _
from vae.models.explorable import where_available


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


def seen(explorer: Explorer, sentence: str, draws: int, seed: int) -> Seen:
    """The x-ray of a sentence, and what its draws decode to.

    Raises:
        NotAvailableError: the model has no posterior or scores no tokens.
        UserError: the sentence cannot be read.
    """
    with st.spinner(_("Reading the sentence")):
        return _seen(explorer, sentence, draws, seed)


@resources.shared(max_entries=200)
def _seen(explorer: Explorer, sentence: str, draws: int, seed: int) -> Seen:
    found = xray(explorer, sentence, torch.Generator().manual_seed(seed), draws)
    unknown = explorer.unknown_words(sentence) if explorer.tells_unknown else None
    said = where_available(lambda: sayings(explorer, found))
    return Seen(found, found.unknown(unknown), said)


def attributions(explorer: Explorer, sentence: str) -> Attributions:
    """Which words move the dimensions of a sentence's highest KL, and which words those move.

    Raises:
        NotAvailableError: the model gives no gradients.
        UserError: the sentence cannot be read.
    """
    with st.spinner(_("Following the gradients")):
        return _attributions(explorer, sentence)


@resources.shared(max_entries=100)
def _attributions(explorer: Explorer, sentence: str) -> Attributions:
    return both_ways(explorer.gradients(), sentence, explorer.encode([sentence]))
