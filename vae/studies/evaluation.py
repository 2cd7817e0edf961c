"""A brief making of the studies on one split, after a training: one object, evaluation.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from vae.corpora.corpus import Corpus
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.samples import Reason, Sample
from vae.errors import UserError
from vae.explorer import Explorer
from vae.models.explorable import NotAvailableError
from vae.models.point import KEEPS_A_POINT
from vae.progress import Progress, silent
from vae.runs.store import RunDirectory
from vae.studies import (
    STUDIES,
    control,
    diagnosis,
    disentanglement,
    earlier,
    made,
    probes,
    reconstruction,
    study,
)
from vae.studies.labelled import held_out
from vae.studies.sentences import at_most, drawn

FILE = "evaluation.json"
IW_SAMPLES = 100
MOST_SENTENCES = 2_000
# A shorter evaluation is shorter in all its parts.
_PROBED_EACH = 6

Result = Mapping[str, Any]


@dataclass(frozen=True)
class Evaluation:
    """What was measured of a run on one split.

    Attributes:
        split: "train", "validation" or "test", or "all" for every sentence.
        results: of each study that it makes, in the study's own schema.
        not_available: why others are not among them.
        sampled_from: sentences that the split has, where the corpus keeps but a sample of it.
    """

    corpus: str
    corpus_digest: str
    split: str
    seed: int
    results: Mapping[str, Result]
    not_available: Mapping[str, Reason] = field(default_factory=dict)
    sampled_from: int | None = None

    @property
    def evidence(self) -> Evidence | None:
        """The brief diagnosis; None where there was none, as of a single sentence."""
        found = self.results.get("diagnosis")
        return None if found is None else diagnosis.read(found)

    @property
    def sentence(self) -> str:
        """The verdict in a sentence, or why there is none."""
        evidence = self.evidence
        return evidence.diagnosis.sentence if evidence else str(self.not_available["diagnosis"])

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        about = {k: v for k, v in vars(self).items() if k not in ("results", "not_available")}
        not_available = {name: asdict(why) for name, why in self.not_available.items()}
        return {**about, "studies": dict(self.results), "not_available": not_available}

    @classmethod
    def of_dict(cls, stored: Mapping[str, Any]) -> Evaluation:
        """A stored one, of this version or an earlier.

        Raises:
            UserError: it cannot be read; the message says what makes it again.
        """
        try:
            kept = stored if "studies" in stored else earlier.upgraded(stored)
            sampled = kept.get("sampled_from")
            return cls(
                str(kept["corpus"]),
                str(kept["corpus_digest"]),
                str(kept["split"]),
                int(kept["seed"]),
                {str(name): dict(result) for name, result in kept["studies"].items()},
                {str(name): Reason.of_json(why) for name, why in kept["not_available"].items()},
                None if sampled is None else int(sampled),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise UserError(
                "The evaluation of this run cannot be read ({error}). Make it again with "
                "`python -m vae evaluate RUN`.",
                error=error.message if isinstance(error, UserError) else str(error),
            ) from error


def evaluate(
    explorer: Explorer,
    corpus: Corpus,
    *,
    split: str = "test",
    seed: int = 0,
    iw_samples: int = IW_SAMPLES,
    most_sentences: int = MOST_SENTENCES,
    progress: Progress = silent,
) -> Evaluation:
    """Measure a run on at most `most_sentences` of one split of a corpus ("all" for every one).

    It makes the study "diagnosis" with `iw_samples` draws and no word counts, "reconstruction",
    "probes" by the linear probe alone, "disentanglement" with three seeds of half the sentences,
    and, where a grammar knows the sentences, "control". Each is what the study of that name would
    be with as many sentences, so that the two agree.

    Raises:
        UserError: the corpus has no sentence in that split, or the model does not read one.
    """
    rows = np.arange(len(corpus)) if split == "all" else corpus.indices(split)  # type: ignore[arg-type]
    if not len(rows):
        raise UserError("There is no {split} sentence to evaluate on.", split=split)
    sample = at_most(corpus, rows, most_sentences, seed)
    which = Sample(split, len(sample), of=corpus.name)
    results: dict[str, Result] = {}
    missing: dict[str, Reason] = {}

    def tried(name: str, measure: Callable[[], Result]) -> None:
        try:
            results[name] = measure()
        except UserError as error:
            missing[name] = Reason.error(error)

    came_back = reconstruction.measure(explorer, sample, which, seed, progress)
    if not explorer.has_posterior:
        missing["diagnosis"] = Reason.error(NotAvailableError(KEEPS_A_POINT))
    elif len(sample) > 1:
        # All sentences of a file are no training text of the run.
        learned = None if split == "all" else corpus
        evidence = diagnosis.evidence_of(
            explorer, sample, which, learned, seed, progress, brief_draws=iw_samples
        )
        trip = reconstruction.read(came_back).trip
        results["diagnosis"] = diagnosis.with_fitness(
            evidence, explorer, trip, learned, seed, progress
        ).to_dict()
    else:
        missing["diagnosis"] = Reason.of("few-sentences", n=len(sample))
    results["reconstruction"] = came_back
    if explorer.latent_dim and corpus.labels and split != "all":
        most = min(probes.MOST_SENTENCES, _PROBED_EACH * most_sentences)
        if split == "test":
            asked, of_probes = held_out(corpus, most, seed)
        else:
            asked = drawn(corpus, split, most, seed)  # type: ignore[arg-type]
            of_probes = Sample(split, len(asked), of=corpus.name)
        tried("probes", lambda: probes.measure_briefly(explorer, asked, of_probes, seed, progress))
        of_split = corpus.select(split)  # type: ignore[arg-type]
        tried(
            "disentanglement",
            lambda: disentanglement.measure_briefly(
                explorer, of_split, 2 * most_sentences, seed, progress
            ),
        )
        if corpus.grammar:
            tried(
                "control",
                lambda: control.measure(
                    explorer,
                    corpus,
                    split=split,
                    seed=seed,
                    most=most_sentences,
                    progress=progress,
                ),
            )
    return Evaluation(
        corpus.name, corpus.digest, split, seed, results, missing, _sampled_from(corpus, split)
    )


def _sampled_from(corpus: Corpus, split: str) -> int | None:
    """Sentences of a split of which the corpus keeps but a sample."""
    if split == "all":
        return None
    whole = corpus.sizes[split]  # type: ignore[index]
    return whole if whole > len(corpus.indices(split)) else None  # type: ignore[arg-type]


def read(run: RunDirectory) -> Evaluation | None:
    """evaluation.json; None where the run has not been evaluated.

    Raises:
        UserError: it cannot be read.
    """
    return Evaluation.of_dict(run.read_json(FILE)) if run.has(FILE) else None


_OF_LABELS = ("probes", "disentanglement")


def fullest(run: RunDirectory) -> Evaluation | None:
    """The evaluation, with the study in the place of its brief making where it has been made.

    Labels that a run was given later were not there to be evaluated: their studies are added.

    Raises:
        UserError: it cannot be read.
    """
    found = read(run)
    if found is None or found.split != "test":
        return found
    results, missing = dict(found.results), dict(found.not_available)
    for name in {*results, *missing, *_OF_LABELS} & STUDIES.keys():
        with suppress(UserError):  # a damaged study is told of where it is shown
            if (result := made(run, name)) is not None:
                study(name).check(result)
                brief = results.get(name)
                results[name] = earlier.completed(result, brief) if name == "diagnosis" else result
                missing.pop(name, None)
    return replace(found, results=results, not_available=missing)
