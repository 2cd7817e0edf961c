"""A folder of Parquet files as one corpus: opened, checked, and read a few rows at a time.

Nothing here holds more of it than one part of a row group, so that it may be larger than memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from vae.corpora.columns import check_apart, guess_text, no_sentences, possible_labels, quoted
from vae.corpora.corpus import sentence_key, splits_of
from vae.corpora.tables import PEEK, Row, one_line
from vae.corpora.usable import usable
from vae.errors import UserError
from vae.i18n import Message, message
from vae.progress import Progress, silent

_ROWS = 1_024  # decoded at once
_BUFFER = 1 << 20  # bytes of a column that are read at once
_SIMPLE = ("text", "numbers", "fractions", "dates")
_LISTS = "lists"  # of what is simple


@dataclass(frozen=True)
class Shard:
    """One file of the folder.

    Attributes:
        rows, groups: how many rows and row groups it has.
        fingerprint: of its size and footer, which states where its data lies, how large every part
            of it is, and the least and greatest value of each.
    """

    path: Path
    rows: int
    groups: int
    fingerprint: str


@dataclass(frozen=True)
class Shards:
    """The files of a folder, in the order of their names, and what is read of them.

    Attributes:
        text: the column of the sentences.
        labels: the columns of the labels.
        max_words: longer sentences are left out.
    """

    folder: Path
    parts: tuple[Shard, ...]
    text: str
    labels: tuple[str, ...]
    max_words: int

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(part.rows for part in self.parts)

    @cached_property
    def digest(self) -> str:
        """Hex digest of the files and of what is read of them."""
        files = [[part.path.name, part.rows, part.fingerprint] for part in self.parts]
        read = [files, self.text, sorted(self.labels), self.max_words]
        return hashlib.blake2b(json.dumps(read).encode(), digest_size=16).hexdigest()

    def training(
        self,
        rng: np.random.Generator | None = None,
        progress: Progress = silent,
        what: Message | str = "",
    ) -> Iterator[str]:
        """The training sentences, in their order; with `rng` files and row groups are shuffled.

        They are cleaned and divided as those of any corpus.

        Raises:
            UserError: a file is damaged, gone, or another one than before.
        """
        for batch in self.read([self.text], rng, progress, what):
            cells = (usable(cell, self.max_words) for cell in batch.column(0).to_pylist())
            sentences = [sentence for sentence, reason in cells if not reason]
            keys = np.fromiter(map(sentence_key, sentences), np.uint64, len(sentences))
            for i in np.flatnonzero(splits_of(keys) == 0):
                yield sentences[i]

    def read(
        self,
        columns: Sequence[str],
        rng: np.random.Generator | None = None,
        progress: Progress = silent,
        what: Message | str = "",
    ) -> Iterator[pa.RecordBatch]:
        """Some columns of all rows, about a thousand rows at a time.

        Raises:
            UserError: as `training`.
        """
        done, what = 0, what or message("reading {name}", name=self.folder.name)
        for i in _order(len(self.parts), rng):
            part = self.parts[i]
            for batch in _batches(part, columns, _order(part.groups, rng)):
                progress(done, self.rows, what)
                yield batch
                done += batch.num_rows
        progress(done, self.rows, what)

    def piece(
        self, shard: int, groups: Sequence[int], columns: Sequence[str]
    ) -> Iterator[pa.RecordBatch]:
        """Some columns of some row groups of one file, about a thousand rows at a time.

        Raises:
            UserError: as `training`.
        """
        return _batches(self.parts[shard], columns, groups)


def open_shards(
    folder: Path, text: str | None, labels: Sequence[str] | None, max_words: int
) -> Shards:
    """The Parquet files of a folder; only their footers are read, and the first rows of one.

    Args:
        text: the column of the sentences; guessed where it is None.
        labels: the columns of labels; those that may be labels where it is None.

    Raises:
        UserError: there is none, one cannot be read, one lacks a column, or a column is of another
            kind in one than in the others.
    """
    paths = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() == ".parquet" and path.name[0] not in "._" and path.is_file()
    )
    if not paths:
        raise UserError(
            "'{folder}' is a directory without a .parquet file. Choose a directory of Parquet "
            "shards, or one file.",
            folder=str(folder),
        )
    parts, schemas = zip(*map(_look, paths), strict=True)
    first = next((i for i, part in enumerate(parts) if part.rows), 0)
    guessing = text is None or labels is None
    columns, head = ((), []) if not guessing else _head(parts[first], schemas[first])
    sentences = text or guess_text(columns, head)
    if sentences is None:
        raise no_sentences(paths[first].name, schemas[first].names)
    check_apart(sentences, labels or ())
    for column in (sentences, *(labels or ())):
        _same_kind(column, paths, schemas, must_be_text=column == sentences)
    if labels is None:
        possible = possible_labels(columns, head, sentences)
        labels = [c.name for c in possible if c.possible and _shared(c.name, schemas)]
    return Shards(folder.resolve(), parts, sentences, tuple(dict.fromkeys(labels)), max_words)


def _order(n: int, rng: np.random.Generator | None) -> Sequence[int]:
    return range(n) if rng is None else rng.permutation(n).tolist()


def _open(path: Path) -> tuple[pq.ParquetFile, str]:
    """A file, and the fingerprint of what it is now."""
    try:
        file = pq.ParquetFile(path, pre_buffer=False, buffer_size=_BUFFER)
        with path.open("rb") as raw:
            raw.seek(-8, 2)
            length = int.from_bytes(raw.read(4), "little")
            size = raw.seek(0, 2)
            raw.seek(size - 8 - length)
            footer = raw.read(length)
    except Exception as error:  # the reader raises many kinds, all of them for a bad file
        raise UserError(
            "'{name}' is not a parquet file that can be read ({reason}). "
            "Write it again, or take it out of the directory.",
            name=path.name,
            reason=one_line(error),
        ) from error
    return file, hashlib.blake2b(b"%d " % size + footer, digest_size=16).hexdigest()


def _look(path: Path) -> tuple[Shard, pa.Schema]:
    file, fingerprint = _open(path)
    with file:
        counts = file.metadata
        return Shard(path, counts.num_rows, counts.num_row_groups, fingerprint), file.schema_arrow


def _batches(
    shard: Shard, columns: Sequence[str], groups: Sequence[int]
) -> Iterator[pa.RecordBatch]:
    file, fingerprint = _open(shard.path)
    if fingerprint != shard.fingerprint:
        raise UserError(
            "'{name}' has changed since the reading began. Put the file back, or start a new run.",
            name=shard.path.name,
        )
    done = 0
    with file:
        try:
            for group in groups:
                for batch in file.iter_batches(
                    _ROWS, row_groups=[group], columns=list(columns), use_threads=False
                ):
                    yield batch.select(list(columns))
                    done += batch.num_rows
        except Exception as error:
            raise UserError(
                "'{name}' is damaged after row {done:,} ({reason}). "
                "Write it again, or take it out of the directory.",
                name=shard.path.name,
                done=done,
                reason=one_line(error),
            ) from error


def _head(shard: Shard, schema: pa.Schema) -> tuple[tuple[str, ...], list[Row]]:
    """The first rows of a file, of the columns that may hold sentences or labels."""
    columns = tuple(f.name for f in schema if _kind(f.type) in (*_SIMPLE, _LISTS))
    rows: list[Row] = []
    for batch in _batches(shard, columns, range(shard.groups)):
        rows += zip(*(c.to_pylist() for c in batch.columns), strict=True)
        if len(rows) >= PEEK:
            break
    return columns, rows[:PEEK]


def _kind(kind: pa.DataType) -> str:
    """A type by what it means to us: text is text however it is stored."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return "text"
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return "numbers"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "fractions"
    if pa.types.is_temporal(kind):
        return "dates"
    if _is_list(kind) and _kind(kind.value_type) in _SIMPLE:
        return _LISTS
    return str(kind)


def _is_list(kind: pa.DataType) -> bool:
    tests = ("list", "large_list", "fixed_size_list", "list_view", "large_list_view")
    return any(getattr(pa.types, f"is_{test}")(kind) for test in tests)


def _shared(column: str, schemas: Sequence[pa.Schema]) -> bool:
    return all(s.get_field_index(column) >= 0 for s in schemas) and (
        len({_kind(s.field(column).type) for s in schemas}) == 1
    )


def _same_kind(
    column: str, paths: Sequence[Path], schemas: Sequence[pa.Schema], *, must_be_text: bool
) -> None:
    for path, schema in zip(paths, schemas, strict=True):
        if schema.get_field_index(column) < 0:
            raise UserError(
                "'{name}' has no column '{column}', or has it twice. Its columns are {columns}.",
                name=path.name,
                column=column,
                columns=quoted(schema.names),
            )
        kind, expected = _kind(schema.field(column).type), _kind(schemas[0].field(column).type)
        if must_be_text and kind != "text":
            raise UserError(
                "Column '{column}' of '{name}' holds {kind}, and sentences are text. Choose "
                "another column, or write the file again.",
                column=column,
                name=path.name,
                kind=kind,
            )
        if kind != expected:
            raise UserError(
                "Column '{column}' holds {kind} in '{name}' and {expected} in '{first}'. Write "
                "them alike, or take one out of the directory.",
                column=column,
                kind=kind,
                name=path.name,
                expected=expected,
                first=paths[0].name,
            )
