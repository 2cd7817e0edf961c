"""Sentences that follow a slider while it moves: every reachable one is sent beforehand.

`st.slider` tells Python of a move when it ends. Here up to a few hundred sentences are decoded in
one batch and sent to the browser, which shows the one under the pointer by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from vae.latent.changes import Piece

_HERE = Path(__file__).parent

SLIDER_STYLE = (_HERE.parent / "slider.css").read_text(encoding="utf-8")
"""How sliders and marked words look in every component."""

_COMPONENT = st.components.v2.component(
    "latent_lens_sentence_slider",
    html='<div class="sentence-slider"></div>',
    css=SLIDER_STYLE + (_HERE / "sentence_slider.css").read_text(encoding="utf-8"),
    js=(_HERE / "sentence_slider.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Point:
    """Where a slider can stand: the sentence there, a line of figures, and its value in short."""

    pieces: Sequence[Piece]
    readout: str
    short: str


@dataclass(frozen=True)
class End:
    """What stands at one end of a slider."""

    tag: str
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True)
class Line:
    """One slider.

    Attributes:
        id: what `moved` reports.
        label: its name for those who do not see it.
        points: from left to right.
        at: the index where it stands.
        name, what, note: above it; nothing where `name` is empty.
        ticks: indices marked below it.
    """

    id: str
    label: str
    points: Sequence[Point]
    at: int
    low: End
    high: End
    name: str = ""
    what: str = ""
    note: str = ""
    ticks: Sequence[int] = field(default=())


def show(now: Point, lines: Sequence[Line], moved: Callable[[str, int], None], key: str) -> None:
    """Show a large sentence over sliders; `moved(line id, index)` is called before the rerun."""
    # Tuples: lists would be looked at for data frames.
    data = {"now": vars(now), "lines": tuple(_told(line) for line in lines)}
    digest = hashlib.sha256(json.dumps(data).encode()).hexdigest()[:16]

    def tell() -> None:
        event = st.session_state[key].moved
        if not isinstance(event, dict):
            return
        line = next((line for line in lines if line.id == event.get("line")), None)
        index = event.get("index")
        # What a browser sends is checked like anything else that comes from outside.
        if line is not None and isinstance(index, int) and 0 <= index < len(line.points):
            moved(line.id, index)

    _COMPONENT(key=key, data={"id": digest, **data}, on_moved_change=tell)


def _told(line: Line) -> dict[str, Any]:
    """As `dataclasses.asdict`, which copies every word of it first."""
    points = [vars(point) for point in line.points]
    return {**vars(line), "points": points, "low": vars(line.low), "high": vars(line.high)}
