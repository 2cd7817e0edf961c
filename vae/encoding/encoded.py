"""Posteriors that `python -m vae encode` has written, as what a large map is made of.

Nothing is encoded twice: sentences, labels and posteriors are read where they are, a row group at a
time. That they are this model's is tried on a few.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from vae.corpora.columns import Labels, values_of
from vae.corpora.corpus import Corpus
from vae.corpora.labels_by_rule import labelled
from vae.encoding.folder import STATED
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import message
from vae.progress import Progress, silent

Floats = npt.NDArray[np.floating]

_OURS = re.compile(r"sentence|row|unknown_words|rate|(mean|logvar)_\d+")
_TRIED = 64
"""Sentences that are encoded again, to see whose posteriors these are."""
_APART = 0.01
"""Standard deviations of the prior that a posterior mean may differ by, machine by machine."""


@dataclass(frozen=True)
class Encoded:
    """Sentences with their posteriors in Parquet files, in the order of the names of these.

    Attributes:
        files: at least one.
        names: the columns of all of them.
    """

    files: tuple[Path, ...]
    names: tuple[str, ...]

    @property
    def is_point(self) -> bool:
        """Whether the model keeps a point, which has no variance and no rate."""
        return "logvar_0" not in self.names

    @property
    def latent_dim(self) -> int:
        """Z."""
        return sum(name.startswith("mean_") for name in self.names)

    @property
    def stated(self) -> dict[str, Any]:
        """What tells it from others, as JSON."""
        digest = hashlib.sha256()
        for path in self.files:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return {"encoded": digest.hexdigest()}

    def corpus(self, rule: str | None, progress: Progress = silent) -> Corpus:
        """All sentences with their labels, and those that a rule reads off them."""
        beside = [name for name in self.names if not _OURS.fullmatch(name)]
        columns = [Labels(name, i) for i, name in enumerate(beside)]
        sentences: list[str] = []
        for done, path in enumerate(self.files):
            progress(done, len(self.files), message("reading {name}", name=path.name))
            for batch in pq.ParquetFile(path).iter_batches(columns=["sentence", *beside]):
                sentences += batch.column("sentence").to_pylist()
                for row in zip(*(batch.column(name).to_pylist() for name in beside), strict=True):
                    for column in columns:
                        column.add(row)
        labels = values_of([column for column in columns if column.possible])
        return labelled(Corpus(self.files[0].parent.name, tuple(sentences), labels), rule)

    def sentences(self) -> Iterator[str]:
        """The sentences in order, read as they are asked for."""
        for path in self.files:
            for batch in pq.ParquetFile(path).iter_batches(_TRIED, columns=["sentence"]):
                yield from batch.column("sentence").to_pylist()

    def numbers(self, name: str, rows: npt.NDArray[np.integer]) -> Iterator[Floats]:
        """The numbers (n, D) of ascending rows, a part at a time: "mean", "logvar" or "rate"."""
        wanted = [name] if name == "rate" else [f"{name}_{d}" for d in range(self.latent_dim)]
        first = 0
        for path in self.files:
            for batch in pq.ParquetFile(path).iter_batches(columns=wanted):
                if not len(rows) or first > rows[-1]:
                    return
                start, end = np.searchsorted(rows, [first, first + len(batch)])
                here = rows[start:end] - first
                yield np.stack([batch.column(each).to_numpy()[here] for each in wanted], axis=1)
                first += len(batch)


def holds_posteriors(path: Path) -> bool:
    """Whether a path is what `python -m vae encode` writes: a folder, or a file with posteriors."""
    if path.is_dir():
        return True
    if path.suffix.lower() != ".parquet" or not path.is_file():
        return False
    try:
        return "mean_0" in pq.read_schema(path).names
    except Exception:  # the reader raises many kinds; who reads it as sentences says what is wrong
        return False


def read_encoded(explorer: Explorer, path: Path) -> Encoded:
    """What was encoded by a run, in a folder or a file.

    Raises:
        UserError: there is none, it is not complete, or it is of another model.
    """
    files = sorted(path.glob("[!._]*.parquet")) if path.is_dir() else [path]
    how = f"python -m vae encode {explorer.name} FILE --out DIR"
    if not files:
        raise UserError(
            "'{path}' has no posteriors in it. Write them by `{how}`, or name one file of "
            "sentences.",
            path=str(path),
            how=how,
        )
    _complete(path, len(files), how)
    try:
        names = tuple(pq.read_schema(files[0]).names)
        alike = all(tuple(pq.read_schema(file).names) == names for file in files)
    except Exception as error:  # the reader raises many kinds, all of them for a bad file
        raise _damaged(path, how) from error
    found = Encoded(tuple(files), names)
    if "sentence" not in names or not found.latent_dim:
        raise UserError(
            "'{file}' has sentences without posteriors. Write these first by `{how}`, and name its "
            "DIR.",
            file=files[0].name,
            how=how,
        )
    if not alike:
        raise _damaged(path, how)
    if not any(pq.read_metadata(file).num_rows for file in files):
        raise UserError(
            "The files in '{path}' have no sentence in them: every row was skipped when they were "
            "encoded. Encode other sentences by `{how}`.",
            path=str(path),
            how=how,
        )
    if not _is_of(explorer, found):
        raise UserError(
            "The posteriors in '{path}' are of another model than '{run}'. Write them anew by "
            "`{how}`.",
            path=str(path),
            run=explorer.name,
            how=how,
        )
    return found


def _complete(path: Path, files: int, how: str) -> None:
    try:
        wanted = int(json.loads((path / STATED).read_bytes())["pieces"])
    except (OSError, ValueError, KeyError, TypeError):  # of one file, or of before that was stated
        return
    if files != wanted:
        raise UserError(
            "'{path}' has {files:,} of {wanted:,} parts: the encoding was stopped. Give `{how}` "
            "again, which makes the rest.",
            path=str(path),
            files=files,
            wanted=wanted,
            how=how,
        )


def _is_of(explorer: Explorer, found: Encoded) -> bool:
    if found.latent_dim != explorer.latent_dim:
        return False
    some = list(islice(found.sentences(), _TRIED))
    kept = np.concatenate(list(found.numbers("mean", np.arange(len(some)))))
    try:
        return bool(np.allclose(explorer.encode(some).mean, kept, rtol=0, atol=_APART))
    except UserError:  # it cannot even read them
        return False


def _damaged(path: Path, how: str) -> UserError:
    return UserError(
        "The files in '{path}' are damaged, or do not belong together. Write them anew by `{how}`.",
        path=str(path),
        how=how,
    )
