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
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from vae.figures import Figure
from vae.i18n import _, language, ngettext
from vae.report import plots
from vae.report.escaped import clean, prose, text
from vae.report.markup import markup
from vae.report.parts import (
    Address,
    Choices,
    Details,
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
)
from vae.report.table import pieces, table
from vae.scripts import columns
from vae.sharing import qr_code

_HERE = Path(__file__).parent

SHORT = 48
"""Columns of answers that stand in one row."""


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
        f"<title>{text(frame.tab)}</title>\n"
        f"<style>{style}</style>\n"
        "</head>\n<body>\n<header>\n"
        f'<p class="kind">{text(frame.kind)}</p>\n<h1>{text(frame.title)}</h1>\n'
        f"{_parts(lead)}\n</header>\n{_contents(sections)}"
        f"<main>\n{body}\n</main>\n<footer><p>{text(frame.made)}</p></footer>\n"
        + (f"<noscript><p>{text(unscripted)}</p></noscript>\n" if drawn else "")
        + f'<script type="application/json" id="plots">{_json(plots.to_json(drawn))}</script>\n'
        + "\n".join(f"<script>{script}</script>" for script in scripts)
        + "\n</body>\n</html>\n"
    )


def _contents(sections: Sequence[Section]) -> str:
    """The list of the sections that have a name for it."""
    named = [section for section in sections if section.short]
    if not named:
        return ""
    listed = text(_("Contents"))
    lines = "".join(f'<li><a href="#{s.anchor}">{text(s.short)}</a></li>' for s in named)
    return f'<nav aria-label="{listed}"><h2>{listed}</h2><ol>{lines}</ol></nav>\n'


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _scripts(*, plotly: bool) -> list[str]:
    """The page's own script, after Plotly's where it has something to draw."""
    own = "\n".join(map(_read, ("page.js", "plots.js")))
    return [*([plots.script()] if plotly else []), f'"use strict";(() => {{\n{own}\n}})();']


def _digest(script: str) -> str:
    """The source expression of an inline script (Content Security Policy, level 3)."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _json(data: Any) -> str:
    """JSON in pure ASCII that ends no script element, whatever its strings say."""
    written = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return written.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _section(section: Section) -> str:
    return (
        f'<section id="{section.anchor}" aria-labelledby="{section.anchor}-title">\n'
        f'<h2 id="{section.anchor}-title">{text(section.title)}</h2>\n'
        f"{_parts(section.parts)}\n</section>"
    )


def _parts(parts: Sequence[Part]) -> str:
    return "\n".join(map(_part, parts))


def _part(part: Part) -> str:
    match part:
        case Paragraph():
            return f"<p>{prose(part.text)}</p>"
        case Finding():
            return f'<p class="finding">{text(part.text)}</p>'
        case Metrics():
            return f'<dl class="metrics">{"".join(map(_metric, part.metrics))}</dl>'
        case Missing():
            command = f" <code>{text(part.command)}</code>" if part.command else ""
            return f'<p class="missing">{prose(part.text)}{command}</p>'
        case Figure():
            return _figure(part)
        case Details():
            tables = "".join(f"{table(t)}{_download(t)}" for t in part.tables)
            return f"<details><summary>{text(part.summary)}</summary>{tables}</details>"
        case Table():
            title = f"<h3>{text(part.caption)}</h3>" if part.caption else ""
            return f"<figure>{title}{table(replace(part, caption=''))}{_download(part)}</figure>"
        case Prose():
            return f'<div class="prose">{markup(clean(part.text))}</div>'
        case Said():
            said = pieces(part.pieces)
            return f'<h3>{text(part.title)}</h3><p class="said" dir="auto">{said}</p>'
        case Choices():
            return _choices(part)
        case Lines():
            rules = "<i></i>" * part.lines
            return f'<div class="lines"><p>{text(part.label)}</p>{rules}</div>'
        case Terms():
            words = (f"<dt>{text(n)}</dt><dd>{text(m)}</dd>" for n, m in part.meanings)
            return f'<dl class="terms">{"".join(words)}</dl>'
        case Listing():
            return f"<pre><code>{text(chr(10).join(part.lines))}</code></pre>"
        case Address():
            return _address(part.link)


def _choices(asked: Choices) -> str:
    """The answers with a box before each: a sign that can be read, and printed in black."""
    rows = []
    for i, answer in enumerate(asked.answers):
        kind, box = ("ticked", "☒") if i in asked.ticked else ("open", "☐")
        rows.append(f'<li class="{kind}"><span>{box}</span> <span>{text(answer)}</span></li>')
    answers = "".join(rows)
    # Short ones stand in a row.
    kind = "asked" if sum(map(columns, asked.answers)) > SHORT else "asked short"
    return f'<div class="{kind}"><p>{text(asked.question)}</p><ul>{answers}</ul></div>'


def _address(link: str) -> str:
    """A link, and the same for a camera where it is short enough to be read."""
    link = clean(link)
    shown = text(link)
    if urlsplit(link).scheme in ("http", "https"):
        shown = f'<a href="{shown}">{shown}</a>'
    code = "" if len(link) > qr_code.LONGEST else qr_code.svg(link)
    return f'<div class="address">{code}<p>{shown}</p></div>'


def _metric(metric: Metric) -> str:
    return (
        f"<div><dt>{text(metric.name)}</dt><dd><b>{text(metric.value)}</b>"
        f"<small>{text(metric.what)}</small></dd></div>"
    )


def _figure(figure: Figure) -> str:
    data, name = plots.table(figure), text(figure.name)
    rows = ngettext("The figures: {n:,} row", "The figures: {n:,} rows", len(data.rows))
    svg = f'<button type="button" data-svg="{name}">{text(_("Download the figure (SVG)"))}</button>'
    return (
        f'<figure>\n<h3>{text(figure.question)}</h3>\n<div class="plot" role="img" '
        f'aria-label="{text(figure.alt)}" data-plot="{name}"></div>\n'
        f"<figcaption>{prose(figure.caption)}</figcaption>\n"
        f"<details><summary>{text(rows)}</summary>{table(data)}</details>\n"
        f"{_download(data, svg)}</figure>"
    )


def _download(data: Table, more: str = "") -> str:
    return (
        f'<p class="tools"><button type="button" data-csv="{text(data.name)}">'
        f"{text(_('Download the table (CSV)'))}</button>{more}</p>"
    )
