"""Numbers out of a run's files, which somebody else may have written: a number, or nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from vae.i18n import _
from vae.i18n.numbers import number as _number
from vae.runs.history import is_number

MOST = 1e15
"""Beyond this a count is no count, and a loss no loss."""


def number(values: Mapping[str, Any], name: str) -> float | None:
    """A finite number of a sensible size; None where it is missing or something else."""
    found = values.get(name)
    if not is_number(found) or (isinstance(found, int) and abs(found) > MOST):
        return None
    return float(found) if math.isfinite(found) and abs(found) <= MOST else None


def count(values: Mapping[str, Any], name: str) -> int | None:
    """A whole number from zero on."""
    found = number(values, name)
    return int(found) if found is not None and found >= 0 and found == int(found) else None


def share(values: Mapping[str, Any], name: str) -> float | None:
    """A number from 0 to 1."""
    found = number(values, name)
    return found if found is not None and 0 <= found <= 1 else None


def part(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside another; empty where there is none."""
    found = values.get(name)
    return found if isinstance(found, Mapping) else {}


def text(values: Mapping[str, Any], name: str, without: str = "") -> str:
    """What a field says, as text; numbers too; else `without`, or that it is unknown."""
    found = values.get(name)
    known = isinstance(found, str | int | float) and str(found)
    return str(found) if known else without or _("unknown")


def thousands(values: Mapping[str, Any], name: str) -> str:
    """A count as a person reads it."""
    found = count(values, name)
    return _("unknown") if found is None else _number(found, ",")
