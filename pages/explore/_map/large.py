"""Maps of very many sentences: chosen where they were made, offered to be made."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.common import controls, job_panel, resources, state
from vae.corpora import given, origin
from vae.corpora.reasons import counted
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import _, listed
from vae.latent import large_atlas
from vae.latent.large_atlas import MOST_VALUES, LargeAtlas, home, made, read_large, stamp
from vae.runs import jobs
from vae.studies import fingerprint

_ASKED = "map_asked"
USUAL = 100_000
"""Sentences that a large map is offered with."""


def shown(explorer: Explorer) -> LargeAtlas | None:
    """The large map that was chosen, here or by a link; None where that is the usual one, or the
    chosen one is gone or damaged, which is said."""
    chosen = str(state.get("size"))
    if not chosen:
        return None
    if chosen not in _made(explorer):
        state.put("size", None)
        st.info(
            _(
                "The map of {n:,} sentences that was chosen is not on this machine; this is the "
                "usual one. “A map of more sentences”, below, makes it.",
                n=int(chosen.split("-")[0]),
            ),
            icon=":material/info:",
        )
        return None
    folder = home(_learned(explorer)) / chosen
    try:
        with st.spinner(_("Loading the map")):
            return _read(str(folder))
    except UserError as error:
        st.error(controls.plain_markdown(str(error)), icon=":material/error:")
        return None


def choose(explorer: Explorer) -> None:
    """Which map of a run is shown, where there is more than the usual one; the choice is kept in
    the link."""
    large = _made(explorer)
    if not large:
        return
    sizes = {name: _("{n:,} sentences", n=n) for name, n in large.items()}
    # What is selected are rows, which are other sentences on another map.
    st.selectbox(
        _("Map of"),
        ["", *large],
        format_func=lambda name: sizes.get(name) or _("the usual sentences"),
        width=180,
        **state.widget("size", "selected"),
    )


def notes(atlas: object) -> None:
    """What a large map leaves out or cannot do, in small."""
    if not isinstance(atlas, LargeAtlas):
        return
    said = [_("On a large map each different sentence is shown once, in the model's space.")]
    if left_out := atlas.facts["left_out"]:
        said.append(_("Left out: {reasons}.", reasons=counted(left_out)))
    if many := atlas.facts["too_many_values"]:
        said.append(
            _(
                "Labels with more than {most:,} different values are not on it: {labels}.",
                most=MOST_VALUES,
                labels=listed([controls.plain_markdown(name) for name in many], "unit"),
            )
        )
    st.caption(" ".join(said))


def offer(explorer: Explorer) -> None:
    """A panel that makes a large map; while one is made, how far it is."""
    key = jobs.large_map_key(explorer.run)
    job = jobs.read(key)
    running = job is not None and job.running
    with st.expander(
        _("A map of more sentences"),
        icon=":material/zoom_out_map:",
        key="map_large",
        expanded=running,
        on_change="rerun",
    ) as panel:
        if not (panel.open or running):
            return
        if why := _no_text(explorer):
            st.info(controls.with_commands(why), icon=":material/info:")
            return
        n = USUAL if running else _asked()
        job_panel.offer(
            key,
            _(
                "Sentences of this run's corpus, gathered, encoded and mapped: {n:,} of them, or "
                "all where there are fewer. Each step is kept, so that a cancelled one goes on "
                "where it was.",
                n=n,
            ),
            _("Make this map"),
            lambda: jobs.start_large_map(explorer.run, n),
            _takes(explorer, n),
        )


def _asked() -> int:
    st.session_state.setdefault(_ASKED, USUAL)
    fewest, most = large_atlas.FEWEST_SENTENCES, large_atlas.MOST_SENTENCES
    asked = st.number_input(
        _("Sentences, {fewest:,} to {most:,}", fewest=fewest, most=most),
        fewest,
        most,
        step=10_000,
        key=_ASKED,
        persist_state="session",
        width=240,
    )
    return min(max(int(asked or USUAL), fewest), most)


def _no_text(explorer: Explorer) -> str:
    """Why this page cannot make one: the text of the run is not here; else nothing."""
    source = explorer.facts()["corpus"]["source"]
    path = source.get("path") or given.path_of(source)
    if origin(source) or (path and Path(path).exists()):
        return ""
    return _(
        "The text of this run is not on this machine. Who has it makes a large map by `python -m "
        "vae prepare {run} --sentences {n} --data FILE`.",
        run=explorer.name,
        n=USUAL,
    )


def _takes(explorer: Explorer, n: int) -> str:
    seconds = _seconds(explorer)
    minutes = max(1, round((60 + n * seconds) / 60))
    return _("About {n:,} min on this machine.", n=minutes)


@resources.shared(max_entries=8)
def _seconds(explorer: Explorer) -> float:
    """Of one sentence, by a trial of the encoder; to gather and to place one takes as long as on
    the machine of `assets/docs/measurements.md`."""
    import time

    tried = list(resources.starters(explorer)) * 40
    began = time.perf_counter()
    explorer.encode(tried)
    return (time.perf_counter() - began) / max(len(tried), 1) + 2.5e-4


def _made(explorer: Explorer) -> dict[str, int]:
    """Version to the number of sentences of each large map that is there."""
    learned = _learned(explorer)
    return _sizes(learned, stamp(learned))


@st.cache_resource(max_entries=20, show_spinner=False)
def _sizes(learned: str, stamp: str) -> dict[str, int]:
    return {version: facts["n"] for version, facts in made(learned).items()}


@resources.shared(max_entries=40)
def _learned(explorer: Explorer) -> str:
    return fingerprint(explorer.run)


@st.cache_resource(max_entries=6, show_spinner=False)
def _read(folder: str) -> LargeAtlas:
    return read_large(Path(folder))
