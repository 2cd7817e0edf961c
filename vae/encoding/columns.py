"""The files of a large map that are columns: sentences, labels, lengths, numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from vae.cache import replacing
from vae.corpora.coded import MOST_BYTES, Coded
from vae.corpora.corpus import SPLITS, Corpus
from vae.errors import UserError
from vae.latent import large_atlas as files
from vae.scripts import words

SHARD = 20_000
_GROUP = 2_000  # rows


def write(folder: Path, corpus: Corpus, rows: npt.NDArray[np.intp]) -> dict[str, Any]:
    """Write the columns of some rows of a corpus; what is stated of its labels."""
    sentences = [corpus.sentences[row] for row in rows.tolist()]
    for start in range(0, len(rows), SHARD):
        with replacing(folder / f"part-{start:09d}.parquet") as temporary:
            table = pa.table({"sentence": sentences[start : start + SHARD]})
            pq.write_table(table, temporary, row_group_size=_GROUP)
    write_texts(folder, iter(sentences))
    write_numbers(folder / files.KEYS, iter([corpus.keys[rows]]), "<u8")
    lengths = np.array([words(sentence) for sentence in sentences])
    write_numbers(folder / files.LENGTHS, iter([np.minimum(lengths, 65_535)]), "<u2")
    splits = Coded.of(SPLITS)
    split = Coded(splits.values, splits.codes[corpus.split[rows]])
    found: dict[str, Coded] = {
        name: Coded.of([values[row] for row in rows.tolist()])
        for name, values in corpus.labels.items()
    }
    many = [name for name, column in found.items() if len(column.values) > files.MOST_VALUES]
    labels = {}
    shown = {name: column for name, column in found.items() if name not in many}
    for i, (name, column) in enumerate({**shown, "split": split}.items()):
        file = f"label-{i}.u{8 * column.codes.itemsize}"
        write_numbers(folder / file, iter([column.codes]), column.codes.dtype.str)
        kind = corpus.types.get(name, "category")
        labels[name] = {"values": list(column.values), "file": file, "type": kind}
    return {"labels": labels, "too_many_values": many}


def write_measures(folder: Path) -> dict[str, Any]:
    """Which (length, tenths of a nat) there are, and a file that says which each sentence has."""
    lengths = files.column(folder, files.LENGTHS).astype(np.int64)
    rated = (folder / files.RATES).exists()
    rates = files.column(folder, files.RATES) if rated else np.zeros(len(lengths))
    tenths = np.round(np.clip(rates, 0, 1e5) * 10).astype(np.int64)
    found, of = np.unique(lengths << 32 | tenths, return_inverse=True)
    bits = 16 if len(found) <= 65_536 else 32
    file = f"measures.u{bits}"
    write_numbers(folder / file, iter([of]), f"<u{bits // 8}")
    pairs = np.stack([found >> 32, found & (2**32 - 1)], axis=1)
    return {"file": file, "pairs": pairs.tolist()}


def write_numbers(path: Path, parts: Iterator[npt.NDArray[Any]], kind: str) -> None:
    with replacing(path) as temporary, temporary.open("wb") as file:
        for part in parts:
            file.write(np.ascontiguousarray(part, dtype=kind).tobytes())


def write_texts(folder: Path, sentences: Iterator[str]) -> None:
    starts = [0]
    with replacing(folder / files.TEXT) as temporary, temporary.open("wb") as file:
        for sentence in sentences:
            starts.append(starts[-1] + file.write(sentence.encode("utf-8", "replace")))
            if starts[-1] > MOST_BYTES:
                raise UserError(
                    "These sentences have more than {most:,} bytes of text together. Ask for fewer "
                    "of them.",
                    most=MOST_BYTES,
                )
    write_numbers(folder / files.STARTS, iter([np.array(starts)]), "<u4")
