"""Which of the sentences that a search found is on the card, and the way to the next one.

Arrow keys go through them while the search field, or the count itself, has the focus; Enter goes
on to the next.
"""

from __future__ import annotations

import streamlit as st

from pages.common.components.source import DOM, source
from vae.i18n import _, language

_KEY = "map_hits"
_AT = "map_hit"
_DONE, _PASSED = "map_hits_done", "map_passed"
_COMPONENT = st.components.v2.component(
    "latent_lens_map_hits",
    html='<div class="hits" role="group"></div>',
    css=source(__file__, "hits.css"),
    js=DOM + source(__file__, "hits.js"),
)


def at(query: str, n: int) -> int:
    """Which of n hits of a search is shown: the first, until one goes on."""
    of, index = st.session_state.get(_AT, ("", 0))
    return min(index, n - 1) if of == query else 0


def outlives(query: str, selected: list[float]) -> bool:
    """Whether what is selected on the map was chosen after the last step of a search.

    To be asked at every run of the page.
    """
    done = (query, st.session_state.get(_AT))
    if st.session_state.get(_DONE) != done:
        st.session_state[_DONE] = done
        st.session_state[_PASSED] = selected
    return bool(st.session_state[_PASSED] != selected)


def show(query: str, n: int) -> None:
    """The count, as "3 of 17", between two buttons."""

    def moved() -> None:
        event = st.session_state[_KEY].moved
        index = event.get("at") if isinstance(event, dict) else None
        # What a browser sends is checked like anything else that comes from outside.
        if isinstance(index, int) and 0 <= index < n and event.get("query") == query:
            st.session_state[_AT] = (query, index)

    _COMPONENT(
        key=_KEY,
        data={
            "query": query,
            "n": n,
            "at": at(query, n),
            "field": ".st-key-map_search input",
            "language": language(),
            "words": {
                "count": _("{i} of {n}", i="{i}", n="{n}"),
                "before": _("Previous found sentence"),
                "next": _("Next found sentence"),
                "hint": _("Arrow keys and Enter go through them"),
            },
        },
        on_moved_change=moved,
    )
