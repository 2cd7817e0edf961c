"""Sentences on a page: large, in serif, with the words marked that changed."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from html import escape
from typing import Literal

import streamlit as st

# (text, whether it changed): joined, the texts are the sentence.
Piece = tuple[str, bool]
Size = Literal["huge", "large", "normal"]

_PIECES = re.compile(r"\s+|\w+(?:['’\-]\w+)*|[^\w\s]")
_FONT = "font-family:'Source Serif',Georgia,'Times New Roman',serif;"
_SIZES = {
    "huge": "font-size:clamp(1.7rem,3.4vw,3rem);line-height:1.22;",
    "large": "font-size:clamp(1.25rem,2vw,1.7rem);line-height:1.3;",
    "normal": "font-size:1.08rem;line-height:1.4;",
}
# An underline and a tint, in an orange that shows on paper white and on blue-black; the words
# themselves keep the colour of the text.
MARK = (
    "text-decoration:underline;text-decoration-color:#C96A00;text-decoration-thickness:0.11em;"
    "text-underline-offset:0.18em;background:rgba(201,106,0,0.17);border-radius:0.15em;"
    "padding:0 0.08em;"
)


def marked(sentence: str, before: str | None) -> list[Piece]:
    """The sentence in pieces, each with whether it differs from the sentence `before`.

    A change of capital at the start is no change.
    """
    pieces = _PIECES.findall(sentence)
    if before is None or sentence == before:
        return [(sentence, False)] if sentence else []
    words = [p for p in pieces if not p.isspace()]
    old = [p for p in _PIECES.findall(before) if not p.isspace()]
    matcher = SequenceMatcher(
        None, [w.lower() for w in old], [w.lower() for w in words], autojunk=False
    )
    same = {j + i for _, j, n in matcher.get_matching_blocks() for i in range(n)}
    out: list[Piece] = []
    index = 0
    for piece in pieces:
        changed = False
        if not piece.isspace():
            changed, index = index not in same, index + 1
        if out and out[-1][1] == changed:
            out[-1] = (out[-1][0] + piece, changed)
        else:
            out.append((piece, changed))
    return out


def html(pieces: list[Piece]) -> str:
    """Pieces as HTML: everything a person or a model wrote is escaped."""
    return "".join(
        f'<mark style="color:inherit;{MARK}">{escape(text)}</mark>' if changed else escape(text)
        for text, changed in pieces
    )


def show(sentence: str, *, before: str | None = None, size: Size = "large") -> None:
    """Show one sentence; words that are not in `before` are marked."""
    text = html(marked(sentence, before)) or "<em>(nothing: the model ends at once)</em>"
    st.html(
        f'<p style="margin:0;{_FONT}{_SIZES[size]}overflow-wrap:anywhere;">{text}</p>',
    )
