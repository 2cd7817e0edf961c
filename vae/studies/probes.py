"""What can be read off the posterior: a probe of every label, on held-out sentences.

Off its mean, and by the linear probe off one draw of it as well, which is what the decoder hears.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from vae.corpora.corpus import Corpus
from vae.diagnostics.probes import (
    FOLDS,
    LabelProbe,
    LinearProbe,
    linear_probe,
    probe_target,
    targets_of,
)
from vae.diagnostics.samples import Reason, Sample
from vae.errors import UserError
from vae.i18n import message
from vae.models.explorable import Explorable, NotAvailableError
from vae.progress import Progress, silent
from vae.studies.labelled import bounded, every, held_out, means_and_draws_of, nameable, reasons
from vae.studies.shapes import read_as

MOST_SENTENCES = 5_000
_MOST_LABELS = 100


@dataclass(frozen=True)
class Probed:
    """The study as attributes.

    Attributes:
        n: sentences.
        which: which they are.
        folds: of the cross-validation.
        labels: label to its probes.
        left_out: label to why it was not probed.
    """

    n: int
    which: Sample
    folds: int
    labels: Mapping[str, LabelProbe]
    left_out: Mapping[str, Reason]


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
    return _measured(explorer, sample, Sample("all", len(sample), of=corpus.name), seed, progress)


def measure_briefly(
    explorer: Explorable, sample: Corpus, which: Sample, seed: int, progress: Progress = silent
) -> dict[str, Any]:
    """As `measure`, on these sentences, by the linear probe alone.

    Raises:
        NotAvailableError: the model has no latent dimension.
        UserError: there is no label that can be probed.
    """
    return _measured(explorer, sample, which, seed, progress, linear_probe)


def read(result: Mapping[str, Any]) -> Probed:
    """A stored result.

    Raises:
        UserError: it has not the shape of this study.
    """
    found = read_as(Probed, result, "probes")
    return replace(found, which=found.which.counted(found.n))


def read_linear(result: Mapping[str, Any]) -> Mapping[str, LinearProbe]:
    """The linear probes of a stored result, brief or not.

    Raises:
        UserError: it has not the shape of this study.
    """
    return read_as(_Linear, result, "probes").labels


@dataclass(frozen=True)
class _Linear:
    labels: Mapping[str, LinearProbe]


def _measured(
    explorer: Explorable,
    sample: Corpus,
    which: Sample,
    seed: int,
    progress: Progress,
    probe: Callable[..., LinearProbe] = probe_target,
) -> dict[str, Any]:
    if explorer.latent_dim == 0:
        raise NotAvailableError("This model has no latent dimension, so nothing can be read off.")
    asked, unnamed = nameable(sample.labels)
    targets, left_out = targets_of(sample.sentences, asked, sample.types)
    for target in targets[_MOST_LABELS:]:
        left_out[target.name] = Reason.of("many-labels", most=_MOST_LABELS)
    targets = targets[:_MOST_LABELS]
    codes, drawn = means_and_draws_of(explorer, sample.sentences, seed, progress)
    labels = {}
    for i, target in enumerate(targets):
        progress(i, len(targets), message("Probing labels"))
        rng = np.random.default_rng([seed, i])
        try:
            labels[target.name] = probe(codes, target, sample.keys, rng, drawn=drawn).to_dict()
        except UserError:
            left_out[target.name] = Reason("few-different")
    if not labels:
        raise UserError(
            "No label can be probed on {n:,} sentences. {why}",
            n=len(sample),
            why=reasons(bounded(left_out)),
        )
    progress(len(targets), len(targets), message("Probing labels"))
    return {
        "n": len(sample),
        "which": asdict(which),
        "folds": FOLDS,
        "labels": labels,
        "left_out": {k: asdict(why) for k, why in bounded(unnamed | left_out).items()},
    }
