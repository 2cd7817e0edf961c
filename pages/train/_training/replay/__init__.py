"""A replay of training: the latent space forms under a slider that moves in the browser alone.

All snapshots are sent once (1,000 points at 24 snapshots: 0.2 MB); the browser draws what lies
between them, and shows what the model said at each. No move of the slider asks the server.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.common import resources
from pages.common.components import curves, sentence_slider
from pages.train._training.replay.story import Story, story
from vae.i18n import language
from vae.latent.timeline import FOLDER, Timeline, read_timeline
from vae.runs.store import RunDirectory

_HERE = Path(__file__).parent


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


SCRIPTS = "\n".join(map(_read, ("stage.js", "texts.js", "replay.js")))
"""All but the tie to Streamlit: `replayView(root)`; needs `curves.SCRIPTS`."""

STYLE = sentence_slider.SLIDER_STYLE + _read("replay.css")

_COMPONENT = st.components.v2.component(
    "latent_lens_replay",
    html='<div class="replay"></div>',
    css=STYLE,
    js=curves.SCRIPTS + SCRIPTS + _read("component.js"),
)


def replay(run: RunDirectory, *, key: str, group: str) -> None:
    """Show the snapshots of a run, which are some; curves of the group follow the slider."""
    _COMPONENT(key=key, data=_story(str(run.path), group, language(), *_snapshots(run)))


def timeline(run: RunDirectory) -> Timeline:
    """The snapshots of a run in one projection; read again when there is another."""
    return _timeline(str(run.path), *_snapshots(run))


def _snapshots(run: RunDirectory) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """(steps that metrics.jsonl knows, versions of the files): they change with each snapshot."""
    known = tuple(int(s["step"]) for s in resources.recorded(run).snapshots)
    files = sorted((run.path / FOLDER).glob("*.npz"))
    return known, tuple(run.version(f"{FOLDER}/{file.name}") for file in files)


@st.cache_resource(max_entries=6, show_spinner=False)
def _timeline(path: str, known: tuple[int, ...], versions: tuple[str, ...]) -> Timeline:
    return read_timeline(RunDirectory(Path(path)), known)


@st.cache_resource(max_entries=6, show_spinner=False)
def _story(
    path: str, group: str, language: str, known: tuple[int, ...], versions: tuple[str, ...]
) -> Story:
    run = RunDirectory(Path(path))
    facts = run.read_json("config.json")
    return story(timeline(run), resources.recorded(run), facts, group)
