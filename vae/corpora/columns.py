"""Which column of a file holds the sentences, and which are labels."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from vae.corpora import reasons
from vae.corpora.corpus import SPLITS, Split
from vae.corpora.dialect import TEXT_NAMES
from vae.corpora.label_types import MEASURED, LabelType, guess_type
from vae.corpora.lines import cleaned
from vae.corpora.tables import Row
from vae.errors import UserError
from vae.i18n import Message, enumeration
from vae.scripts import words

MAX_LABEL_CHARACTERS = 100
MAX_LABEL_VALUES = 500  # different ones, for a column to be guessed to be a label
MAX_LISTED_VALUES = 50  # the same of a column of lists, of which each would be a label
_ROWS_PER_LABEL_VALUE = 5
_LEAST_FILLED = 0.02  # of the rows, for a column to be guessed to be a label

# Cells of other kinds, as records, are no label as they stand.
_SIMPLE = str | int | float | Decimal | datetime.date | datetime.time
_SHARE_OF_NUMBERED = 0.9


class Labels:
    """The values of one column, for as long as it may be a label.

    Of a column of lists every value that stands in one is a label: whether it stands there.
    """

    def __init__(self, name: str, index: int, *, named: bool = False) -> None:
        self.name, self.index, self.named = name, index, named
        self.values: list[str] = []
        self._lists: dict[int, tuple[str, ...]] = {}  # row to what its list holds
        self._refused = ""
        self._seen: dict[str, str] = {}  # one object for each value, not one for each row

    @property
    def possible(self) -> bool:
        """Whether nothing so far says that it is no label."""
        return not self._refused

    def add(self, row: Row) -> None:
        """Note the value of one row.

        Raises:
            UserError: the column was named by a person and holds text that is not a label.
        """
        if self._refused:
            return
        cell = row[self.index]
        items = tuple(dict.fromkeys(map(cell_text, cell if isinstance(cell, list) else [cell])))
        longest = max(map(len, items), default=0)
        if longest > MAX_LABEL_CHARACTERS and self.named:
            raise UserError(
                "Column '{column}' is not a label: it has a value of {n:,} characters, and a "
                "label has {most} at most. Choose another column.",
                column=self.name,
                n=longest,
                most=MAX_LABEL_CHARACTERS,
            )
        items = tuple(self._seen.setdefault(item, item) for item in items)
        if isinstance(cell, list):
            self._lists[len(self.values)] = items
            self.values.append("")
        else:
            self.values.append(items[0])
        if not self.named and (reason := self._reason_against(cell, longest)):
            self._refused = reason
            self.values.clear()
            self._lists.clear()

    def _reason_against(self, cell: object, longest: int) -> str:
        plain = cell if isinstance(cell, list) else [cell]
        if longest > MAX_LABEL_CHARACTERS:
            return reasons.above("characters", MAX_LABEL_CHARACTERS)
        if not all(isinstance(each, _SIMPLE | None) for each in plain):
            return reasons.NOT_PLAIN
        # Judged once: a measure whose later values are none is a label that a person names.
        if len(self._seen) > MAX_LABEL_VALUES and (self._lists or not self._measured):
            return reasons.above("values", MAX_LABEL_VALUES)
        return ""

    def is_label(self, n: int) -> bool:
        """Whether it reads like a label of `n` sentences: a measure, or a few values often."""
        return not self.reason(n)

    def reason(self, n: int) -> str:
        """Why it does not read like a label of `n` sentences (`vae.corpora.reasons`), or "".

        Whole numbers that are another one in nearly every row, and lie close, number the rows.
        """
        different = len(self._seen.keys() - {""})
        filled = sum(map(bool, self.values)) + len(self._lists)
        if self._refused or not different:
            return self._refused or reasons.NO_VALUE
        if filled < _LEAST_FILLED * n:
            return reasons.filled(filled, n)
        if different < 2 and not self._lists:
            return reasons.ONE_VALUE
        most = min(
            MAX_LISTED_VALUES if self._lists else MAX_LABEL_VALUES,
            max(2, n // _ROWS_PER_LABEL_VALUE),
        )
        if different <= most:
            return ""
        if not self._lists and guess_type(self._seen) in MEASURED:
            return reasons.ROW_NUMBERS if self._numbers_rows(n) else ""
        return reasons.above("values", most)

    def _numbers_rows(self, n: int) -> bool:
        said = [value for value in self._seen if value]
        if len(said) <= _SHARE_OF_NUMBERED * n or not all(map(str.isdecimal, said)):
            return False
        numbers = [*map(int, said)]
        return max(numbers) - min(numbers) < 2 * n

    @property
    def type(self) -> LabelType | None:
        """The type that the values so far are of; None of a column of lists."""
        return None if self._lists else guess_type(self.values)

    def labels(self) -> dict[str, tuple[str, ...]]:
        """The label, or those of a column of lists: name to a value for each row.

        Raises:
            UserError: the lists hold more values than there may be labels.
        """
        if not self._lists:
            return {self.name: tuple(self.values)}
        items = [item for item in self._seen if item]
        if len(items) > MAX_LABEL_VALUES:
            raise UserError(
                "Column '{column}' holds lists of {n:,} different values, and each would be a "
                "label; {most} are the most. Choose another column.",
                column=self.name,
                n=len(items),
                most=MAX_LABEL_VALUES,
            )
        rows = [self._lists.get(i, (v,) if v else None) for i, v in enumerate(self.values)]
        return {
            f"{self.name}: {item}": tuple(
                "" if row is None else "yes" if item in row else "no" for row in rows
            )
            for item in items
        }

    @cached_property
    def _measured(self) -> bool:
        """Whether the values so far are numbers or dates; asked once, when they are many."""
        return guess_type(self._seen) in MEASURED


def values_of(columns: Sequence[Labels]) -> dict[str, tuple[str, ...]]:
    """The labels of some columns: name to a value for each row.

    Raises:
        UserError: two are called alike, or as `Labels.labels`.
    """
    values: dict[str, tuple[str, ...]] = {}
    for column in columns:
        for name, found in column.labels().items():
            if name in values:
                raise UserError(
                    "Two labels are called '{name}': a column, and a value in the lists of column "
                    "'{column}'. Name the labels to use.",
                    name=name,
                    column=next(c.name for c in columns if c.type is None and name in c.labels()),
                )
            values[name] = found
    return values


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
    lengths: dict[str, float] = {}
    for index, column in enumerate(columns):
        cells = [row[index] for row in head if row[index] not in (None, "")]
        texts = [c for c in cells if isinstance(c, str) and any(map(str.isalpha, c))]
        if texts and len(texts) >= len(cells) / 2:
            lengths[column] = sum(map(words, texts)) / len(texts)
    usual = {c.strip().lower(): c for c in reversed(list(lengths))}
    for name in TEXT_NAMES:
        if name in usual:
            return usual[name]
    best = max(lengths, key=lengths.__getitem__, default=None)
    return best if best is not None and (lengths[best] >= 2 or len(columns) == 1) else None


def possible_labels(columns: Sequence[str], head: Sequence[Row], text: str | None) -> list[Labels]:
    """Every column but the sentences, with what the first rows tell of it as a label."""
    found = [Labels(name, index) for index, name in enumerate(columns) if name != text]
    for row in head:
        for column in found:
            column.add(row)
    return found


def no_sentences(name: str, columns: Sequence[str]) -> UserError:
    """What to say of a table of which no column looks like sentences."""
    return UserError(
        "No column of '{name}' looks like sentences. "
        "Its columns are {columns}: name the one to read.",
        name=name,
        columns=quoted(columns),
    ).because("small text")


def check_apart(text: str, labels: Sequence[str]) -> None:
    """Raises `UserError` where the column of the sentences is to be a label too."""
    if text in labels:
        raise UserError(
            "Column '{column}' holds the sentences, so it cannot be a label too.", column=text
        )


def quoted(columns: Sequence[str], most: int = 20) -> Message:
    """Names of columns, one after the other, the first ones where there are many."""
    more = ["…"] if len(columns) > most else []
    return enumeration([*(f"'{c}'" for c in columns[:most]), *more])


def cell_text(cell: object) -> str:
    """A cell as a person reads it; what no file can hold is left out."""
    if cell is None or cell != cell:
        return ""
    text = cell if isinstance(cell, str) else str(cell)
    return cleaned(text.encode("utf-8", "ignore").decode())
