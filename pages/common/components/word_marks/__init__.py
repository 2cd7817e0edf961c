"""Below a field for sentences: words that a model does not know, marked while one types.

Streamlit tells Python of what is typed when it is sent. So the browser has the vocabulary, as a
file that it asks for once the page stands and keeps by its digest, and marks by itself; a button
for a known word near to one types it into the field.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import streamlit as st

from pages.common import links, media
from pages.common.components.source import DOM, source
from vae.browser import reading_source
from vae.i18n import _, language, listed

SPELLING = reading_source() + source(__file__, "spelling.js")
"""The scripts that tell unknown words, without what shows them."""

_COMPONENT = st.components.v2.component(
    "latent_lens_word_marks",
    html='<div class="word-marks"></div>',
    css=source(__file__, "word_marks.css"),
    js=DOM + SPELLING + source(__file__, "word_marks.js"),
)


def show(field: str, text: str, vocabularies: Sequence[bytes]) -> None:
    """Mark the unknown words of a field below it.

    Args:
        field: its key.
        text: what stands in it, as Python knows it.
        vocabularies: `vae.spelling.packed` of each model that reads it; a word that one of them
            does not know is marked, and words that all know are offered.
    """
    urls = [
        media.address(each, f"latent-lens-vocabulary-{i}") for i, each in enumerate(vocabularies)
    ]
    told = repr((text, urls, language()))
    _COMPONENT(
        key=f"{field}:marks",
        data={
            "id": hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16],
            "field": f"st-key-{field}",
            "text": text,
            "longest": links.LONGEST_TEXT,
            "urls": urls,
            "words": {
                "near": _("Known words near to them:"),
                "offer": _("{word} → {known}", word="{word}", known="{known}"),
                "unknown": _("Not known to this model: {words}.", words="{words}"),
                "between": listed(("", ""), "unit"),
            },
        },
    )
