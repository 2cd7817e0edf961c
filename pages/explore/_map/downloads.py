"""The map of a run for other tools that show maps, to be downloaded."""

from __future__ import annotations

from functools import partial

import streamlit as st

from vae.explorer import Explorer
from vae.i18n import _, language, sentences, speaking
from vae.sharing import other_tools


def show(explorer: Explorer) -> None:
    """A button for each tool; the file is made when it is pressed, in some seconds."""
    with st.container(horizontal=True, vertical_alignment="center"):
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


def _zipped(explorer: Explorer, tool: str, spoken: str) -> bytes:
    # Pressed after the page was made: its language is handed on.
    with speaking(spoken):
        return other_tools.zipped(explorer, tool)
