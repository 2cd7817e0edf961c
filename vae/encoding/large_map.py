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
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from vae.cache import locked, replacing, write_bytes
from vae.corpora.coded import MOST_BYTES, Coded, Texts
from vae.corpora.corpus import SPLITS, Corpus
from vae.corpora.reasons import REPEATED
from vae.corpora.shards import open_shards
from vae.corpora.usable import MAX_CHARACTERS
from vae.encoding.folder import Encoding, encode_folder
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import message
from vae.latent import large_atlas as files
from vae.latent import large_projection as pictures
from vae.latent.places import Neighbourhoods, inverse_share
from vae.latent.projection import Projection
from vae.progress import Progress, silent
from vae.scripts import is_unspaced, words
from vae.studies import fingerprint

_SHARD, _GROUP = 20_000, 2_000  # rows
_GATHERED, _POSTERIORS, _PARTS = "gathered", "posteriors", "parts"


@dataclass(frozen=True)
class Source:
    """Where the sentences of a large map come from.

    Attributes:
        stated: what tells it from others, as JSON.
        read: the corpus, which may take long.
    """

    stated: Mapping[str, Any]
    read: Callable[[Progress], Corpus]


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
            **_columns(stated.parent, corpus, rows),
        }
        write_bytes(stated, json.dumps(facts, ensure_ascii=False).encode())
        return facts

    def _encode(
        self, gathered: Mapping[str, Any], progress: Progress
    ) -> tuple[int, dict[str, int], npt.NDArray[np.intp]]:
        """(sentences that have posteriors, what was left out, which rows of the gathered)."""
        shards = open_shards(self.folder / _GATHERED, "sentence", [], MAX_CHARACTERS)
        encoding = Encoding(self.explorer, shards, self.folder / _POSTERIORS)
        n, left_out = encode_folder(encoding, progress=progress)
        if not n:
            raise UserError("None of the sentences can be read by '{run}'.", run=self.explorer.name)
        progress(0, 1, message("Writing the map"))
        kept = np.concatenate([_rows_of(encoding, piece) for piece in encoding.pieces])
        point = "logvar_0" not in pq.read_schema(encoding.file(encoding.pieces[0])).names
        for file, name in ((files.MEAN, "mean"), *(() if point else ((files.LOGVAR, "logvar"),))):
            _write(self.folder / file, _posteriors(encoding, name, self.explorer.latent_dim), "<f4")
        halves = _posteriors(encoding, "mean", self.explorer.latent_dim)
        _write(self.folder / files.HALVES, halves, "<f2")
        if not point:
            _write(self.folder / files.RATES, _rates(encoding), "<f4")
        return n, left_out, kept

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
            _write(self.folder / file, iter([values[kept]]), values.dtype.str)
        texts = Texts(files.column(source, files.STARTS), files.column(source, files.TEXT))
        _write_texts(self.folder, (texts[row] for row in kept.tolist()))
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
            "measures": _measures(self.folder),
        }
        write_bytes(self.folder / files.FACTS, json.dumps(facts, ensure_ascii=False).encode())


def _columns(folder: Path, corpus: Corpus, rows: npt.NDArray[np.intp]) -> dict[str, Any]:
    """Write the columns of some rows of a corpus; what is stated of its labels."""
    sentences = [corpus.sentences[row] for row in rows.tolist()]
    for start in range(0, len(rows), _SHARD):
        with replacing(folder / f"part-{start:09d}.parquet") as temporary:
            table = pa.table({"sentence": sentences[start : start + _SHARD]})
            pq.write_table(table, temporary, row_group_size=_GROUP)
    _write_texts(folder, iter(sentences))
    _write(folder / files.KEYS, iter([corpus.keys[rows]]), "<u8")
    lengths = np.array([words(sentence) for sentence in sentences])
    _write(folder / files.LENGTHS, iter([np.minimum(lengths, 65_535)]), "<u2")
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
        _write(folder / file, iter([column.codes]), column.codes.dtype.str)
        kind = corpus.types.get(name, "category")
        labels[name] = {"values": list(column.values), "file": file, "type": kind}
    return {"labels": labels, "too_many_values": many}


def _measures(folder: Path) -> dict[str, Any]:
    """Which (length, tenths of a nat) there are, and a file that says which each sentence has."""
    lengths = files.column(folder, files.LENGTHS).astype(np.int64)
    rated = (folder / files.RATES).exists()
    rates = files.column(folder, files.RATES) if rated else np.zeros(len(lengths))
    tenths = np.round(np.clip(rates, 0, 1e5) * 10).astype(np.int64)
    found, of = np.unique(lengths << 32 | tenths, return_inverse=True)
    bits = 16 if len(found) <= 65_536 else 32
    file = f"measures.u{bits}"
    _write(folder / file, iter([of]), f"<u{bits // 8}")
    pairs = np.stack([found >> 32, found & (2**32 - 1)], axis=1)
    return {"file": file, "pairs": pairs.tolist()}


def _rows_of(encoding: Encoding, piece: Any) -> npt.NDArray[np.intp]:
    table = pq.read_table(encoding.file(piece), columns=["row"])
    rows: npt.NDArray[np.intp] = table["row"].to_numpy().astype(np.intp)
    rows += piece.shard * _SHARD
    return rows


def _posteriors(encoding: Encoding, name: str, latent: int) -> Iterator[npt.NDArray[np.floating]]:
    names = [f"{name}_{d}" for d in range(latent)]
    for piece in encoding.pieces:
        table = pq.read_table(encoding.file(piece), columns=names)
        yield np.stack([table[each].to_numpy() for each in names], axis=1)


def _rates(encoding: Encoding) -> Iterator[npt.NDArray[np.floating]]:
    for piece in encoding.pieces:
        yield pq.read_table(encoding.file(piece), columns=["rate"])["rate"].to_numpy()


def _write(path: Path, parts: Iterator[npt.NDArray[Any]], kind: str) -> None:
    with replacing(path) as temporary, temporary.open("wb") as file:
        for part in parts:
            file.write(np.ascontiguousarray(part, dtype=kind).tobytes())


def _write_texts(folder: Path, sentences: Iterator[str]) -> None:
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
    _write(folder / files.STARTS, iter([np.array(starts)]), "<u4")


def _sum(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    return {reason: a.get(reason, 0) + b.get(reason, 0) for reason in {**a, **b}}
