"""Held-out sentences with labels, and what a model makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt
import torch

from vae.corpora.corpus import Corpus
from vae.diagnostics.samples import Reason, Sample
from vae.errors import UserError
from vae.i18n import Message, enumeration, message
from vae.latent.parts import encode_in_parts
from vae.models.explorable import Explorable
from vae.progress import Progress
from vae.studies.sentences import at_most

FEWEST = 100
LONGEST_NAME = 200
MOST_REASONS = 100
_MOST_SAID = 5


@dataclass(frozen=True)
class LeftOut:
    """A label that was not measured, and why."""

    label: str
    why: Reason


@dataclass(frozen=True)
class Probe:
    """How often the probe that reads a label is right on held-out sentences.

    Attributes:
        majority: how often the commonest value is; None in a study of an earlier version.
    """

    label: str
    accuracy: float
    majority: float | None = None


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
    return encode_in_parts(model, sentences, progress).mean.double().numpy()


def means_and_draws_of(
    model: Explorable, sentences: Sequence[str], seed: int, progress: Progress
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64] | None]:
    """As `means_of`, and (N, Z) one reparameterised draw of each posterior (Kingma, 2014).

    None in its place of a model that keeps a point, which has no draws.
    """
    posterior = encode_in_parts(model, sentences, progress)
    means = posterior.mean.double().numpy()
    if posterior.is_point:
        return means, None
    return means, posterior.sample(torch.Generator().manual_seed(seed)).double().numpy()


def _drawn(corpus: Corpus, rows: npt.NDArray[np.intp], most: int, seed: int) -> Corpus:
    if not len(rows):
        raise UserError("There is no sentence to measure on.")
    return at_most(corpus, rows, most, seed)
