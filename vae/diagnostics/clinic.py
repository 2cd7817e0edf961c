"""What became of a collapse and its cure: a verdict in words, from two evaluations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from vae.diagnostics.collapse import diagnose
from vae.diagnostics.comparison import figure
from vae.diagnostics.listening import HEARD
from vae.diagnostics.usage import heard_of

Outcome = Literal["cured", "not cured", "no collapse"]
Likelihood = Literal["better", "same", "worse", "unknown"]

CURED_RATE = 1.0
"""Nats a sentence that a cured run carries at least."""
CURED_UNITS = 2

_SAME_SENTENCES = ("corpus_digest", "split", "seed", "n_sentences", "iw_samples")


@dataclass(frozen=True)
class ClinicVerdict:
    """A judgement of two runs that differ in one cure.

    Attributes:
        outcome: "no collapse" is the plain run's: then there was nothing to cure.
        plain_collapsed: whether the plain run did what it was expected to do.
        cured_reads: whether the run with the cure carries nats that its decoder reads.
        likelihood: of the cured run, against the plain one; "same" within two standard errors.
        sentence: the verdict, with its figures.
        findings: what it rests on and what it cost, a sentence each.
    """

    outcome: Outcome
    plain_collapsed: bool
    cured_reads: bool
    likelihood: Likelihood
    sentence: str
    findings: tuple[str, ...]


def clinic_verdict(
    plain: Mapping[str, Any],
    cured: Mapping[str, Any],
    seconds: tuple[float, float] | None = None,
) -> ClinicVerdict:
    """Judge a cure by two objects of evaluation.json.

    Cured: not collapsed any more (`vae.diagnostics.collapse`), at least one nat in at least two
    active units, and a decoder that loses a nat or more when it is given another sentence's z. A
    rate alone is no cure: a floor under it can be met with a z that nobody reads.

    Args:
        seconds: what the training of each took.

    Raises:
        UserError: an evaluation lacks a figure.
    """
    before, after = _diagnosis(plain), _diagnosis(cured)
    rate, units = figure(cured, "rate"), int(figure(cured, "active_units"))
    heard = heard_of(cured)
    listens = heard is None or heard >= HEARD
    # A decoder that does not listen is a collapse as well, and said by itself.
    enough = (after != "collapsed" or not listens) and rate >= CURED_RATE and units >= CURED_UNITS
    likelihood, of_likelihood = _likelihood(plain, cured)
    plainly = f"{figure(plain, 'rate'):.2f}"
    if before != "collapsed":
        outcome: Outcome = "no collapse"
        sentence = (
            f"The plain run did not collapse: it carries {plainly} nats. There was nothing to "
            f"cure; with the cure it is {rate:.2f} nats."
        )
    elif enough and listens:
        outcome = "cured"
        sentence = (
            f"Cured: the rate is {rate:.2f} nats a sentence where the plain run kept {plainly}, "
            "and the decoder reads them."
        )
    elif enough:
        outcome = "not cured"
        sentence = (
            f"Not cured: the rate is up from {plainly} to {rate:.2f} nats, but the likelihood of a "
            "sentence is nearly the same whatever z the decoder is given."
        )
    else:
        outcome = "not cured"
        sentence = (
            f"Not cured: the rate is {rate:.2f} nats in {units} active units, where the plain run "
            f"kept {plainly}."
        )
    findings = [_carried(plain, cured), _read(plain, cured), of_likelihood]
    if seconds is not None:
        findings.append(_time(*seconds))
    kept = tuple(f for f in findings if f)
    return ClinicVerdict(
        outcome, before == "collapsed", enough and listens, likelihood, sentence, kept
    )


def _diagnosis(evaluation: Mapping[str, Any]) -> str:
    return diagnose(
        latent_dim=int(figure(evaluation, "latent_dim")),
        rate=figure(evaluation, "rate"),
        active_units=int(figure(evaluation, "active_units")),
        mutual_information=max(0.0, figure(evaluation, "mutual_information")),
        mutual_information_ceiling=figure(evaluation, "mutual_information_ceiling"),
        heard=heard_of(evaluation),
    ).verdict


def _carried(plain: Mapping[str, Any], cured: Mapping[str, Any]) -> str:
    def of(values: Mapping[str, Any]) -> str:
        error = values.get("rate_standard_error")
        spread = f" ± {error:.1g}" if isinstance(error, (int, float)) else ""
        return (
            f"rate {figure(values, 'rate'):.2f}{spread} nats, mutual information "
            f"{figure(values, 'mutual_information'):.2f} nats (at most "
            f"{figure(values, 'mutual_information_ceiling'):.2f}), "
            f"{figure(values, 'active_units'):.0f} of {figure(values, 'latent_dim'):.0f} units "
            f"active"
        )

    threshold = figure(cured, "active_unit_threshold")
    return f"Plain: {of(plain)}. With the cure: {of(cured)}. Active is a variance of the " + (
        f"posterior mean above {threshold:g}."
    )


def _read(plain: Mapping[str, Any], cured: Mapping[str, Any]) -> str:
    before, after = heard_of(plain), heard_of(cured)
    if before is None or after is None:
        return ""
    return (
        f"Given another sentence's z, the plain decoder loses {_signed(before)} nats of log "
        f"p(x|z), the cured one {_signed(after)}: that is how much each reads in z."
    )


def _likelihood(plain: Mapping[str, Any], cured: Mapping[str, Any]) -> tuple[Likelihood, str]:
    """(how they stand, in a sentence)."""
    if any(plain.get(key) != cured.get(key) for key in _SAME_SENTENCES):
        return "unknown", (
            "Their likelihoods cannot be compared: they were not measured on the same sentences "
            "with the same number of draws."
        )
    one, other = figure(plain, "nll_iw"), figure(cured, "nll_iw")
    spreads = [figure(e, "nll_iw_standard_error") for e in (plain, cured)]
    # On the same sentences the true error of the difference is smaller than this.
    error = math.hypot(*spreads)
    draws = figure(cured, "iw_samples")
    said = (
        f"NLL (importance-weighted, K = {draws:.0f}, {figure(cured, 'n_sentences'):,.0f} "
        f"sentences): plain {one:.2f} ± {spreads[0]:.2f}, with the cure {other:.2f} ± "
        f"{spreads[1]:.2f} nats a sentence"
    )
    gain = one - other
    if abs(gain) <= 2 * error:
        return "same", f"{said}: no difference beyond two standard errors."
    if gain > 0:
        return "better", f"{said}: the cure also models the language better, by {gain:.2f} nats."
    return "worse", f"{said}: what z carries was bought with {-gain:.2f} nats of likelihood."


def _time(plain: float, cured: float) -> str:
    ratio = f", {cured / plain:.1f} times as long" if plain > 0 else ""
    return f"Training took {plain:.0f} s without the cure and {cured:.0f} s with it{ratio}."


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
