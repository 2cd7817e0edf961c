"""How points look: a colour, a shape and an opacity for each group, or a scale of colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vae import colours
from vae.corpora.label_types import LabelType
from vae.figures.date_ticks import date_ticks
from vae.figures.groups import Group, Scale, groups, said, with_missing
from vae.i18n import _

SCALE_OPACITY = 0.85
STEPS = 64
"""Colours that a scale is drawn in."""

_OPACITY = 0.72
_WIDTH_OF_BAR = 32  # signs
_MOST_TICKS = 5
_BANDS = 4


@dataclass(frozen=True)
class Look:
    """How a point is drawn; `symbol` as Plotly calls it."""

    color: str
    opacity: float
    symbol: str = "circle"


_GREY = {
    "rest": Look(colours.NEUTRAL, 0.35),
    "missing": Look(colours.NEUTRAL, 0.5, "circle-open"),
}


def look_of(group: Group, i: int) -> Look:
    """The look of the i-th group: what is rest or missing is grey."""
    return _GREY.get(group.kind) or Look(colours.LABELS[i], _OPACITY, colours.SYMBOLS[i])


def legend_name(group: Group, named: Callable[[str], str] = str) -> str:
    """A group as a legend calls it; of what is missing, how many there are.

    Args:
        named: what a value is called.
    """
    if group.kind == "value":
        return named(group.value)
    if group.kind == "missing":
        return _("{what} ({n:,})", what=group.name, n=len(group.rows))
    return group.name


def bounds(scale: Scale) -> tuple[float, float]:
    """The ends of a scale of colours: the 1st and 99th percentile, beyond which outliers lie."""
    values = scale.values[np.isfinite(scale.values)]
    low, high = map(float, np.percentile(values, [1, 99])) if len(values) else (0.0, 1.0)
    return low, max(high, low + 1e-6 * max(1.0, abs(low)))


def date_marks(low: float, high: float) -> tuple[list[float], list[str]]:
    """Marks of a scale of dates: as many as fit, since a date may be written in four signs or in
    sixteen; and both ends where no two would."""
    marks = (date_ticks(low, high, most) for most in (5, 3, 2))
    return next(
        (m for m in marks if len(m[0]) > 1 and len("".join(m[1])) <= _WIDTH_OF_BAR),
        ([low, high], [said(low, "date"), said(high, "date")]),
    )


def number_marks(low: float, high: float) -> tuple[list[float], list[str]]:
    """Round numbers between two ends, at most 5 (steps of 1, 2 or 5 times a power of ten)."""
    size = 10.0 ** np.floor(np.log10((high - low) / _MOST_TICKS))
    for step in (size, 2 * size, 5 * size, 10 * size, 20 * size):
        first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
        if last - first < _MOST_TICKS:
            break
    at = (np.arange(first, last + 1) * step).tolist()
    return at, [said(round(value, 12), "number") for value in at]


@dataclass(frozen=True)
class Colouring:
    """What each of N points looks like, for a map that draws them itself.

    Attributes:
        codes: (N,) which of `looks` each point has.
        looks: at most 256.
        groups: (code, name) for a legend.
        ramp: colours of a scale from low to high; none of categories.
        ticks: (share of the way from low to high, text) along it.
        bands: (first code, last code, name) of each quarter of a scale.
    """

    codes: npt.NDArray[np.uint8]
    looks: tuple[Look, ...]
    groups: tuple[tuple[int, str], ...]
    ramp: tuple[str, ...] = ()
    ticks: tuple[tuple[float, str], ...] = ()
    bands: tuple[tuple[int, int, str], ...] = ()

    @property
    def parts(self) -> tuple[tuple[int, int, str, int], ...]:
        """(first code, last code, name, how many points) of each group, or of each quarter of a
        scale and of what has no value: what small maps show one by one."""
        groups = (*self.bands, *((code, code, name) for code, name in self.groups))
        counts = np.bincount(self.codes, minlength=len(self.looks))
        return tuple((a, b, name, int(counts[a : b + 1].sum())) for a, b, name in groups)


def colouring(
    values: Sequence[str] | Scale, theme: str, named: Callable[[str], str] = str
) -> Colouring:
    """Of N categories ("" is none) or of a scale, for the ground of a theme.

    Args:
        named: what a category is called.
    """
    if not isinstance(values, Scale):
        found = groups(values)
        codes = np.zeros(len(values), dtype=np.uint8)
        for i, group in enumerate(found):
            codes[group.rows] = i
        looks = tuple(look_of(group, i) for i, group in enumerate(found))
        names = tuple((i, legend_name(group, named)) for i, group in enumerate(found))
        return Colouring(codes, looks, names)
    known = np.isfinite(values.values)
    low, high = bounds(values)
    share = np.clip((np.where(known, values.values, low) - low) / (high - low), 0, 1)
    ramp = colours.POINTS["dark" if theme == "dark" else "light"]
    marks = date_marks if values.kind == "date" else number_marks
    at, texts = marks(low, high)
    places = [(t - low) / (high - low) for t in at]
    looks = tuple(Look(c, SCALE_OPACITY) for c in _steps(ramp))
    missing = with_missing([], ~known)
    return Colouring(
        np.where(known, np.minimum(share * STEPS, STEPS - 1), STEPS).astype(np.uint8),
        (*looks, _GREY["missing"]),
        tuple((STEPS, legend_name(group)) for group in missing),
        ramp,
        tuple((min(max(p, 0.0), 1.0), t) for p, t in zip(places, texts, strict=True)),
        tuple(_bands(low, high, values.kind)),
    )


def _bands(low: float, high: float, kind: LabelType) -> Iterator[tuple[int, int, str]]:
    """Quarters of a scale; its ends hold the outliers too."""
    step, size = STEPS // _BANDS, (high - low) / _BANDS
    for i in range(_BANDS):
        ends = (low + i * size, low + (i + 1) * size)
        # As few digits as tell the ends apart.
        digits = max(0, 1 - int(np.floor(np.log10(size))))
        a, b = (said(round(end, digits) if kind == "number" else end, kind) for end in ends)
        yield i * step, (i + 1) * step - 1, _("{low} to {high}", low=a, high=b)


def _steps(ramp: Sequence[str]) -> list[str]:
    """`STEPS` colours, evenly from the first of a ramp to its last."""
    stops = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in ramp])
    at = np.linspace(0, len(ramp) - 1, STEPS)
    mixed = np.stack([np.interp(at, np.arange(len(ramp)), stops[:, i]) for i in range(3)], axis=1)
    return ["#{:02X}{:02X}{:02X}".format(*rgb) for rgb in mixed.round().astype(int)]
