"""What of a run can be taken along: a page that answers by itself, the map for other tools."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.common import state
from vae import report
from vae.browser import can_run
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import _, language, sentences, speaking
from vae.sharing import other_tools, page


def show(explorer: Explorer) -> None:
    """A button for the page and for each tool; a file is made when it is pressed, in seconds."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if can_run(explorer):
            _page(explorer)
        for tool, known in other_tools.TOOLS.items():
            st.download_button(
                _("For {tool} (ZIP)", tool=known.name),
                data=partial(_zipped, explorer, tool, language()),
                file_name=f"{explorer.name}-{tool}.zip",
                mime="application/zip",
                icon=":material/download:",
                key=f"map_for_{tool}",
                on_click="ignore",
                help=sentences(
                    _("All points with labels, and a README that says what they are."),
                    other_tools.how_to_open(explorer, tool),
                ),
            )


def _page(explorer: Explorer) -> None:
    st.download_button(
        _("Page to take along"),
        data=partial(_page_html, explorer, state.get("seed"), language()),
        file_name=page.file_name(explorer.name),
        mime="text/html",
        icon=":material/download:",
        key="map_page",
        on_click="ignore",
        help=_(
            "One file with the decoder inside: this map, paths, dials and samples answer on any "
            "phone, without a network. It holds the sentences of the map."
        ),
    )


def _page_html(explorer: Explorer, seed: int, spoken: str) -> str:
    # Pressed after the page was made: its language is handed on.
    with speaking(spoken):
        try:
            return page.make(explorer, seed)
        except UserError as error:
            return report.unreadable(explorer.run, error)


def _zipped(explorer: Explorer, tool: str, spoken: str) -> bytes:
    with speaking(spoken):
        return other_tools.zipped(explorer, tool)
