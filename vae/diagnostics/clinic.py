"""What became of a collapse and its cure: a verdict in words, from two evaluations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import stdev
from typing import Any, Literal

from vae.diagnostics.collapse import diagnose
from vae.diagnostics.comparison import figure
from vae.diagnostics.information import falls_short
from vae.diagnostics.latent_swap import HEARD

Outcome = Literal["cured", "not cured", "no collapse"]
Likelihood = Literal["better", "same", "worse", "unknown"]

CURED_RATE = 1.0
"""Nats a sentence that a cured run carries at least."""
CURED_UNITS = 2

_MOST_NATS = 1e9  # not a number, or none that a bound can be
_SAME_SENTENCES = ("corpus_digest", "split", "seed", "n_sentences", "iw_samples")


@dataclass(frozen=True)
class ClinicVerdict:
    """A judgement of two runs that differ in one cure.

    Attributes:
        outcome: "no collapse" is the plain run's: then there was nothing to cure.
        plain_collapsed: whether the plain run did what it was expected to do.
        cured_reads: whether the run with the cure carries nats that its decoder reads.
        likelihood: of the cured run, against the plain one; "same" within two standard errors;
            "unknown" too where what a bound may still fall could decide it.
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


def heard_of(evaluation: Mapping[str, Any]) -> float | None:
    """Nats that another sentence's z costs the decoder; None where that was not measured.

    Raises:
        UserError: a figure is missing.
    """
    scores = evaluation.get("decoder_listens")
    if not isinstance(scores, Mapping):
        return None
    return figure(scores, "own") - figure(scores, "another")


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
        information = figure(values, "mutual_information")
        ceiling = figure(values, "mutual_information_ceiling")
        least = "at least " if falls_short(information, ceiling) else ""
        return (
            f"rate {figure(values, 'rate'):.2f}{_spread(values, 'rate')} nats, mutual information "
            f"{least}{information:.2f}{_spread(values, 'mutual_information')} nats (the estimate "
            f"cannot exceed {ceiling:.2f}), {figure(values, 'active_units'):.0f} of "
            f"{figure(values, 'latent_dim'):.0f} units active"
        )

    threshold = figure(cured, "active_unit_threshold")
    return f"Plain: {of(plain)}. With the cure: {of(cured)}. Active is a variance of the " + (
        f"posterior mean above {threshold:g}."
    )


def _spread(values: Mapping[str, Any], name: str) -> str:
    """One standard error, where it was measured."""
    error = values.get(f"{name}_standard_error")
    return f" ± {error:.1g}" if isinstance(error, int | float) else ""


def _read(plain: Mapping[str, Any], cured: Mapping[str, Any]) -> str:
    before, after = heard_of(plain), heard_of(cured)
    if before is None or after is None:
        return ""
    return (
        f"Given another sentence's z, the plain decoder loses {_signed(before)} nats of log "
        f"p(x|z), the cured one {_signed(after)}: that is how much each reads in z."
    )


def _likelihood(plain: Mapping[str, Any], cured: Mapping[str, Any]) -> tuple[Likelihood, str]:
    """(how they stand, in a sentence).

    Both figures are bounds: a difference counts where it exceeds two standard errors and what the
    higher bound may still fall. A loose bound alone is no worse a likelihood.
    """
    if any(plain.get(key) != cured.get(key) for key in _SAME_SENTENCES):
        return "unknown", (
            "Their likelihoods cannot be compared: they were not measured on the same sentences "
            "with the same number of draws."
        )
    one, other = figure(plain, "nll_iw"), figure(cured, "nll_iw")
    spreads = [figure(e, "nll_iw_standard_error") for e in (plain, cured)]
    error, draws = _paired_error(plain, cured), figure(cured, "iw_samples")
    said = (
        f"NLL (importance-weighted bound, K = {draws:.0f}, "
        f"{figure(cured, 'n_sentences'):,.0f} sentences): plain {one:.2f} ± {spreads[0]:.2f}, with "
        f"the cure {other:.2f} ± {spreads[1]:.2f} nats a sentence"
    )
    difference, by = other - one, f"{abs(other - one):.2f} ± {error:.2f} nats"
    falls = [_fall(e) for e in (plain, cured)]
    slack = [math.inf if fall is None else may_fall(fall, draws) for fall in falls]
    if difference + 2 * error + slack[0] < 0:
        return "better", f"{said}: with the cure the bound is lower, so better, by {by}."
    if difference - 2 * error - slack[1] > 0:
        return "worse", (
            f"{said}: with the cure the bound is higher, so worse, by {by}, and that is more than "
            f"it may still fall with K (the last doubling took {falls[1]:.2f})."
        )
    small = abs(difference) <= 2 * error
    if small and max(slack) <= 2 * error:
        return "same", f"{said}: no difference beyond two standard errors ({error:.2f} each)."
    which = slack.index(max(slack)) if small else int(difference > 0)
    who, fall = ("the plain run", "the run with the cure")[which], falls[which]
    still = (
        "may still fall with K, which was not measured"
        if fall is None
        else f"still falls by {fall:.2f} nats with each doubling of K"
    )
    if small:
        return "unknown", (
            f"{said}. They differ by less than two standard errors ({error:.2f} each), but the "
            f"bound of {who} {still}, so which is better cannot be told."
        )
    told = "lost" if difference > 0 else "gained"
    return "unknown", (
        f"{said}. The bound of {who} is {by} higher, but {still}, so what is {told} cannot be told."
    )


def may_fall(fall: float, draws: float) -> float:
    """Nats that a bound of K `draws` may still fall, from what the last doubling of K took.

    An allowance, no guarantee. Steps that shrink by a tenth at each doubling add up to nine times
    the last one; in the clinic they shrank by a fifth (free bits, up to K = 8,000) and hardly at
    all (denoising, up to 32,000). Where weights spread widely the second term takes over: with
    normal log-weights of a standard deviation s, about s²/2 is left, and a doubling takes
    s ln 2 / √(2 ln K).
    """
    return 10 * fall + math.log(draws) * (fall / math.log(2)) ** 2


def _paired_error(plain: Mapping[str, Any], cured: Mapping[str, Any]) -> float:
    """Standard error of the mean difference of the bounds; from each run's own, where it must be.

    That of pairs is the smaller one: a sentence that is hard is hard for both.
    """
    one, other = (_each(e) for e in (plain, cured))
    if one is not None and other is not None and len(one) == len(other) > 1:
        return stdev(b - a for a, b in zip(one, other, strict=True)) / math.sqrt(len(one))
    return math.hypot(*(figure(e, "nll_iw_standard_error") for e in (plain, cured)))


def _each(evaluation: Mapping[str, Any]) -> list[float] | None:
    """The bound of each sentence; None where it was not kept."""
    values = evaluation.get("nll_iw_each")
    if not isinstance(values, list) or not all(
        isinstance(v, int | float) and abs(v) < _MOST_NATS for v in values
    ):
        return None
    return [float(v) for v in values]


def _fall(evaluation: Mapping[str, Any]) -> float | None:
    """Nats by which the last doubling of K lowered the bound; None where it was not measured."""
    if evaluation.get("nll_iw_half") is None:
        return None
    return max(0.0, figure(evaluation, "nll_iw_half") - figure(evaluation, "nll_iw"))


def _time(plain: float, cured: float) -> str:
    ratio = f", {cured / plain:.1f} times as long" if plain > 0 else ""
    return f"Training took {plain:.0f} s without the cure and {cured:.0f} s with it{ratio}."


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
