"""A folder of Parquet shards and the posteriors of its sentences, a piece at a time.

A piece is a few row groups of a shard, and its posteriors are a file that appears whole or not at
all. Who is stopped goes on with the pieces that are left, by whatever engine.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from vae.cache import replacing, write_bytes
from vae.corpora.reasons import UNREADABLE
from vae.corpora.shards import Shards
from vae.corpora.usable import usable
from vae.encoding.table import posterior_columns
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import message
from vae.models import Posterior
from vae.progress import Progress, silent
from vae.studies import fingerprint

STATED = "_encoding.json"  # a name that readers of Parquet folders pass over
_ROWS = 10_000  # of a piece, unless a row group has more
_AT_ONCE = 2_048  # sentences
_KEY = b"latent_lens"
_VERSION = 1  # raise it whenever other rows, columns or figures come of the same shards


@dataclass(frozen=True)
class Piece:
    """Row groups of a shard: those from `first` on, before `last`."""

    shard: int
    first: int
    last: int


@dataclass(frozen=True)
class Encoding:
    """What a folder of posteriors is of.

    Attributes:
        explorer: the run.
        shards: the sentences, and the columns that stay beside them.
        out: the folder, made where it is missing.
    """

    explorer: Explorer
    shards: Shards
    out: Path

    @cached_property
    def digest(self) -> str:
        """Hex digest of the run's weights and of what is read of the shards."""
        stated = [_VERSION, fingerprint(self.explorer.run), self.shards.digest]
        return hashlib.blake2b(json.dumps(stated).encode(), digest_size=16).hexdigest()

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """All of it, in order."""
        found = []
        for i, shard in enumerate(self.shards.parts):
            together = max(1, round(_ROWS * shard.groups / max(1, shard.rows)))
            for first in range(0, shard.groups, together):
                found.append(Piece(i, first, min(first + together, shard.groups)))
        return tuple(found)

    def file(self, piece: Piece) -> Path:
        """Where the posteriors of a piece stand, once they are made."""
        return self.out / f"{self.shards.parts[piece.shard].path.stem}-{piece.first:06d}.parquet"

    def begin(self) -> None:
        """State in the folder what it is of.

        Raises:
            UserError: it holds something else.
        """
        stated = self.out / STATED
        with suppress(OSError, ValueError, TypeError, KeyError):  # of somebody else, or damaged
            if json.loads(stated.read_bytes())["digest"] == self.digest:
                return
        if self.out.exists() and (not self.out.is_dir() or any(self.out.iterdir())):
            raise UserError(
                "{out} holds something else than posteriors of these shards by this run. Name "
                "another directory.",
                out=self.out,
            )
        facts = {
            "digest": self.digest,
            "run": self.explorer.name,
            "of": self.shards.folder.name,
            "pieces": len(self.pieces),
        }
        write_bytes(stated, json.dumps(facts, indent=1).encode())

    def made(self, piece: Piece) -> dict[str, Any] | None:
        """How many rows and sentences a piece had, and what was left out; None before it is made.

        Raises:
            UserError: its file is damaged.
        """
        file = self.file(piece)
        if not file.exists():
            return None
        try:
            kept: dict[str, Any] = json.loads(pq.read_metadata(file).metadata[_KEY])
        except Exception as error:  # the reader raises many kinds, all of them for a bad file
            raise UserError(
                "{file} is damaged. Delete it, and run the command again: the other files are "
                "kept.",
                file=file,
            ) from error
        return kept

    def encode(self, piece: Piece) -> None:
        """Write the posteriors of a piece.

        Raises:
            UserError: as `Shards.piece`; a column has the name of a posterior's.
        """
        beside, dropped, count = self.shards.labels, Counter[str](), 0
        with replacing(self.file(piece)) as temporary, _Writer(temporary) as writer:
            for rows in self._rows(piece):
                cells = [usable(c, self.shards.max_words) for c in rows["sentence"].to_pylist()]
                cells, posterior = self._encoded(cells)
                dropped.update(reason for _, reason in cells if reason)
                kept = [i for i, (_, reason) in enumerate(cells) if not reason]
                sentences = [cells[i][0] for i in kept]
                rows = rows.take(pa.array(kept, pa.int64()))
                writer.write(
                    {"row": rows["row"]}
                    | posterior_columns(self.explorer, sentences, posterior, beside)
                    | {name: rows[name] for name in beside}
                )
                count += len(kept)
            writer.note({"sentences": count, "dropped": dict(dropped)})

    def _encoded(self, cells: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], Posterior]:
        """Cells as `usable` has them, with the posteriors of those without a reason; what the model
        cannot read has that for its reason."""
        try:
            return cells, self.explorer.encode([s for s, reason in cells if not reason])
        except UserError:
            cells = [(s, reason or self._why_unread(s)) for s, reason in cells]
            return cells, self.explorer.encode([s for s, reason in cells if not reason])

    def _why_unread(self, sentence: str) -> str:
        try:
            self.explorer.encode([sentence])
        except UserError:
            return UNREADABLE
        return ""

    def _rows(self, piece: Piece) -> Iterator[pa.Table]:
        """The rows of a piece and their numbers in the shard: a table at least, if an empty one."""
        path, columns = self.shards.parts[piece.shard].path, self._columns
        with pq.ParquetFile(path) as file:
            first = sum(file.metadata.row_group(g).num_rows for g in range(piece.first))
            empty = file.schema_arrow.empty_table().select(columns)
        gathered, numbers = [empty], itertools.count(first)
        for batch in self.shards.piece(piece.shard, range(piece.first, piece.last), columns):
            gathered.append(pa.Table.from_batches([batch]))
            if sum(map(len, gathered)) >= _AT_ONCE:
                yield self._numbered(gathered, numbers)
                gathered = [empty]
        if len(gathered) > 1 or next(numbers) == first:
            yield self._numbered(gathered, numbers)

    @property
    def _columns(self) -> list[str]:
        return [self.shards.text, *self.shards.labels]

    def _numbered(self, gathered: Sequence[pa.Table], numbers: Iterator[int]) -> pa.Table:
        rows = pa.concat_tables(gathered).rename_columns(["sentence", *self.shards.labels])
        of_shard = pa.array(itertools.islice(numbers, len(rows)), pa.int64())
        return rows.append_column("row", of_shard)


class _Writer(AbstractContextManager["_Writer"]):
    """A Parquet file whose columns are those of the first rows that are written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: pq.ParquetWriter | None = None

    def write(self, columns: Mapping[str, Any]) -> None:
        table = pa.table(dict(columns))
        if self._file is None:
            self._file = pq.ParquetWriter(self._path, table.schema)
        self._file.write_table(table.cast(self._file.schema))

    def note(self, facts: Mapping[str, Any]) -> None:
        """Facts that stand in the file's footer, once rows are written."""
        assert self._file is not None
        self._file.add_key_value_metadata({_KEY: json.dumps(facts)})

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


Engine = Callable[[Encoding, Sequence[Piece]], Iterable[Piece]]
"""Encodes pieces and gives each back when its file is there."""


def here(encoding: Encoding, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """One after the other, in this process."""
    for piece in pieces:
        encoding.encode(piece)
        yield piece


def encode_folder(
    encoding: Encoding, engine: Engine = here, progress: Progress = silent
) -> tuple[int, dict[str, int]]:
    """Encode what is left of a folder of shards.

    Returns:
        How many sentences have posteriors now, and how many rows were left out for which reason.

    Raises:
        UserError: as `Encoding.begin` and `Encoding.encode`.
        Whatever `progress` raises to cancel; what was made by then stays, and counts next time.
    """
    encoding.begin()
    pieces, what = encoding.pieces, message("Encoding sentences")
    left = [piece for piece in pieces if encoding.made(piece) is None]
    before = len(pieces) - len(left)
    progress(before, len(pieces), what)
    if left:
        for done, _ in enumerate(engine(encoding, left), start=before + 1):
            progress(done, len(pieces), what)
    sentences, dropped = 0, Counter[str]()
    for piece in pieces:
        if (made := encoding.made(piece)) is not None:
            sentences += made["sentences"]
            dropped.update(made["dropped"])
    return sentences, dict(dropped)
