"""Figures with their intervals, as a row of dots each and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from vae.diagnostics.bootstrap import Interval
from vae.report.charts import Dots, Level, estimates
from vae.report.parts import Figure, Table, number


def ends(found: Interval | None) -> tuple[float | None, float | None, float | None]:
    """(value, low, high), or three times nothing."""
    return (None, None, None) if found is None else (found.value, found.low, found.high)


def head(name: str) -> tuple[str, str, str]:
    """Names of the columns that `ends` fills."""
    return name, f"{name}, 95% from", f"{name}, to"


def table(name: str, first: str, what: str, named: Mapping[Any, Interval]) -> Table:
    """A row for each figure; `first` names what they are of, `what` the figure with its unit."""
    rows = [(key, *ends(found), found.n) for key, found in named.items()]
    return Table(name, (first, *head(what), "n"), rows)


def dots(
    question: str,
    name: str,
    axis: str,
    named: Mapping[str, Interval],
    look_for: str,
    *,
    colours: Sequence[str],
    levels: Sequence[Level] = (),
    unit: str = "nats",
    extent: Sequence[float] = (),
) -> Figure:
    """A row for each figure, on one axis."""
    series = replace(estimates(axis, colours[0], list(named.values())), colours=colours)
    said = ", ".join(f"{key} {number(found.value)}" for key, found in named.items())
    chart = Dots(axis, list(named), (series,), unit=unit, extent=extent, levels=levels)
    alt = f"{said} {unit}".strip() + "."
    return Figure(question, chart, alt, look_for, table(name, "what", axis, named))
