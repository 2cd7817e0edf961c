"""What a page is made of: sections of figures, tables, sentences, and what was not measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vae.errors import UserError
from vae.figures import Figure
from vae.i18n import _
from vae.latent.changes import Piece
from vae.models.explorable import NotAvailableError
from vae.runs.store import RunDirectory

MOST_ROWS = 2_000
"""Rows of a table; of a longer one each k-th is kept, and the table says so."""
LONGEST_TEXT = 400
"""Letters of a sentence in a report; what an early model says has no end."""


class Digits(str):
    """A number as it is to be written, in a cell of a table."""


Cell = str | int | float | bool | None | tuple[Piece, ...]


@dataclass(frozen=True)
class Paragraph:
    """Words of the report itself."""

    text: str


@dataclass(frozen=True)
class Finding:
    """The answer of a section, large."""

    text: str


@dataclass(frozen=True)
class Metric:
    """One number.

    Attributes:
        value: with its unit.
        what: estimator, uncertainty, sample size.
    """

    name: str
    value: str
    what: str


@dataclass(frozen=True)
class Metrics:
    """Numbers beside each other."""

    metrics: tuple[Metric, ...]


@dataclass(frozen=True)
class Table:
    """Rows under a head; a person can download it from the page as CSV.

    Attributes:
        name: of the download, without ".csv".
        rows: text, numbers, sentences in pieces (marked where they changed), or nothing.
    """

    name: str
    head: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""


@dataclass(frozen=True)
class Details:
    """Tables that open on request."""

    summary: str
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Missing:
    """What was not measured, or cannot be read.

    Attributes:
        command: what measures it; empty where nothing does.
    """

    text: str
    command: str = ""


@dataclass(frozen=True)
class Prose:
    """Words of a person, in Markdown with formulas between dollar signs; HTML in it is text."""

    text: str


@dataclass(frozen=True)
class Said:
    """A sentence of a corpus or a model, large; the words marked that changed."""

    title: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Choices:
    """Answers to tick.

    Attributes:
        ticked: the indices of those that are.
    """

    question: str
    answers: tuple[str, ...]
    ticked: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Lines:
    """Room to write in by hand."""

    label: str
    lines: int = 2


@dataclass(frozen=True)
class Terms:
    """Words and what they mean."""

    meanings: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Listing:
    """Lines of code."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Address:
    """Where something is on a network, to be followed and to be read by a camera."""

    link: str


Part = (
    Paragraph
    | Finding
    | Metrics
    | Table
    | Details
    | Figure
    | Missing
    | Prose
    | Said
    | Choices
    | Lines
    | Terms
    | Listing
    | Address
)


@dataclass(frozen=True)
class Section:
    """A question and what the run answers.

    Attributes:
        anchor: its address inside the page.
        short: its name in the list of contents; "" if it is not in it.
    """

    anchor: str
    short: str
    title: str
    parts: tuple[Part, ...]


def shortened(text: str) -> str:
    """At most `LONGEST_TEXT` letters of a text, and a sign that there were more."""
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT].rstrip() + " …"


def attempt(run: RunDirectory, make: Callable[[], Sequence[Part]]) -> list[Part]:
    """Parts of a report; where they cannot be made, a sentence that says why.

    A report is sent to others, so the sentence names the run rather than its place on a disk.
    """
    try:
        return list(make())
    except UserError as error:
        why = str(error).replace(str(run.path), run.name)
        if isinstance(error, NotAvailableError):
            return [Missing(_("Not available. {why}", why=why))]
        return [Missing(_("This cannot be shown. {why}", why=why))]
