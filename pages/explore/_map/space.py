"""The map in another space than the model's: chosen, shown where it was made, offered where not."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.common import job_panel, resources, state
from vae.explorer import Explorer
from vae.i18n import _, message, sentences
from vae.latent import other_maps, sentence_encoder
from vae.latent.atlas import Atlas
from vae.latent.spaces import ENCODER, MODEL, SPACES, WORD_DIRECTIONS, WORDS
from vae.runs import jobs
from vae.runs.store import RunDirectory

PLACED_BY = {
    WORDS: message(
        "Placed by the words of each sentence, order aside: TF-IDF in its {n} strongest "
        "directions.",
        n=WORD_DIRECTIONS,
    ),
    ENCODER: message(
        "Placed by {name}, a pre-trained sentence encoder of {n} numbers that never saw this "
        "model.",
        name=sentence_encoder.NAME,
        n=sentence_encoder.DIMENSIONS,
    ),
}
OFFERED = {
    WORDS: message(
        "The map of this run's sentences by the words of each sentence, order aside, has not been "
        "made on this machine yet. It takes one or two minutes, and is kept."
    ),
    ENCODER: message(
        "The map of this run's sentences by {name}, a pre-trained sentence encoder that never saw "
        "this model, has not been made on this machine yet. It takes one or two minutes, and is "
        "kept.",
        name=sentence_encoder.NAME,
    ),
}
NAMES = {**SPACES, WORDS: message("words alone")}
SORTED_BY = {
    MODEL: message("the model"),
    WORDS: message("the choice of words"),
    ENCODER: message("the sentence encoder"),
}


@dataclass(frozen=True)
class Seen:
    """An atlas as a space shows it.

    Attributes:
        version: a string that changes whenever the picture does.
    """

    space: str
    version: str
    atlas: Atlas

    @property
    def by(self) -> str:
        """What sorts the sentences in it, as the subject of a sentence."""
        return str(SORTED_BY[self.space])

    @property
    def note(self) -> str:
        """What places the sentences, in a sentence; of the model nothing."""
        return str(PLACED_BY.get(self.space, ""))


def missing_encoder() -> str:
    """Why there is no map by a sentence encoder; "" where it is installed."""
    return sentence_encoder.missing()


def choose(atlas: Atlas) -> str:
    """Which space the map shows; a sentence encoder is offered where it is installed. Of a large
    map it is the model's."""
    if atlas.version:
        return MODEL
    why = sentence_encoder.missing()
    offered = [space for space in SPACES if space != ENCODER or not why]
    state.keep_among("map_space", offered)
    compare = _(
        "Where sentences lie for this model, for a count of their words (a bag of words), or for a "
        "pre-trained sentence encoder. Compare what keeps together in each."
    )
    chosen = st.segmented_control(
        _("Space"),
        offered,
        default=MODEL,
        required=True,
        format_func=lambda name: str(NAMES[name]),
        key="map_space",
        persist_state="session",
        help=sentences(compare, _("{why} Then start the app again.", why=why) if why else ""),
    )
    return chosen or MODEL


def seen(explorer: Explorer, atlas: Atlas, space: str) -> Seen | None:
    """The atlas as a space shows it; where that has not been made, an offer, and None."""
    if space == MODEL:
        return Seen(MODEL, atlas.version or MODEL, atlas)
    kept = RunDirectory(_place(explorer, space, atlas))
    version = f"{space}/{kept.version('projection.npz')}"
    found = _read(explorer, version, space, atlas)
    if found is None:
        _offer(explorer, space)
        return None
    return Seen(space, version, found)


@resources.shared(max_entries=40)
def _place(explorer: Explorer, space: str, _atlas: Atlas) -> Path:
    return other_maps.place(_atlas, space).path


@resources.shared(max_entries=12)
def _read(explorer: Explorer, version: str, space: str, _atlas: Atlas) -> Atlas | None:
    return other_maps.seen_in(_atlas, space)


def job_key(run: RunDirectory, space: str) -> str:
    """The key of the job that makes the map of a run in a space."""
    where = hashlib.blake2b(str(run.path).encode(), digest_size=4).hexdigest()
    return f"map-{space}-{where}-{run.name}"


def _start(run: RunDirectory, space: str) -> None:
    key = job_key(run, space)
    command = ["-m", "vae", "map", str(run.path), space]
    command += ["--progress-file", str(jobs.job_file(key))]
    jobs.start(key, [sys.executable, *command])


def _offer(explorer: Explorer, space: str) -> None:
    job_panel.offer(
        job_key(explorer.run, space),
        str(OFFERED[space]),
        _("Make this map"),
        lambda: _start(explorer.run, space),
    )
