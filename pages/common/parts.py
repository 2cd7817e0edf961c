"""Parts of a page of the library (`vae.report.parts`) laid out on a page of the app."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from pages.common import controls, figure_card, prose
from vae.figures import Figure
from vae.report.parts import Cell, Finding, Paragraph, Part, Prose, Said, Table


def show(parts: Iterable[Part], *, key: str = "") -> None:
    """Show them below each other.

    Args:
        key: of a figure, where there is one.
    """
    for part in parts:
        match part:
            case Table():
                table(part)
            case Figure():
                figure_card.show(part, key=key)
            case Prose():
                st.markdown(part.text)
            case Paragraph():
                st.caption(controls.with_commands(part.text))
            case Finding():
                st.markdown(f"**{controls.with_commands(part.text)}**")
            case Said():
                st.subheader(part.title, anchor=False)
                prose.show_pieces(part.pieces, size="huge")
            case _:
                raise TypeError(f"no page shows a {type(part).__name__}")


def table(made: Table, marked_row: int = -1, first: str = "14rem") -> None:
    """A table whose first column is a sentence or a name; as `prose.table`."""
    rows = [[_html(cell), *map(_text, others)] for cell, *others in made.rows]
    prose.table(list(made.head), rows, marked_row, first)


def _html(cell: Cell) -> str:
    return prose.html(list(cell)) if isinstance(cell, tuple) else escape(_text(cell))


def _text(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return "".join(text for text, _changed in cell)
    return "" if cell is None else str(cell)
