"""Held-out sentences with labels, and what a model makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vae.corpora.corpus import Corpus
from vae.diagnostics.samples import Reason, Sample
from vae.errors import UserError
from vae.i18n import Message, enumeration, message
from vae.models.base import Posterior
from vae.models.explorable import Explorable
from vae.progress import Progress

FEWEST = 100
LONGEST_NAME = 200
MOST_REASONS = 100
_AT_ONCE = 2_000
_MOST_SAID = 5


def held_out(corpus: Corpus, most: int, seed: int) -> tuple[Corpus, Sample]:
    """At most `most` test sentences, and which they are.

    Where there are fewer than a hundred, validation sentences join them, then all sentences.

    Raises:
        UserError: the corpus has no sentence.
    """
    test, validation = corpus.indices("test"), corpus.indices("validation")
    offered = (
        (test, "held-out"),
        (np.sort(np.concatenate([test, validation])), "held-out-both"),
        (np.arange(len(corpus)), "any"),
    )
    rows, kind = next(((r, k) for r, k in offered if len(r) >= FEWEST), offered[-1])
    sample = _drawn(corpus, rows, most, seed)
    return sample, Sample(kind, len(sample))


def every(corpus: Corpus, most: int, seed: int) -> Corpus:
    """At most `most` sentences of a file, whatever their split.

    Raises:
        UserError: the corpus has no sentence.
    """
    return _drawn(corpus, np.arange(len(corpus)), most, seed)


def nameable(
    labels: Mapping[str, tuple[str, ...]],
) -> tuple[dict[str, tuple[str, ...]], dict[str, Reason]]:
    """The labels whose names fit on a page, and why the others are left out."""
    kept = {name: values for name, values in labels.items() if len(name) <= LONGEST_NAME}
    if len(kept) == len(labels):
        return kept, {}
    longer = len(labels) - len(kept)
    return kept, {"…": Reason.of("long-names", n=longer, most=LONGEST_NAME)}


def bounded(left_out: Mapping[str, Reason]) -> dict[str, Reason]:
    """The first hundred reasons, and how many more there are."""
    few = dict(list(left_out.items())[:MOST_REASONS])
    if more := len(left_out) - len(few):
        few["… …"] = Reason.of("more", n=more)
    return few


def reasons(left_out: Mapping[str, Reason]) -> Message:
    """The first few labels with why each is left out, one after the other; at least one."""
    said = [
        message("{label}: {reason}.", label=label, reason=why.message)
        for label, why in islice(left_out.items(), _MOST_SAID)
    ]
    return enumeration(said, "sentences")


def means_of(
    model: Explorable, sentences: Sequence[str], progress: Progress
) -> npt.NDArray[np.float64]:
    """(N, Z) posterior means; in pieces, so that a person can see how far it is and cancel."""
    return _whole([p.mean for p in _encoded(model, sentences, progress)], model.latent_dim)


def means_and_draws_of(
    model: Explorable, sentences: Sequence[str], seed: int, progress: Progress
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64] | None]:
    """As `means_of`, and (N, Z) one reparameterised draw of each posterior (Kingma, 2014).

    None in its place of a model that keeps a point, which has no draws.
    """
    generator = torch.Generator().manual_seed(seed)
    pieces = list(_encoded(model, sentences, progress))
    means = _whole([p.mean for p in pieces], model.latent_dim)
    if any(p.is_point for p in pieces):
        return means, None
    return means, _whole([p.sample(generator) for p in pieces], model.latent_dim)


def _encoded(
    model: Explorable, sentences: Sequence[str], progress: Progress
) -> Iterator[Posterior]:
    for start in range(0, len(sentences), _AT_ONCE):
        progress(start, len(sentences), message("Encoding sentences"))
        yield model.encode(sentences[start : start + _AT_ONCE])
    progress(len(sentences), len(sentences), message("Encoding sentences"))


def _whole(pieces: Sequence[Tensor], latent_dim: int) -> npt.NDArray[np.float64]:
    if not pieces:
        return np.zeros((0, latent_dim))
    return np.concatenate([piece.double().numpy() for piece in pieces])


def _drawn(corpus: Corpus, rows: npt.NDArray[np.intp], most: int, seed: int) -> Corpus:
    if not len(rows):
        raise UserError("There is no sentence to measure on.")
    if len(rows) > most:
        rows = np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
    return corpus.subset(rows)
