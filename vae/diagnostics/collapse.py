"""Is the posterior collapsed? One pure function decides, for pages, command line and evaluation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from vae.diagnostics.listening import HEARD
from vae.errors import UserError

Verdict = Literal["healthy", "partial", "collapsed"]
Measured = Literal["rate", "mutual_information", "heard"]
Ends = tuple[float, float]

COLLAPSED_RATE = 0.5
"""Nats a sentence below which z cannot tell even two sentences apart (ln 2 is 0.69)."""
HEALTHY_INFORMATION = 2.0
"""Nats: z sorts the sentences into at least seven kinds (e^2 = 7.4)."""
HEALTHY_UNITS = 2
HEALTHY_HEARD = 2.0
"""Nats that another sentence's z costs: as much as healthy information, and read."""
MANY_HOLES = 0.1
"""Share of prior draws in holes of the aggregated posterior above which sampling suffers."""

_BORDERLINE = "Borderline: "
_NAMES: Mapping[Measured, str] = {
    "rate": "the rate",
    "mutual_information": "the mutual information",
    "heard": "what another sentence's z costs",
}


@dataclass(frozen=True)
class Advice:
    """A cure that fits a case: its name in `vae.training.cures.CURES`, and why."""

    cure: str
    reason: str


@dataclass(frozen=True)
class Diagnosis:
    """A verdict, in a sentence, the figures that it rests on, and what would help."""

    verdict: Verdict
    sentence: str
    evidence: tuple[str, ...]
    cures: tuple[Advice, ...] = ()

    @property
    def borderline(self) -> tuple[str, ...]:
        """The evidence that leaves the verdict in doubt, a sentence each."""
        return tuple(e for e in self.evidence if e.startswith(_BORDERLINE))


@dataclass(frozen=True)
class _Figures:
    """What a verdict is made from."""

    latent_dim: int
    active_units: int
    ceiling: float
    rate: float
    mutual_information: float
    heard: float | None

    @property
    def least(self) -> float:
        """Mutual information below which a space is unused."""
        return min(COLLAPSED_RATE, 0.5 * self.ceiling)

    @property
    def enough(self) -> float:
        """Mutual information from which a space can be healthy."""
        return min(HEALTHY_INFORMATION, 0.9 * self.ceiling)

    @property
    def unused(self) -> bool:
        return (
            self.active_units == 0
            or self.rate < COLLAPSED_RATE
            or self.mutual_information < self.least
        )

    @property
    def deaf(self) -> bool:
        return self.heard is not None and self.heard < HEARD

    @property
    def heard_enough(self) -> bool:
        return self.heard is None or self.heard >= HEALTHY_HEARD

    @property
    def verdict(self) -> Verdict:
        if self.latent_dim == 0 or self.unused or self.deaf:
            return "collapsed"
        informed = self.mutual_information >= self.enough
        healthy = self.active_units >= HEALTHY_UNITS and informed and self.heard_enough
        return "healthy" if healthy else "partial"


def diagnose(
    *,
    latent_dim: int,
    rate: float,
    active_units: int,
    mutual_information: float,
    mutual_information_ceiling: float,
    heard: float | None = None,
    holes: float | None = None,
    intervals: Mapping[Measured, Ends] | None = None,
) -> Diagnosis:
    """Judge how a model uses its latent space, from measured figures in nats a sentence.

    Collapsed: no active unit, or a rate or mutual information below 0.5 nats, or a decoder that
    loses less than a nat when it is given another sentence's z: a rate that nobody reads is of no
    use. Healthy: at least two active units, 2 nats of mutual information (or nine tenths of the
    estimator's ceiling, where few sentences keep it below that) and 2 nats that the decoder hears.
    Partial: all between. The bounds are ours; the figures are those of Burda et al. (2016),
    Hoffman and Johnson (2016) and He et al. (2019). Tested on models built to be each of the three.

    Args:
        heard: mean log p(x|z) under own z less that under another sentence's; None where the model
            cannot say. It may be negative by chance.
        holes: share of prior draws that fall into holes (`vae.diagnostics.holes`), if measured: it
            changes no verdict, but what would help.
        intervals: ends of the 95% intervals of `rate`, `mutual_information` and `heard`, as far as
            they were measured. The verdict is that of the figures themselves; where an interval
            reaches over a bound that decides it, a sentence of the evidence says so.

    Raises:
        UserError: a figure is negative or not a number.
    """
    rate = 0.0 if -1e-3 < rate < 0 else rate  # rounding, where the posterior is the prior
    figures = (rate, mutual_information, mutual_information_ceiling, float(active_units))
    if any(not f >= 0 for f in figures) or not math.isfinite(heard or 0.0):
        raise UserError("A diagnosis needs figures that are numbers and not negative.")
    evidence = [
        f"Rate: {rate:.2f} nats a sentence, the mean KL from posterior to prior.",
        f"Active units: {active_units} of {latent_dim} dimensions.",
        f"Mutual information: {mutual_information:.2f} nats "
        f"(the estimator cannot exceed {mutual_information_ceiling:.2f}).",
    ]
    if heard is not None:
        evidence.append(f"Heard: another sentence's z costs the decoder {_signed(heard)} nats.")
    if holes is not None:
        evidence.append(f"Holes: {holes:.0%} of prior draws fall where hardly any sentence would.")
    found = _Figures(
        latent_dim, active_units, mutual_information_ceiling, rate, mutual_information, heard
    )
    if latent_dim == 0:
        said = "A plain language model: it has no latent space."
        return Diagnosis("collapsed", said, tuple(evidence))
    evidence += _borderline(found, intervals or {})
    of = f"{active_units} of {latent_dim} dimensions are active"
    if found.unused:
        sentence = (
            f"Collapsed: {of} and the rate is {rate:.2f} nats; z tells next to nothing of a "
            "sentence."
        )
    elif found.deaf:
        sentence = (
            f"Collapsed: {of} with a rate of {rate:.1f} nats, but nobody reads them: the decoder "
            "finds a sentence nearly as likely under any z."
        )
    elif found.verdict == "healthy":
        sentence = f"Healthy: {of} and carry {rate:.1f} nats a sentence" + (
            "." if heard is None else "; the decoder reads them."
        )
    else:
        sentence = f"Partly collapsed: {of}, with {mutual_information:.1f} nats of mutual " + (
            "information."
            if found.heard_enough
            else f"information, of which the decoder hears {heard:.1f}."
        )
    return Diagnosis(found.verdict, sentence, tuple(evidence), _cures(found, holes))


def _borderline(found: _Figures, intervals: Mapping[Measured, Ends]) -> Iterator[str]:
    """A sentence for each bound that an interval reaches over, where that could turn the verdict.

    It could if the verdict differs below the bound and at it, with the other figures anywhere in
    their own intervals: more of a figure never makes a verdict worse, so their ends suffice.
    """
    values: dict[Measured, float | None] = {
        "rate": found.rate,
        "mutual_information": found.mutual_information,
        "heard": found.heard,
    }
    bounds: dict[Measured, tuple[float, ...]] = {
        "rate": (COLLAPSED_RATE,),
        "mutual_information": (found.least, found.enough),
        "heard": (HEARD, HEALTHY_HEARD),
    }
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
            below = math.nextafter(bound, -math.inf)
            decides = any(
                replace(found, **case, **{name: below}).verdict  # type: ignore[arg-type]
                != replace(found, **case, **{name: bound}).verdict  # type: ignore[arg-type]
                for case in cases
            )
            if low < bound <= high and decides:
                yield (
                    f"{_BORDERLINE}{_NAMES[name]}, {_signed(values[name] or 0.0)} nats (95% "
                    f"interval {_signed(low)} to {_signed(high)}), lies on both sides of "
                    f"{bound:.3g} nats, where the verdict changes."
                )


def _cures(found: _Figures, holes: float | None) -> tuple[Advice, ...]:
    """What fits the case, the cheapest first."""
    if found.unused:
        return (
            Advice("annealing", "The rate costs nothing at first, so the encoder learns before."),
            Advice("free-bits", "A floor under each dimension, which pays no rate below it."),
            Advice("aggressive", "Slow and thorough: the encoder no longer lags behind."),
        )
    if not found.heard_enough:
        # Floors under the rate would only raise what is already there and not read.
        return (
            Advice("annealing", "Its word dropout hides words, so that the decoder needs z."),
            Advice("pretraining", "A new decoder begins beside an encoder that tells them apart."),
        )
    if found.verdict == "partial":
        few = found.active_units < HEALTHY_UNITS
        return (
            Advice("free-bits", "A floor under each dimension wakes those that carry nothing.")
            if few
            else Advice("cyclical", "Each cycle starts from an encoder that is read already."),
            Advice("beta", "A rate that counts for less lets more into z, and costs likelihood."),
        )
    if holes is not None and holes > MANY_HOLES:
        reason = f"{holes:.0%} of prior draws fall into holes: it holds the whole to the prior."
        return (Advice("mmd", reason),)
    return ()


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
