"""A corpus that is larger than memory: a sample of it to look at, and the way to the rest.

Training reads the shards again and again; validation, test, the map, probes and examples work on
sentences that are drawn from all rows once and kept. Which ones, the number of the row decides.
"""

from __future__ import annotations

import hashlib
import heapq
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from vae.cache import cache_dir, replacing
from vae.corpora.columns import Labels, values_of
from vae.corpora.corpus import SPLITS, Corpus, Split, sentence_key, splits_of
from vae.corpora.label_types import stated_types
from vae.corpora.shards import Shards, open_shards
from vae.corpora.tables import Row
from vae.corpora.usable import MIN_SENTENCES, examples_of, too_few, usable
from vae.errors import UserError
from vae.progress import Progress, silent

# Raise it whenever a change here, or in what is usable, changes what is kept.
_VERSION = 3
# Sentences kept of each split; fewer where they are so long that memory would notice.
MOST_KEPT: Mapping[Split, int] = {"train": 20_000, "validation": 4_000, "test": 4_000}
_LABEL = "label:"  # before the name of a column of the cache
_MOST_CHARACTERS = 400  # a sentence, on average


@dataclass(frozen=True)
class ShardedCorpus(Corpus):
    """A sample of a corpus in Parquet shards, in the order of the rows.

    Attributes:
        shards: all of it.
        whole: sentences in each split of all of it.
    """

    shards: Shards = field(kw_only=True)
    whole: Mapping[Split, int] = field(kw_only=True)

    @cached_property
    def digest(self) -> str:
        """Hex digest of the shards."""
        return self.shards.digest

    @cached_property
    def sizes(self) -> dict[Split, int]:
        """Sentences in each split of the whole corpus."""
        return dict(self.whole)


def read_shards(
    folder: str | Path,
    *,
    text: str | None = None,
    labels: Sequence[str] | None = None,
    label_types: Mapping[str, str] | None = None,
    max_words: int,
    progress: Progress = silent,
) -> ShardedCorpus:
    """Read a directory of Parquet shards once, and keep a sample; from the cache where it is warm.

    Sentences are cleaned, counted and divided as those of a file are (`vae.corpora.files`).

    Raises:
        UserError: as `open_shards`; a shard is damaged, or there are too few sentences.
        Whatever `progress` raises to cancel.
    """
    shards = open_shards(Path(folder), text, labels, max_words)
    cache = _cache_file(shards, labels)
    kept = _read_cache(cache, shards)
    if kept is None:
        kept = _keep(shards, labels, progress)
        # What was guessed once is asked for by name when a run is resumed.
        for file in {cache, _cache_file(kept.shards, kept.shards.labels)}:
            _write_cache(file, kept)
    return replace(
        kept,
        name=shards.folder.name,
        source={
            "kind": "shards",
            "name": shards.folder.name,
            "path": str(shards.folder),
            "text_column": shards.text,
            "label_columns": list(kept.shards.labels),
            "label_types": stated_types(kept.labels, label_types),
            "guessed": text is None or labels is None,
            "max_words": max_words,
        },
    )


class _Draw:
    """The rows of one split with the least luck, which is a fair draw of any number of them."""

    def __init__(self, most: int) -> None:
        self.most, self.characters, self.room = most, 0, most * _MOST_CHARACTERS
        self._kept: list[tuple[float, int, str, Row]] = []

    def wants(self, luck: float) -> bool:
        """Whether a row of that luck would be kept."""
        return len(self._kept) < self.most or luck < -self._kept[0][0]

    def add(self, luck: float, row: int, sentence: str, labels: Row) -> None:
        heapq.heappush(self._kept, (-luck, row, sentence, labels))
        self.characters += len(sentence)
        while len(self._kept) > self.most or self.characters > self.room:
            self.characters -= len(heapq.heappop(self._kept)[2])
            # What is as unlucky as this one has no place any more, however short it is.
            self.most = min(self.most, len(self._kept))

    def rows(self) -> list[tuple[int, str, Row]]:
        return [kept[1:] for kept in self._kept]


def _luck(rows: npt.NDArray[np.uint64]) -> npt.NDArray[np.float64]:
    """(N,) numbers in [0, 1) that the numbers of rows decide (splitmix64; Steele et al., 2014)."""
    x = (rows + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (x ^ (x >> np.uint64(31))) / float(2**64)


def _keep(shards: Shards, asked: Sequence[str] | None, progress: Progress) -> ShardedCorpus:
    dropped: Counter[str] = Counter()
    draws = [_Draw(MOST_KEPT[name]) for name in SPLITS]
    whole, different, first = np.zeros(len(SPLITS), np.int64), set[int](), 0
    for batch in shards.read([shards.text, *shards.labels], progress=progress):
        cells = [usable(cell, shards.max_words) for cell in batch.column(0).to_pylist()]
        dropped.update(reason for _, reason in cells if reason)
        kept = np.array([i for i, (_, reason) in enumerate(cells) if not reason], np.uint64)
        keys = np.array([sentence_key(cells[i][0]) for i in kept], np.uint64)
        if len(different) < MIN_SENTENCES:
            different.update(keys.tolist())
        parts, luck = splits_of(keys), _luck(kept + np.uint64(first))
        whole += np.bincount(parts, minlength=len(SPLITS))
        for i, part, chance in zip(kept.tolist(), parts.tolist(), luck.tolist(), strict=True):
            if draws[part].wants(chance):
                labels = tuple(column[i].as_py() for column in batch.columns[1:])
                draws[part].add(chance, first + i, cells[i][0], labels)
        first += batch.num_rows
    name = shards.folder.name
    if len(different) < MIN_SENTENCES:
        raise too_few(name, len(different), int(whole.sum()), dropped, MIN_SENTENCES)
    if not whole.all():
        # What is that small fits into memory, where it is divided so that no part is empty.
        raise UserError(
            "'{name}' has no {split} sentence: too few of its {n:,} differ. Give it as one file, "
            "or add more sentences.",
            name=name,
            split=SPLITS[int(whole.argmin())],
            n=int(whole.sum()),
        )
    return _corpus(shards, asked, draws, dict(zip(SPLITS, whole.tolist(), strict=True)), dropped)


def _corpus(
    shards: Shards,
    asked: Sequence[str] | None,
    draws: Sequence[_Draw],
    whole: Mapping[Split, int],
    dropped: Mapping[str, int],
) -> ShardedCorpus:
    rows = sorted(
        (row, sentence, labels, name)
        for name, draw in zip(SPLITS, draws, strict=True)
        for row, sentence, labels in draw.rows()
    )
    columns = [Labels(c, i, named=asked is not None) for i, c in enumerate(shards.labels)]
    for _, _, labels, _ in rows:
        for column in columns:
            column.add(labels)
    chosen = [c for c in columns if asked is not None or c.is_label(len(rows))]
    sentences = tuple(sentence for _, sentence, _, _ in rows)
    return ShardedCorpus(
        name=shards.folder.name,
        sentences=sentences,
        labels=values_of(chosen),
        dropped=dict(dropped),
        examples=examples_of(list(sentences)),
        assigned=tuple(name for *_, name in rows),
        shards=replace(shards, labels=tuple(c.name for c in chosen)),
        whole=whole,
    )


def _cache_file(shards: Shards, asked: Sequence[str] | None) -> Path:
    request = [_VERSION, shards.digest, "guess" if asked is None else "named"]
    key = hashlib.blake2b(json.dumps(request).encode(), digest_size=12).hexdigest()
    return cache_dir() / "shards" / f"{key}.parquet"


def _write_cache(file: Path, corpus: ShardedCorpus) -> None:
    facts = {
        "columns": list(corpus.shards.labels),
        "whole": dict(corpus.whole),
        "dropped": dict(corpus.dropped),
        "examples": list(corpus.examples),
    }
    columns = {_LABEL + name: list(values) for name, values in corpus.labels.items()}
    table = pa.table({"sentence": corpus.sentences, "split": corpus.assigned, **columns})
    table = table.replace_schema_metadata({"latent_lens": json.dumps(facts)})
    with suppress(OSError), replacing(file) as temporary:
        pq.write_table(table, temporary)


def _read_cache(file: Path, shards: Shards) -> ShardedCorpus | None:
    try:
        table = pq.read_table(file)
        facts: dict[str, Any] = json.loads(table.schema.metadata[b"latent_lens"])
        values = {
            name.removeprefix(_LABEL): tuple(table[name].to_pylist())
            for name in table.column_names
            if name.startswith(_LABEL)
        }
        return ShardedCorpus(
            name=shards.folder.name,
            sentences=tuple(table["sentence"].to_pylist()),
            labels=values,
            dropped=facts["dropped"],
            examples=tuple(facts["examples"]),
            assigned=tuple(table["split"].to_pylist()),
            shards=replace(shards, labels=tuple(facts["columns"])),
            whole=facts["whole"],
        )
    except (OSError, ValueError, KeyError, TypeError, UserError):  # none, or one that is damaged
        return None
