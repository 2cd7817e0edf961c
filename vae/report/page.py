"""Sections as one HTML file that works by itself: from a disk, without a network, in both themes.

The words and tables are in the markup, so that they can be read where no script runs. The content
security policy lets nothing run but the scripts of this file, by their digest, and nothing be
fetched; styles are free, since Plotly sets those of what it draws. What a corpus or a model wrote
is escaped, in markup and in JSON.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from vae.figures import Figure
from vae.i18n import _, language, ngettext, pgettext, sentences
from vae.report import plots
from vae.report.markup import markup
from vae.report.parts import (
    MOST_ROWS,
    Address,
    Cell,
    Choices,
    Details,
    Digits,
    Finding,
    Lines,
    Listing,
    Metric,
    Metrics,
    Missing,
    Paragraph,
    Part,
    Prose,
    Said,
    Section,
    Table,
    Terms,
    shortened,
)
from vae.scripts import columns
from vae.sharing import qr_code

_HERE = Path(__file__).parent
# What HTML does not allow, and what turns the direction of the text that follows.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")

SHORT = 48
"""Columns of answers that stand in one row."""
_COMMAND = re.compile("`([^`]+)`")


@dataclass(frozen=True)
class Frame:
    """What a page is, whatever it holds.

    Attributes:
        kind: what it is, above its title.
        title: its heading.
        tab: its title among those of other pages.
        made: how the file can be made again; "" where nobody needs to know.
        styles: the files of its look, a later one over an earlier one.
        themes: the themes in which it can be seen.
    """

    kind: str
    title: str
    tab: str
    made: str
    styles: tuple[str, ...] = ("report.css",)
    themes: str = "light dark"


def page(frame: Frame, lead: Sequence[Part], sections: Sequence[Section]) -> str:
    """The whole file as text.

    Args:
        lead: what stands above the first section.
    """
    shown = [*lead, *(part for section in sections for part in section.parts)]
    drawn = [part for part in shown if isinstance(part, Figure)]
    style, scripts = "\n".join(map(_read, frame.styles)), _scripts(plotly=bool(drawn))
    policy = (
        f"default-src 'none'; script-src {' '.join(map(_digest, scripts))}; "
        "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    body = "\n".join(map(_section, sections))
    unscripted = _(
        "The figures are drawn by scripts that are part of this file. Without them, the tables "
        "below each title hold every number."
    )
    return (
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="{frame.themes}">\n'
        f"<title>{_text(frame.tab)}</title>\n"
        f"<style>{style}</style>\n"
        "</head>\n<body>\n<header>\n"
        f'<p class="kind">{_text(frame.kind)}</p>\n<h1>{_text(frame.title)}</h1>\n'
        f"{_parts(lead)}\n</header>\n{_contents(sections)}"
        f"<main>\n{body}\n</main>\n<footer><p>{_text(frame.made)}</p></footer>\n"
        + (f"<noscript><p>{_text(unscripted)}</p></noscript>\n" if drawn else "")
        + f'<script type="application/json" id="plots">{_json(plots.to_json(drawn))}</script>\n'
        + "\n".join(f"<script>{script}</script>" for script in scripts)
        + "\n</body>\n</html>\n"
    )


def _contents(sections: Sequence[Section]) -> str:
    """The list of the sections that have a name for it."""
    named = [section for section in sections if section.short]
    if not named:
        return ""
    listed = _text(_("Contents"))
    lines = "".join(f'<li><a href="#{s.anchor}">{_text(s.short)}</a></li>' for s in named)
    return f'<nav aria-label="{listed}"><h2>{listed}</h2><ol>{lines}</ol></nav>\n'


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _scripts(*, plotly: bool) -> list[str]:
    """The page's own script, after Plotly's where it has something to draw."""
    own = "\n".join(map(_read, ("page.js", "plots.js")))
    return [*([plots.script()] if plotly else []), f'"use strict";(() => {{\n{own}\n}})();']


def _digest(text: str) -> str:
    """The source expression of an inline script (Content Security Policy, level 3)."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _json(data: Any) -> str:
    """JSON in pure ASCII that ends no script element, whatever its strings say."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _text(text: str) -> str:
    """Text as HTML that holds nothing but text; half signs, which no file can hold, are `?`."""
    return escape(_clean(text))


def _clean(text: str) -> str:
    """Text without what no file can hold, and without what turns the direction of the rest."""
    return _UNSEEN.sub("\ufffd", text.encode("utf-8", errors="replace").decode("utf-8"))


def _prose(text: str) -> str:
    """As `_text`; what stands between backticks is a command."""
    return _COMMAND.sub(r"<code>\1</code>", _text(text))


def _section(section: Section) -> str:
    return (
        f'<section id="{section.anchor}" aria-labelledby="{section.anchor}-title">\n'
        f'<h2 id="{section.anchor}-title">{_text(section.title)}</h2>\n'
        f"{_parts(section.parts)}\n</section>"
    )


def _parts(parts: Sequence[Part]) -> str:
    return "\n".join(map(_part, parts))


def _part(part: Part) -> str:
    match part:
        case Paragraph():
            return f"<p>{_prose(part.text)}</p>"
        case Finding():
            return f'<p class="finding">{_text(part.text)}</p>'
        case Metrics():
            return f'<dl class="metrics">{"".join(map(_metric, part.metrics))}</dl>'
        case Missing():
            command = f" <code>{_text(part.command)}</code>" if part.command else ""
            return f'<p class="missing">{_prose(part.text)}{command}</p>'
        case Figure():
            return _figure(part)
        case Details():
            tables = "".join(f"{_table(t)}{_download(t)}" for t in part.tables)
            return f"<details><summary>{_text(part.summary)}</summary>{tables}</details>"
        case Table():
            title = f"<h3>{_text(part.caption)}</h3>" if part.caption else ""
            return f"<figure>{title}{_table(replace(part, caption=''))}{_download(part)}</figure>"
        case Prose():
            return f'<div class="prose">{markup(_clean(part.text))}</div>'
        case Said():
            pieces = "".join(_piece(*p) for p in part.pieces)
            return f'<h3>{_text(part.title)}</h3><p class="said" dir="auto">{pieces}</p>'
        case Choices():
            return _choices(part)
        case Lines():
            rules = "<i></i>" * part.lines
            return f'<div class="lines"><p>{_text(part.label)}</p>{rules}</div>'
        case Terms():
            words = (f"<dt>{_text(n)}</dt><dd>{_text(m)}</dd>" for n, m in part.meanings)
            return f'<dl class="terms">{"".join(words)}</dl>'
        case Listing():
            return f"<pre><code>{_text(chr(10).join(part.lines))}</code></pre>"
        case Address():
            return _address(part.link)


def _choices(asked: Choices) -> str:
    """The answers with a box before each: a sign that can be read, and printed in black."""
    rows = []
    for i, answer in enumerate(asked.answers):
        kind, box = ("ticked", "☒") if i in asked.ticked else ("open", "☐")
        rows.append(f'<li class="{kind}"><span>{box}</span> <span>{_text(answer)}</span></li>')
    answers = "".join(rows)
    # Short ones stand in a row.
    kind = "asked" if sum(map(columns, asked.answers)) > SHORT else "asked short"
    return f'<div class="{kind}"><p>{_text(asked.question)}</p><ul>{answers}</ul></div>'


def _address(link: str) -> str:
    """A link, and the same for a camera where it is short enough to be read."""
    link = _clean(link)
    shown = _text(link)
    if urlsplit(link).scheme in ("http", "https"):
        shown = f'<a href="{shown}">{shown}</a>'
    code = "" if len(link) > qr_code.LONGEST else qr_code.svg(link)
    return f'<div class="address">{code}<p>{shown}</p></div>'


def _metric(metric: Metric) -> str:
    return (
        f"<div><dt>{_text(metric.name)}</dt><dd><b>{_text(metric.value)}</b>"
        f"<small>{_text(metric.what)}</small></dd></div>"
    )


def _figure(figure: Figure) -> str:
    table, name = plots.table(figure), _text(figure.name)
    rows = ngettext("The figures: {n:,} row", "The figures: {n:,} rows", len(table.rows))
    svg = (
        f'<button type="button" data-svg="{name}">{_text(_("Download the figure (SVG)"))}</button>'
    )
    return (
        f'<figure>\n<h3>{_text(figure.question)}</h3>\n<div class="plot" role="img" '
        f'aria-label="{_text(figure.alt)}" data-plot="{name}"></div>\n'
        f"<figcaption>{_prose(figure.caption)}</figcaption>\n"
        f"<details><summary>{_text(rows)}</summary>{_table(table)}</details>\n"
        f"{_download(table, svg)}</figure>"
    )


def _download(table: Table, more: str = "") -> str:
    return (
        f'<p class="tools"><button type="button" data-csv="{_text(table.name)}">'
        f"{_text(_('Download the table (CSV)'))}</button>{more}</p>"
    )


def _table(table: Table) -> str:
    every = max(1, math.ceil(len(table.rows) / MOST_ROWS))
    rows = table.rows[::every]
    caption = table.caption
    if every > 1:
        fewer = {"every": _ordinal(every), "n": len(table.rows)}
        only = _("Every {every} of {n:,} rows.", **fewer)
        caption = sentences(caption, only)
    columns = range(len(table.head))
    kinds = ["number" if all(_is_number(row[i]) for row in rows) else "text" for i in columns]
    head = "".join(
        f'<th scope="col" class="{kind}">{_text(name)}</th>'
        for name, kind in zip(table.head, kinds, strict=True)
    )
    body = "".join(f"<tr>{''.join(_cells(row))}</tr>" for row in rows)
    name = _text(caption or table.name)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">'
        f'<table id="table-{_text(table.name)}">'
        + (f"<caption>{_text(caption)}</caption>" if caption else "")
        + f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


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
                yield f"<td>{_text(_('yes') if cell else _('no'))}</td>"
            case int():
                yield f'<td class="n">{cell}</td>'
            case float():
                yield f'<td class="n">{_digits(cell)}</td>'
            case Digits():
                yield f'<td class="n">{_text(cell)}</td>'
            case str():
                yield f'<td dir="auto">{_text(shortened(cell))}</td>'
            case _:
                yield f'<td class="said" dir="auto">{"".join(_piece(*p) for p in cell)}</td>'


def _is_number(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, int | float | Digits) and not isinstance(cell, bool))


def _digits(value: float) -> str:
    """Six digits, a whole number whole; nothing where there is no number."""
    if not math.isfinite(value):
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.6g}"


def _piece(text: str, changed: bool) -> str:
    return f"<mark>{_text(text)}</mark>" if changed else _text(text)
