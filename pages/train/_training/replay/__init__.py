"""A replay of training: the latent space forms under a slider that moves in the browser alone.

All snapshots are sent once (1,000 points at 24 snapshots: 0.2 MB); the browser draws what lies
between them, and shows what the model said at each. No move of the slider asks the server.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from pages.common import resources
from pages.common.components import curves, sentence_slider
from pages.common.components.source import source
from pages.train._training.replay.story import Story, story
from vae.explorer import Explorer
from vae.i18n import _, language
from vae.latent.said_replay import FILE, SaidReplay, read
from vae.latent.timeline import FOLDER, Timeline, read_timeline
from vae.runs.history import History
from vae.runs.store import RunDirectory

SCRIPTS = source(__file__, "stage.js", "texts.js", "replay.js")
"""All but the tie to Streamlit: `replayView(root)`; needs `curves.SCRIPTS`."""

STYLE = sentence_slider.SLIDER_STYLE + source(__file__, "replay.css")

_COMPONENT = st.components.v2.component(
    "latent_lens_replay",
    html='<div class="replay"></div>',
    css=STYLE,
    js=curves.SCRIPTS + SCRIPTS + source(__file__, "component.js"),
)


@dataclass(frozen=True)
class Recorded:
    """What a replay is made of.

    Attributes:
        timeline: the points of the snapshots in one projection.
        history: what was recorded, the texts of the snapshots among it.
        facts: config.json, with the sentences that come back as its examples.
        said: the model's words stand in place of the sentences.
    """

    timeline: Timeline
    history: History
    facts: dict[str, Any]
    said: bool


def replay(run: RunDirectory, *, key: str, group: str) -> None:
    """Show the snapshots of a run, which are some; curves of the group follow the slider."""
    _COMPONENT(key=key, data=_story(str(run.path), group, language(), *_snapshots(run)))


def recorded(run: RunDirectory) -> Recorded:
    """All that is known of the training of a run by now."""
    known, versions = _snapshots(run)
    timeline, history = _timeline(str(run.path), known, versions), resources.recorded(run)
    facts = run.read_json("config.json")
    said = _said(str(run.path), versions)
    if said is None:
        return Recorded(timeline, history, facts, said=False)
    corpus = {**facts["corpus"], "examples": list(said.examples)}
    left_out = _("(a sentence of the text, left out)")
    return Recorded(
        said.timeline(timeline),
        said.history(history, left_out),
        {**facts, "corpus": corpus},
        said=True,
    )


def _snapshots(run: RunDirectory) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """(steps that metrics.jsonl knows, versions of the files): they change with each snapshot."""
    known = tuple(int(s["step"]) for s in resources.recorded(run).snapshots)
    files = sorted((run.path / FOLDER).glob("*.npz"))
    versions = [run.version(f"{FOLDER}/{file.name}") for file in files]
    return known, (*versions, run.version("weights.safetensors") if run.has(FILE) else "")


@st.cache_resource(max_entries=6, show_spinner=False)
def _timeline(path: str, known: tuple[int, ...], versions: tuple[str, ...]) -> Timeline:
    return read_timeline(RunDirectory(Path(path)), known)


@st.cache_resource(max_entries=6, show_spinner=False)
def _said(path: str, versions: tuple[str, ...]) -> SaidReplay | None:
    run = RunDirectory(Path(path))
    return read(run, lambda z: Explorer.load(run).decode(z))


@st.cache_resource(max_entries=6, show_spinner=False)
def _story(
    path: str, group: str, language: str, known: tuple[int, ...], versions: tuple[str, ...]
) -> Story:
    found = recorded(RunDirectory(Path(path)))
    return story(found.timeline, found.history, found.facts, group)
