"""A tour of three minutes through five pages: what to do on each, and on to the next.

It can be left and taken up again; where it stands is in the link.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.common import depth, state
from vae.i18n import Message, _, message

_LEFT = "tour:left"


@dataclass(frozen=True)
class Stop:
    """A page of the tour: its address, its script, its name, and what to do there."""

    address: str
    page: str
    name: Message
    text: Message


STOPS = (
    Stop(
        "",
        "pages/explore/home.py",
        message("Home"),
        message(
            "Change a word of the sentence and press Enter. The chart shows what the model keeps "
            "of it, in the dimensions that tell most: a bar, the mean, and a whisker, the doubt. "
            "“What comes back” is written from the means alone."
        ),
    ),
    Stop(
        "map",
        "pages/explore/map.py",
        message("Map"),
        message(
            "Every point is a sentence, where the model keeps it. Move the pointer slowly over the "
            "map, over points and between them (or tap): what the model says at that place follows."
        ),
    ),
    Stop(
        "interpolate",
        "pages/explore/interpolate.py",
        message("Interpolate"),
        message(
            "Two sentences, and a way between their places. First predict: what will it say half "
            "way? Then drag the slider slowly from A to B, and see where words change."
        ),
    ),
    Stop(
        "dimensions",
        "pages/explore/dimensions.py",
        message("Dimensions"),
        message(
            "Turn the first dial from one end to the other. Which words change, and which stay? "
            "Then turn the second. A dimension has a meaning where one thing changes and no other."
        ),
    ),
    Stop(
        "collapse",
        "pages/diagnose/collapse.py",
        message("Collapse"),
        message(
            "Two models side by side: the line at the top of each says whether it uses its space. "
            "First predict: what does one write that has collapsed, when it is handed another "
            "sentence's z? Then look at [what both write](#swapped)."
        ),
    ),
)


def offer() -> None:
    """What to do first, on Home, for somebody who is not on the tour."""
    if state.get("tour"):
        return
    left = st.session_state.get(_LEFT, 1)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        label = (
            _("Take the tour: five pages in three minutes")
            if left == 1
            else _("Go on with the tour: {at} of {stops}", at=left, stops=len(STOPS))
        )
        if st.button(label, key="tour_begin", icon=":material/tour:", type="primary"):
            _go(left, STOPS[0].address)
        st.page_link(
            "pages/learn/lesson.py",
            label=_("Learn it step by step: ten lessons"),
            icon=":material/school:",
        )


def banner(address: str) -> None:
    """Above a page, for somebody who is on the tour: what to do here.

    Args:
        address: of the page that is shown.
    """
    at = int(state.get("tour"))
    if not at:
        return
    stop = STOPS[at - 1]
    with st.container(border=True, key="tour"):
        st.caption(_("Tour, {at} of {stops}: {page}", at=at, stops=len(STOPS), page=stop.name))
        if address != stop.address:
            st.markdown(_("The tour goes on at **{page}**.", page=stop.name))
            _moves(_("Back to the tour"), at, address)
            return
        st.markdown(str(stop.text))
        if at < len(STOPS):
            _moves(_("Next: {page}", page=STOPS[at].name), at + 1, address, at - 1)
        else:
            _moves(_("Finish: on to the lessons"), 0, address, at - 1)


def _moves(label: str, to: int, here: str, back: int = 0) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if back:
            before = _("Back: {page}", page=STOPS[back - 1].name)
            if st.button(before, key="tour_back", icon=":material/arrow_back:"):
                _go(back, here)
        if st.button(label, key="tour_next", icon=":material/arrow_forward:", type="primary"):
            _go(to, here)
        st.button(_("Leave the tour"), key="tour_leave", type="tertiary", on_click=_leave)


def _go(to: int, here: str) -> None:
    state.put("tour", to or None)
    if to and STOPS[to - 1].address == "interpolate":
        # Half way would say what is to be predicted.
        state.put("t", 0.0)
    if to and STOPS[to - 1].address == "collapse":
        # Where its text leads.
        depth.open_sections(["swapped"])
    if to and STOPS[to - 1].address == here:
        # To switch to the page that is shown would clear its address.
        st.rerun()
    if to:
        st.switch_page(STOPS[to - 1].page)
    st.session_state.pop(_LEFT, None)
    st.switch_page("pages/learn/lesson.py")


def _leave() -> None:
    st.session_state[_LEFT] = state.get("tour")
    state.put("tour", None)
