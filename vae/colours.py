"""One colour for each meaning, wherever the app or a file made by it draws something.

A figure does not know the theme it is shown in, so each colour of a meaning has a contrast of 3 or
better against both backgrounds (WCAG 1.4.11), and is always joined by a shape, a label or a place.
"""

from __future__ import annotations

DISTORTION = "#CF5A36"
RATE = "#3079C4"
BETA = "#9467BD"
PRIOR = "#80868F"
POSTERIOR = "#689A1D"
OWN_SENTENCE = "#D6408F"
HEALTHY = "#0E7C86"
COLLAPSED = "#B9770E"

MEASURE = "#64789B"
"""Figures without a colour of their own: ELBO, mutual information."""

NEUTRAL = "#80868F"
"""What has no meaning of its own: reference lines, groups called "other"."""

LABELS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8A7A00")
"""Label values, most frequent first: Okabe and Ito (2008), its yellow darkened to be seen on white;
black, unseen on a dark page, is left to `NEUTRAL`."""

CIVIDIS = (
    "#00224E",
    "#123570",
    "#3B496C",
    "#575D6D",
    "#707173",
    "#8A8678",
    "#A59C74",
    "#C3B369",
    "#E1CC55",
    "#FEE838",
)
"""Of what grows from nothing, in equal steps from low to high (Nuñez et al., 2018)."""

DIVERGING = (
    (0.0, "#B35806"),
    (0.25, "#E08214"),
    (0.5, "#9A9A9A"),
    (0.75, "#4393C3"),
    (1.0, "#2166AC"),
)
"""Orange below, blue above, grey at zero: give the axis of colours equal ends."""

INK = {"light": "#14120F", "dark": "#E9E6DF"}
"""The text of each theme, as in config.toml."""

MEANINGS = {
    "distortion": DISTORTION,
    "rate": RATE,
    "beta": BETA,
    "prior": PRIOR,
    "posterior": POSTERIOR,
    "own sentence": OWN_SENTENCE,
    "healthy": HEALTHY,
    "collapsed": COLLAPSED,
}


SYMBOLS = ("circle", "square", "triangle-up", "diamond", "cross", "x", "star")
"""The shape that goes with each of `LABELS`."""

SEQUENTIAL = "Cividis"
"""`CIVIDIS` by the name that Plotly knows it under."""

POINTS = {"light": CIVIDIS[:8], "dark": CIVIDIS[2:]}
"""`CIVIDIS` for points on the ground of each theme, without the end that the ground swallows."""


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB" (WCAG 2.2), from 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2), from 1 to 21."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def diverging(share: float) -> str:
    """The colour of a value from -1 to 1, between the steps of `DIVERGING`."""
    place = (min(max(share, -1.0), 1.0) + 1) / 2
    at = max(i for i in range(len(DIVERGING) - 1) if DIVERGING[i][0] <= place)
    (low, one), (high, other) = DIVERGING[at], DIVERGING[at + 1]
    mix = (place - low) / (high - low)
    parts = (
        round((1 - mix) * int(one[i : i + 2], 16) + mix * int(other[i : i + 2], 16))
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


def faded(colour: str, opacity: float) -> str:
    """A colour let through by the page behind it, as CSS."""
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{opacity:g})"
