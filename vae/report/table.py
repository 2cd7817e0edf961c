"""Tables as HTML."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from vae.i18n import _, pgettext, sentences
from vae.latent.changes import Piece
from vae.report.escaped import text
from vae.report.parts import MOST_ROWS, Cell, Digits, Table, shortened


def table(shown: Table) -> str:
    """A table that can be pushed aside; of a long one each k-th row, which is said."""
    every = max(1, math.ceil(len(shown.rows) / MOST_ROWS))
    rows = shown.rows[::every]
    caption = shown.caption
    if every > 1:
        fewer = {"every": _ordinal(every), "n": len(shown.rows)}
        only = _("Every {every} of {n:,} rows.", **fewer)
        caption = sentences(caption, only)
    columns = range(len(shown.head))
    kinds = ["number" if all(_is_number(row[i]) for row in rows) else "text" for i in columns]
    head = "".join(
        f'<th scope="col" class="{kind}">{text(name)}</th>'
        for name, kind in zip(shown.head, kinds, strict=True)
    )
    body = "".join(f"<tr>{''.join(_cells(row))}</tr>" for row in rows)
    name = text(caption or shown.name)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">'
        f'<table id="table-{text(shown.name)}">'
        + (f"<caption>{text(caption)}</caption>" if caption else "")
        + f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def pieces(said: Iterable[Piece]) -> str:
    """A sentence, the words marked that changed."""
    return "".join(f"<mark>{text(t)}</mark>" if changed else text(t) for t, changed in said)


def _ordinal(n: int) -> str:
    """3 as "3rd", in the words of the language."""
    if n % 100 in (11, 12, 13):
        return pgettext("ordinal", "{n:,}th", n=n)
    match n % 10:
        case 1:
            return pgettext("ordinal", "{n:,}st", n=n)
        case 2:
            return pgettext("ordinal", "{n:,}nd", n=n)
        case 3:
            return pgettext("ordinal", "{n:,}rd", n=n)
    return pgettext("ordinal", "{n:,}th", n=n)


def _cells(row: Sequence[Cell]) -> Iterator[str]:
    for cell in row:
        match cell:
            case None:
                yield '<td class="n"></td>'
            case bool():
                yield f"<td>{text(_('yes') if cell else _('no'))}</td>"
            case int():
                yield f'<td class="n">{cell}</td>'
            case float():
                yield f'<td class="n">{_digits(cell)}</td>'
            case Digits():
                yield f'<td class="n">{text(cell)}</td>'
            case str():
                yield f'<td dir="auto">{text(shortened(cell))}</td>'
            case _:
                yield f'<td class="said" dir="auto">{pieces(cell)}</td>'


def _is_number(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, int | float | Digits) and not isinstance(cell, bool))


def _digits(value: float) -> str:
    """Six digits, a whole number whole; nothing where there is no number."""
    if not math.isfinite(value):
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.6g}"
