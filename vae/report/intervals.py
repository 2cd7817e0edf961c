"""Figures with their intervals, in a table."""

from __future__ import annotations

from vae.diagnostics.bootstrap import Interval


def ends(found: Interval | None) -> tuple[float | None, float | None, float | None]:
    """(value, low, high), or three times nothing."""
    return (None, None, None) if found is None else (found.value, found.low, found.high)


def head(name: str) -> tuple[str, str, str]:
    """Names of the columns that `ends` fills."""
    return name, f"{name}, 95% from", f"{name}, to"
