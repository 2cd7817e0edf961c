"""The making of a large map: gathered, encoded in shards, projected in parts, and then whole.

A step that was done is not done again: who is stopped goes on with what is left, and ends with the
same files. What is in memory is the corpus while it is gathered, and 300 MB.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from vae.cache import locked, write_bytes
from vae.corpora.coded import Texts
from vae.corpora.corpus import Corpus
from vae.corpora.reasons import REPEATED
from vae.corpora.shards import open_shards
from vae.corpora.usable import MAX_CHARACTERS
from vae.encoding import columns
from vae.encoding.encoded import Encoded
from vae.encoding.folder import Encoding, encode_folder
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import message
from vae.latent import large_atlas as files
from vae.latent import large_projection as pictures
from vae.latent.places import Neighbourhoods, inverse_share
from vae.latent.projection import Projection
from vae.progress import Progress, silent
from vae.scripts import is_unspaced
from vae.studies import fingerprint

_GATHERED, _POSTERIORS, _PARTS = "gathered", "posteriors", "parts"
_ROWS = "rows.u32"

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Source:
    """Where the sentences of a large map come from.

    Attributes:
        stated: what tells it from others, as JSON.
        read: the corpus, which may take long.
        encoded: the posteriors of its sentences, row by row, where there are some already.
    """

    stated: Mapping[str, Any]
    read: Callable[[Progress], Corpus]
    encoded: Encoded | None = None


@dataclass(frozen=True)
class LargeMap:
    """A large map that is to be made of a run.

    Attributes:
        asked: sentences that it has at most.
        seed: of the draw where there are more, and of the picture.

    Raises:
        UserError: so many are no large map.
    """

    explorer: Explorer
    source: Source
    asked: int
    seed: int = 0

    def __post_init__(self) -> None:
        if not files.FEWEST_SENTENCES <= self.asked <= files.MOST_SENTENCES:
            raise UserError(
                "A large map has from {fewest:,} to {most:,} sentences, not {n:,}.",
                fewest=files.FEWEST_SENTENCES,
                most=files.MOST_SENTENCES,
                n=self.asked,
            )
        if not self.explorer.latent_dim:
            raise UserError(
                "'{run}' is a plain language model: it has no latent space, so there is no map.",
                run=self.explorer.name,
            )

    @property
    def folder(self) -> Path:
        """Where it is made, and stays."""
        stated = json.dumps([files.VERSION, dict(self.source.stated), self.seed], sort_keys=True)
        digest = hashlib.blake2b(stated.encode(), digest_size=8).hexdigest()
        return files.home(fingerprint(self.explorer.run)) / f"{self.asked}-{digest}"

    def make(self, progress: Progress = silent) -> Path:
        """Make it, or what is left of it; its folder.

        Raises:
            UserError: as `Source.read` and `encode_folder`, or another process makes it.
            Whatever `progress` raises to cancel; what was made by then stays.
        """
        with locked(self.folder / "making", 1.0):
            if not (self.folder / files.FACTS).exists():
                gathered = self._gather(progress)
                n, left_out, kept = self._encode(gathered, progress)
                picture = self._project(progress)
                self._state(gathered, n, left_out, kept, picture)
        for made in (_GATHERED, _POSTERIORS, _PARTS):
            shutil.rmtree(self.folder / made, ignore_errors=True)
        return self.folder

    def _gather(self, progress: Progress) -> dict[str, Any]:
        """The sentences as shards and their columns as files; what is stated of them."""
        stated = self.folder / _GATHERED / files.FACTS
        if stated.exists():
            found: dict[str, Any] = json.loads(stated.read_bytes())
            return found
        corpus = self.source.read(progress)
        progress(0, 1, message("Gathering sentences"))
        rows = np.sort(np.unique(corpus.keys, return_index=True)[1])
        repeated = len(corpus) - len(rows)
        total = len(rows)
        if total > self.asked:
            generated = corpus.origin and corpus.origin.generated
            drawn = np.random.default_rng(self.seed).choice(total, self.asked, replace=False)
            rows = rows[: self.asked] if generated else rows[np.sort(drawn)]
        facts = {
            "corpus": corpus.name,
            "gathered": len(rows),
            "total": total,
            "unspaced": is_unspaced(corpus.sentences[:1_000]),
            "left_out": {**corpus.dropped, **({REPEATED: repeated} if repeated else {})},
            **columns.write(stated.parent, corpus, rows),
        }
        columns.write_numbers(stated.parent / _ROWS, iter([rows]), "<u4")
        write_bytes(stated, json.dumps(facts, ensure_ascii=False).encode())
        return facts

    def _encode(
        self, gathered: Mapping[str, Any], progress: Progress
    ) -> tuple[int, dict[str, int], npt.NDArray[np.intp]]:
        """(sentences that have posteriors, what was left out, which rows of the gathered)."""
        if (there := self.source.encoded) is not None:
            rows = files.column(self.folder / _GATHERED, _ROWS)
            self._write_posteriors(partial(there.numbers, rows=rows), there.is_point, progress)
            return len(rows), {}, np.arange(len(rows))
        shards = open_shards(self.folder / _GATHERED, "sentence", [], MAX_CHARACTERS)
        encoding = Encoding(self.explorer, shards, self.folder / _POSTERIORS)
        n, left_out = encode_folder(encoding, progress=progress)
        if not n:
            raise UserError("None of the sentences can be read by '{run}'.", run=self.explorer.name)
        kept = np.concatenate([_rows_of(encoding, piece) for piece in encoding.pieces])
        made = _made(encoding)
        self._write_posteriors(partial(made.numbers, rows=np.arange(n)), made.is_point, progress)
        return n, left_out, kept

    def _write_posteriors(
        self, numbers: Callable[[str], Iterator[Floats]], is_point: bool, progress: Progress
    ) -> None:
        progress(0, 1, message("Writing the map"))
        made = {files.MEAN: "mean", files.HALVES: "mean"}
        if not is_point:
            made |= {files.LOGVAR: "logvar", files.RATES: "rate"}
        for file, name in made.items():
            kind = "<f2" if file == files.HALVES else "<f4"
            columns.write_numbers(self.folder / file, numbers(name), kind)

    def _project(self, progress: Progress) -> dict[str, Any]:
        """Both pictures as files; what is stated of them."""
        folder = self.folder
        mean = files.column(folder, files.MEAN, self.explorer.latent_dim)
        directions, centre, shares = pictures.principal(mean)
        pictures.write_pca(mean, directions, centre, folder / files.PCA)
        pca = files.column(folder, files.PCA, 2)
        fitted = pictures.write_umap(
            mean, pca, self.seed, folder / _PARTS, folder / files.UMAP, progress
        )
        umap = files.column(folder, files.UMAP, 2)
        progress(0, 1, message("Trustworthiness"))
        trusted = pictures.trusted(mean, umap, pca, self.seed)
        plain = Projection(umap, pca, directions, centre, shares, 0.0, 0.0, 0)
        picture = files.LargeProjection(**vars(plain))
        return {
            "components": directions.tolist(),
            "mean": centre.tolist(),
            "explained": shares.tolist(),
            "fitted": fitted,
            "inverse": inverse_share(picture, mean),
            "usual": Neighbourhoods.of(mean, self.seed).usual,
            **trusted,
        }

    def _state(
        self,
        gathered: Mapping[str, Any],
        n: int,
        left_out: Mapping[str, int],
        kept: npt.NDArray[np.intp],
        picture: dict[str, Any],
    ) -> None:
        """The columns of the sentences that have posteriors; last of all, what is stated."""
        source, labels = self.folder / _GATHERED, gathered["labels"]
        for file in (files.KEYS, files.LENGTHS, *(known["file"] for known in labels.values())):
            values = files.column(source, file)
            columns.write_numbers(self.folder / file, iter([values[kept]]), values.dtype.str)
        texts = Texts(files.column(source, files.STARTS), files.column(source, files.TEXT))
        columns.write_texts(self.folder, (texts[row] for row in kept.tolist()))
        facts = {
            "version": files.VERSION,
            "run": self.explorer.name,
            "n": n,
            "latent_dim": self.explorer.latent_dim,
            "usual": picture.pop("usual"),
            "picture": picture,
            "seed": self.seed,
            **gathered,
            "left_out": _sum(gathered["left_out"], left_out),
            "measures": columns.write_measures(self.folder),
        }
        write_bytes(self.folder / files.FACTS, json.dumps(facts, ensure_ascii=False).encode())


def _made(encoding: Encoding) -> Encoded:
    paths = tuple(encoding.file(piece) for piece in encoding.pieces)
    return Encoded(paths, tuple(pq.read_schema(paths[0]).names))


def _rows_of(encoding: Encoding, piece: Any) -> npt.NDArray[np.intp]:
    table = pq.read_table(encoding.file(piece), columns=["row"])
    rows: npt.NDArray[np.intp] = table["row"].to_numpy().astype(np.intp)
    rows += piece.shard * columns.SHARD
    return rows


def _sum(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    return {reason: a.get(reason, 0) + b.get(reason, 0) for reason in {**a, **b}}
