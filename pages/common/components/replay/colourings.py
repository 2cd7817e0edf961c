"""What the points of a replay are coloured by: labels, ranges of numbers, length. No Streamlit."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from vae import colours
from vae.figures.cloud import groups
from vae.latent.timeline import Timeline

RANGES = 5
LONGEST = 300
"""Characters of a text that are sent; one that a corpus has by mistake may be a book."""

Colouring = dict[str, Any]


def colourings(timeline: Timeline) -> list[Colouring]:
    """One for each label, and one by length; a single colour where nothing is known.

    Each has a name, groups (label, count, colour, shape, and whether it is the rest), the group of
    every point (n bytes in base64), and whether its groups are few enough to be seen at a glance.
    """
    found = [_by(name, values) for name, values in timeline.labels.items()]
    if timeline.sentences:
        found.append(_by("length, words", [str(len(s.split())) for s in timeline.sentences]))
    return found or [_by("nothing", ["sentence"] * timeline.frames.shape[1])]


def cut(text: str) -> str:
    """A text, or its beginning where it is too long to be sent."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _by(name: str, values: Sequence[str]) -> Colouring:
    numbers = _numbers(values)
    named = groups(values) if numbers is None else []
    parts = [(g.name, g.rows) for g in named] if numbers is None else _ranges(numbers)
    of = np.zeros(len(values), dtype=np.uint8)
    shown = []
    for g, (label, rows) in enumerate(parts):
        of[rows] = g
        rest = bool(named and named[g].others)
        # Ranges go from dark to light, names have colours that are told apart.
        colour = colours.LABELS[g] if numbers is None else colours.CIVIDIS[1 + 2 * (g % RANGES)]
        shown.append(
            {
                "label": cut(label),
                "count": len(rows),
                "colour": colours.NEUTRAL if rest or label == "none" else colour,
                "shape": colours.SYMBOLS[g],
                "rest": rest,
            }
        )
    clear = numbers is None and 2 <= len(parts) <= RANGES
    packed = base64.b64encode(of.tobytes()).decode()
    return {"name": cut(name), "groups": shown, "of": packed, "clear": clear}


def _numbers(values: Sequence[str]) -> npt.NDArray[np.float64] | None:
    """The values as numbers, where they are numbers and too many to be names."""
    try:
        numbers = np.array([float(v) if v else math.nan for v in values])
    except ValueError:
        return None
    known = np.unique(numbers[np.isfinite(numbers)])
    return numbers if len(known) > RANGES else None


def _ranges(numbers: npt.NDArray[np.float64]) -> list[tuple[str, npt.NDArray[np.intp]]]:
    """(range, rows) of at most `RANGES` groups of about equal size, rising; "none" at the end."""
    known = np.isfinite(numbers)
    inside = numbers[known]
    quantiles = np.quantile(inside, np.linspace(0, 1, RANGES + 1)[1:-1], method="nearest")
    edges = np.unique(quantiles[quantiles > inside.min()])
    of = np.where(known, np.searchsorted(edges, numbers, side="right"), -1)
    out = []
    for g in range(len(edges) + 1):
        rows = np.flatnonzero(of == g)
        low, high = numbers[rows].min(), numbers[rows].max()
        out.append((f"{low:g}" if low == high else f"{low:g} to {high:g}", rows))
    return out if known.all() else [*out, ("none", np.flatnonzero(~known))]
