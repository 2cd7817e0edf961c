"""The colours of `vae.colours` as the pages use them, and how well they are seen; no Streamlit."""

from __future__ import annotations

from vae.colours import BETA as BETA
from vae.colours import CIVIDIS as CIVIDIS
from vae.colours import COLLAPSED as COLLAPSED
from vae.colours import DISTORTION as DISTORTION
from vae.colours import DIVERGING as DIVERGING
from vae.colours import HEALTHY as HEALTHY
from vae.colours import INK as INK
from vae.colours import LABELS as LABELS
from vae.colours import MEANINGS as MEANINGS
from vae.colours import MEASURE as MEASURE
from vae.colours import NEUTRAL as NEUTRAL
from vae.colours import OWN_SENTENCE as OWN_SENTENCE
from vae.colours import POSTERIOR as POSTERIOR
from vae.colours import PRIOR as PRIOR
from vae.colours import RATE as RATE
from vae.colours import VERDICTS as VERDICTS

SYMBOLS = ("circle", "square", "triangle-up", "diamond", "cross", "x", "star")
"""The shape that goes with each of `LABELS`."""

SEQUENTIAL = "Cividis"
"""`CIVIDIS` by the name that Plotly knows it under."""


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB" (WCAG 2.2), from 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2), from 1 to 21."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def faded(colour: str, opacity: float) -> str:
    """A colour let through by the page behind it, as CSS."""
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{opacity:g})"
