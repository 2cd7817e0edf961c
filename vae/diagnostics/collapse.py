"""Is the posterior collapsed? One pure function decides, for pages, command line and evaluation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any, Literal

from vae.diagnostics import judgement
from vae.diagnostics.advice import Advice, cures
from vae.diagnostics.information import lower_bound
from vae.diagnostics.judgement import (
    COLLAPSED_RATE,
    HEALTHY_UNITS,
    Figures,
    Grade,
    Question,
    Verdict,
)
from vae.diagnostics.latent_swap import HEARD
from vae.diagnostics.prior_match import GOOD_MOMENT_KL, VISIBLE_ACCURACY
from vae.errors import UserError
from vae.i18n import Message, _, message, sentences
from vae.i18n.numbers import number

Measured = Literal["rate", "mutual_information", "heard", "moment_kl", "accuracy"]
Ends = tuple[float, float]

QUESTIONS: Mapping[Question, Message] = {
    "learned": message("Has it learned?"),
    "used": message("Is z used?"),
    "price": message("At what price?"),
    "prior": message("Does the prior fit?"),
}

_BORDERLINE: Mapping[Measured, Message] = {
    "rate": message(
        "Borderline: the rate, {value:.2f} nats (95% interval {low:.2f} to {high:.2f}), "
        "lies on both sides of {bound:.3g} nats, where the verdict changes."
    ),
    "mutual_information": message(
        "Borderline: the mutual information, {value:.2f} nats (95% interval {low:.2f} to "
        "{high:.2f}), lies on both sides of {bound:.3g} nats, where the verdict changes."
    ),
    "heard": message(
        "Borderline: what another sentence's z costs, {value:.2f} nats (95% interval "
        "{low:.2f} to {high:.2f}), lies on both sides of {bound:.3g} nats, where the verdict "
        "changes."
    ),
    "moment_kl": message(
        "Borderline: the KL of the moments to the prior, {value:.2f} nats (95% interval "
        "{low:.2f} to {high:.2f}), lies on both sides of {bound:.3g} nats, where the verdict "
        "changes."
    ),
    "accuracy": message(
        "Borderline: the share of draws told right, {value:.1%} (95% interval {low:.1%} to "
        "{high:.1%}), lies on both sides of {bound:.0%}, where the verdict changes."
    ),
}


@dataclass(frozen=True)
class Doubt:
    """A bound at which the verdict changes and that an interval reaches over; nats, or a share."""

    figure: Measured
    value: float
    low: float
    high: float
    bound: float

    def __str__(self) -> str:
        values = {"value": self.value + 0.0, "low": self.low + 0.0, "high": self.high + 0.0}
        return str(replace(_BORDERLINE[self.figure], values={**values, "bound": self.bound}))


@dataclass(frozen=True)
class Diagnosis:
    """A verdict, the figures that it rests on, what leaves it in doubt, and what would help."""

    figures: Figures
    doubts: tuple[Doubt, ...] = ()
    cures: tuple[Advice, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """As `diagnose` says."""
        return self.figures.verdict

    @property
    def sentence(self) -> str:
        """The verdict in a sentence, with the figure that decides; then what is weakest."""
        f = self.figures
        if f.latent_dim == 0:
            return _("A plain language model: it has no latent space.")
        if f.verdict == "healthy":
            return sentences(_healthy(f), _weakest(f))
        return _DECIDES[f.verdict](f)

    @property
    def parts(self) -> tuple[tuple[Question, Grade, str], ...]:
        """Each question that has an answer: the question, how good it is, and its figures."""
        if not self.figures.latent_dim:
            return ()
        grades = self.figures.grades
        return tuple((asked, grades[asked], _SAID[asked](self.figures)) for asked in grades)

    @property
    def evidence(self) -> tuple[str, ...]:
        """The parts, as they are said, with what they leave in doubt."""
        return (*(said for _question, _grade, said in self.parts), *self.borderline)

    @property
    def borderline(self) -> tuple[str, ...]:
        """What leaves the verdict in doubt, a sentence each."""
        return tuple(map(str, self.doubts))

    def to_dict(self) -> dict[str, Any]:
        """As JSON, without words."""
        return {"verdict": self.verdict, "grades": self.figures.grades, **asdict(self)}


def diagnose(
    *,
    latent_dim: int,
    rate: float,
    active_units: int,
    mutual_information: float,
    mutual_information_ceiling: float,
    principal_units: int | None = None,
    heard: float | None = None,
    upper: float | None = None,
    nll: float | None = None,
    unigram: float | None = None,
    moment_kl: float | None = None,
    accuracy: float | None = None,
    intervals: Mapping[Measured, Ends] | None = None,
) -> Diagnosis:
    """Judge how a model uses its latent space, from measured figures in nats a sentence.

    Diverged or untrained: a sentence costs more than the frequencies of its words alone, which ends
    every other claim. Collapsed: no direction in use, or a rate or mutual information below 0.5
    nats, or a decoder that loses less than a nat when it is given another sentence's z: a rate that
    nobody reads is of no use. Partial: fewer than two directions, 2 nats of mutual information (or
    nine tenths of the estimator's ceiling, where few sentences keep it below that) or 2 nats that
    the decoder hears. Flawed: used, but more than a nat and a quarter of the rate tell nothing, or
    the aggregated posterior is far from the prior. Healthy: none of these, as far as was measured.
    See `vae.diagnostics.judgement` for the bounds.

    Args:
        heard: mean log p(x|z) under own z less that under another sentence's. It may be negative by
            chance.
        principal_units, upper, nll, unigram, moment_kl, accuracy: see `Figures`; None where it was
            not measured, and then its question is not asked.
        intervals: ends of the 95% intervals, as far as they were measured. The verdict is that of
            the figures themselves; where an interval reaches over a bound that decides it, there is
            a doubt.

    Raises:
        UserError: a figure is negative or not a number.
    """
    rate = 0.0 if -1e-3 < rate < 0 else rate  # rounding, where the posterior is the prior
    given = [rate, mutual_information, mutual_information_ceiling, float(active_units)]
    given += [f for f in (principal_units, upper, unigram, moment_kl, accuracy) if f is not None]
    if any(not f >= 0 for f in given) or not math.isfinite(heard or 0.0) or math.isnan(nll or 0.0):
        raise UserError("A diagnosis needs figures that are numbers and not negative.")
    found = Figures(
        latent_dim=latent_dim,
        active_units=active_units,
        ceiling=mutual_information_ceiling,
        rate=rate,
        mutual_information=mutual_information,
        heard=heard,
        principal_units=principal_units,
        upper=upper,
        nll=nll,
        unigram=unigram,
        moment_kl=moment_kl,
        accuracy=accuracy,
    )
    if latent_dim == 0:
        return Diagnosis(found)
    return Diagnosis(found, tuple(_doubts(found, intervals or {})), cures(found))


# -- the verdict in a sentence ---------------------------------------------------------------------


def _told(found: Figures) -> str:
    nats = number(found.mutual_information, ".1f")
    return lower_bound(nats, found.mutual_information, found.ceiling)


def _healthy(f: Figures) -> str:
    values = {"units": f.units, "dimensions": f.latent_dim, "told": _told(f), "rate": f.rate}
    if f.principal_units is None and f.heard is None:
        return _(
            "Healthy: {units} of {dimensions} dimensions are active, with {told} nats of "
            "information about a sentence at a rate of {rate:.1f}.",
            **values,
        )
    if f.principal_units is None:
        return _(
            "Healthy: {units} of {dimensions} dimensions are active, with {told} nats of "
            "information about a sentence at a rate of {rate:.1f}, and the decoder reads them.",
            **values,
        )
    if f.heard is None:
        return _(
            "Healthy: {units} principal directions of {dimensions} are in use, with {told} nats of "
            "information about a sentence at a rate of {rate:.1f}.",
            **values,
        )
    return _(
        "Healthy: {units} principal directions of {dimensions} are in use, with {told} nats of "
        "information about a sentence at a rate of {rate:.1f}, and the decoder reads them.",
        **values,
    )


def _weakest(f: Figures) -> str:
    if f.weakest == "price":
        return _("Weakest: the price, of which {idle:.1f} nats are no information.", idle=f.idle)
    if f.weakest == "prior":
        return _(
            "Weakest: the prior. A classifier gets {accuracy:.0%} of its draws and of posteriors' "
            "right (chance: 50%).",
            accuracy=f.accuracy,
        )
    return ""


def _diverged(f: Figures) -> str:
    if f.unigram is None or f.nll is None or not math.isfinite(f.nll):
        return _("Diverged: what a sentence costs is no finite number any more.")
    return _(
        "Diverged: a sentence costs {nll:,.0f} nats, and {unigram:.0f} by the frequencies of its "
        "words alone. No other figure means anything.",
        nll=f.nll,
        unigram=f.unigram,
    )


def _untrained(f: Figures) -> str:
    return _(
        "Not trained: a sentence costs {nll:.1f} nats, and {unigram:.1f} by the frequencies of its "
        "words alone. No other figure means anything.",
        nll=f.nll,
        unigram=f.unigram,
    )


def _collapsed(f: Figures) -> str:
    if f.units == 0:
        return _(
            "Collapsed: none of {dimensions} dimensions is in use; z is nearly the same for every "
            "sentence.",
            dimensions=f.latent_dim,
        )
    if f.rate < COLLAPSED_RATE:
        return _(
            "Collapsed: the rate is {rate:.2f} nats a sentence, too little to set two sentences "
            "apart.",
            rate=f.rate,
        )
    if f.mutual_information < f.least:
        return _(
            "Collapsed: {told:.2f} nats of information about a sentence, at a rate of {rate:.2f}.",
            told=f.mutual_information,
            rate=f.rate,
        )
    return _(
        "Collapsed: nobody reads z. Another sentence's costs the decoder {heard:.2f} nats, at a "
        "rate of {rate:.1f}.",
        heard=f.heard,
        rate=f.rate,
    )


def _partial(f: Figures) -> str:
    values: dict[str, Any] = {
        "units": f.units,
        "dimensions": f.latent_dim,
        "told": _told(f),
        "rate": f.rate,
    }
    if f.units < HEALTHY_UNITS:
        return _("Partly collapsed: a single one of {dimensions} dimensions is in use.", **values)
    if f.mutual_information < f.enough:
        return _(
            "Partly collapsed: {told} nats of information about a sentence, at a rate of "
            "{rate:.1f}.",
            **values,
        )
    return _(
        "Partly collapsed: of {told} nats of information the decoder hears {heard:.1f}.",
        **values,
        heard=f.heard,
    )


def _flawed(f: Figures) -> str:
    if f.weakest == "price":
        return _(
            "Used, but dear: of a rate of {rate:.1f} nats a sentence at least {idle:.1f} are no "
            "information.",
            rate=f.rate,
            idle=f.idle,
        )
    return _(
        "Used, but the prior does not fit: the aggregated posterior is at least {moment_kl:.1f} "
        "nats away, and a classifier gets {accuracy:.0%} of their draws right (chance: 50%).",
        moment_kl=f.moment_kl,
        accuracy=f.accuracy,
    )


_DECIDES = {
    "diverged": _diverged,
    "untrained": _untrained,
    "collapsed": _collapsed,
    "partial": _partial,
    "flawed": _flawed,
}


# -- the parts -------------------------------------------------------------------------------------


def _learned_said(f: Figures) -> str:
    if f.unigram is None:
        return _diverged(f)
    return _(
        "A sentence costs {nll:,.2f} nats, the tightest bound there is, and {unigram:.2f} by the "
        "frequencies of its words alone; it has to be less.",
        nll=f.nll,
        unigram=f.unigram,
    )


def _used_said(f: Figures) -> str:
    values = {"active": f.active_units, "of": f.latent_dim, "enough": HEALTHY_UNITS}
    units = (
        _(
            "Active units: {active} of {of} dimensions; good from {enough}. Principal units were "
            "not counted.",
            **values,
        )
        if f.principal_units is None
        else _(
            "Principal units: {units} of {of} (active dimensions: {active}); good from {enough}.",
            units=f.units,
            **values,
        )
    )
    told = _(
        "Mutual information: {told} nats (the estimator cannot exceed {ceiling:.2f}); good from "
        "{enough:.3g}.",
        told=lower_bound(number(f.mutual_information, ".2f"), f.mutual_information, f.ceiling),
        ceiling=f.ceiling,
        enough=f.enough,
    )
    if f.heard is None:
        return sentences(units, told)
    heard = _(
        "Heard: another sentence's z costs the decoder {heard:.2f} nats; good from {enough:g}, and "
        "below {least:g} it is deaf.",
        heard=f.heard,
        enough=judgement.HEALTHY_HEARD,
        least=HEARD,
    )
    return sentences(units, told, heard)


def _price_said(f: Figures) -> str:
    return _(
        "Rate: {rate:.2f} nats a sentence, the mean KL from posterior to prior. At most {most:.2f} "
        "of them are information, so at least {idle:.2f} are none; good up to {fair:g}, poor "
        "beyond that and {dear:.0%} of the rate.",
        rate=f.rate,
        most=f.most_told,
        idle=f.idle,
        fair=judgement.FAIR_IDLE,
        dear=judgement.DEAR,
    )


def _prior_said(f: Figures) -> str:
    return _(
        "By its moments the aggregated posterior is {moment_kl:.2f} nats from the prior (good up "
        "to {good_kl:g}, poor beyond {poor_kl:g}); a classifier gets {accuracy:.0%} of their draws "
        "right (chance 50%, good up to {good:.0%}, poor beyond {poor:.0%}).",
        moment_kl=f.moment_kl,
        good_kl=GOOD_MOMENT_KL,
        poor_kl=judgement.POOR_MOMENT_KL,
        accuracy=f.accuracy,
        good=VISIBLE_ACCURACY,
        poor=judgement.POOR_ACCURACY,
    )


_SAID = {
    "learned": _learned_said,
    "used": _used_said,
    "price": _price_said,
    "prior": _prior_said,
}


# -- doubts ----------------------------------------------------------------------------------------


def _doubts(found: Figures, intervals: Mapping[Measured, Ends]) -> Iterator[Doubt]:
    """Each bound that an interval reaches over, where that could turn the verdict.

    It could if the verdict differs below the bound and above it, with the other figures anywhere in
    their own intervals, of which the ends are tried.
    """
    bounds: dict[Measured, tuple[float, ...]] = {
        "rate": (COLLAPSED_RATE,),
        "mutual_information": (found.least, found.enough),
        "heard": (HEARD, judgement.HEALTHY_HEARD),
        "moment_kl": (judgement.POOR_MOMENT_KL,),
        "accuracy": (judgement.POOR_ACCURACY,),
    }
    values: dict[Measured, float | None] = {name: getattr(found, name) for name in bounds}
    doubt = {
        name: ends
        for name, ends in intervals.items()
        if values[name] is not None and all(map(math.isfinite, ends))
    }
    for name, (low, high) in doubt.items():
        others = [n for n in doubt if n != name]
        cases = [
            dict(zip(others, case, strict=True))
            for case in product(*({*doubt[n], values[n]} for n in others))
        ]
        for bound in bounds[name]:
            sides = (math.nextafter(bound, -math.inf), math.nextafter(bound, math.inf))
            decides = any(
                replace(found, **case, **{name: sides[0]}).verdict  # type: ignore[arg-type]
                != replace(found, **case, **{name: sides[1]}).verdict  # type: ignore[arg-type]
                for case in cases
            )
            if low < bound <= high and decides:
                yield Doubt(name, values[name] or 0.0, low, high, bound)
