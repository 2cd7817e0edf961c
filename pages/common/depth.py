"""Depth on request: a page answers on its first screen, and the rest of it opens by section.

A section that is closed shows its question and the answer in a sentence, and computes nothing. What
is open is remembered for the session, across pages, and is part of the link: `open=split,units`, or
`open=all`. Which sections a page has says `links.SECTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from pages.common import controls, links, state
from vae.i18n import _


def bar() -> None:
    """Above the sections of a page: all of them are one press away, and are put away by another."""
    names = links.SECTIONS[state.page()]
    ways = (
        ("open", _("Open all"), ":material/unfold_more:", open_sections),
        ("close", _("Close all"), ":material/unfold_less:", close_sections),
    )
    with st.container(horizontal=True, vertical_alignment="center", key="depth_bar"):
        st.markdown(_("**More questions, each with its answer:** open one for what it rests on."))
        for name, label, icon, turn in ways:
            if st.button(label, key=f"depth_{name}", icon=icon, type="tertiary"):
                turn(names)
                # The whole page: sections may stand outside of the fragment that this stands in.
                st.rerun()


def section(name: str, question: str, answer: str, show: Callable[[], object]) -> None:
    """A part of a page that opens on request.

    Args:
        name: in the link, and of its anchor.
        question: its heading, a question.
        answer: what stands there while it is closed: the finding in a sentence, Markdown.
        show: draws what the answer rests on; called only while the section is open.
    """
    key = f"section_{name}"
    # Always: with another answer it is another widget, which would begin closed.
    st.session_state[key] = name in state.get("open")
    with st.container(gap="xsmall"):
        st.header(question, anchor=name)
        opened = st.expander(answer, key=key, on_change=_toggled, args=(name, key))
        if opened.open:
            with opened, controls.page_error_boundary():
                show()


def of_runs(said: Mapping[str, str]) -> str:
    """What is said of each of some runs, a line of Markdown each; of one alone without its name."""
    plain = {controls.plain_markdown(n): controls.plain_markdown(t) for n, t in said.items()}
    if len(plain) == 1:
        return "".join(plain.values())
    return "  \n".join(_("**{of}:** {finding}", of=n, finding=t) for n, t in plain.items())


def open_sections(names: Iterable[str]) -> None:
    """Open some more sections. Call it in a callback, or before they are drawn."""
    _put({*state.get("open"), *names})


def close_sections(names: Iterable[str]) -> None:
    """Close some sections. Call it in a callback, or before they are drawn."""
    _put(set(state.get("open")).difference(names))


def _toggled(name: str, key: str) -> None:
    (open_sections if st.session_state[key] else close_sections)([name])


def _put(names: set[str]) -> None:
    state.put("open", [name for name in links.EVERY_SECTION if name in names])
