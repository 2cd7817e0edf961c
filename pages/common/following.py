"""Long work that another process does: how far it is, and a way out."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from vae.runs import jobs


def _nothing() -> None:
    """Nothing to be seen before the end."""


def follow(key: str, news: Callable[[], object] = _nothing) -> None:
    """Show a job until it ends, then run the page again; draws nothing where none is under way.

    Args:
        news: what of its result there is; where that changes, the page is run again too.
    """
    job = jobs.read(key)
    if job is not None and job.running:
        # A job of another tab, or from before a reload, is followed in the same way.
        st.fragment(_follow, run_every="1s")(key, news, news())


def _follow(key: str, news: Callable[[], object], seen: object) -> None:
    job = jobs.read(key)
    if job is None or not job.running or news() != seen:
        st.rerun()
        return
    share = job.done / job.total if job.total else 0.0
    with st.container(border=True):
        st.progress(min(share, 1.0), text=job.what)
        now = time.time()
        left = job.seconds_left(now)
        far = f"{job.done:,} of {job.total:,}" if job.total else "Starting"
        st.caption(f"{far}, {_duration(left)}. You can leave this page; the work goes on.")
        st.button(
            "Cancel",
            key=f"cancel_{key}",
            icon=":material/close:",
            on_click=jobs.cancel,
            args=(key,),
        )


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "time left not known yet"
    if seconds < 90:
        return f"about {max(round(seconds), 1)} s left in this part"
    return f"about {round(seconds / 60)} min left in this part"
