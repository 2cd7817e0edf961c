"""evaluation.json as the first version wrote it, in the shape of today; nothing of it is lost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from vae.diagnostics.bootstrap import LEVEL, Interval, share_interval
from vae.diagnostics.evidence import too_few
from vae.diagnostics.likelihood import MOST_PERPLEXITY
from vae.diagnostics.samples import Reason, Sample
from vae.diagnostics.units import THRESHOLDS
from vae.i18n.numbers import ERRORS

_SCORED = 3

Flat = Mapping[str, Any]


def upgraded(flat: Flat) -> dict[str, Any]:
    """An evaluation of the first version, one flat object, as `Evaluation.to_dict` gives it.

    What it did not keep is None, or an interval whose level is 0.

    Raises:
        KeyError, TypeError, ValueError: a figure is missing, or none.
    """
    n, split, corpus = int(flat["n_sentences"]), str(flat["split"]), str(flat["corpus"])
    which = Sample(split if split in ("train", "validation", "test") else "all", n, of=corpus)
    studies: dict[str, Any] = {
        "diagnosis": _evidence(flat, n, which),
        "reconstruction": _reconstruction(flat, n, which),
    }
    missing: dict[str, Any] = {}
    if isinstance(flat.get("probes"), Mapping) and flat["probes"]:
        studies["probes"] = _probes(flat["probes"], which)
    if isinstance(flat.get("disentanglement"), Mapping):
        studies["disentanglement"] = _disentanglement(flat["disentanglement"], which)
    elif "disentanglement" in flat:
        missing["disentanglement"] = asdict(Reason.of("said", text="not available"))
    if "steering" in flat or "analogies" in flat:
        studies["control"] = {k: flat.get(k) for k in ("steering", "analogies")}
    return {
        "corpus": corpus,
        "corpus_digest": flat["corpus_digest"],
        "split": split,
        "seed": int(flat["seed"]),
        "sampled_from": flat.get("sampled_from"),
        "studies": studies,
        "not_available": missing,
    }


def completed(study: Flat, brief: Flat | None) -> Flat:
    """A diagnosis with what its first version did not keep, from the brief one of the same run."""
    if brief is None or "distortion" in study:
        return study
    split = {
        name: {"error": brief["split"][name].get("error"), **part}
        if isinstance(part, Mapping)
        else part
        for name, part in study["split"].items()
    }
    kept = {name: brief.get(name) for name in ("distortion", "elbo")}
    done = {**kept, **study, "split": split}
    if (curve := study.get("likelihood")) and (shorter := brief.get("likelihood")):
        last = {"error": shorter["nll"][-1].get("error"), **curve["nll"][-1]}
        done["likelihood"] = {**curve, "nll": [*curve["nll"][:-1], last]}
    return done


def _evidence(flat: Flat, n: int, which: Sample) -> dict[str, Any]:
    rate, information = _mean(flat, "rate", n), _mean(flat, "mutual_information", n)
    if rate is None or information is None:
        raise KeyError("rate")
    apart = math.hypot(rate.error or 0.0, information.error or 0.0)
    mismatch = _about(max(0.0, rate.value - information.value), apart, n)
    variances = [float(v) for v in flat["variance_of_means"]]
    caution = too_few(n)
    likelihood = _likelihood(flat, n)
    return {
        "n": n,
        "which": asdict(which),
        "seed": int(flat["seed"]),
        "latent_dim": int(flat["latent_dim"]),
        "split": {
            "rate": asdict(rate),
            "information": asdict(information),
            "ceiling": float(flat["mutual_information_ceiling"]),
            # The bound of all others was not kept; no more than the rate can be told.
            "upper": asdict(rate),
            "mismatch": asdict(mismatch),
            "residual": asdict(_bare(0.0, n)),
            "draws": 1,
        },
        "rate_per_dimension": [float(v) for v in flat["rate_per_dimension"]],
        "variances": variances,
        "units": {
            "thresholds": list(THRESHOLDS),
            "counts": [asdict(_bare(sum(v > t for v in variances), n)) for t in THRESHOLDS],
        },
        "likelihood": likelihood,
        "listening": _listening(flat, n),
        "vocabulary": [],
        "factors": [],
        "missing": [asdict(caution)] if caution else [],
        "distortion": _kept(_mean(flat, "distortion", n)),
        "elbo": _kept(_mean(flat, "elbo", n)),
    }


def _likelihood(flat: Flat, n: int) -> dict[str, Any] | None:
    bound, elbo = _mean(flat, "nll_iw", n), _mean(flat, "elbo", n)
    if bound is None or elbo is None:
        return None
    k, half = int(flat["iw_samples"]), flat.get("nll_iw_half")
    curve = [] if half is None or k < 2 else [(k // 2, _bare(float(half), n))]
    curve.append((k, bound))
    ppl, tokens = float(flat["ppl"]), int(flat["n_tokens"])
    effective = flat.get("iw_effective")  # not of the first version, but of figures like its own
    reach = ERRORS * (bound.error or 0.0) * n / tokens
    return {
        "draws": [draws for draws, _ in curve],
        "nll": [asdict(each) for _, each in curve],
        "gap": asdict(_bare(-elbo.value - bound.value, n)),
        "perplexity": asdict(Interval(ppl, ppl * math.exp(-reach), ppl * math.exp(reach), LEVEL, n))
        if ppl * math.exp(reach) < MOST_PERPLEXITY
        else None,
        "n_tokens": tokens,
        "each": flat.get("nll_iw_each"),
        "effective": None if effective is None else {"median": effective, "low": effective},
    }


def _listening(flat: Flat, n: int) -> dict[str, Any] | None:
    heard = flat.get("decoder_listens")
    if not isinstance(heard, Mapping):
        return None
    own, another, prior = (float(heard[name]) for name in ("own", "another", "prior"))
    values = {
        "own": own,
        "another": another,
        "prior": prior,
        "over_another": own - another,
        "over_prior": own - prior,
    }
    parts = dict.fromkeys(("opening", "rest", "end"))
    return {**{k: asdict(_bare(v, n)) for k, v in values.items()}, **parts, "positions": []}


def _reconstruction(flat: Flat, n: int, which: Sample) -> dict[str, Any]:
    exact, grammar = flat.get("exact_match"), flat.get("grammar")
    spoken = None
    if isinstance(grammar, Mapping):
        spoken = {
            "prior": asdict(_share(grammar["prior_accepted"], int(grammar["prior_samples"]))),
            "between": asdict(
                _share(grammar["interpolation_accepted"], int(grammar["interpolation_points"]))
            ),
            "paths": int(grammar["interpolations"]),
        }
    return {
        "n": n,
        "which": asdict(which),
        "exact_match": None if exact is None else asdict(_share(exact, n)),
        "token_accuracy": flat.get("token_accuracy"),
        "n_tokens": flat.get("n_tokens"),
        "unknown_tokens": flat.get("unknown_tokens"),
        "grammatical": spoken,
    }


def _probes(kept: Flat, which: Sample) -> dict[str, Any]:
    labels = {
        name: {
            "kind": "categorical",
            "metric": "accuracy",
            "n": int(each["n_test"]),
            "classes": int(each["classes"]),
            "majority": float(each["majority"]),
            "linear": asdict(
                Interval(
                    float(each["accuracy"]),
                    float(each["low"]),
                    float(each["high"]),
                    LEVEL,
                    int(each["n_test"]),
                    float(each["standard_error"]),
                )
                if "low" in each
                else _share(each["accuracy"], int(each["n_test"]))
            ),
        }
        for name, each in kept.items()
    }
    n = max(int(each["n_test"]) for each in kept.values())
    asked = asdict(Sample(which.kind, n, of=which.of))
    return {"n": n, "which": asked, "folds": 1, "labels": labels, "left_out": {}}


def _disentanglement(kept: Flat, which: Sample) -> dict[str, Any]:
    return {
        "n": 0,
        "of": 0,
        "which": asdict(which),
        "seeds": _SCORED,
        "batch": 0,
        "factors": [],
        "mutual_information": [],
        "dci_importance": [],
        "dci_importance_held_out": [],
        "metrics": {name: {"level": LEVEL, **interval} for name, interval in kept.items()},
        "dependent": {},
        "left_out": {},
    }


def _mean(flat: Flat, name: str, n: int) -> Interval | None:
    value = flat[name]
    if value is None:
        return None
    if isinstance(value, bool) or not math.isfinite(float(value)):
        raise ValueError(name)
    error = flat.get(f"{name}_standard_error")
    return _bare(float(value), n) if error is None else _about(float(value), float(error), n)


def _about(value: float, error: float, n: int) -> Interval:
    return Interval(value, value - ERRORS * error, value + ERRORS * error, LEVEL, n, error)


def _bare(value: float, n: int) -> Interval:
    return Interval(value, value, value, 0.0, n)


def _kept(found: Interval | None) -> dict[str, Any] | None:
    return None if found is None else asdict(found)


def _share(value: Any, n: int) -> Interval:
    return share_interval(round(float(value) * n), n)
