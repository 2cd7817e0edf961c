"""Which of two runs is likelier? Their importance-weighted bounds, as far as they can tell."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import stdev
from typing import Any, Literal

from vae.diagnostics.comparison import figure
from vae.i18n import _
from vae.i18n.numbers import mean_plus_minus

Change = Literal["better", "same", "worse", "unknown"]

_MOST_NATS = 1e9  # not a number, or none that a bound can be
_SAME_SENTENCES = ("corpus_digest", "split", "seed", "n_sentences", "iw_samples")


@dataclass(frozen=True)
class Bounds:
    """The bounds of a plain run and of one with a cure; nats a sentence.

    Both are bounds: a difference counts where it exceeds two standard errors and what the higher
    one may still fall. A loose bound alone is no worse a likelihood.

    Attributes:
        alike: whether both are of the same sentences and the same number of draws K.
        nll, errors, falls: of the plain run and of the cured one: the bound, its standard error,
            and what the last doubling of K took off it (None where that was not measured).
        error: standard error of the difference.
    """

    alike: bool
    draws: float = 0.0
    n: float = 0.0
    nll: tuple[float, float] = (0.0, 0.0)
    errors: tuple[float, float] = (0.0, 0.0)
    falls: tuple[float | None, float | None] = (None, None)
    error: float = 0.0

    @property
    def difference(self) -> float:
        """By how much the bound of the cured run is higher."""
        return self.nll[1] - self.nll[0]

    @property
    def slack(self) -> tuple[float, float]:
        """What each bound may still fall."""
        one, other = (math.inf if f is None else may_fall(f, self.draws) for f in self.falls)
        return one, other

    @property
    def within_error(self) -> bool:
        """Whether the difference is below two standard errors."""
        return abs(self.difference) <= 2 * self.error

    @property
    def change(self) -> Change:
        """The cured run against the plain one; "unknown" where what a bound may fall decides."""
        if not self.alike:
            return "unknown"
        if self.difference + 2 * self.error + self.slack[0] < 0:
            return "better"
        if self.difference - 2 * self.error - self.slack[1] > 0:
            return "worse"
        return "same" if self.within_error and max(self.slack) <= 2 * self.error else "unknown"

    @property
    def sentence(self) -> str:
        """How they stand, in words."""
        if not self.alike:
            return _(
                "Their likelihoods cannot be compared: they were not measured on the same "
                "sentences with the same number of draws."
            )
        figures = _(
            "NLL (importance-weighted bound, K = {draws:.0f}, {n:,.0f} sentences): plain {plain}, "
            "with the cure {cured} nats a sentence.",
            draws=self.draws,
            n=self.n,
            plain=mean_plus_minus(self.nll[0], self.errors[0]),
            cured=mean_plus_minus(self.nll[1], self.errors[1]),
        )
        return f"{figures} {self._judgement}"

    @property
    def _judgement(self) -> str:
        told = {"by": mean_plus_minus(abs(self.difference), self.error), "reach": 2 * self.error}
        if self.change == "better":
            return _(
                "With the cure the bound is lower, so better, by {by} nats.",
                **told,
            )
        if self.change == "worse":
            return _(
                "With the cure the bound is higher, so worse, by {by} nats, and "
                "that is more than it may still fall with K (the last doubling took {fall:.2f}).",
                fall=self.falls[1] or 0.0,
                **told,
            )
        if self.change == "same":
            return _("No difference beyond two standard errors ({reach:.2f} nats).", **told)
        return f"{self._small_or_large(told)} {self._open}"

    def _small_or_large(self, told: Mapping[str, Any]) -> str:
        if self.within_error:
            return _(
                "They differ by less than two standard errors ({reach:.2f} nats), but which is "
                "better cannot be told.",
                **told,
            )
        if self.difference > 0:
            return _(
                "The bound of the run with the cure is {by} nats higher, but "
                "what is lost cannot be told.",
                **told,
            )
        return _(
            "The bound of the plain run is {by} nats higher, but what is gained cannot be told.",
            **told,
        )

    @property
    def _open(self) -> str:
        """Why it cannot be told."""
        looser = self.slack.index(max(self.slack))
        which = looser if self.within_error else int(self.difference > 0)
        fall = self.falls[which]
        if fall is None:
            if which:
                return _(
                    "The bound of the run with the cure may still fall with K, which was not "
                    "measured."
                )
            return _("The bound of the plain run may still fall with K, which was not measured.")
        if which:
            return _(
                "The bound of the run with the cure still falls by {fall:.2f} nats with each "
                "doubling of K.",
                fall=fall,
            )
        return _(
            "The bound of the plain run still falls by {fall:.2f} nats with each doubling of K.",
            fall=fall,
        )


def bounds(plain: Mapping[str, Any], cured: Mapping[str, Any]) -> Bounds:
    """The bounds of two runs, from the figures of their evaluations.

    Raises:
        UserError: one is missing.
    """
    if any(plain.get(key) != cured.get(key) for key in _SAME_SENTENCES):
        return Bounds(alike=False)
    return Bounds(
        alike=True,
        draws=figure(cured, "iw_samples"),
        n=figure(cured, "n_sentences"),
        nll=(figure(plain, "nll_iw"), figure(cured, "nll_iw")),
        errors=(figure(plain, "nll_iw_standard_error"), figure(cured, "nll_iw_standard_error")),
        falls=(_fall(plain), _fall(cured)),
        error=_paired_error(plain, cured),
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
