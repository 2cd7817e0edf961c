"""The technical words of a page: what each means, where it stands and in a list at the end.

The browser looks for them in what Streamlit has drawn, and touches none of it: a word answers to
the pointer and to a tap by its place. The list is there for the keyboard and for who listens.
"""

from __future__ import annotations

import json
from functools import cache

import streamlit as st

from pages.common import media, state
from pages.common.components.source import DOM, source
from vae.course import glossary
from vae.i18n import _, language

MATCHING = source(__file__, "matching.js")
"""The script that finds terms in a text, without what shows them."""

_COMPONENT = st.components.v2.component(
    "latent_lens_glossary",
    html='<div class="glossary"></div>',
    css=source(__file__, "glossary.css"),
    js=DOM + MATCHING + source(__file__, "glossary.js"),
)


@cache
def packed(spoken: str) -> bytes:
    """The terms of a language as JSON."""
    found = [
        {"id": term.id, "forms": term.forms, "meaning": term.meaning, "lesson": term.lesson}
        for term in glossary.terms(spoken)
    ]
    return json.dumps(found, ensure_ascii=False).encode()


def show(page: str, *, everything: bool = False) -> None:
    """Let the words of the page answer, and list them at its end.

    Args:
        page: a name of the page: its list closes where another page opens.
        everything: list all terms there are, open and to be searched, instead of the page's.
    """
    spoken = language()
    told = _COMPONENT(
        key="glossary_of_all" if everything else "glossary_of_page",
        data={
            "id": f"{page}:{spoken}",
            "everything": everything,
            "url": media.address(packed(spoken), "latent-lens-glossary"),
            "words": {
                "here": _("Technical words on this page ({n})", n="{n}"),
                "lesson": _("Open its lesson"),
                "search": _("Search for a word"),
                "none": _("No word of the glossary fits."),
            },
        },
        on_lesson_change=lambda: None,
    )
    if told.lesson:
        state.put("answers", None)
        state.put("step", None)
        state.put("lesson", told.lesson)
        st.switch_page("pages/learn/lesson.py")
