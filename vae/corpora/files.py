"""A user's own file as a corpus: the rows that can be used, and how many could not and why."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vae.corpora import reasons
from vae.corpora.columns import (
    Labels,
    cell_text,
    check_apart,
    guess_text,
    no_sentences,
    possible_labels,
    quoted,
    splits,
    values_of,
)
from vae.corpora.corpus import Corpus
from vae.corpora.label_types import LabelType, stated_types
from vae.corpora.lines import split_lines
from vae.corpora.opening import Source, open_table
from vae.corpora.reading import OPEN, Reading
from vae.corpora.tables import PEEK, Row, Table
from vae.corpora.usable import MIN_SENTENCES, examples_of, require, usable
from vae.errors import UserError
from vae.i18n import message
from vae.progress import Progress, silent

MAX_WORDS = 60
MAX_ROWS = 5_000_000


@dataclass(frozen=True)
class FilePreview:
    """What a person needs to see in order to choose columns.

    Attributes:
        columns: C names, in the file's order.
        text_column: the guess, or None where no column looks like sentences.
        label_columns: the guess, from the first rows alone.
        types: column to type of label, from the first rows alone; not of the sentences, nor of
            lists.
        rows: the first rows as text, C cells each.
        n_rows: number of rows of the file, or None where that is not cheap to know.
        reading: how it is read, as it was asked for and found out.
        not_labels: column to the reason why it is not guessed to be a label.
    """

    name: str
    columns: tuple[str, ...]
    text_column: str | None
    label_columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_rows: int | None
    types: Mapping[str, LabelType] = field(default_factory=dict)
    reading: Reading = OPEN
    not_labels: Mapping[str, str] = field(default_factory=dict)


def preview(source: Source, rows: int = 20, reading: Reading | None = None) -> FilePreview:
    """Look at the first rows of a file and guess its columns.

    Raises:
        UserError: as `vae.corpora.opening.open_table`.
    """
    table = open_table(source, reading)
    head = list(itertools.islice(table.rows, PEEK))
    text = guess_text(table.columns, head)
    candidates = possible_labels(table.columns, head, text)
    return FilePreview(
        name=table.name,
        columns=table.columns,
        text_column=text,
        label_columns=tuple(c.name for c in candidates if c.is_label(len(head))),
        not_labels=_not_labels(candidates, len(head)),
        rows=tuple(tuple(cell_text(cell) for cell in row) for row in head[:rows]),
        n_rows=len(head) if len(head) < PEEK and not table.dropped else table.n_rows,
        types={c.name: kind for c in candidates if (kind := c.type)},
        reading=table.reading,
    )


def read_file(
    source: Source,
    *,
    text: str | None = None,
    labels: Sequence[str] | None = None,
    label_types: Mapping[str, str] | None = None,
    split: str | None = None,
    reading: Reading | None = None,
    max_words: int = MAX_WORDS,
    minimum: int = MIN_SENTENCES,
    progress: Progress | None = None,
) -> Corpus:
    """Read a .txt (a sentence a line), .csv, .tsv, .jsonl or .parquet file.

    Control characters are taken out and tabs and line breaks inside a sentence become
    spaces; nothing else is changed. Duplicates stay: how often a sentence occurs is data.

    Args:
        source: a path, or a name with bytes or a binary file (an upload).
        text: the column of the sentences; guessed where it is None.
        labels: the columns of labels; guessed where it is None, none where it is empty.
        label_types: types of labels (`vae.corpora.label_types`); the others are guessed.
        split: the column that says train, validation or test; without one the sentences decide.
        reading: how the file is to be read; what is left open is found out.
        max_words: longer sentences are dropped and counted.
        minimum: different sentences that there must be.
        progress: called with how far the reading is, in bytes or rows.

    Raises:
        UserError: the file cannot be read (`vae.corpora.opening.open_table`), a column is
            missing, not a label or not of the type given, or fewer than `minimum` sentences can
            be used.
        Whatever `progress` raises to cancel.
    """
    table = open_table(source, reading)
    head = list(itertools.islice(table.rows, PEEK))
    text_column = _text_column(table, head, text)
    wanted = _label_columns(table, labels, text_column)
    if split is not None:
        wanted = [c for c in wanted if c.name != split]
        wanted.append(Labels(split, table.columns.index(_existing(table, split)), named=True))
    sentences, columns = _scan(
        table, itertools.chain(head, table.rows), text_column, wanted, max_words, progress
    )
    require(table.name, sentences, table.dropped, minimum)
    assigned = splits(split, columns.pop().values) if split is not None else ()
    chosen = [c for c in columns if labels is not None or c.is_label(len(sentences))]
    values = values_of(chosen)
    facts: dict[str, Any] = {
        "kind": "file",
        "name": table.name,
        "text_column": text_column,
        "label_columns": [c.name for c in chosen],
        "label_types": stated_types(values, label_types),
        "guessed": text is None or labels is None,
        "max_words": max_words,
    }
    if split is not None:
        facts["split_column"] = split
    if labels is None and (passed := _not_labels(columns, len(sentences))):
        facts["not_labels"] = passed
    if read := table.reading.to_dict():
        facts["reading"] = read
    if not isinstance(source, tuple):
        facts["path"] = str(Path(source).resolve())
    return Corpus(
        name=table.name,
        sentences=tuple(sentences),
        labels=values,
        dropped=dict(table.dropped),
        source=facts,
        examples=examples_of(sentences),
        assigned=assigned,
    )


def read_text(pasted: str, *, minimum: int = MIN_SENTENCES) -> Corpus:
    """Pasted text as a corpus, a sentence a line.

    Raises:
        UserError: fewer than `minimum` different sentences can be used.
    """
    table = Table("pasted text", ("text",), ((line,) for line in split_lines(pasted)))
    sentences, _ = _scan(table, table.rows, "text", [], MAX_WORDS, None)
    require(table.name, sentences, table.dropped, minimum)
    return Corpus(
        name=table.name,
        sentences=tuple(sentences),
        dropped=dict(table.dropped),
        source={"kind": "text", "name": table.name, "max_words": MAX_WORDS},
        examples=examples_of(sentences),
    )


def _scan(
    table: Table,
    rows: Iterable[Row],
    text_column: str,
    labels: list[Labels],
    max_words: int,
    progress: Progress | None,
) -> tuple[list[str], list[Labels]]:
    report = progress or silent
    index = table.columns.index(text_column)
    sentences: list[str] = []
    for number, row in enumerate(rows):
        if number >= MAX_ROWS:
            table.dropped[reasons.above("rows", MAX_ROWS)] += 1
            continue
        if number % 10_000 == 0:
            report(*table.position(), message("reading {name}", name=table.name))
        sentence, reason = usable(row[index], max_words)
        if reason:
            table.dropped[reason] += 1
            continue
        sentences.append(sentence)
        for column in labels:
            column.add(row)
    return sentences, labels


def _text_column(table: Table, head: list[Row], text: str | None) -> str:
    if text is not None:
        return _existing(table, text)
    guess = guess_text(table.columns, head)
    if guess is None and head:
        raise no_sentences(table.name, table.columns)
    return guess or table.columns[0]


def _label_columns(table: Table, labels: Sequence[str] | None, text: str) -> list[Labels]:
    if labels is None:
        return [Labels(c, i) for i, c in enumerate(table.columns) if c != text]
    check_apart(text, labels)
    return [
        Labels(name, table.columns.index(_existing(table, name)), named=True)
        for name in dict.fromkeys(labels)
    ]


def _not_labels(columns: Sequence[Labels], n: int) -> dict[str, str]:
    """Column to the reason why it is no label of n sentences, of those that are none."""
    return {c.name: reason for c in columns if (reason := c.reason(n))}


def _existing(table: Table, column: str) -> str:
    if column not in table.columns:
        raise UserError(
            "'{name}' has no column '{column}'. Its columns are {columns}.",
            name=table.name,
            column=column,
            columns=quoted(table.columns),
        )
    return column
