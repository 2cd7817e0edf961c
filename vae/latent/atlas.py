"""The atlas of a run: up to 10,000 sentences with their posteriors and map coordinates.

A run stores the latents and the keys of its sentences, never the sentences: they are generated or
harvested again and matched by key, so that nobody's text travels with a run.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from vae import scripts
from vae.corpora.corpus import SPLITS, Corpus, sentence_key
from vae.corpora.label_types import LabelType, types_of
from vae.errors import UserError
from vae.i18n import Message, message
from vae.latent.findings import Neighbour
from vae.latent.neighbours import nearest_sentences
from vae.latent.parts import encode_in_parts
from vae.latent.places import Neighbourhoods, inverse_share
from vae.latent.projection import Projection, project
from vae.models import Posterior
from vae.models.explorable import Explorable
from vae.models.point import Codes
from vae.progress import Progress, silent
from vae.runs.store import RunDirectory

MOST_SENTENCES = 10_000


@dataclass(frozen=True)
class Atlas:
    """M sentences of a corpus in a run's latent space.

    Attributes:
        sentences: M sentences.
        labels: column name to M values, "" where a sentence has none; "split" is always among
            them.
        mean, logvar: (M, Z); no logvar where the model keeps a point (`vae.models.point`).
        projection: coordinates of all M.
        missing: sentences of the stored atlas that this machine's corpus does not have; they are
            left out here.
        fresh: True where all was computed for this machine's own corpus.
        stated: column name to the type of the label, where the run knows it.
        read: (M,) `sentence_key` of what was read, where the sentences are what the model says
            there (`vae.latent.said_atlas`); None where they are what was read.
    """

    sentences: Sequence[str]
    labels: Mapping[str, Sequence[str]]
    mean: npt.NDArray[np.float32]
    logvar: npt.NDArray[np.float32] | None
    projection: Projection
    missing: int = 0
    fresh: bool = False
    stated: Mapping[str, str] = field(default_factory=dict)
    read: npt.NDArray[np.uint64] | None = None

    def __len__(self) -> int:
        return len(self.sentences)

    @cached_property
    def types(self) -> dict[str, LabelType]:
        """Column name to the type of the label: as the run knows it, else guessed."""
        return types_of(self.labels, self.stated)

    @property
    def said(self) -> bool:
        """Whether the sentences are what the model says, since the text is not here."""
        return self.read is not None

    @cached_property
    def copies(self) -> npt.NDArray[np.intp]:
        """(M,) how many other rows are the same sentence, case and spacing aside."""
        _, of, counts = np.unique(self.shown_keys, return_inverse=True, return_counts=True)
        others: npt.NDArray[np.intp] = counts[of] - 1
        return others

    @cached_property
    def distinct(self) -> int:
        """How many of the sentences differ."""
        return len(np.unique(self.shown_keys))

    @cached_property
    def keys(self) -> npt.NDArray[np.uint64]:
        """(M,) `sentence_key` of every sentence that was read."""
        return self.shown_keys if self.read is None else self.read

    @cached_property
    def shown_keys(self) -> npt.NDArray[np.uint64]:
        """(M,) `sentence_key` of every sentence that is shown."""
        return np.array([sentence_key(s) for s in self.sentences], dtype=np.uint64)

    @property
    def version(self) -> str:
        """Tells it from other maps of its run; "" of the map that every run has."""
        return ""

    def search(self, text: str) -> npt.NDArray[np.intp]:
        """As `search`, among all M sentences."""
        return search(self.sentences, text)

    def neighbourhoods(self) -> Neighbourhoods:
        """How near latents lie to those of the M sentences."""
        return Neighbourhoods.of(self.mean)

    def inverse_share(self) -> float:
        """As `vae.latent.places.inverse_share`."""
        return inverse_share(self.projection, self.mean)

    def nearest(
        self, z: npt.NDArray[np.floating], k: int
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.floating]]:
        """As `nearest_sentences`, of latents (B, Z) among all M sentences."""
        return nearest_sentences(z, self.mean, self.sentences, self.shown_keys, k)

    @cached_property
    def lengths(self) -> npt.NDArray[np.intp]:
        """(M,) words of each sentence, signs where no blanks part words."""
        return np.array([scripts.words(sentence) for sentence in self.sentences], dtype=np.intp)

    @property
    def has_rates(self) -> bool:
        """Whether a sentence has a rate: a space, and a posterior in it."""
        return self.logvar is not None and self.mean.shape[1] > 0

    @cached_property
    def rates(self) -> npt.NDArray[np.floating]:
        """(M,) KL of each posterior to the prior, nats.

        Raises:
            NotAvailableError: the model keeps a point.
        """
        return self.posterior.kl().numpy()

    @property
    def posterior(self) -> Posterior:
        """Posteriors of all M sentences."""
        return posterior_of(self.mean, self.logvar)


def posterior_of(mean: npt.NDArray[Any], logvar: npt.NDArray[Any] | None) -> Posterior:
    """Stored posteriors, (M, Z) each; codes where the model keeps a point."""
    means = torch.from_numpy(mean.astype(np.float32, copy=False))
    if logvar is None:
        return Codes(means)
    return Posterior(means, torch.from_numpy(logvar.astype(np.float32, copy=False)))


def said_note(run: str) -> Message:
    """What stands in place of the sentences of a run without its text."""
    return message(
        "This run ships without its text: in place of each sentence stands what the model says at "
        "the sentence's latent. Who has the text shows it by `python -m vae prepare {run} --data "
        "FILE`.",
        run=run,
    )


def atlas_rows(corpus: Corpus, seed: int) -> npt.NDArray[np.intp]:
    """Which sentences an atlas shows: all, the first of a generated corpus, or a random sample.

    The beginning of a generated corpus can be made again without the rest.
    """
    if len(corpus) <= MOST_SENTENCES:
        return np.arange(len(corpus))
    if corpus.origin and corpus.origin.generated:
        return np.arange(MOST_SENTENCES)
    chosen = np.random.default_rng(seed).choice(len(corpus), MOST_SENTENCES, replace=False)
    return np.sort(chosen)


def make_atlas(
    run: RunDirectory,
    model: Explorable,
    corpus: Corpus,
    seed: int,
    progress: Progress = silent,
) -> None:
    """Encode and project an atlas; writes latents.npz and projection.npz into the run."""
    sample = corpus.subset(atlas_rows(corpus, seed))
    posterior = encode_in_parts(model, sample.sentences, progress)
    mean = posterior.mean.numpy()
    kept = {"mean": mean}
    if not posterior.is_point:
        kept["logvar"] = posterior.logvar.numpy()
    projection = project(mean, seed, progress)
    run.write_arrays(
        "latents.npz",
        # Half precision keeps a posterior to three digits, at half the size of a shipped run.
        {
            "keys": sample.keys,
            **{name: values.astype(np.float16) for name, values in kept.items()},
            "corpus_size": np.array(sum(corpus.sizes.values())),
        },
    )
    run.write_arrays("projection.npz", projection.arrays())


def read_atlas(
    run: RunDirectory, corpus: Corpus, read: npt.NDArray[np.uint64] | None = None
) -> Atlas:
    """The stored atlas, with the sentences of a corpus that has them.

    Args:
        read: (M,) `sentence_key` of what was read, where the corpus is what the model says.

    Raises:
        UserError: the run has no atlas, its two files do not belong together, or the corpus shares
            no sentence with it.
    """
    arrays = run.read_arrays("latents.npz")
    picture = run.read_arrays("projection.npz")
    try:
        stored = Projection.from_arrays(picture)
        n = len(arrays["keys"])
        logvar = arrays.get("logvar", arrays["mean"])
        whole = all(len(a) == n for a in (arrays["mean"], logvar, stored.umap, stored.pca))
    except (KeyError, TypeError, ValueError):
        whole = False
    if not whole:
        raise UserError(
            "latents.npz and projection.npz in {path} are not the two halves of one map. Copy the "
            "run again, or train it anew.",
            path=run.path,
        )
    keys = corpus.keys if read is None else read
    found = matched(arrays["keys"], keys)
    kept = np.flatnonzero(found >= 0)
    if not len(kept):
        raise UserError(
            "None of the {n:,} sentences on the map of '{run}' is in the corpus given. Give the "
            "file that the run was trained on.",
            n=len(found),
            run=run.name,
        )
    sample = corpus.subset(found[kept])
    # Of runs of before, whose copies were scattered: they lie where the first of them lies.
    first = {sentence: row for row, sentence in reversed(list(enumerate(sample.sentences)))}
    places = kept[[first[sentence] for sentence in sample.sentences]]
    return Atlas(
        sentences=sample.sentences,
        labels={
            **{k: tuple(v) for k, v in sample.labels.items()},
            "split": tuple(SPLITS[i] for i in corpus.split[found[kept]]),
        },
        mean=arrays["mean"][kept].astype(np.float32),
        logvar=arrays["logvar"][kept].astype(np.float32) if "logvar" in arrays else None,
        projection=Projection(
            umap=stored.umap[places],
            pca=stored.pca[kept],
            pca_components=stored.pca_components,
            pca_mean=stored.pca_mean,
            pca_explained=stored.pca_explained,
            umap_trustworthiness=stored.umap_trustworthiness,
            pca_trustworthiness=stored.pca_trustworthiness,
            trust_sample=stored.trust_sample,
        ),
        missing=len(found) - len(kept),
        stated=corpus.types,
        read=None if read is None else read[found[kept]],
    )


def matched(asked: npt.NDArray[np.uint64], keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.intp]:
    """(M,) the row of each key among N keys, -1 where there is none.

    Copies are matched in their order, so that each keeps its own spelling and labels where all of
    them are stored.
    """
    where: dict[int, deque[int]] = defaultdict(deque)
    for row, key in enumerate(keys.tolist()):
        where[key].append(row)
    found = []
    for key in asked.tolist():
        rows = where.get(key)
        found.append(-1 if not rows else rows.popleft() if len(rows) > 1 else rows[0])
    return np.array(found, dtype=np.intp)


def neighbours_of(z: npt.NDArray[np.floating], atlas: Atlas, k: int) -> list[list[Neighbour]]:
    """The k different sentences of an atlas nearest to each latent (B, Z), nearest first."""
    rows, distances = atlas.nearest(z, k)
    return [
        [
            Neighbour(
                atlas.sentences[r],
                d,
                r,
                {column: values[r] for column, values in atlas.labels.items()},
                int(atlas.copies[r]),
            )
            for r, d in zip(row, distance, strict=True)
        ]
        for row, distance in zip(rows.tolist(), distances.tolist(), strict=True)
    ]


def search(sentences: Sequence[str], text: str) -> npt.NDArray[np.intp]:
    """Rows of the sentences that hold every word of a text, in any order, case aside."""
    words = text.lower().split()
    if not words:
        return np.arange(0, dtype=np.intp)
    found = [i for i, s in enumerate(sentences) if all(w in s.lower() for w in words)]
    return np.array(found, dtype=np.intp)
