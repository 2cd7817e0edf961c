"""Where runs stand in the plane of rate and distortion, read from what they wrote."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vae.diagnostics.comparison import figure, figure_or_none
from vae.i18n import _
from vae.runs.history import History


@dataclass(frozen=True)
class RatePoint:
    """Where a run stands in the rate-distortion plane (Alemi et al., 2018); nats a sentence.

    Attributes:
        rate_error, distortion_error: standard errors of the mean; None where they were not kept.
        split: of which sentences.
        step: at which update of its training; None where it was measured at the end.
    """

    name: str
    rate: float
    distortion: float
    rate_error: float | None
    distortion_error: float | None
    n_sentences: int
    split: str
    step: int | None = None

    @property
    def elbo(self) -> float:
        """−(D + R): points of one ELBO lie on a line that falls at 45 degrees."""
        return -(self.distortion + self.rate)

    @property
    def sample(self) -> str:
        """On which sentences it was measured, in words."""
        if self.step is not None:
            return _(
                "{n:,} validation sentences at step {step:,}", n=self.n_sentences, step=self.step
            )
        if self.split == "test":
            return _("{n:,} test sentences", n=self.n_sentences)
        return _("{n:,} sentences of the split “{split}”", n=self.n_sentences, split=self.split)


@dataclass(frozen=True)
class EqualElbo:
    """A line D + R = −elbo through the plane: its two ends, as (rate, distortion)."""

    elbo: float
    start: tuple[float, float]
    end: tuple[float, float]


def rate_point(
    name: str, evaluation: Mapping[str, Any] | None, recorded: History
) -> RatePoint | None:
    """From the evaluation; while there is none, from the last validation; None before the first.

    None too where the model has no likelihood, which evaluation.json says with null.

    Raises:
        UserError: the evaluation lacks a figure.
    """
    if evaluation is not None and evaluation.get("distortion", 0) is None:
        return None  # the model scores no tokens
    if evaluation is not None:
        return RatePoint(
            name,
            rate=figure(evaluation, "rate"),
            distortion=figure(evaluation, "distortion"),
            rate_error=figure_or_none(evaluation, "rate_standard_error"),
            distortion_error=figure_or_none(evaluation, "distortion_standard_error"),
            n_sentences=int(figure(evaluation, "n_sentences")),
            split=str(evaluation.get("split", "held-out")),
        )
    if not recorded.validations:
        return None
    last = recorded.validations[-1]
    return RatePoint(
        name,
        rate=figure(last, "rate"),
        distortion=figure(last, "distortion"),
        rate_error=None,
        distortion_error=None,
        n_sentences=int(figure_or_none(last, "n_sentences") or 0),
        split="validation",
        step=int(last["step"]),
    )


def plane(points: Sequence[RatePoint]) -> tuple[tuple[float, float], tuple[float, float]]:
    """((lowest, highest) rate, (lowest, highest) distortion) that holds all points with room."""
    rates, distortions = [p.rate for p in points], [p.distortion for p in points]
    widest = max(max(rates) - min(0.0, *rates), max(distortions) - min(distortions), 1.0)
    room = 0.12 * widest
    return (
        (min(0.0, *rates) - 0.3 * room, max(rates) + room),
        (max(min(distortions) - room, -0.3 * room), max(distortions) + room),
    )


def equal_elbo_lines(
    rates: tuple[float, float], distortions: tuple[float, float], most: int = 9
) -> list[EqualElbo]:
    """Lines of equal ELBO at round values across a part of the plane, the best ELBO first.

    None at 0 or above: only a text that is known beforehand has that.

    Args:
        rates, distortions: (lowest, highest) of that part.
        most: lines at most.
    """
    low, high = rates[0] + distortions[0], rates[1] + distortions[1]
    if not high > low:
        return []
    step = _round_step((high - low) / most)
    lines = []
    for k in range(max(1, math.ceil(low / step)), math.floor(high / step) + 1):
        total = k * step
        first = max(rates[0], total - distortions[1])
        last = min(rates[1], total - distortions[0])
        if last > first:
            lines.append(EqualElbo(-total, (first, total - first), (last, total - last)))
    return lines


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10 ... times a power of ten that is not below."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(f * power for f in (1.0, 2.0, 5.0, 10.0, 20.0) if f * power >= least * (1 - 1e-9))
