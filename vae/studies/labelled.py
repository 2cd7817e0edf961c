"""Held-out sentences with labels, and what a model makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from vae.corpora.corpus import Corpus
from vae.errors import UserError
from vae.models.explorable import Explorable
from vae.progress import Progress

FEWEST = 100
LONGEST_NAME = 200
MOST_REASONS = 100
_AT_ONCE = 2_000


def held_out(corpus: Corpus, most: int, seed: int) -> tuple[Corpus, str]:
    """At most `most` test sentences, and what they are, for a reader.

    Where there are fewer than a hundred, validation sentences join them, then all sentences.

    Raises:
        UserError: the corpus has no sentence.
    """
    test, validation = corpus.indices("test"), corpus.indices("validation")
    offered = (
        (test, "held-out (test) sentences"),
        (np.sort(np.concatenate([test, validation])), "held-out (test and validation) sentences"),
        (np.arange(len(corpus)), "all sentences, training included, since few are held out"),
    )
    rows, which = next(((r, w) for r, w in offered if len(r) >= FEWEST), offered[-1])
    return _drawn(corpus, rows, most, seed), which


def every(corpus: Corpus, most: int, seed: int) -> Corpus:
    """At most `most` sentences of a file, whatever their split.

    Raises:
        UserError: the corpus has no sentence.
    """
    return _drawn(corpus, np.arange(len(corpus)), most, seed)


def nameable(
    labels: Mapping[str, tuple[str, ...]],
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """The labels whose names fit on a page, and why the others are left out."""
    kept = {name: values for name, values in labels.items() if len(name) <= LONGEST_NAME}
    if len(kept) == len(labels):
        return kept, {}
    longer = len(labels) - len(kept)
    return kept, {f"{longer:,} more": f"names of over {LONGEST_NAME} characters"}


def bounded(left_out: Mapping[str, str]) -> dict[str, str]:
    """The first hundred reasons, and how many more there are."""
    few = dict(list(left_out.items())[:MOST_REASONS])
    if more := len(left_out) - len(few):
        few["others"] = f"{more:,} more labels are left out as well"
    return few


def means_of(
    model: Explorable, sentences: Sequence[str], progress: Progress
) -> npt.NDArray[np.float64]:
    """(N, Z) posterior means; in pieces, so that a person can see how far it is and cancel."""
    pieces = []
    for start in range(0, len(sentences), _AT_ONCE):
        progress(start, len(sentences), "Encoding sentences")
        pieces.append(model.encode(sentences[start : start + _AT_ONCE]).mean.double().numpy())
    progress(len(sentences), len(sentences), "Encoding sentences")
    return np.concatenate(pieces) if pieces else np.zeros((0, model.latent_dim))


def _drawn(corpus: Corpus, rows: npt.NDArray[np.intp], most: int, seed: int) -> Corpus:
    if not len(rows):
        raise UserError("There is no sentence to measure on.")
    if len(rows) > most:
        rows = np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
    return corpus.subset(rows)
