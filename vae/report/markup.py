"""Markdown as HTML: what a lesson says, with its formulas as MathML, which browsers set."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import Any
from xml.etree import ElementTree

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_ELEMENTS = re.compile(
    "math|mrow|m[inos]|mtext|mspace|mfrac|msqrt|mroot|mstyle|m(sub|sup|subsup|under|over|underover)"
    "|mtable|mtr|mtd|mpadded|mphantom|menclose|mmultiscripts|mprescripts|none"
)
_ATTRIBUTES = re.compile(
    "display|displaystyle|scriptlevel|math(variant|size)|stretchy|fence|form|separator|accent"
    "|accentunder|symmetric|movablelimits|largeop|(min|max)size|[lr]space|width|height|depth"
    "|voffset|linethickness|(column|row)(align|spacing|lines)|notation|bevelled"
)

# The converter sets "log p" as one word.
_NAMED = re.compile("(<mi>(?:log|ln|exp)</mi>)(?=<m(?:i|sub|sup|subsup)>)")
_SPACE = '<mspace width="0.17em"></mspace>'


def markup(text: str) -> str:
    """Markdown as HTML: what is HTML in it is shown as text, and a picture as its name.

    Formulas stand between one dollar sign or two; one that cannot be read is shown as written.
    """
    return str(_reader().render(text)).strip()


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    options: dict[str, Any] = {"renderer": _formula, "allow_labels": False}
    return reader.use(dollarmath_plugin, **options)


def _formula(text: str, options: dict[str, bool]) -> str:
    try:
        display = "block" if options["display_mode"] else "inline"
        made = str(convert(text.strip(), display=display))
        if _is_formula(made):
            return _NAMED.sub(rf"\1{_SPACE}", made)
    except Exception:  # whatever a person wrote, the rest of the page is shown
        pass
    return f"<code>{escape(text)}</code>"


def _is_formula(made: str) -> bool:
    """Whether it is well formed and holds nothing but mathematics: the converter takes over the
    text of a formula as it stands, and its links.
    """
    return all(
        _ELEMENTS.fullmatch(element.tag.removeprefix(_MATHML))
        and all(map(_ATTRIBUTES.fullmatch, element.attrib))
        for element in ElementTree.fromstring(made).iter()
    )
