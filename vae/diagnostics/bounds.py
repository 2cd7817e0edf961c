"""Which of two runs is likelier? Their importance-weighted bounds, as far as they can tell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from vae.diagnostics.bootstrap import standard_error
from vae.diagnostics.comparison import figure, figure_or_none
from vae.errors import UserError
from vae.i18n import Message, _
from vae.i18n.numbers import mean_plus_minus, number

Change = Literal["better", "same", "worse", "unknown"]

ENOUGH_DRAWS = 10.0
"""Effective sample size, median over sentences, from which the falls of a bound can be gone by: it
then lies by about 1 / (2 ESS), a twentieth of a nat, too high. Below, a few draws carry the sum."""

_SURE = 2.0  # standard errors of a difference that is one
_MOST_NATS = 1e9  # not a number, or none that a bound can be
_SAME_SENTENCES = ("corpus_digest", "split", "seed", "n_sentences", "unknown_tokens")


@dataclass(frozen=True)
class Bound:
    """The bound of -log p(x) of one run; nats a sentence.

    Attributes:
        name: what to call the run.
        nll, error: the bound and its standard error, None where that was not kept.
        draws: K.
        fall: what the last doubling of K took off it; None where it was not measured.
        effective: median effective sample size; None where it was not measured.
        exact: whether there is no z: then nothing is bounded.
        each: of each sentence; None where it was not kept.
    """

    name: Message | str
    nll: float
    error: float | None
    draws: int
    fall: float | None
    effective: float | None
    exact: bool
    each: Sequence[float] | None

    @classmethod
    def of(cls, name: Message | str, evaluation: Mapping[str, Any]) -> Bound:
        """Out of the figures of an evaluation.

        Raises:
            UserError: it has no bound.
        """
        nll, half = figure(evaluation, "nll_iw"), figure_or_none(evaluation, "nll_iw_half")
        return cls(
            name,
            nll,
            figure_or_none(evaluation, "nll_iw_standard_error"),
            int(figure(evaluation, "iw_samples")),
            None if half is None else max(0.0, half - nll),
            figure_or_none(evaluation, "iw_effective"),
            figure_or_none(evaluation, "latent_dim") == 0,
            _each(evaluation),
        )

    @property
    def slack(self) -> float:
        """What it may still fall; infinite where nobody knows."""
        if self.exact:
            return 0.0
        if self.fall is None or self.effective is None or self.effective < ENOUGH_DRAWS:
            return math.inf
        return may_fall(self.fall, self.draws)

    @property
    def looseness(self) -> str:
        """Why it cannot be gone by, in words."""
        if self.fall is None:
            return _(
                "The bound of {run} may still fall with K, which was not measured.", run=self.name
            )
        if self.effective is None:
            return _(
                "What the draws of {run} are worth was not measured: evaluate it again.",
                run=self.name,
            )
        if self.effective < ENOUGH_DRAWS:
            return _(
                "The K = {k:,} draws of {run} are worth {effective:.1f} of equal weight (median), "
                "and {enough:g} are needed to know how far its bound may fall.",
                k=self.draws,
                run=self.name,
                effective=self.effective,
                enough=ENOUGH_DRAWS,
            )
        return _(
            "The bound of {run} still falls by {fall:.2f} nats with each doubling of K.",
            run=self.name,
            fall=self.fall,
        )


@dataclass(frozen=True)
class Bounds:
    """The bounds of two runs on the same sentences.

    Both are bounds: a difference counts where it exceeds two standard errors of the differences of
    each sentence and what the higher one may still fall. A loose bound alone is no worse a
    likelihood.

    Attributes:
        one, other: of the runs; the judgement is of the other against the one.
        alike: whether both are of the same sentences.
    """

    one: Bound
    other: Bound
    alike: bool

    @property
    def difference(self) -> float:
        """By how much the bound of the other run is higher."""
        return self.other.nll - self.one.nll

    @property
    def error(self) -> float | None:
        """Standard error of the mean difference; None where the bounds are not in pairs.

        That of pairs is the smaller one: a sentence that is hard is hard for both.
        """
        one, other = self.one.each, self.other.each
        if one is None or other is None or not len(one) == len(other) > 1:
            return None
        return standard_error([b - a for a, b in zip(one, other, strict=True)])

    @property
    def change(self) -> Change:
        """The other run against the one; "unknown" where what a bound may fall decides."""
        if not self.alike or self.error is None:
            return "unknown"
        sure = _SURE * self.error
        if self.difference + sure + self.one.slack < 0:
            return "better"
        if self.difference - sure - self.other.slack > 0:
            return "worse"
        level = max(self.one.slack, self.other.slack) <= sure
        return "same" if abs(self.difference) <= sure and level else "unknown"

    @property
    def sentence(self) -> str:
        """How they stand, in words."""
        if not self.alike:
            return _(
                "The likelihoods of {one} and {other} cannot be compared: they were not measured "
                "on the same sentences, with the same words known.",
                one=self.one.name,
                other=self.other.name,
            )
        return " ".join([self._figures, *self._judgement])

    @property
    def _figures(self) -> str:
        one, other = self.one, self.other
        return _(
            "NLL, at most: {one} {nll} nats a sentence (K = {k:,}), {other} {other_nll} "
            "(K = {other_k:,}).",
            one=one.name,
            nll=mean_plus_minus(one.nll, one.error),
            k=one.draws,
            other=other.name,
            other_nll=mean_plus_minus(other.nll, other.error),
            other_k=other.draws,
        )

    @property
    def _judgement(self) -> list[str]:
        if self.error is None:
            return [
                _(
                    "Which is likelier cannot be told: the bound of each sentence was not kept, so "
                    "that they do not stand in pairs. Evaluate both again."
                )
            ]
        higher, lower = (self.other, self.one) if self.difference > 0 else (self.one, self.other)
        told = {
            "by": mean_plus_minus(abs(self.difference), self.error),
            "higher": higher.name,
            "lower": lower.name,
            "reach": number(_SURE * self.error),
        }
        if self.change == "same":
            return [_("No difference beyond two standard errors ({reach} nats, in pairs).", **told)]
        if self.change != "unknown":
            return [
                _(
                    "So {lower} is likelier: its bound is lower by {by} nats (in pairs), and that "
                    "is more than the bound of {higher} may still fall with K ({slack}; the last "
                    "doubling took {fall:.2f}).",
                    slack=number(higher.slack),
                    fall=higher.fall or 0.0,
                    **told,
                )
            ]
        if abs(self.difference) <= _SURE * self.error:
            looser = max(self.one, self.other, key=lambda bound: bound.slack)
            return [
                _(
                    "They differ by less than two standard errors ({reach} nats, in pairs), but "
                    "which is likelier cannot be told.",
                    **told,
                ),
                looser.looseness,
            ]
        return [
            _(
                "The bound of {higher} is higher by {by} nats (in pairs), but which is likelier "
                "cannot be told.",
                **told,
            ),
            higher.looseness,
        ]


def bounds(
    one: Mapping[str, Any],
    other: Mapping[str, Any],
    names: tuple[Message | str, Message | str],
) -> Bounds:
    """The bounds of two runs, from the figures of their evaluations.

    Raises:
        UserError: one is missing.
    """
    alike = all(one.get(key) == other.get(key) for key in _SAME_SENTENCES)
    return Bounds(Bound.of(names[0], one), Bound.of(names[1], other), alike)


def against_lowest(evaluations: Mapping[str, Mapping[str, Any] | None]) -> dict[str, Bounds]:
    """Each run with a bound against the run with the lowest, by its name; that one is left out."""
    bounded = {
        name: found for name, found in evaluations.items() if found and _has_bound(name, found)
    }
    if not bounded:
        return {}
    lowest = min(bounded, key=lambda name: figure(bounded[name], "nll_iw"))
    return {
        name: bounds(bounded[lowest], found, (lowest, name))
        for name, found in bounded.items()
        if name != lowest
    }


def may_fall(fall: float, draws: float) -> float:
    """Nats that a bound of K `draws` may still fall, from what the last doubling of K took.

    An allowance, no guarantee. Steps that shrink by a tenth at each doubling add up to nine times
    the last one; in the clinic they shrank by a fifth (free bits, up to K = 8,000) and hardly at
    all (denoising, up to 32,000). Where weights spread widely the second term takes over: with
    normal log-weights of a standard deviation s, about s²/2 is left, and a doubling takes
    s ln 2 / √(2 ln K).
    """
    return 10 * fall + math.log(draws) * (fall / math.log(2)) ** 2


def _has_bound(name: str, evaluation: Mapping[str, Any]) -> bool:
    try:
        Bound.of(name, evaluation)
    except UserError:
        return False
    return True


def _each(evaluation: Mapping[str, Any]) -> list[float] | None:
    """The bound of each sentence; None where it was not kept."""
    values = evaluation.get("nll_iw_each")
    if not isinstance(values, list) or not all(
        isinstance(v, int | float) and abs(v) < _MOST_NATS for v in values
    ):
        return None
    return [float(v) for v in values]
