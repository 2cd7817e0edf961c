"""Is the posterior collapsed? One pure function decides, for pages, command line and evaluation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any, Literal

from vae.diagnostics.latent_swap import HEARD
from vae.errors import UserError
from vae.i18n import Message, _, message

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


@dataclass(frozen=True)
class Figures:
    """What a verdict is made from; nats a sentence.

    Attributes:
        ceiling: what the estimate of the mutual information cannot exceed.
        heard: what another sentence's z costs the decoder; None where that was not measured.
        holes: share of prior draws that fall into holes; None where that was not measured.
    """

    latent_dim: int
    active_units: int
    ceiling: float
    rate: float
    mutual_information: float
    heard: float | None
    holes: float | None = None

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
        """Whether z tells next to nothing."""
        return (
            self.active_units == 0
            or self.rate < COLLAPSED_RATE
            or self.mutual_information < self.least
        )

    @property
    def deaf(self) -> bool:
        """Whether the decoder reads next to nothing of it."""
        return self.heard is not None and self.heard < HEARD

    @property
    def heard_enough(self) -> bool:
        """Whether the decoder reads enough, as far as that is known."""
        return self.heard is None or self.heard >= HEALTHY_HEARD

    @property
    def verdict(self) -> Verdict:
        """As `diagnose` says."""
        if self.latent_dim == 0 or self.unused or self.deaf:
            return "collapsed"
        informed = self.mutual_information >= self.enough
        healthy = self.active_units >= HEALTHY_UNITS and informed and self.heard_enough
        return "healthy" if healthy else "partial"


@dataclass(frozen=True)
class Doubt:
    """A bound at which the verdict changes and that an interval reaches over; nats."""

    figure: Measured
    value: float
    low: float
    high: float
    bound: float

    def __str__(self) -> str:
        values = {
            "value": self.value + 0.0,
            "low": self.low + 0.0,
            "high": self.high + 0.0,
            "bound": self.bound,
        }
        if self.figure == "rate":
            return _(
                "Borderline: the rate, {value:.2f} nats (95% interval {low:.2f} to {high:.2f}), "
                "lies on both sides of {bound:.3g} nats, where the verdict changes.",
                **values,
            )
        if self.figure == "mutual_information":
            return _(
                "Borderline: the mutual information, {value:.2f} nats (95% interval {low:.2f} to "
                "{high:.2f}), lies on both sides of {bound:.3g} nats, where the verdict changes.",
                **values,
            )
        return _(
            "Borderline: what another sentence's z costs, {value:.2f} nats (95% interval "
            "{low:.2f} to {high:.2f}), lies on both sides of {bound:.3g} nats, where the verdict "
            "changes.",
            **values,
        )


_WHY: Mapping[str, Message] = {
    "first": message("The rate costs nothing at first, so the encoder learns before."),
    "floor": message("A floor under each dimension, which pays no rate below it."),
    "thorough": message("Slow and thorough: the encoder no longer lags behind."),
    "hides": message("Its word dropout hides words, so that the decoder needs z."),
    "apart": message("A new decoder begins beside an encoder that tells them apart."),
    "wakes": message("A floor under each dimension wakes those that carry nothing."),
    "cycles": message("Each cycle starts from an encoder that is read already."),
    "cheaper": message("A rate that counts for less lets more into z, and costs likelihood."),
    "holes": message(
        "{holes:.0%} of prior draws fall into holes: it holds the whole to the prior."
    ),
}


@dataclass(frozen=True)
class Advice:
    """A cure that fits a case: its name in `vae.training.cures.CURES`, and why it does."""

    cure: str
    why: str
    holes: float | None = None

    @property
    def reason(self) -> str:
        """Why, in a sentence."""
        return str(replace(_WHY[self.why], values={"holes": self.holes}))


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
        """The verdict in a sentence, with its figures."""
        f = self.figures
        values: dict[str, Any] = {
            "units": f.active_units,
            "dimensions": f.latent_dim,
            "rate": f.rate,
            "information": f.mutual_information,
            "heard": f.heard,
        }
        if f.latent_dim == 0:
            return _("A plain language model: it has no latent space.")
        if f.unused:
            return _(
                "Collapsed: {units} of {dimensions} dimensions are active and the rate is "
                "{rate:.2f} nats; z tells next to nothing of a sentence.",
                **values,
            )
        if f.deaf:
            return _(
                "Collapsed: {units} of {dimensions} dimensions are active with a rate of "
                "{rate:.1f} nats, but nobody reads them: the decoder finds a sentence nearly as "
                "likely under any z.",
                **values,
            )
        if f.verdict == "healthy" and f.heard is None:
            return _(
                "Healthy: {units} of {dimensions} dimensions are active and carry {rate:.1f} nats "
                "a sentence.",
                **values,
            )
        if f.verdict == "healthy":
            return _(
                "Healthy: {units} of {dimensions} dimensions are active and carry {rate:.1f} nats "
                "a sentence; the decoder reads them.",
                **values,
            )
        if f.heard_enough:
            return _(
                "Partly collapsed: {units} of {dimensions} dimensions are active, with "
                "{information:.1f} nats of mutual information.",
                **values,
            )
        return _(
            "Partly collapsed: {units} of {dimensions} dimensions are active, with "
            "{information:.1f} nats of mutual information, of which the decoder hears "
            "{heard:.1f}.",
            **values,
        )

    @property
    def evidence(self) -> tuple[str, ...]:
        """The figures, a sentence each, with what they leave in doubt."""
        return (*_said(self.figures), *self.borderline)

    @property
    def borderline(self) -> tuple[str, ...]:
        """What leaves the verdict in doubt, a sentence each."""
        return tuple(map(str, self.doubts))

    def to_dict(self) -> dict[str, Any]:
        """As JSON, without words."""
        return {"verdict": self.verdict, **asdict(self)}


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
    Hoffman and Johnson (2016) and He et al. (2019).

    Args:
        heard: mean log p(x|z) under own z less that under another sentence's; None where the model
            cannot say. It may be negative by chance.
        holes: share of prior draws that fall into holes (`vae.diagnostics.holes`), if measured: it
            changes no verdict, but what would help.
        intervals: ends of the 95% intervals of `rate`, `mutual_information` and `heard`, as far as
            they were measured. The verdict is that of the figures themselves; where an interval
            reaches over a bound that decides it, there is a doubt.

    Raises:
        UserError: a figure is negative or not a number.
    """
    rate = 0.0 if -1e-3 < rate < 0 else rate  # rounding, where the posterior is the prior
    given = (rate, mutual_information, mutual_information_ceiling, float(active_units))
    if any(not f >= 0 for f in given) or not math.isfinite(heard or 0.0):
        raise UserError("A diagnosis needs figures that are numbers and not negative.")
    found = Figures(
        latent_dim, active_units, mutual_information_ceiling, rate, mutual_information, heard, holes
    )
    if latent_dim == 0:
        return Diagnosis(found)
    return Diagnosis(found, tuple(_doubts(found, intervals or {})), _cures(found))


def _said(found: Figures) -> Iterator[str]:
    yield _(
        "Rate: {rate:.2f} nats a sentence, the mean KL from posterior to prior.", rate=found.rate
    )
    yield _(
        "Active units: {units} of {dimensions} dimensions.",
        units=found.active_units,
        dimensions=found.latent_dim,
    )
    yield _(
        "Mutual information: {information:.2f} nats (the estimator cannot exceed {ceiling:.2f}).",
        information=found.mutual_information,
        ceiling=found.ceiling,
    )
    if found.heard is not None:
        yield _(
            "Heard: another sentence's z costs the decoder {heard:.2f} nats.", heard=found.heard
        )
    if found.holes is not None:
        yield _(
            "Holes: {holes:.0%} of prior draws fall where hardly any sentence would.",
            holes=found.holes,
        )


def _doubts(found: Figures, intervals: Mapping[Measured, Ends]) -> Iterator[Doubt]:
    """Each bound that an interval reaches over, where that could turn the verdict.

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
                yield Doubt(name, values[name] or 0.0, low, high, bound)


def _cures(found: Figures) -> tuple[Advice, ...]:
    """What fits the case, the cheapest first."""
    if found.unused:
        return (
            Advice("annealing", "first"),
            Advice("free-bits", "floor"),
            Advice("aggressive", "thorough"),
        )
    if not found.heard_enough:
        # Floors under the rate would only raise what is already there and not read.
        return (Advice("annealing", "hides"), Advice("pretraining", "apart"))
    if found.verdict == "partial":
        few = found.active_units < HEALTHY_UNITS
        return (
            Advice("free-bits", "wakes") if few else Advice("cyclical", "cycles"),
            Advice("beta", "cheaper"),
        )
    if found.holes is not None and found.holes > MANY_HOLES:
        return (Advice("mmd", "holes", found.holes),)
    return ()
