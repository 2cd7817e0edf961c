"""The charts of a report as data; the scripts beside this file draw them in the browser.

Numbers are rounded to six digits: more cannot be seen, and the same run gives the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from vae.colours import CIVIDIS
from vae.diagnostics.bootstrap import Interval

Floats = npt.NDArray[np.floating[Any]]
Values = Sequence[float] | Floats
DIGITS = 6

SHAPES = ("circle", "square", "triangle", "diamond", "cross")


@dataclass(frozen=True)
class Series:
    """Numbers under one name.

    Attributes:
        style: line, thin, dashed, marked (a line with shapes) or points.
        low, high: ends of the intervals, as many as y, or none.
        off: which bars are hatched, because they do not count.
        colours: one for each bar, where they differ.
    """

    name: str
    colour: str
    y: Values
    x: Values = ()
    style: str = "line"
    shape: str = "circle"
    low: Values = ()
    high: Values = ()
    off: Sequence[bool] = ()
    colours: Sequence[str] = ()


def estimates(
    name: str,
    colour: str,
    found: Sequence[Interval],
    x: Values = (),
    style: str = "marked",
    shape: str = "circle",
) -> Series:
    """Figures with their intervals as a series."""
    low, high = [i.low for i in found], [i.high for i in found]
    return Series(name, colour, [i.value for i in found], x, style, shape, low, high)


@dataclass(frozen=True)
class Level:
    """A line of reference with its name: at a height, or (`Mark`) at a place."""

    at: float
    text: str


@dataclass(frozen=True)
class Panel:
    """One picture of several that share their horizontal axis.

    Attributes:
        title: what is drawn, with its unit.
        unit: said after a number.
        zero: whether the axis starts at zero.
        cut: whether values far below all that follows may lie outside, as first updates do.
    """

    title: str
    series: Sequence[Series]
    height: int = 150
    unit: str = ""
    zero: bool = True
    cut: bool = False
    levels: Sequence[Level] = ()


@dataclass(frozen=True)
class Lines:
    """Lines over one horizontal axis, in panels above each other."""

    kind: ClassVar[str] = "lines"

    x_title: str
    panels: Sequence[Panel]
    x_name: str = ""
    log: bool = False
    ticks: Sequence[float] = ()
    marks: Sequence[Level] = ()


@dataclass(frozen=True)
class Bars:
    """A bar for each category.

    Attributes:
        least: where the axis ends at least, so that next to nothing does not look like much.
        said: for each category what else a pointer is told, or none.
    """

    kind: ClassVar[str] = "bars"

    x_title: str
    y_title: str
    categories: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    height: int = 230
    least: float = 0.0
    levels: Sequence[Level] = ()
    said: Sequence[str] = ()


@dataclass(frozen=True)
class Dots:
    """A row for each category, with a point and an interval for each series.

    Attributes:
        extent: the ends of the axis; found from the values where it is empty.
    """

    kind: ClassVar[str] = "dots"

    x_title: str
    categories: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    extent: Sequence[float] = ()
    levels: Sequence[Level] = ()


@dataclass(frozen=True)
class Heat:
    """A cell for each pair of a row and a column.

    Attributes:
        values: (rows, columns); NaN where nothing was measured.
        low, high: the ends of the colours.
        nothing: what is said of a cell without a number.
        colours: from the low end to the high one.
    """

    kind: ClassVar[str] = "heat"

    x_title: str
    y_title: str
    rows: Sequence[str]
    columns: Sequence[str]
    values: Floats
    low: float
    high: float
    unit: str = ""
    row_name: str = ""
    column_name: str = ""
    nothing: str = "not measured"
    colours: Sequence[str] = CIVIDIS


Chart = Lines | Bars | Dots | Heat


def to_json(chart: Chart) -> dict[str, Any]:
    """What the browser draws; what is no number becomes null."""
    told: dict[str, Any] = _plain({"kind": chart.kind, **asdict(chart)})
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    if isinstance(value, np.generic):
        return _plain(value.item())
    return value
