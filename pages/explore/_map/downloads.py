"""What of a run can be taken along: a page that answers by itself, the map for other tools."""

from __future__ import annotations

import streamlit as st

from pages.common import state
from pages.common.language import later
from vae import report
from vae.browser import can_run
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import _, sentences
from vae.latent.atlas import Atlas
from vae.latent.large_atlas import LargeAtlas
from vae.sharing import other_tools, page

MOST_FOR_TOOLS = 20_000
"""Points that a button gives of a large map; a command gives all."""


def show(explorer: Explorer, atlas: Atlas) -> None:
    """A button for the page and for each tool; a file is made when it is pressed, in seconds."""
    seen = explorer.with_atlas(atlas)
    with st.container(horizontal=True, vertical_alignment="center"):
        if can_run(explorer):
            _page(seen)
        for tool, known in other_tools.TOOLS.items():
            st.download_button(
                _("For {tool} (ZIP)", tool=known.name),
                data=later(_zipped, seen, tool),
                file_name=f"{explorer.name}-{tool}.zip",
                mime="application/zip",
                icon=":material/download:",
                key=f"map_for_{tool}",
                on_click="ignore",
                help=sentences(
                    _how_many(seen, tool),
                    other_tools.how_to_open(seen, tool),
                ),
            )


def _how_many(seen: Explorer, tool: str) -> str:
    n = len(seen.atlas)
    if n <= MOST_FOR_TOOLS or not isinstance(seen.atlas, LargeAtlas):
        return _("All points with labels, and a README that says what they are.")
    return _(
        "{n:,} of {total:,} points with labels, evenly taken, and a README that says what they "
        "are. All of them by `python -m vae export {run} --for {tool} --sentences {total} --out "
        "DIR`.",
        n=MOST_FOR_TOOLS,
        total=n,
        run=seen.name,
        tool=tool,
    )


def _page(seen: Explorer) -> None:
    what = _(
        "One file with the decoder inside: this map, paths, dials and samples answer on any "
        "phone, without a network. It holds the sentences of the map."
    )
    if isinstance(seen.atlas, LargeAtlas):
        what = _(
            "One file with the decoder inside: this map, paths, dials and samples answer on any "
            "phone, without a network. It holds up to {n:,} of the {total:,} sentences of the map, "
            "evenly taken, and says how many.",
            n=page.MOST_POINTS,
            total=len(seen.atlas),
        )
    st.download_button(
        _("Page to take along"),
        data=later(_page_html, seen, state.get("seed")),
        file_name=page.file_name(seen.name),
        mime="text/html",
        icon=":material/download:",
        key="map_page",
        on_click="ignore",
        help=what,
    )


def _page_html(seen: Explorer, seed: int) -> str:
    try:
        return page.make(_taken(seen, page.MOST_POINTS), seed)
    except UserError as error:
        return report.unreadable(seen.run, error)


def _zipped(seen: Explorer, tool: str) -> bytes:
    return other_tools.zipped(_taken(seen, MOST_FOR_TOOLS), tool)


def _taken(seen: Explorer, most: int) -> Explorer:
    atlas = seen.atlas
    return seen.with_atlas(atlas.sample(most)) if isinstance(atlas, LargeAtlas) else seen
