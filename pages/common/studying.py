"""A study of a run on a page: shown at once where it was made, offered where it was not."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.common import controls, following
from vae import studies
from vae.errors import UserError
from vae.explorer import Explorer
from vae.models.explorable import NotAvailableError
from vae.runs import jobs
from vae.runs.store import RunDirectory


def result(explorer: Explorer, name: str) -> dict[str, Any] | None:
    """What a study found of a run; where it has not been made, an offer or its progress, and None.

    A file that is damaged is said to be, above the same offer. What the run has not is said to be
    not available, and not offered again.
    """
    try:
        found = stored(explorer.run, name)
    except NotAvailableError as error:
        controls.not_available(error)
        return None
    except UserError as error:
        st.error(controls.with_commands(str(error)), icon=":material/error:")
        found = None
    if found is None:
        _offer(explorer, name)
    return found


def stored(run: RunDirectory, name: str) -> dict[str, Any] | None:
    """What a study found of a run, or None; the page says nothing of it.

    Raises:
        NotAvailableError: the run has no such thing.
        UserError: its file is damaged.
    """
    file = studies.study(name).file
    if not run.has(file):
        return None
    versions = (run.version(file), run.version("weights.safetensors"), run.version("config.json"))
    return _read(str(run.path), name, versions, run)


@st.cache_resource(max_entries=60, show_spinner=False)
def _read(
    path: str, name: str, versions: tuple[str, ...], _run: RunDirectory
) -> dict[str, Any] | None:
    found = studies.read(_run, name)
    if found is not None:
        studies.study(name).check(found)
    return found


def _offer(explorer: Explorer, name: str) -> None:
    wanted = studies.study(name)
    key = jobs.study_key(explorer.run, name)
    job = jobs.read(key)
    if job is not None and job.running:
        following.follow(key)
        return
    with st.container(border=True):
        st.write(f"**{wanted.title}** {wanted.what}")
        st.caption("Measured once, then kept with the run. You can leave the page meanwhile.")
        if job is not None and job.state in ("failed", "lost"):
            st.warning(
                f"The last attempt did not succeed. {controls.with_commands(job.message)}",
                icon=":material/error:",
            )
        if job is not None and job.state == "cancelled":
            st.caption("The last attempt was cancelled.")
        st.button(
            "Measure it",
            key=f"start_{key}",
            type="primary",
            icon=":material/play_arrow:",
            on_click=jobs.start_study,
            args=(explorer.run, name),
        )
