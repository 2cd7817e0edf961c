"""Is the model any good, and is its posterior collapsed? One pure function decides everywhere."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any, Literal

from vae.diagnostics import judgement, verdict_words
from vae.diagnostics.advice import Advice, cures
from vae.diagnostics.fitness import ALIKE, FORGETS, KNOWN, Grade, Verdict
from vae.diagnostics.judgement import COLLAPSED_RATE, Figures, Question
from vae.diagnostics.latent_swap import HEARD
from vae.errors import UserError
from vae.i18n import Message, message, sentences

Measured = Literal["rate", "mutual_information", "heard", "moment_kl", "accuracy", "told", "exact"]
Ends = tuple[float, float]

QUESTIONS: Mapping[Question, Message] = {
    "learned": message("Has it learned?"),
    "used": message("Is z used?"),
    "returned": message("Does what was said come back?"),
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
    "told": message(
        "Borderline: of the tokens that another sentence's z gets wrong, {value:.1%} (95% interval "
        "{low:.1%} to {high:.1%}) come back from their own, on both sides of {bound:.0%}, where "
        "the verdict changes."
    ),
    "exact": message(
        "Borderline: the share of held-out sentences that come back word for word, {value:.1%} "
        "(95% interval {low:.1%} to {high:.1%}), lies on both sides of {bound:.0%}, half of that "
        "of training sentences, where the verdict changes."
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
        """The verdict with the figure that decides; then what is weakest, or what would help."""
        return sentences(*self.sayings)

    @property
    def sayings(self) -> tuple[str, ...]:
        """The sentence in its parts, of which the first is the verdict."""
        return verdict_words.verdict(self.figures)

    @property
    def parts(self) -> tuple[tuple[Question, Grade, str], ...]:
        """Each question that has an answer: the question, how good it is, and its figures."""
        if not self.figures.latent_dim:
            return ()
        grades = self.figures.grades
        return tuple(
            (asked, grades[asked], verdict_words.part(asked, self.figures)) for asked in grades
        )

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


def diagnose(found: Figures, intervals: Mapping[Measured, Ends] | None = None) -> Diagnosis:
    """Judge a model and how it uses its latent space, from measured figures in nats a sentence.

    Whether it is any good comes first (`vae.diagnostics.fitness.fitness`): diverged, untrained,
    memorises, still falling, forgets, or too few sentences to tell. Collapsed: no direction in use,
    or a rate or mutual information below 0.5 nats, or a decoder that loses less than a nat when it
    is given another sentence's z: a rate that nobody reads is of no use. Partial: fewer than two
    directions, 2 nats of mutual information (or nine tenths of the estimator's ceiling, where few
    sentences keep it below that) or 2 nats that the decoder hears. Flawed: used, but more than a
    nat and a quarter of the rate tell nothing, or the aggregated posterior is far from the prior,
    or a sentence costs no less than by its words' frequencies. Healthy: none of these, as far as
    was measured. See `vae.diagnostics.judgement` for the bounds.

    Args:
        intervals: ends of the 95% intervals, as far as they were measured. The verdict is that of
            the figures themselves; where an interval reaches over a bound that decides it, there is
            a doubt.

    Raises:
        UserError: a figure is negative or not a number.
    """
    if -1e-3 < found.rate < 0:  # rounding, where the posterior is the prior
        found = replace(found, rate=0.0)
    given = (
        *(found.rate, found.mutual_information, found.ceiling, found.active_units),
        *(found.principal_units, found.upper, found.unigram, found.moment_kl, found.accuracy),
    )
    whole = all(figure is None or figure >= 0 for figure in given)
    if not whole or not math.isfinite(found.heard or 0.0) or math.isnan(found.nll or 0.0):
        raise UserError("A diagnosis needs figures that are numbers and not negative.")
    if found.latent_dim == 0:
        return Diagnosis(found)
    doubts = (*_doubts(found, intervals or {}), *_doubts_of_trips(found))
    return Diagnosis(found, doubts, cures(found))


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
            if not low < bound <= high:
                continue
            sides = (math.nextafter(bound, -math.inf), math.nextafter(bound, math.inf))
            if any(
                replace(found, **case, **{name: sides[0]}).verdict  # type: ignore[arg-type]
                != replace(found, **case, **{name: sides[1]}).verdict  # type: ignore[arg-type]
                for case in cases
            ):
                yield Doubt(name, values[name] or 0.0, low, high, bound)


def _doubts_of_trips(found: Figures) -> Iterator[Doubt]:
    """What comes back well enough by its share, and by its interval might not."""
    held, trained = found.held, found.trained
    if held is None or found.verdict not in ("healthy", "flawed"):
        return
    if held.told is not None and held.told.low < FORGETS <= held.told.value:
        yield Doubt("told", held.told.value, held.told.low, held.told.high, FORGETS)
    if trained is not None and trained.exact.value > KNOWN:
        bound = ALIKE * trained.exact.value
        if held.exact.low < bound <= held.exact.value:
            yield Doubt("exact", held.exact.value, held.exact.low, held.exact.high, bound)
