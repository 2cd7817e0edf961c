"""Latent Lens: the door of the app. Start it with `streamlit run app.py`."""

import os
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

# Before torch is loaded, as in `vae.__main__`: what a page decodes would else wait long for a core
# that a training uses.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

from pages.common import loading, served

# Streamlit looks for pictures from where it was started, not from here.
MARKS = Path(__file__).parent / "pages" / "common"


def open_page() -> None:
    """All that stands around a page, and the page that the address names."""
    st.set_page_config(page_title="Latent Lens", page_icon=str(MARKS / "icon.svg"), layout="wide")
    loading.wait()
    from pages.common import (
        adapter_wait,
        classroom,
        collection,
        controls,
        hidden,
        language,
        presenter,
        prose,
        sections,
        state,
        tour,
    )
    from pages.common.components import glossary, heading_levels, page_not_found

    language.open_session()
    adapter_wait.begin()
    every = sections.sections()
    page = st.navigation(every, expanded=True)

    st.logo(str(MARKS / "logo.svg"), icon_image=str(MARKS / "icon.svg"), size="large")
    prose.page_style()
    state.open_link(page.url_path)
    with controls.page_error_boundary():
        controls.run_picker()
        language.picker()
        hidden.apply()
        presenter.show()
        classroom.banner()
    page_not_found.dismiss_false_alarm([p.url_path for section in every.values() for p in section])
    heading_levels.close_gaps()
    controls.link_problems()
    try:
        tour.banner(page.url_path)
        page.run()
        # What words mean is half of what the questions ask.
        if page.url_path not in ("glossary", "questions"):
            glossary.show(page.url_path)
    finally:
        state.close_page()
    collection.set_modules_apart()


# The server reads this file once, at its start; each visit of a page runs it as a script.
if get_script_run_ctx(suppress_warning=True) is None:
    app = st.App(__file__, lifespan=loading.with_server, routes=served.routes())
else:
    open_page()
