"""A run that has no weights yet: what it will be, and where to watch it."""

from __future__ import annotations

import streamlit as st

from pages.common import resources, state
from vae.explorer import Explorer


def explorer(run_name: str) -> Explorer | None:
    """The run of a name; while its training has kept no weights, a calm word and None.

    Raises:
        UserError: as `Explorer.load`.
    """
    run = state.run_directory(run_name)
    if run.has_model():
        return resources.explorer(run_name)
    with st.container(border=True):
        st.info(
            f"The run '{run_name}' has kept no weights yet: it waits for its turn, its training "
            "has just begun, or it ended before the first validation. This page opens with the "
            "first weights.",
            icon=":material/hourglass_empty:",
        )
        st.page_link("pages/train/training.py", label="See how far its training is")
    return None


def required(run_name: str) -> Explorer:
    """As `explorer`, for a page that shows nothing without one: it ends there.

    Raises:
        UserError: as `Explorer.load`.
    """
    found = explorer(run_name)
    if found is None:
        st.stop()
    return found
