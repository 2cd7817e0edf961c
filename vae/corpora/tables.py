"""Named columns and rows out of each format; nothing is judged here."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from vae.corpora import dialect
from vae.corpora.reading import OPEN, Reading
from vae.errors import UserError
from vae.i18n import message

PEEK = 2_000  # rows that are looked at before anything is decided
_MAX_LINES_IN_A_FIELD = 50

Row = tuple[object, ...]
Position = Callable[[], tuple[int, int]]


@dataclass(frozen=True)
class Table:
    """A file that has been opened: its columns, its rows as they come, what was unreadable.

    Attributes:
        name: the file's name, as the messages say it.
        columns: C names, all different.
        rows: tuples of C values; may raise UserError while it is read.
        dropped: reason to number of rows that could not be read; complete at the end of `rows`.
        position: how far the reading is, and how far it goes.
        n_rows: number of rows where that is cheap to know.
        reading: how it is read, with nothing left open that its format has.
    """

    name: str
    columns: tuple[str, ...]
    rows: Iterator[Row]
    dropped: Counter[str] = field(default_factory=Counter)
    position: Position = lambda: (0, 0)
    n_rows: int | None = None
    reading: Reading = OPEN


def read_text(
    name: str, lines: Iterator[str], position: Position, n: int | None, reading: Reading
) -> Table:
    """A line, a row of one column."""
    return Table(name, ("text",), ((line,) for line in lines), Counter(), position, n, reading)


def read_csv(
    name: str, lines: Iterator[str], position: Position, _: int | None, reading: Reading
) -> Table:
    return _table(name, lines, position, reading, OPEN)


def read_tsv(
    name: str, lines: Iterator[str], position: Position, _: int | None, reading: Reading
) -> Table:
    return _table(name, lines, position, reading, Reading(separator="\t"))


def _table(
    name: str, lines: Iterator[str], position: Position, reading: Reading, usual: Reading
) -> Table:
    head = list(itertools.islice(lines, PEEK))
    if head and (separator := dialect.said_by_excel(head[0])):
        del head[0]
        usual = Reading(separator=separator)
    reading = reading.over(usual)
    settled = dialect.decide(head, reading, whole=len(head) < PEEK)
    return _delimited(name, itertools.chain(head, lines), position, settled)


def _delimited(name: str, lines: Iterable[str], position: Position, reading: Reading) -> Table:
    dropped: Counter[str] = Counter()
    rows = _csv_rows(lines, reading, dropped)
    header = next(rows, None)
    if header is None:
        raise UserError(
            "'{name}' has no rows: every line is blank or unreadable.", name=name
        ).because("small text")
    sample = list(itertools.islice(rows, PEEK))
    rows = itertools.chain(sample, rows)
    if reading.header is None:
        reading = replace(reading, header=not dialect.is_data(header, sample))
    if not reading.header:
        rows = itertools.chain([header], rows)
        header = [""] * len(header)
    elif sample and all(len(row) == len(header) + 1 and row[0].isdecimal() for row in sample):
        header = ["", *header]  # as R writes it: the numbers of rows have no name
    columns = _distinct_names(header)
    again = header if reading.header and len(header) > 1 else None

    def full_rows() -> Iterator[Row]:
        for row in rows:
            if row == again:
                dropped["header again"] += 1  # tables that were put one behind the other
            elif len(row) > len(columns):
                dropped["more fields than columns"] += 1
            else:
                yield (*row, *("" for _ in range(len(columns) - len(row))))

    return Table(name, columns, full_rows(), dropped, position, reading=reading)


def _csv_rows(lines: Iterable[str], reading: Reading, dropped: Counter[str]) -> Iterator[list[str]]:
    reader = dialect.rows(lines, reading)
    while True:
        before = reader.line_num
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a field beyond the csv module's own limit; it goes on behind it
            dropped["too long to read"] += max(1, reader.line_num - before)
            continue
        if reader.line_num - before > _MAX_LINES_IN_A_FIELD:
            dropped["open quotation mark"] += reader.line_num - before
        elif not row:
            dropped["empty"] += 1
        else:
            yield row


def _distinct_names(names: Iterable[str]) -> tuple[str, ...]:
    result: dict[str, None] = {}
    for number, name in enumerate(names, 1):
        base = name.strip() or f"column {number}"
        candidates = itertools.chain([base], (f"{base} ({i})" for i in itertools.count(2)))
        result[next(c for c in candidates if c not in result)] = None
    return tuple(result)


def read_jsonl(
    name: str, lines: Iterator[str], position: Position, n: int | None, reading: Reading
) -> Table:
    dropped: Counter[str] = Counter()
    problems: list[dict[str, Any]] = []
    objects = _json_objects(lines, dropped, problems)
    head = list(itertools.islice(objects, PEEK))
    if not head:
        example = '{"text": "A sentence."}'
        if problems:
            raise UserError(
                "No line of '{name}' is a JSON object; the first problem: line {line:,}: {what}. "
                "A .jsonl file has one object a line: {example}",
                name=name,
                example=example,
                **problems[0],
            )
        raise UserError(
            "No line of '{name}' is a JSON object. A .jsonl file has one object a line: {example}",
            name=name,
            example=example,
        )
    keys = tuple(dict.fromkeys(key for row in head for key in row))
    if not keys:
        raise UserError("The objects in '{name}' have no fields. Name one 'text'.", name=name)
    rows = (tuple(map(row.get, keys)) for row in itertools.chain(head, objects))
    return Table(name, _distinct_names(keys), rows, dropped, position, n, reading)


def _json_objects(
    lines: Iterable[str], dropped: Counter[str], problems: list[dict[str, Any]]
) -> Iterator[dict[str, object]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            dropped["empty"] += 1
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            dropped["invalid JSON"] += 1
            if not problems:
                deep = message("nested too deeply or a number too long")
                problems.append({"line": number, "what": getattr(error, "msg", "") or deep})
            continue
        if isinstance(value, str):
            value = {"text": value}
        if isinstance(value, dict):
            yield value
        else:
            dropped["not a JSON object"] += 1


def read_parquet(name: str, data: bytes) -> Table:
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        columns = _distinct_names(file.schema_arrow.names)
        total = int(file.metadata.num_rows)
    except Exception as error:  # the reader raises many kinds, all of them for a bad file
        raise UserError(
            "'{name}' is not a parquet file that can be read ({reason}). "
            "Write it again, or export it as .csv.",
            name=name,
            reason=one_line(error),
        ) from error
    if not columns:
        raise UserError("'{name}' has no columns.", name=name)
    done = 0

    def rows() -> Iterator[Row]:
        nonlocal done
        try:
            for batch in file.iter_batches(batch_size=8_192):
                yield from zip(*map(_cells, batch.columns), strict=True)
                done += batch.num_rows
        except Exception as error:
            raise UserError(
                "'{name}' is damaged after row {done:,} ({reason}). "
                "Write it again, or export it as .csv.",
                name=name,
                done=done,
                reason=one_line(error),
            ) from error

    return Table(name, columns, rows(), Counter(), lambda: (done, total), total)


def _cells(column: pa.Array) -> list[object]:
    if column.type in (pa.float16(), pa.float32()):
        # As it was written, 0.1: what Python makes of it has twice as many digits.
        return [
            None if cell is None else float(str(np.float32(cell))) for cell in column.to_pylist()
        ]
    found: list[object] = column.to_pylist()
    return found


def one_line(error: Exception) -> str:
    """The first words of an error of a library, for a sentence of ours."""
    return " ".join(str(error).split())[:120].rstrip(". ") or type(error).__name__
