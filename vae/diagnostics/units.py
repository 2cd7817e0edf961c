"""How many dimensions are in use? As many as the threshold makes them: a curve, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from vae.diagnostics.bootstrap import DRAWS, LEVEL, Floats, Interval
from vae.diagnostics.information import principal_axes, unit_variances
from vae.errors import UserError
from vae.i18n import message

MARKED = {0.01: message("Burda et al., 2016"), 0.2: message("DELLA, 2022")}
"""Thresholds of the literature: a count means nothing without its own."""

THRESHOLDS = (
    *(0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005),
    *(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
)


_PRINCIPAL_DRAWS = 200
"""A matrix of variances is resampled as a whole, which costs more than Z of them."""


@dataclass(frozen=True)
class UnitCurve:
    """Units at each threshold of the variance of the posterior mean (Burda et al., 2016).

    Attributes:
        counts: dimensions, or principal directions, above each threshold, with the interval over
            sentences.
    """

    thresholds: tuple[float, ...]
    counts: tuple[Interval, ...]

    def at(self, threshold: float) -> Interval:
        """The count at one of the thresholds."""
        return self.counts[self.thresholds.index(threshold)]


def unit_curve(
    mean: Tensor,
    rng: np.random.Generator,
    thresholds: tuple[float, ...] = THRESHOLDS,
    draws: int = DRAWS,
) -> UnitCurve:
    """Count the active units of posterior means (N, Z), with percentile intervals over sentences.

    Sentences are drawn again as in `vae.diagnostics.bootstrap` (Efron, 1979), all dimensions
    together.

    Raises:
        UserError: there are fewer than two sentences.
    """
    n, centred = _centred(mean)
    again = np.empty((draws, mean.shape[1]))
    for i in range(0, draws, 100):
        # How often each sentence was drawn makes resampled moments one product of matrices.
        weights = rng.multinomial(n, np.full(n, 1 / n), size=min(100, draws - i)) / n
        again[i : i + 100] = weights @ centred**2 - (weights @ centred) ** 2
    again *= n / (n - 1)
    return _curve(unit_variances(mean).numpy(), again, thresholds, n)


def principal_curve(
    mean: Tensor,
    rng: np.random.Generator,
    thresholds: tuple[float, ...] = THRESHOLDS,
    draws: int = _PRINCIPAL_DRAWS,
) -> UnitCurve:
    """Count the principal units of posterior means (N, Z), with intervals as `unit_curve` has them.

    They are the same however the latent space is turned; see
    `vae.diagnostics.information.principal_units`.

    Raises:
        UserError: there are fewer than two sentences.
    """
    n, centred = _centred(mean)
    again = np.empty((draws, mean.shape[1]))
    for i in range(draws):
        weights = rng.multinomial(n, np.full(n, 1 / n)) / n
        middle = weights @ centred
        second = (centred * weights[:, None]).T @ centred
        again[i] = np.linalg.eigvalsh(second - np.outer(middle, middle)) if second.size else 0.0
    again *= n / (n - 1)
    return _curve(principal_axes(mean)[1].numpy(), again, thresholds, n)


def _centred(mean: Tensor) -> tuple[int, Floats]:
    n = len(mean)
    if n < 2:
        raise UserError("Two sentences at least are needed to see what varies between them.")
    return n, np.asarray((mean.double() - mean.double().mean(0)).numpy())  # (N, Z)


def _curve(variances: Floats, again: Floats, thresholds: tuple[float, ...], n: int) -> UnitCurve:
    """Counts of variances (Z,), with the ends of those of variances drawn again (draws, Z)."""
    ends = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    counts = []
    for threshold in thresholds:
        low, high = np.quantile((again > threshold).sum(1), ends, method="nearest")
        value = float((variances > threshold).sum())
        counts.append(Interval(value, min(value, float(low)), max(value, float(high)), LEVEL, n))
    return UnitCurve(tuple(thresholds), tuple(counts))
