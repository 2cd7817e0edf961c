"""The map in a browser: a cloud of points that is drawn, asked and chosen from, as one script.

Plain JavaScript without imports, parts of one module in this order; a page adds its own tie to what
shows it. `PointMap(root, tell)` is the way in.
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent / "map"
_PARTS = (
    "../half",
    "camera",
    "grid",
    "tiles",
    "flat",
    "painter",
    "places",
    "distant",
    "quality",
    "overlay",
    "ground",
    "card",
    "panel",
    "cooperative",
    "gestures",
    "view",
    "frame",
    "asking",
    "lattice",
    "panels",
)


def scripts(*parts: str) -> str:
    """The source of `PointMap` and what it is made of, or of some parts: "camera", "grid"."""
    return "\n".join((_HERE / f"{part}.js").read_text(encoding="utf-8") for part in parts or _PARTS)


def style() -> str:
    """How it looks; colours and fonts are the `--st-` properties of the page."""
    return (_HERE / "map.css").read_text(encoding="utf-8")
