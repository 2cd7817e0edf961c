"""The sentences of a run on this machine: there, missing, or being gathered."""

from __future__ import annotations

import streamlit as st

from pages.common import following
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent.atlas import Atlas
from vae.latent.atlas_source import CorpusNotReadyError
from vae.runs import jobs


def atlas(explorer: Explorer) -> Atlas | None:
    """The atlas; where there is none, say why, and offer to make it."""
    try:
        found = explorer.atlas
    except CorpusNotReadyError:
        _offer(
            explorer,
            "The sentences of this run are gathered from the Python packages on this machine. "
            "That has not been done yet; it takes about a minute.",
            "Gather the sentences",
        )
        return None
    except UserError as error:
        st.info(f"There is no map for this run. {error}", icon=":material/info:")
        return None
    if found.missing and not found.fresh:
        total = len(found) + found.missing
        _offer(
            explorer,
            f"{found.missing:,} of the {total:,} sentences of this run's map are not on this "
            "machine: its packages have other versions. The rest is shown. This machine's own "
            "sentences can be encoded and mapped instead; it takes one or two minutes.",
            "Encode this machine's sentences",
        )
    return found


def _offer(explorer: Explorer, why: str, label: str) -> None:
    """A panel with a button that starts the work, and how far it is while it runs."""
    key = jobs.prepare_key(explorer.run)
    job = jobs.read(key)
    if job is not None and job.running:
        following.follow(key)
        return
    with st.container(border=True):
        st.write(why)
        if job is not None and job.state in ("failed", "lost"):
            st.warning(f"The last attempt did not succeed. {job.message}", icon=":material/error:")
        if job is not None and job.state == "cancelled":
            st.caption("The last attempt was cancelled.")
        st.button(
            label,
            key=f"start_{key}",
            type="primary",
            icon=":material/play_arrow:",
            on_click=jobs.start_prepare,
            args=(explorer.run,),
        )
