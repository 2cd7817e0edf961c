"""An evaluation in one line of figures, for tables."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.comparison import FIGURES
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD
from vae.diagnostics.likelihood import MOST_PERPLEXITY
from vae.runs.store import RunDirectory
from vae.studies import (
    probes,
    reconstruction,
)
from vae.studies.evaluation import Evaluation, fullest


def figures_of(run: RunDirectory) -> dict[str, Any] | None:
    """The figures of `fullest`; None where the run has not been evaluated.

    Raises:
        UserError: it cannot be read.
    """
    found = fullest(run)
    return None if found is None else figures(found)


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
