"""The study "diagnosis": all evidence on held-out sentences, kept with the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from vae.corpora.corpus import Corpus
from vae.diagnostics.course import course
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.examination import gather
from vae.diagnostics.fitness import RoundTrip
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD
from vae.diagnostics.likelihood import DRAWS
from vae.diagnostics.proposals import affordable
from vae.diagnostics.samples import Sample
from vae.diagnostics.units import UnitCurve
from vae.explorer import Explorer
from vae.i18n import message
from vae.models.explorable import where_available
from vae.progress import Progress, silent
from vae.runs.history import history
from vae.runs.store import RunDirectory
from vae.studies import reconstruction
from vae.studies.sentences import drawn
from vae.studies.shapes import damaged, read_as
from vae.studies.unigram import frequency_costs

MOST_SENTENCES = 2_000
MOST_DRAWS = 1_000
"""K that the draws of the likelihood bound may double up to."""
_COUNTED = 10_000
"""Training sentences whose words are counted: enough to rank all but the rarest."""


def measure(explorer: Explorer, corpus: Corpus, seed: int, progress: Progress) -> Mapping[str, Any]:
    """At most 2,000 test sentences; see `vae.diagnostics.evidence.Evidence` for what it holds.

    Raises:
        UserError: the corpus has fewer than two test sentences.
    """
    sample = drawn(corpus, "test", MOST_SENTENCES, seed)
    which = Sample("test", len(sample), of=corpus.name)
    evidence = evidence_of(explorer, sample, which, corpus, seed, progress)
    held = reconstruction.round_trip_of(explorer, sample.sentences, seed, progress)
    return with_fitness(evidence, explorer, held, corpus, seed, progress).to_dict()


def with_fitness(
    evidence: Evidence,
    explorer: Explorer,
    trip: RoundTrip | None,
    learned: Corpus | None,
    seed: int,
    progress: Progress = silent,
) -> Evidence:
    """The evidence with what tells whether the model is any good, where that can be known.

    Args:
        trip: what comes back of the sentences of the evidence; it says nothing of held-out ones
            where the model may have learned from them.
        learned: what the run learned from.
    """
    if not explorer.latent_dim or not evidence.which.unseen:
        return evidence
    recorded = history(explorer.run.read_metrics())
    return replace(
        evidence,
        held=trip,
        trained=reconstruction.trained(explorer, learned, seed, progress)
        if learned is not None
        else None,
        course=course(recorded) if recorded.last_step else None,
    )


def evidence_of(
    explorer: Explorer,
    sample: Corpus,
    which: Sample,
    learned: Corpus | None,
    seed: int,
    progress: Progress = silent,
    *,
    brief_draws: int | None = None,
) -> Evidence:
    """Measure a run on sentences of any origin.

    Args:
        learned: what the run learned from, whose words are counted; None where it is gone.
        brief_draws: K of the bound in a brief making, which tells no gains of kinds of words; None
            for a whole one, where K doubles up to 1,000.

    Raises:
        UserError: there are fewer than two sentences.
    """
    grammar, brief = (learned or sample).grammar, brief_draws is not None
    most = brief_draws or MOST_DRAWS
    return gather(
        explorer,
        sample.sentences,
        which,
        seed=seed,
        counts=None
        if learned is None or brief
        else _word_counts(explorer, learned, seed, progress),
        words_of=(lambda s: grammar.words(s, explorer.tokens)) if grammar and not brief else None,
        grammatical=(lambda s: grammar.parse(s) is not None) if grammar else None,
        frequency_costs=frequency_costs(explorer, sample.sentences, learned, seed, progress),
        draws=brief_draws or DRAWS[-1],
        most_draws=None if brief else MOST_DRAWS,
        validation=None
        if learned is None
        else of_validation(learned, affordable(len(sample), most), seed),
        progress=progress,
    )


def of_validation(corpus: Corpus, most: int, seed: int) -> tuple[Sequence[str], Sample] | None:
    """At most so many validation sentences, and which they are; None where there are none."""
    if not most or not len(corpus.indices("validation")):
        return None
    few = drawn(corpus, "validation", most, seed)
    return few.sentences, Sample("validation", len(few), of=corpus.name)


def _word_counts(
    explorer: Explorer, corpus: Corpus, seed: int, progress: Progress
) -> Counter[str] | None:
    """How often each word stands in training sentences; None without these, or without tokens."""
    if not len(corpus.indices("train")):
        return None
    sentences = drawn(corpus, "train", _COUNTED, seed).sentences

    def count() -> Counter[str]:
        counts: Counter[str] = Counter()
        for i, sentence in enumerate(sentences):
            counts.update(explorer.tokens(sentence)[:-1])
            if i % 500 == 0:
                progress(i, len(sentences), message("Counting words"))
        return counts

    return where_available(count)


def read(result: Mapping[str, Any]) -> Evidence:
    """A stored result with its types.

    Raises:
        UserError: it is not of the shape that pages read.
    """
    found = read_as(Evidence, result, "diagnosis")
    z = found.latent_dim
    if (
        not 0 <= z == len(found.rate_per_dimension) == len(found.variances)
        or not all(_whole(curve) for curve in (found.units, found.principal) if curve is not None)
        or found.n < 2
        or min(found.split.information.value, found.split.ceiling, found.split.rate.value) < 0
        or (
            found.likelihood is not None
            and not 0 < len(found.likelihood.draws) == len(found.likelihood.nll)
        )
    ):
        raise damaged("diagnosis")
    return found


def _whole(curve: UnitCurve) -> bool:
    return len(curve.thresholds) == len(curve.counts) and ACTIVE_UNIT_THRESHOLD in curve.thresholds


def best(run: RunDirectory) -> Evidence | None:
    """The study of a run, or its brief making in the evaluation; None where there is neither.

    Raises:
        UserError: what there is cannot be read.
    """
    from vae import studies

    found = studies.read(run, "diagnosis")
    return None if found is None else read(found)
