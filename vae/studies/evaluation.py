"""A brief making of the studies on one split, after a training: one object, evaluation.json."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from vae.corpora.corpus import Corpus
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.comparison import FIGURES
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD
from vae.diagnostics.likelihood import MOST_PERPLEXITY
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


def figures_of(run: RunDirectory) -> dict[str, Any] | None:
    """The figures of `fullest`; None where the run has not been evaluated.

    Raises:
        UserError: it cannot be read.
    """
    found = fullest(run)
    return None if found is None else figures(found)


# -- one line of figures --------------------------------------------------------------------------


def figures(found: Evaluation) -> dict[str, Any]:
    """The figures of an evaluation by their names, for tables; nats a sentence.

    A figure that the model cannot give is None. NAME_standard_error stands beside a mean. "nll_iw"
    is the importance-weighted bound of Burda et al. (2016) with "iw_samples" draws, "nll_iw_half"
    that with half of them; "iw_effective" is of how many draws of equal weight they are worth
    (median over sentences; one in ten stays below "iw_effective_low"), and "iw_level" whether the
    last doubling took next to nothing. Where "mutual_information_falls_short" it is a lower bound.

    Raises:
        UserError: a result is not of the shape of its study.
    """
    values: dict[str, Any] = {
        **dict.fromkeys(FIGURES),
        "corpus": found.corpus,
        "corpus_digest": found.corpus_digest,
        "split": found.split,
        "seed": found.seed,
    }
    if found.sampled_from is not None:
        values["sampled_from"] = found.sampled_from
    if (evidence := found.evidence) is not None:
        values |= _of_evidence(evidence)
    if result := found.results.get("reconstruction"):
        values |= _of_reconstruction(reconstruction.read(result))
    if result := found.results.get("probes"):
        asked = probes.read_linear(result)
        values["probes"] = {
            name: {
                "accuracy": probe.linear.value,
                "low": probe.linear.low,
                "high": probe.linear.high,
                "accuracy_drawn": probe.drawn.value if probe.drawn else None,
                "majority": probe.majority,
                "classes": probe.classes,
                "n_test": probe.n,
            }
            for name, probe in asked.items()
            if probe.metric == "accuracy"
        }
    if result := found.results.get("disentanglement"):
        values["disentanglement"] = result["metrics"]
        values["disentanglement_noise"] = result.get("noise")
    if "disentanglement" in found.not_available:
        values["disentanglement"] = None
    return values | dict(found.results.get("control", {}))


def _of_evidence(found: Evidence) -> dict[str, Any]:
    split, curve, heard = found.split, found.likelihood, found.listening
    fall = curve.fall if curve else None
    judged = found.diagnosis
    return {
        "n_sentences": found.n,
        "ppl": curve.perplexity.value if curve and curve.perplexity else None,
        **({"ppl_above": MOST_PERPLEXITY} if curve and curve.perplexity is None else {}),
        **_mean("nll_iw", curve.nll[-1] if curve else None),
        **_mean("elbo", found.elbo),
        **_mean("distortion", found.distortion),
        "unigram": found.unigram.value if found.unigram else None,
        "nll_iw_half": curve.nll[-1].value + fall if curve and fall is not None else None,
        "nll_iw_each": list(curve.each) if curve and curve.each else None,
        "iw_samples": curve.draws[-1] if curve else None,
        "iw_effective": curve.effective.median if curve and curve.effective else None,
        "iw_effective_low": curve.effective.low if curve and curve.effective else None,
        "iw_level": curve.level if curve else None,
        "iw_proposal": asdict(curve.proposal) if curve and curve.proposal else None,
        **_mean("rate", split.rate),
        **_mean("mutual_information", split.information),
        "mutual_information_ceiling": split.ceiling,
        "mutual_information_falls_short": split.falls_short,
        "principal_units": found.principal_units,
        "active_units": found.active_units,
        "active_unit_threshold": ACTIVE_UNIT_THRESHOLD,
        "latent_dim": found.latent_dim,
        "rate_per_dimension": list(found.rate_per_dimension),
        "variance_of_means": list(found.variances),
        "decoder_listens": {
            "own": heard.own.value,
            "another": heard.another.value,
            "prior": heard.prior.value,
        }
        if heard
        else None,
        "moment_kl": found.match.moment_kl.value if found.match else None,
        "told_apart": found.match.accuracy.value if found.match else None,
        "prior_match": asdict(found.match) if found.match else None,
        "verdict": judged.verdict,
        "verdict_sentence": judged.sentence,
        "exact_match_trained": found.trained.exact.value if found.trained else None,
        "cures": [advice.cure for advice in judged.cures],
    }


def _of_reconstruction(found: reconstruction.Reconstruction) -> dict[str, Any]:
    spoken = found.grammatical
    drawn = spoken.prior_drawn if spoken else None
    return {
        "n_sentences": found.n,
        "n_tokens": found.n_tokens,
        "unknown_tokens": found.unknown_tokens,
        "exact_match": found.exact_match.value if found.exact_match else None,
        "exact_match_drawn": found.exact_match_drawn.value if found.exact_match_drawn else None,
        "token_accuracy": found.token_accuracy,
        "prior_accepted": spoken.prior.value if spoken and spoken.prior else None,
        "prior_accepted_drawn": drawn.value if drawn else None,
        "grammar": {
            "prior_accepted": spoken.prior.value if spoken.prior else None,
            "prior_accepted_drawn": drawn.value if drawn else None,
            "prior_samples": spoken.prior.n if spoken.prior else None,
            "interpolation_accepted": spoken.between.value,
            "interpolations": spoken.paths,
            "interpolation_points": spoken.between.n,
        }
        if spoken
        else None,
    }


def _mean(name: str, found: Interval | None) -> dict[str, float | None]:
    error = found.error if found and found.error is not None else None
    return {
        name: found.value if found else None,
        f"{name}_standard_error": error if error is None or math.isfinite(error) else None,
    }
