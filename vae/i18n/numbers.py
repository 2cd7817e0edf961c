"""Numbers as a person reads them, with the uncertainty that belongs to them, in their language."""

from __future__ import annotations

import math
from typing import Protocol

from vae.i18n import _, localised, message


class Estimate(Protocol):
    """A figure with its confidence interval, as `vae.diagnostics.bootstrap.Interval`."""

    @property
    def value(self) -> float:
        """The estimate."""

    @property
    def low(self) -> float:
        """Where its interval begins."""

    @property
    def high(self) -> float:
        """Where it ends."""

    @property
    def level(self) -> float:
        """Its coverage, as 0.95; 0 where its ends are not known."""


def number(value: float, form: str = "") -> str:
    """A number with a true minus sign; "unknown" where it is not finite.

    Without a format it has two digits behind the point, or four where two would say too little.
    What rounds to nothing has no sign.
    """
    if not math.isfinite(value):
        return _("unknown")
    text = format(value, form or _form(value))
    if not text.strip("-0.,%"):
        text = text.replace("-", "+" if form.startswith("+") else "")
    return localised(text)


def percent(share: float, digits: int = 1) -> str:
    """A share of one, in per cent."""
    return number(share, f".{digits}%")


def between(found: Estimate) -> str:
    """As "95% interval 0.91 to 0.95"."""
    form = _form(found.low, found.high)
    return _interval(found, number(found.low, form), number(found.high, form))


def share_between(found: Estimate) -> str:
    """As `between`, for a share: "95% interval 91.0 to 95.0%"."""
    return _interval(found, number(100 * found.low, ".1f"), percent(found.high))


def span(found: Estimate, form: str = ".2f") -> str:
    """The ends of an interval: "0.91 to 0.95"."""
    return _("{low} to {high}", low=number(found.low, form), high=number(found.high, form))


def with_reach(value: float, reach: float) -> str:
    """A figure and how far it may be off, with as many decimals as that has (2 to 4)."""
    digits = min(4, max(2, math.ceil(-math.log10(reach)))) if reach > 0 else 2
    form = f".{digits}f"
    return f"{number(value, form)} ± {number(reach, form)}"


PLUS_MINUS = message("± is half of a 95% interval, the longer half where the two differ.")
"""What the sign means wherever it stands."""

ERRORS = 1.96
"""Standard errors of a mean in half of its 95% interval."""


def plus_minus(found: Estimate) -> str:
    """A figure and the longer half of its interval, where known, with the decimals that has."""
    if not found.level:
        return number(found.value)
    return with_reach(found.value, max(found.high - found.value, found.value - found.low))


def mean_plus_minus(mean: float, error: float | None) -> str:
    """As `plus_minus`, of a mean of which the standard error is known, or nothing."""
    return number(mean) if error is None else with_reach(mean, ERRORS * error)


def _interval(found: Estimate, low: str, high: str) -> str:
    if not found.level:
        return _("interval not known")
    return _("{level:.0%} interval {low} to {high}", level=found.level, low=low, high=high)


def _form(*values: float) -> str:
    return ".4f" if 0 < max(map(abs, values)) < 0.1 else ".2f"
