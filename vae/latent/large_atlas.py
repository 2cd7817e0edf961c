"""Maps of a run with very many sentences: columns in files that are mapped into memory.

A map of the usual size is loaded whole by whoever opens it. Of these a process holds what it looks
at, and all processes share that. Each different sentence is on them once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vae.cache import cache_dir
from vae.corpora.coded import Coded, Texts
from vae.errors import UserError
from vae.latent.atlas import Atlas
from vae.latent.places import Neighbourhoods
from vae.latent.projection import NEIGHBOURS, Projection, nearest_rows

Floats = npt.NDArray[np.floating]
Rows = npt.NDArray[np.intp]

VERSION = 1  # raise it whenever the files of a folder mean something else
FACTS = "facts.json"
FEWEST_SENTENCES, MOST_SENTENCES = 10_001, 1_000_000
MOST_IN_TABLE = 100_000
"""Rows of a table or a download."""
MOST_VALUES = 65_535
"""Of a label that differ."""

UMAP, PCA, TEXT, STARTS = "umap.f32", "pca.f32", "text.u8", "starts.u32"
MEAN, LOGVAR, HALVES = "mean.f32", "logvar.f32", "mean.f16"
KEYS, LENGTHS, RATES = "keys.u64", "lengths.u16", "rates.f32"

_TYPES = {"f32": "<f4", "f16": "<f2", "u8": "<u1", "u16": "<u2", "u32": "<u4", "u64": "<u8"}


@dataclass(frozen=True)
class LargeProjection(Projection):
    """A picture that UMAP was fitted to a sample for; the other sentences were placed into it.

    Attributes:
        fitted: sentences of that sample.
    """

    fitted: int = 0

    def place(self, z: Floats, mean: Floats, kind: str) -> Floats:
        """As `Projection.place`, without a look at which latents are the same."""
        if kind == "pca":
            return super().place(z, mean, kind)
        return self.between(z, *nearest_rows(z, mean, NEIGHBOURS))


@dataclass(frozen=True)
class LargeAtlas(Atlas):
    """M different sentences in a run's latent space, in the files of a folder.

    Attributes:
        folder: where they are.
        facts: what was stated when they were made (`vae.encoding.large_map`).
    """

    folder: Path = Path()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """As `Atlas.version`."""
        return self.folder.name

    @cached_property
    def copies(self) -> Rows:
        """(M,) 0: each different sentence is here once."""
        return np.broadcast_to(np.intp(0), (len(self),))

    @cached_property
    def distinct(self) -> int:
        """M."""
        return len(self)

    @cached_property
    def shown_keys(self) -> npt.NDArray[np.uint64]:
        """As `Atlas.shown_keys`."""
        return column(self.folder, KEYS)

    @cached_property
    def lengths(self) -> Rows:
        """As `Atlas.lengths`."""
        return column(self.folder, LENGTHS).astype(np.intp)

    @cached_property
    def rates(self) -> Floats:
        """As `Atlas.rates`."""
        return self.posterior.kl().numpy() if self.logvar is None else column(self.folder, RATES)

    def sample(self, most: int) -> Atlas:
        """At most so many of the sentences, evenly taken, in memory; the others are `missing`."""
        rows = np.linspace(0, len(self) - 1, min(most, len(self))).astype(np.intp)
        picture = self.projection
        return Atlas(
            sentences=tuple(self.sentences[row] for row in rows.tolist()),
            labels={n: tuple(v[row] for row in rows.tolist()) for n, v in self.labels.items()},
            mean=np.array(self.mean[rows]),
            logvar=None if self.logvar is None else np.array(self.logvar[rows]),
            projection=replace(picture, umap=picture.umap[rows], pca=picture.pca[rows]),
            missing=len(self) - len(rows),
            stated=self.stated,
        )

    def nearest(self, z: Floats, k: int) -> tuple[Rows, Floats]:
        """As `Atlas.nearest`."""
        return nearest_rows(z, self.mean, k)

    def search(self, text: str) -> Rows:
        """As `Atlas.search`."""
        assert isinstance(self.sentences, Texts)
        return self.sentences.holding(text)

    def neighbourhoods(self) -> Neighbourhoods:
        """As `Atlas.neighbourhoods`, measured when the map was made."""
        return Neighbourhoods(self.mean, float(self.facts["usual"]))

    def inverse_share(self) -> float:
        """As `Atlas.inverse_share`, measured when the map was made."""
        return float(self.facts["picture"]["inverse"])


def home(learned: str) -> Path:
    """Where this machine keeps the large maps of a run, given a digest of what it has learned."""
    return cache_dir() / "large-maps" / learned[:32]


def made(learned: str) -> dict[str, dict[str, Any]]:
    """Version to what was stated of each large map of a run that is whole, the largest last."""
    found = {}
    for path in home(learned).glob(f"*/{FACTS}"):
        try:
            facts = json.loads(path.read_bytes())
            if facts["version"] == VERSION:
                found[path.parent.name] = {"n": int(facts["n"]), **facts}
        except (OSError, ValueError, KeyError, TypeError):
            continue  # it is offered to be made again
    return dict(sorted(found.items(), key=lambda item: item[1]["n"]))


def find_large(learned: str, asked: int, run: str) -> LargeAtlas:
    """The large map of a run that has so many sentences, or was asked to have them.

    Raises:
        UserError: there is none, or it is damaged.
    """
    there = made(learned)
    for version, facts in there.items():
        if asked in (facts["n"], int(version.split("-")[0])):
            return read_large(home(learned) / version)
    raise UserError(
        "There is no large map of '{run}' with {n:,} sentences here. Make it by `python -m vae "
        "prepare {run} --sentences {n}`.",
        run=run,
        n=asked,
    )


def stamp(learned: str) -> str:
    """Changes whenever `made` gives something else."""
    found = [(p.parent.name, p.stat().st_mtime_ns) for p in home(learned).glob(f"*/{FACTS}")]
    return repr(sorted(found))


def column(folder: Path, file: str, width: int = 0) -> npt.NDArray[Any]:
    """(N,) or (N, width) numbers of a file, mapped; their type is the end of its name."""
    kind = _TYPES[file.rsplit(".", 1)[-1]]
    values = np.memmap(folder / file, dtype=kind, mode="r")
    return np.asarray(values.reshape(-1, width) if width else values)


def read_large(folder: Path) -> LargeAtlas:
    """The large map in a folder; costs no more for many sentences than for few.

    Raises:
        UserError: a file of it is missing or damaged.
    """
    try:
        facts = json.loads((folder / FACTS).read_bytes())
        n, latent, picture = facts["n"], facts["latent_dim"], facts["picture"]
        labels: dict[str, Sequence[str]] = {
            name: Coded(tuple(known["values"]), column(folder, known["file"]))
            for name, known in facts["labels"].items()
        }
        texts = Texts(column(folder, STARTS), column(folder, TEXT))
        atlas = LargeAtlas(
            sentences=texts,
            labels=labels,
            mean=column(folder, MEAN, latent),
            logvar=column(folder, LOGVAR, latent) if (folder / LOGVAR).exists() else None,
            projection=LargeProjection(
                umap=column(folder, UMAP, 2),
                pca=column(folder, PCA, 2),
                pca_components=np.array(picture["components"], dtype=np.float32),
                pca_mean=np.array(picture["mean"], dtype=np.float32),
                pca_explained=np.array(picture["explained"], dtype=np.float32),
                umap_trustworthiness=float(picture["umap_trustworthiness"]),
                pca_trustworthiness=float(picture["pca_trustworthiness"]),
                trust_sample=int(picture["trust_sample"]),
                fitted=int(picture["fitted"]),
            ),
            stated={name: known["type"] for name, known in facts["labels"].items()},
            folder=folder,
            facts=facts,
        )
        per_sentence = [*labels.values(), atlas.mean, atlas.projection.umap, atlas.projection.pca]
        per_sentence += [atlas.sentences, column(folder, KEYS), column(folder, LENGTHS)]
        whole = len(texts.text) == texts.starts[-1]
        whole &= all(len(each) == n for each in per_sentence)  # type: ignore[arg-type]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(folder) from error
    if not whole:
        raise _damaged(folder)
    return atlas


def _damaged(folder: Path) -> UserError:
    return UserError(
        "The files of the large map in {folder} are damaged. Delete the folder, and make the map "
        "again.",
        folder=folder,
    )
