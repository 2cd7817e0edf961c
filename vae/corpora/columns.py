"""Which column of a file holds the sentences, and which are labels."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from vae.corpora.corpus import SPLITS, Split
from vae.corpora.label_types import MEASURED, guess_type
from vae.corpora.tables import Row
from vae.errors import UserError
from vae.i18n import Message, enumeration

MAX_LABEL_CHARACTERS = 100
MAX_LABEL_VALUES = 500  # different ones, for a column to be guessed to be a label
_ROWS_PER_LABEL_VALUE = 5

# Spelled so, in this order, a column is taken for the sentences.
_TEXT_NAMES = (
    *("text", "sentence", "sentences", "utterance", "review", "comment", "tweet", "message"),
    *("question", "content", "body", "title", "headline", "description", "summary"),
)
# Cells of other kinds, lists and records, are no label as they stand.
_SIMPLE = str | int | float | Decimal | datetime.date | datetime.time
_SHARE_OF_NUMBERED = 0.9
# Control characters: those that are white space become a space, the others go.
CONTROL = {
    code: " " if chr(code).isspace() else None for code in (*range(0x20), *range(0x7F, 0xA0))
}


class Labels:
    """The values of one column, for as long as it may be a label."""

    def __init__(self, name: str, index: int, *, named: bool = False) -> None:
        self.name, self.index, self.named = name, index, named
        self.values: list[str] = []
        self.possible = True
        self._seen: dict[str, str] = {}  # one object for each value, not one for each row

    def add(self, row: Row) -> None:
        """Note the value of one row.

        Raises:
            UserError: the column was named by a person and holds text that is not a label.
        """
        if not self.possible:
            return
        cell = row[self.index]
        value = cell_text(cell)
        if len(value) > MAX_LABEL_CHARACTERS and self.named:
            raise UserError(
                "Column '{column}' is not a label: it has a value of {n:,} characters, and a "
                "label has {most} at most. Choose another column.",
                column=self.name,
                n=len(value),
                most=MAX_LABEL_CHARACTERS,
            )
        self.values.append(self._seen.setdefault(value, value))
        many = len(self._seen) > MAX_LABEL_VALUES
        if not self.named and (
            len(value) > MAX_LABEL_CHARACTERS
            or not isinstance(cell, _SIMPLE | None)
            # Judged once: a measure whose later values are none is a label that a person names.
            or (many and not self._measured)
        ):
            self.possible = False
            self.values.clear()

    def is_label(self, n: int) -> bool:
        """Whether it reads like a label of `n` sentences: a measure, or a few values often.

        Whole numbers that are another one in nearly every row number the rows.
        """
        different = len(self._seen.keys() - {""})
        if not self.possible or different < 2:
            return False
        if different <= min(MAX_LABEL_VALUES, max(2, n // _ROWS_PER_LABEL_VALUE)):
            return True
        numbers_rows = different > _SHARE_OF_NUMBERED * n and all(map(str.isdecimal, self._seen))
        return guess_type(self._seen) in MEASURED and not numbers_rows

    @cached_property
    def _measured(self) -> bool:
        """Whether the values so far are numbers or dates; asked once, when they are many."""
        return guess_type(self._seen) in MEASURED


def splits(column: str, values: Sequence[str]) -> tuple[Split, ...]:
    """The values of a column as names of splits.

    Raises:
        UserError: a value that names none, or a split that no row is in.
    """
    named = {"train": "train", "test": "test", "training": "train"}
    named |= dict.fromkeys(("validation", "valid", "val", "dev"), "validation")
    unknown = sorted({v for v in values if v.strip().lower() not in named})
    if unknown:
        raise UserError(
            "Column '{column}' has the value '{value}', which names no split. Its values must be "
            "train, validation (or valid, val, dev) and test.",
            column=column,
            value=unknown[0],
        )
    found = tuple(named[v.strip().lower()] for v in values)
    missing = [name for name in SPLITS if name not in found]
    if len(missing) == 1:
        raise UserError(
            "Column '{column}' puts no row into {split}.", column=column, split=missing[0]
        )
    if missing:
        raise UserError(
            "Column '{column}' puts no row into {one} or {other}.",
            column=column,
            one=missing[0],
            other=missing[1],
        )
    return found  # type: ignore[return-value]


def guess_text(columns: Sequence[str], head: list[Row]) -> str | None:
    """The column with a usual name, else the one with the most words a row."""
    words: dict[str, float] = {}
    for index, column in enumerate(columns):
        cells = [row[index] for row in head if row[index] not in (None, "")]
        texts = [c for c in cells if isinstance(c, str) and any(map(str.isalpha, c))]
        if texts and len(texts) >= len(cells) / 2:
            words[column] = sum(len(t.split()) for t in texts) / len(texts)
    usual = {c.strip().lower(): c for c in reversed(list(words))}
    for name in _TEXT_NAMES:
        if name in usual:
            return usual[name]
    best = max(words, key=words.__getitem__, default=None)
    return best if best is not None and (words[best] >= 2 or len(columns) == 1) else None


def quoted(columns: Sequence[str], most: int = 20) -> Message:
    """Names of columns, one after the other, the first ones where there are many."""
    more = ["…"] if len(columns) > most else []
    return enumeration([*(f"'{c}'" for c in columns[:most]), *more])


def cell_text(cell: object) -> str:
    """A cell as a person reads it; what no file can hold is left out."""
    if cell is None or cell != cell:
        return ""
    text = cell if isinstance(cell, str) else str(cell)
    return text.translate(CONTROL).encode("utf-8", "ignore").decode().strip()
