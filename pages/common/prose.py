"""Sentences on a page: large, in serif, with the words marked that changed.

Each runs from the side from which it is written, whatever the language of the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Literal

import streamlit as st

from vae.i18n import _
from vae.latent.changes import Piece, marked

Size = Literal["huge", "large", "normal"]

_FONT = (
    "font-family:'Source Serif',Georgia,'Times New Roman','Noto Serif CJK SC','Songti SC',SimSun,"
    "serif;"
)
_MONO = "font-family:'Source Code Pro',ui-monospace,Menlo,Consolas,monospace;"
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


# Of a field, the side from which it runs is that of what stands in it. The tools of a chart stand
# above it, where no legend and no bar of colours is.
_STYLE = """<style>
[data-testid="stTextInput"] input, [data-testid="stTextArea"] textarea {
  unicode-bidi: plaintext; text-align: start;
}
[data-testid="stElementContainer"]:has([data-testid="stPlotlyChart"]) {
  overflow: visible !important; margin-top: 0.9rem;
}
[data-testid="stPlotlyChart"] .js-plotly-plot { overflow: visible !important; }
[data-testid="stPlotlyChart"] .modebar:not(.vertical) { top: -1.9rem; }
/* Where nothing hovers, Plotly would show them for good: fingers zoom without, and only the map,
   whose tools stand in a margin of their own, needs them. */
@media (hover: none) {
  [data-testid="stPlotlyChart"] .modebar:not(.vertical) { display: none; }
}
/* What can be read as text on the dark theme is too light for white text on it. */
:is([data-testid^="stBaseButton-primary"], [data-tag]):not(:disabled) {
  background-color: #0B5FA5; border-color: #0B5FA5; color: #FFFFFF;
}
:is([data-testid^="stBaseButton-primary"]):not(:disabled):hover {
  background-color: #094E88; border-color: #094E88;
}
/* A table holds the width that it had measured before a window was turned. */
[data-testid="stDataFrameResizable"] { max-width: 100% !important; }
/* The answer of a page is larger than its other headings. */
[class*="st-key-verdict_"] h2 { font-size: clamp(1.5rem, 2vw, 1.9rem); padding-top: 0; }
/* On a narrow page the examples below a field are one row, to be pushed aside. */
@media (max-width: 640px) {
  [class*="_examples"] [data-testid="stButtonGroup"] [role] {
    flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none;
  }
  [class*="_examples"] [data-testid="stButtonGroup"] button { flex: none; max-width: 85%; }
}
</style>"""


def page_style() -> None:
    """What holds on every page: how typed text runs, and where the tools of a chart stand."""
    st.html(_STYLE)


def html(pieces: list[Piece]) -> str:
    """Pieces as HTML: everything a person or a model wrote is escaped."""
    return "".join(
        f'<mark style="color:inherit;{MARK}">{escape(text)}</mark>' if changed else escape(text)
        for text, changed in pieces
    )


def tokens(split: Sequence[str]) -> None:
    """A sentence in its tokens, each in a box."""
    # Streamlit's own block of code would load a highlighter of 1.5 MB for one line.
    box = (
        "display:inline-block;border:1px solid rgba(128,128,128,0.55);border-radius:0.35em;"
        "padding:0 0.4em;margin:0 0.3em 0.35em 0;white-space:pre-wrap;"
    )
    boxes = "".join(f'<span style="{box}">{escape(token)}</span>' for token in split)
    st.html(f'<div style="{_MONO}line-height:1.6">{boxes}</div>')


def with_unknown(pieces: Sequence[Piece]) -> None:
    """A sentence whose words that a model does not know have a wavy line under them."""
    line = "text-decoration:underline wavy #C96A00 0.09em;text-underline-offset:0.2em;"
    text = "".join(
        f'<span style="{line}">{escape(piece)}</span>' if unknown else escape(piece)
        for piece, unknown in pieces
    )
    st.html(f'<p dir="auto" style="margin:0;overflow-wrap:anywhere;">{text}</p>')


def nothing() -> str:
    """What stands in place of a sentence without a word."""
    return _("(nothing: the model ends at once)")


def note(text: str) -> str:
    """A remark of the interface behind a sentence, as HTML."""
    style = "font-family:'Source Sans',sans-serif;font-size:0.8rem;opacity:0.8;white-space:nowrap;"
    return f'<span style="{style}">{escape(text)}</span>'


def show(sentence: str, *, before: str | None = None, size: Size = "large") -> None:
    """Show one sentence; words that are not in `before` are marked."""
    show_pieces(marked(sentence, before), size)


def show_pieces(pieces: Sequence[Piece], size: Size) -> None:
    """Show a sentence whose marked words are known."""
    text = html(list(pieces)) or f"<em>{escape(nothing())}</em>"
    st.html(
        f'<p dir="auto" style="margin:0;{_FONT}{_SIZES[size]}overflow-wrap:anywhere;">{text}</p>',
    )


def table(
    head: list[str], rows: list[list[str]], marked_row: int = -1, first: str = "14rem"
) -> None:
    """A table whose first column is a sentence (HTML, as `html` makes it); the rest is text.

    `marked_row` has a bar at its left; the first column is `first` wide at least. Numbers stand to
    the right, in mono.
    """
    cell = "padding:0.35rem 0.7rem;border:0;border-bottom:1px solid rgba(128,128,128,0.3);"
    number = "font-family:'Source Code',monospace;text-align:right;white-space:nowrap;"
    sides = ["right" if _is_number(text) else "left" for text in (rows[0] if rows else head)]
    sides[0] = "left"
    top = "".join(
        f'<th style="{cell}text-align:{side};font-weight:600;font-size:0.88rem;'
        'word-break:keep-all;">'
        f"{escape(name)}</th>"
        for name, side in zip(head, sides, strict=True)
    )
    body = []
    for i, (sentence, *others) in enumerate(rows):
        bar = "#C96A00" if i == marked_row else "transparent"
        cells = [
            f'<td dir="auto" style="{cell}{_FONT}font-size:1.12rem;line-height:1.35;'
            f'min-width:{first};border-left:5px solid {bar};">{sentence}</td>'
        ]
        for text, side in zip(others, sides[1:], strict=True):
            style = number if side == "right" else ""
            cells.append(f'<td style="{cell}{style}font-size:0.9rem;">{escape(text)}</td>')
        body.append(f"<tr>{''.join(cells)}</tr>")
    st.html(
        f'<div style="overflow-x:auto;" {pushed_aside(head[0])}>'
        '<table style="width:100%;border-collapse:collapse;">'
        f"<thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def pushed_aside(name: str) -> str:
    """What makes a table that is wider than the page reachable by keys: attributes of its frame."""
    return f'tabindex="0" role="region" aria-label="{escape(name)}"'


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-−+]?[\d,.]+", text))
