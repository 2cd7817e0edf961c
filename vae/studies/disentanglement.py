"""Does each dimension stand for one thing? Metrics of disentanglement on held-out sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from vae.corpora.corpus import Corpus
from vae.corpora.label_ranges import with_ranges
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.disentanglement import WHAT, Representation, Scores
from vae.diagnostics.disentanglement import measure as scores_of
from vae.diagnostics.samples import Reason, Sample
from vae.models.explorable import Explorable, NotAvailableError
from vae.progress import Progress, silent
from vae.studies.labelled import (
    FEWEST,
    bounded,
    every,
    held_out,
    means_of,
    nameable,
    reasons,
)
from vae.studies.shapes import damaged, read_as

MOST_SENTENCES = 12_000
SENTENCES_A_SEED = 3_000
SEEDS = 5
BRIEF_SEEDS = 3
_DIGITS = 5
_MOST_FACTORS = 50
_MOST_VALUES = 50
# Of its commonest value a label must leave so many sentences to others.
_FEWEST_OTHERS = 50


@dataclass(frozen=True)
class Disentangled:
    """The study as attributes.

    Attributes:
        n: sentences that each seed saw, of `of`.
        which: which they are, all `of` them.
        seeds: how many.
        batch: sentences in a batch with one factor fixed (Higgins; Kim and Mnih).
        factors: F names of the labels that count as factors.
        mutual_information: (D, F) nats, by nearest neighbours.
        dci_importance, dci_importance_held_out: (D, F), by impurity and by held-out loss.
        metrics: name to its interval over seeds; `WHAT` says what each is.
        dependent: factor to the factors that tell more than a tenth of its entropy.
        left_out: label to why it is no factor here.
        noise: name to its score where the codes tell of no factor; None of earlier versions.
    """

    n: int
    of: int
    which: Sample
    seeds: int
    batch: int
    factors: tuple[str, ...]
    mutual_information: tuple[tuple[float, ...], ...]
    dci_importance: tuple[tuple[float, ...], ...]
    dci_importance_held_out: tuple[tuple[float, ...], ...]
    metrics: Mapping[str, Interval]
    dependent: Mapping[str, Mapping[str, float]]
    left_out: Mapping[str, Reason]
    noise: Mapping[str, float] | None = None


def measure(
    explorer: Explorable, corpus: Corpus, seed: int = 0, progress: Progress = silent
) -> dict[str, Any]:
    """Every metric on at most 12,000 held-out sentences, of which each seed sees 3,000, as JSON.

    Raises:
        NotAvailableError: the model has fewer than two dimensions, or the corpus than two labels.
        UserError: there are too few sentences.
    """
    if explorer.latent_dim < 2:
        raise NotAvailableError("Disentanglement is of two dimensions at least.")
    sample, which = held_out(with_ranges(corpus), MOST_SENTENCES, seed)
    asked, unnamed = nameable(sample.labels)
    factors, left_out = factors_of(asked)
    left_out = bounded(unnamed | left_out)
    if len(factors) < 2:
        if not left_out:
            raise NotAvailableError(
                "Disentanglement needs two labels at least, and {corpus} has {n}.",
                corpus=corpus.name,
                n=len(factors),
            )
        raise NotAvailableError(
            "Disentanglement needs two labels at least, and {corpus} has {n} that can be used. "
            "{why}",
            corpus=corpus.name,
            n=len(factors),
            why=reasons(left_out),
        )
    return _scored(explorer, sample, which, factors, left_out, seed, SEEDS, progress)


def measure_briefly(
    explorer: Explorable, held_out: Corpus, most: int, seed: int = 0, progress: Progress = silent
) -> dict[str, Any]:
    """As `measure`, on at most `most` of these sentences, by three seeds of half of them each.

    Raises:
        NotAvailableError: fewer than two dimensions or labels, or than 200 sentences.
    """
    sample = every(with_ranges(held_out), most, seed)
    asked, unnamed = nameable(sample.labels)
    factors, left_out = factors_of(asked)
    if explorer.latent_dim < 2 or len(factors) < 2 or len(sample) < 2 * FEWEST:
        raise NotAvailableError("Too few dimensions, labels or sentences for disentanglement.")
    which = Sample("test", len(sample), of=held_out.name)
    left_out = bounded(unnamed | left_out)
    return _scored(explorer, sample, which, factors, left_out, seed, BRIEF_SEEDS, progress)


def _scored(
    explorer: Explorable,
    sample: Corpus,
    which: Sample,
    factors: Mapping[str, Sequence[str]],
    left_out: Mapping[str, Reason],
    seed: int,
    seeds: int,
    progress: Progress,
) -> dict[str, Any]:
    codes = means_of(explorer, sample.sentences, progress)
    representation = Representation.of(codes, factors)
    scores = scores_of(
        representation, seed=seed, seeds=seeds, most_rows=SENTENCES_A_SEED, progress=progress
    )
    return {
        "n": scores.rows,
        "of": scores.of_rows,
        "which": asdict(which),
        "seeds": seeds,
        **as_json(scores, representation),
        "left_out": {label: asdict(why) for label, why in left_out.items()},
    }


def as_json(scores: Scores, representation: Representation) -> dict[str, Any]:
    """Scores with the facts about the factors that they rest on."""
    return {
        "batch": scores.batch,
        "not_fixed": list(scores.not_fixed),
        "factors": list(representation.names),
        "values": list(representation.values),
        "entropies": [round(float(h), _DIGITS) for h in representation.entropies],
        "dependent": representation.dependent(),
        "metrics": {name: interval.to_dict() for name, interval in scores.metrics.items()},
        "noise": {name: round(value, _DIGITS) for name, value in scores.noise.items()},
        "mutual_information": scores.information.round(_DIGITS).tolist(),
        "dci_importance": scores.importance.round(_DIGITS).tolist(),
        "dci_importance_held_out": scores.importance_held_out.round(_DIGITS).tolist(),
    }


def factors_of(
    labels: Mapping[str, Sequence[str]],
) -> tuple[dict[str, Sequence[str]], dict[str, Reason]]:
    """The labels that can count as factors, and why the others cannot."""
    factors: dict[str, Sequence[str]] = {}
    left_out: dict[str, Reason] = {}
    for name, column in labels.items():
        counts = Counter(column)
        others = len(column) - max(counts.values(), default=0)
        if "" in counts:
            left_out[name] = Reason.of("no-value", n=counts[""])
        elif len(counts) > _MOST_VALUES:
            left_out[name] = Reason.of("many-values", n=len(counts), most=_MOST_VALUES)
        elif others < _FEWEST_OTHERS:
            left_out[name] = Reason.of("one-value-but", n=others) if others else Reason("one-value")
        elif len(factors) == _MOST_FACTORS:
            left_out[name] = Reason.of("many-labels", most=_MOST_FACTORS)
        else:
            factors[name] = column
    return factors, left_out


def read(result: Mapping[str, Any]) -> Disentangled:
    """A stored result.

    Raises:
        UserError: it has not the shape of this study.
    """
    found = read_as(Disentangled, result, "disentanglement")
    tables = (found.mutual_information, found.dci_importance, found.dci_importance_held_out)
    widths = {len(row) for table in tables for row in table}
    if widths != {len(found.factors)} or len({*map(len, tables)}) != 1:
        raise damaged("disentanglement")
    known = {name: interval for name, interval in found.metrics.items() if name in WHAT}
    return replace(found, metrics=known, which=found.which.counted(found.of))


def read_metrics(result: Mapping[str, Any]) -> Mapping[str, Interval]:
    """The metrics of a stored result, brief or not.

    Raises:
        UserError: it has not the shape of this study.
    """
    return read_as(_Metrics, result, "disentanglement").metrics


@dataclass(frozen=True)
class _Metrics:
    metrics: Mapping[str, Interval]
