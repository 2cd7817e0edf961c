"""What can be read off the posterior mean: a probe of every label, on held-out sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vae.corpora.corpus import Corpus
from vae.diagnostics.probes import FOLDS, LabelProbe, probe_target, targets_of
from vae.errors import UserError
from vae.models.explorable import Explorable, NotAvailableError
from vae.progress import Progress, silent
from vae.studies.labelled import bounded, every, held_out, means_of, nameable
from vae.studies.shapes import read_as

MOST_SENTENCES = 5_000
_MOST_LABELS = 100


@dataclass(frozen=True)
class Probed:
    """The study as attributes.

    Attributes:
        n: sentences.
        which: what they are, for a reader.
        folds: of the cross-validation.
        labels: label to its probes.
        left_out: label to why it was not probed.
    """

    n: int
    which: str
    folds: int
    labels: Mapping[str, LabelProbe]
    left_out: Mapping[str, str]


def measure(
    explorer: Explorable, corpus: Corpus, seed: int = 0, progress: Progress = silent
) -> dict[str, Any]:
    """Probes of every label on at most 5,000 held-out sentences, as JSON.

    Raises:
        NotAvailableError: the model has no latent dimension.
        UserError: there is no sentence, or no label that can be probed.
    """
    sample, which = held_out(corpus, MOST_SENTENCES, seed)
    return _measured(explorer, sample, which, seed, progress)


def measure_file(
    explorer: Explorable, corpus: Corpus, seed: int = 0, progress: Progress = silent
) -> dict[str, Any]:
    """As `measure`, on at most 5,000 sentences of a file, all of them new to the model or not.

    Raises:
        NotAvailableError: the model has no latent dimension.
        UserError: there is no sentence, or no label that can be probed.
    """
    sample = every(corpus, MOST_SENTENCES, seed)
    return _measured(explorer, sample, f"sentences of {corpus.name}", seed, progress)


def read(result: Mapping[str, Any]) -> Probed:
    """A stored result.

    Raises:
        UserError: it has not the shape of this study.
    """
    return read_as(Probed, result, "probes")


def check(result: Mapping[str, Any]) -> None:
    """Raise `UserError` where a stored result cannot be shown."""
    read(result)


def _measured(
    explorer: Explorable, sample: Corpus, which: str, seed: int, progress: Progress
) -> dict[str, Any]:
    if explorer.latent_dim == 0:
        raise NotAvailableError("This model has no latent dimension, so nothing can be read off.")
    asked, unnamed = nameable(sample.labels)
    targets, left_out = targets_of(sample.sentences, asked)
    for target in targets[_MOST_LABELS:]:
        left_out[target.name] = f"{_MOST_LABELS} labels at most are probed"
    targets = targets[:_MOST_LABELS]
    codes = means_of(explorer, sample.sentences, progress)
    labels = {}
    for i, target in enumerate(targets):
        progress(i, len(targets), "Probing labels")
        rng = np.random.default_rng([seed, i])
        try:
            labels[target.name] = probe_target(codes, target, sample.keys, rng).to_dict()
        except UserError:
            left_out[target.name] = "too few different sentences have it"
    if not labels:
        why = "; ".join(f"{name}: {reason}" for name, reason in bounded(left_out).items())
        raise UserError(f"No label can be probed on {len(sample):,} sentences. {why}.")
    progress(len(targets), len(targets), "Probing labels")
    return {
        "n": len(sample),
        "which": which,
        "folds": FOLDS,
        "labels": labels,
        "left_out": bounded(unnamed | left_out),
    }
