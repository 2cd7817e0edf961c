"""What a pupil says at a step of a lesson, what it may be, and how it is written into a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

from vae.errors import UserError
from vae.i18n import message

Kind = Literal["prediction", "observation", "answer"]
Stage = Literal["before", "lessons", "after", "ended"]
"""What the class is at: questions before, lessons, questions after; over."""

SURE = {1: message("a guess"), 2: message("fairly sure"), 3: message("sure")}
"""How sure a pupil is, as it is kept and as it is said."""

_LONGEST_PLACE = 80
_CSV = ("pupil", "time", "lesson", "step", "kind", "value", "unknown", "confidence")


@dataclass(frozen=True)
class Limits:
    """What keeps a store small, whoever writes to it.

    Attributes:
        classes: in one store.
        pupils: of a class.
        entries: of a pupil.
        length: signs of a value.
        a_minute: entries of a pupil.
    """

    classes: int = 500
    pupils: int = 300
    entries: int = 1_000
    length: int = 1_000
    a_minute: int = 60


USUAL = Limits()


@dataclass(frozen=True)
class Classroom:
    """The state of a class; times in seconds since 1970."""

    code: str
    created: float
    stage: Stage
    pupils: int
    entries: int


@dataclass(frozen=True)
class Entry:
    """What a pupil said at a step: `value` None is "I do not know"; `confidence` one of
    `SURE`."""

    pupil: str
    written: float
    lesson: str
    step: str
    kind: Kind
    value: str | None
    confidence: int | None


def check(said: Entry, limits: Limits) -> None:
    """Refuse what is not kept.

    Raises:
        UserError: the value is too long, or has signs that no database keeps.
        ValueError: there is no such kind, no such place in a lesson, or no such confidence.
    """
    if said.kind not in get_args(Kind):
        raise ValueError(said.kind)
    if not all(1 <= len(place) <= _LONGEST_PLACE for place in (said.lesson, said.step)):
        raise ValueError((said.lesson, said.step))
    if said.confidence not in (None, *SURE):
        raise ValueError(said.confidence)
    if said.value is None:
        return
    if len(said.value) > limits.length:
        raise UserError(
            "What was entered has {n:,} signs; an answer may have {most:,}. Make it shorter.",
            n=len(said.value),
            most=limits.length,
        )
    # PostgreSQL keeps neither, and nobody writes them.
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in said.value):
        raise UserError("What was entered has signs that cannot be kept. Write it anew.")


def to_csv(entries: Iterable[Entry]) -> str:
    """A row for each entry; pupils are numbered as they come, and their ids are left out.

    A value that a spreadsheet would run as a formula has a quote mark before it.
    """
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(_CSV)
    numbers: dict[str, int] = {}
    for e in entries:
        when = datetime.fromtimestamp(e.written, UTC).isoformat(timespec="milliseconds")
        sure = "" if e.confidence is None else e.confidence
        number = numbers.setdefault(e.pupil, len(numbers) + 1)
        said = [_harmless(text) for text in (e.lesson, e.step, e.kind, e.value or "")]
        table.writerow([number, when, *said, int(e.value is None), sure])
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
