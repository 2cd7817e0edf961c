"""The sentences that a run is measured on."""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt

from vae import corpora
from vae.corpora import given
from vae.corpora.corpus import Corpus, Split
from vae.errors import UserError
from vae.explorer import Explorer
from vae.progress import Progress, silent


def corpus_of(explorer: Explorer, progress: Progress = silent) -> Corpus:
    """What a run learned from; where that is not at hand any more, the sentences of its map.

    Raises:
        UserError: neither is on this machine.
    """
    facts = explorer.facts()["corpus"]
    try:
        return corpora.rebuild(facts["source"], progress)
    except UserError as error:
        gone = error
    # What a model says is no text to measure it on.
    if given.DIGEST in facts["source"]:
        raise gone
    try:
        return corpus_of_map(explorer)
    except UserError:
        raise gone from None


def corpus_of_map(explorer: Explorer) -> Corpus:
    """The sentences of a run's map, up to 10,000, with their labels and their split.

    Raises:
        UserError: the run has no map, or its sentences are not on this machine.
    """
    facts, atlas = explorer.facts()["corpus"], explorer.atlas
    labels = {name: tuple(values) for name, values in atlas.labels.items() if name != "split"}
    return Corpus(
        name=str(facts["name"]),
        sentences=tuple(atlas.sentences),
        labels=labels,
        source=facts["source"],
        assigned=cast("tuple[Split, ...]", atlas.labels["split"]),
    )


def drawn(corpus: Corpus, split: Split, most: int, seed: int) -> Corpus:
    """At most `most` sentences of a split, in their order; the same ones for the same seed.

    Raises:
        UserError: the split has no sentence.
    """
    rows = corpus.indices(split)
    if not len(rows):
        raise UserError("There is no {split} sentence to measure on.", split=split)
    return at_most(corpus, rows, most, seed)


def at_most(corpus: Corpus, rows: npt.NDArray[np.intp], most: int, seed: int) -> Corpus:
    """At most `most` of some sentences of a corpus, by their rows; else as `drawn`."""
    if len(rows) > most:
        rows = np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
    return corpus.subset(rows)
