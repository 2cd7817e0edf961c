"""Any representation from files: codes as numbers, factors as values, row i with row i."""

from __future__ import annotations

import itertools
import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vae.corpora.columns import cell_text
from vae.corpora.opening import open_table
from vae.corpora.reading import Reading
from vae.corpora.reasons import counted
from vae.corpora.tables import Row, Table
from vae.errors import UserError
from vae.i18n import enumeration

MOST_COLUMNS = 2_000
_KINDS = (".csv", ".tsv", ".parquet")
_MISSING = ("", "nan", "NaN")


@dataclass(frozen=True)
class Codes:
    """Codes as a file holds them.

    Attributes:
        names: D columns.
        values: (N, D), finite.
        index: the first column where it but counts the rows, which is left out; else "".
    """

    names: tuple[str, ...]
    values: npt.NDArray[np.float64]
    index: str


@dataclass(frozen=True)
class Factors:
    """Factors as a file holds them: F columns of N values; `index` as of `Codes`."""

    columns: dict[str, tuple[str, ...]]
    index: str


def read_codes(path: str | Path, reading: Reading | None = None) -> Codes:
    """Read a .csv, .tsv or .parquet file of numbers, a row for each code.

    Raises:
        UserError: the file cannot be read, or a cell is missing or no finite number, or a column
            is the same in every row.
    """
    table = _open(path, reading)
    flat = array("d")
    for number, row in enumerate(_rows(table), 1):
        flat.extend(_number(cell, table, number, c) for c, cell in enumerate(row))
    values = np.frombuffer(flat, dtype=np.float64).reshape(-1, len(table.columns))
    _whole(table, len(values))
    names, index = table.columns, ""
    if _counts(values[:, 0].tolist()) and len(names) > 1:
        names, values, index = names[1:], values[:, 1:], names[0]
    constant = [
        name for name, width in zip(names, np.ptp(values, axis=0), strict=True) if not width
    ]
    if constant:
        raise _constant(table.name, constant)
    return Codes(names, values.copy(), index)


def read_factors(path: str | Path, reading: Reading | None = None) -> Factors:
    """Read a .csv, .tsv or .parquet file of values, a column for each factor.

    Raises:
        UserError: the file cannot be read, or a value is missing.
    """
    table = _open(path, reading)
    columns: list[list[str]] = [[] for _ in table.columns]
    known: dict[str, str] = {}  # one object for each value, not one for each row
    for number, row in enumerate(_rows(table), 1):
        for c, cell in enumerate(row):
            value = cell_text(cell)
            if value in _MISSING:
                raise _missing(table, number, c)
            columns[c].append(known.setdefault(value, value))
    _whole(table, len(columns[0]))
    named = dict(zip(table.columns, map(tuple, columns), strict=True))
    first = table.columns[0]
    if len(named) > 1 and _counts(named[first]):
        del named[first]
        return Factors(named, first)
    return Factors(named, "")


def _open(path: str | Path, reading: Reading | None) -> Table:
    if Path(path).suffix.lower() not in _KINDS:
        raise UserError(
            "'{path}' is no table. Give one of {kinds}.", path=str(path), kinds=enumeration(_KINDS)
        )
    table = open_table(path, reading)
    if len(table.columns) > MOST_COLUMNS:
        raise UserError(
            "'{name}' has {n:,} columns; {most:,} at most are read.",
            name=table.name,
            n=len(table.columns),
            most=MOST_COLUMNS,
        )
    return table


def _rows(table: Table) -> Iterator[Row]:
    """The rows, without a first one that but numbers the columns, as pandas writes it."""
    first = next(table.rows, None)
    if first is None:
        return iter(())
    cells = [cell_text(cell) for cell in first]
    numbered = [str(i) for i in range(len(cells))]
    if len(cells) > 1 and (cells == numbered or cells == ["", *numbered[:-1]]):
        return table.rows
    return itertools.chain([first], table.rows)


def _number(cell: object, table: Table, row: int, column: int) -> float:
    text = cell_text(cell)
    if text in _MISSING:
        raise _missing(table, row, column)
    # Who separates by semicolons writes the comma within numbers.
    if table.reading.separator == ";" and "." not in text:
        text = text.replace(",", ".", 1)
    try:
        value = float(text)
    except ValueError:
        raise UserError(
            "'{text}' in row {row:,} of column '{column}' of '{name}' is no number. "
            "Codes are numbers, a column for each dimension.",
            text=text[:40],
            row=row,
            column=table.columns[column],
            name=table.name,
        ) from None
    if not math.isfinite(value):
        raise UserError(
            "Row {row:,} of column '{column}' of '{name}' is not finite.",
            row=row,
            column=table.columns[column],
            name=table.name,
        )
    return value


def _constant(name: str, columns: Sequence[str]) -> UserError:
    if len(columns) == 1:
        return UserError(
            "In '{name}' column '{column}' is the same in every row. "
            "A dimension that never varies stands for nothing; leave it out.",
            name=name,
            column=columns[0],
        )
    return UserError(
        "In '{name}' column '{column}' is the same in every row, and {n} more are. "
        "A dimension that never varies stands for nothing; leave it out.",
        name=name,
        column=columns[0],
        n=len(columns) - 1,
    )


def _missing(table: Table, row: int, column: int) -> UserError:
    return UserError(
        "Row {row:,} of column '{column}' of '{name}' has no value. "
        "Fill it in, or leave the row out of both files.",
        row=row,
        column=table.columns[column],
        name=table.name,
    )


def _whole(table: Table, rows: int) -> None:
    """Raise where there is no row, or one that was left out, behind which rows no longer match."""
    if table.dropped:
        raise UserError(
            "'{name}' has lines that cannot be used ({reasons}), so its rows would no longer "
            "match those of the other file. Take them out.",
            name=table.name,
            reasons=counted(table.dropped),
        )
    if not rows:
        raise UserError("'{name}' has no rows.", name=table.name)


def _counts(values: Sequence[object]) -> bool:
    """Whether a column counts its rows, from 0 or from 1."""
    for start in (0, 1):
        if all(str(v).removesuffix(".0") == str(i) for i, v in enumerate(values, start)):
            return True
    return False
