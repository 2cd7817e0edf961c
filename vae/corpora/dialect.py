"""How a table is written as text: its separator, its quotation mark, whether it has a header.

Decided over many lines by which separator gives every row the same number of cells, as a reader
would; never by one line, which may be a header with commas in it, or a sentence.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vae.corpora.reading import Reading
from vae.scripts import words

if TYPE_CHECKING:
    from _csv import Reader as Rows

# Spelled so, in this order, a column is taken for the sentences.
TEXT_NAMES = (
    *("text", "sentence", "sentences", "utterance", "review", "comment", "tweet", "message"),
    *("question", "content", "body", "title", "headline", "description", "summary"),
)
CANDIDATES = (",", ";", "\t", "|")
_REGULAR = 0.9  # share of rows of one width, from which a separator is beyond doubt
_ACCEPTED = 0.5  # the same where the first row has that width too
_NUMBER = re.compile(r"\s*[-+]?\d+(?:[.,]\d+)?\s*")
_NEVER = "\uffff"  # where a row is one cell: it is no sign of any text
_ENDS = (".", "?", "!", "。", "？", "！")
_SAID = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n?", re.IGNORECASE)


@dataclass(frozen=True)
class _Fit:
    """How well a separator fits: the share of rows of one width, and what speaks against it."""

    separator: str
    quote: str
    width: int
    regular: float
    halved: float  # share of cells with half a pair of quotation marks
    prose: float  # share of cells that begin with a blank, as after a comma in a sentence
    unclean: float  # share of cells with a sign that seldom stands in one
    first: bool  # the first row has that width
    ended: float  # share of rows whose last cell ends as a sentence does

    @property
    def fits(self) -> bool:
        if self.regular >= _REGULAR:
            # A comma in every sentence parts no cells: a blank follows it, and a full stop all.
            return self.prose < _REGULAR or (self.first and self.ended < _ACCEPTED)
        return self.regular >= _ACCEPTED and self.first and self.prose < _ACCEPTED

    @property
    def rank(self) -> tuple[float, float, float, float, int]:
        return (self.regular, -self.halved, -self.prose, -self.unclean, self.width)


def said_by_excel(line: str) -> str | None:
    """The separator that a first line "sep=;" names, which is no row; None of any other line."""
    found = _SAID.fullmatch(line)
    return found.group(1) if found else None


def decide(lines: Sequence[str], reading: Reading, *, whole: bool) -> Reading:
    """What a reading leaves open of separator and quotation mark, from the first lines of a table.

    Args:
        lines: with their line ends.
        whole: they are all; else the last row may be cut off.
    """
    separators = CANDIDATES if reading.separator is None else (reading.separator,)
    text = "".join(lines)
    fits = [
        _fit(lines, separator, quote, whole)
        for separator in separators
        for quote in (_quotes(text, separator) if reading.quote is None else (reading.quote,))
    ]
    if reading.separator is None:
        fits = [fit for fit in fits if fit.fits]
    best = max(fits, key=lambda fit: fit.rank, default=None)
    if best is None:
        quote = _quotes(text, "")[0] if reading.quote is None else reading.quote
        return replace(reading, separator="", quote=quote)
    return replace(reading, separator=best.separator, quote=best.quote)


def is_data(header: Sequence[str], sample: Iterable[Sequence[str]]) -> bool:
    """Whether a first row is a row like the others, so that the file has no header.

    It has a number in it, or a value that comes again in its column, or it is alone in its
    row and reads like a sentence: more than two words, or signs where no blanks part words. It is
    a header where one of several cells names the sentences as usual ("text", "review").
    """
    if len(header) > 1 and any(name.strip().lower() in TEXT_NAMES for name in header):
        return False
    if any(map(_NUMBER.fullmatch, header)):
        return True
    others = [row for row in sample if list(row) != list(header)] if len(header) > 1 else sample
    if any(h.strip() and h == cell for row in others for h, cell in zip(header, row, strict=False)):
        return True
    return len(header) == 1 and words(header[0]) > 2


def rows(lines: Iterable[str], reading: Reading, *, strict: bool = False) -> Rows:
    """The rows of lines as the csv module reads them, by a settled separator and quotation mark.

    Args:
        strict: `csv.Error` where more of a cell follows its quotation mark.
    """
    return csv.reader(
        lines,
        strict=strict,
        delimiter=reading.separator or _NEVER,
        quotechar=reading.quote or None,
        quoting=csv.QUOTE_MINIMAL if reading.quote else csv.QUOTE_NONE,
    )


def _quotes(text: str, separator: str) -> tuple[str, ...]:
    """Quotation marks that a table may have, the likelier first; "" is none."""
    edge = re.escape(separator) if separator else r"\Z"
    begins = rf'(?:^|{edge})"'
    whole = re.compile(rf'{begins}[^"]*+(?:""[^"]*+)*+"(?={edge}|\r?$)', re.MULTILINE)
    if re.search(begins, text, re.MULTILINE) and not whole.search(text):
        return ("",)
    # Who writes tabs seldom quotes: a mark that is not closed in its cell is likely a mark.
    if separator == "\t" and re.search(rf'{begins}(?:[^"\t\n]|"")*(?:\t|\r?$)', text, re.MULTILINE):
        return "", '"'
    return ('"',)


def _fit(lines: Sequence[str], separator: str, quote: str, whole: bool) -> _Fit:
    found, faults = [], 0
    reader = rows(lines, Reading(separator=separator, quote=quote), strict=True)
    while True:
        try:
            found.append(next(reader))
        except StopIteration:
            break
        except csv.Error:
            faults += 1
    if len(found) > 1 and not whole:
        found.pop()
    filled = [row for row in found if row]
    widths = Counter(len(row) for row in filled if len(row) > 1)
    width, n = max(widths.items(), key=lambda w: (w[1], w[0]), default=(1, 0))
    later = [cell for row in filled for cell in row[1:]]
    cells = [cell for row in filled for cell in row]
    others = [sign for sign in CANDIDATES if sign not in (separator, ",")]
    return _Fit(
        separator,
        quote,
        width,
        n / max(1, len(filled) + faults),
        sum(cell.count('"') % 2 for cell in cells) / max(1, len(cells)),
        sum(cell[:1] == " " for cell in later) / max(1, len(later)),
        sum(any(sign in cell for sign in others) for cell in cells) / max(1, len(cells)),
        bool(filled) and len(filled[0]) == width,
        sum(row[-1].rstrip().endswith(_ENDS) for row in filled) / max(1, len(filled)),
    )
