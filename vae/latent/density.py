"""How densely the sentences of a picture lie, as lines that enclose shares of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

SHARES = (0.25, 0.5, 0.75, 0.95)
"""Parts of the sentences that the lines enclose."""

_CELLS = 160
_MARGIN = 0.08


@dataclass(frozen=True)
class Contour:
    """The border of the smallest area that holds a share of the sentences.

    Attributes:
        share: of the sentences, 0 to 1.
        lines: closed or ending at no border, each (P, 2).
    """

    share: float
    lines: tuple[Floats, ...]


def contours(xy: Floats, shares: tuple[float, ...] = SHARES) -> list[Contour]:
    """Highest-density regions (Hyndman, 1996) of places (N, 2), the smallest first.

    The density is a histogram of all N on a grid of 160 cells a side, smoothed by a Gaussian whose
    width follows Scott's rule N^(-1/6) for the standard deviation of the places (Scott, 1992).
    None of fewer than 20 places, or of places on a line.
    """
    from contourpy import contour_generator
    from scipy.ndimage import gaussian_filter

    spread = xy.std(0) if len(xy) else np.zeros(2)
    if len(xy) < 20 or not (spread > 1e-9).all():
        return []
    low, high = xy.min(0), xy.max(0)
    margin = _MARGIN * (high - low) + 1e-9
    edges = [
        np.linspace(a, b, _CELLS + 1) for a, b in zip(low - margin, high + margin, strict=True)
    ]
    counts, _, _ = np.histogram2d(xy[:, 0], xy[:, 1], bins=edges)
    cell = np.array([e[1] - e[0] for e in edges])
    # A cloud of many clumps is wider than each of them: half of what fits one.
    width = 0.5 * spread * len(xy) ** (-1 / 6) / cell
    density = gaussian_filter(counts, np.maximum(width, 1.0), mode="constant")
    x, y = ((e[:-1] + e[1:]) / 2 for e in edges)
    generator = contour_generator(x, y, density.T)
    return [
        Contour(share, tuple(np.asarray(line) for line in generator.lines(level)))
        for share, level in zip(shares, _levels(density, counts, shares), strict=True)
    ]


def _levels(density: Floats, counts: Floats, shares: tuple[float, ...]) -> list[float]:
    """The density above which lies each share of what was counted."""
    falling = np.argsort(density, axis=None)[::-1]
    held = np.cumsum(counts.ravel()[falling]) / counts.sum()
    return [float(density.ravel()[falling[np.searchsorted(held, share)]]) for share in shares]
