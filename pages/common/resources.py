"""Everything that is kept between reruns and shared by all sessions; all caches are here."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from vae.explorer import Explorer
from vae.runs import jobs
from vae.runs.catalogue import find_run
from vae.runs.store import RunDirectory


def explorer(run_name: str) -> Explorer:
    """The run of a name, loaded once for all sessions, and again when its weights change.

    Raises:
        UserError: as `Explorer.load`.
    """
    run = find_run(run_name)
    return _explorer(str(run.path), version(run))


def version(run: RunDirectory) -> str:
    """Changes whenever anything that an explorer has loaded does."""
    files = ("weights.safetensors", "config.json", "latents.npz", "projection.npz")
    return "/".join([*map(run.version, files), jobs.finished_at(jobs.prepare_key(run))])


@st.cache_resource(max_entries=6, show_spinner="Loading the run")
def _explorer(path: str, version: str) -> Explorer:
    return Explorer.load(RunDirectory(Path(path)))
