"""What directions, their values and their readers are called, for a reader."""

from __future__ import annotations

from collections.abc import Mapping

from vae.corpora.label_ranges import HIGHEST, LOWEST, MIDDLE
from vae.corpora.label_types import NO_VALUE
from vae.diagnostics.label_reader import GRAMMAR, PROBES
from vae.i18n import Message, message
from vae.latent.directions import REST
from vae.studies.directions import OTHERS
from vae.studies.directions_read import RANDOM

HOWS: Mapping[str, Message] = {
    "difference": message("difference of means"),
    "classifier": message("linear classifier"),
    RANDOM: message("random direction"),
}
READERS: Mapping[str, Message] = {GRAMMAR: message("the grammar"), PROBES: message("probes")}
_UNNAMED: Mapping[str, Message] = {
    REST: message("the rest"),
    OTHERS: message("all others"),
    "": NO_VALUE,
    LOWEST: message("lowest third"),
    MIDDLE: message("middle third"),
    HIGHEST: message("highest third"),
}


def value_name(value: str) -> str:
    """A value of a label, for a reader: those that stand for several are in words."""
    return str(_UNNAMED.get(value, value))
