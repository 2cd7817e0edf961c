"""Sentences that follow a slider while it moves, without a word to the server.

`st.slider` tells Python of a move when it ends. Here up to a few hundred sentences are decoded in
one batch and sent to the browser, which shows the one under the pointer by itself. Where the
browser has the run's decoder (`pages.common.components.decoder`), a slider stops between them as
well, and the browser decodes there.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from torch import Tensor

from pages.common.components.source import DOM, source
from vae.i18n import _, localised
from vae.latent.changes import Piece

_DECODES = "browser:decodes"

SLIDER_STYLE = source(__file__, "../slider.css")
"""How sliders and marked words look in every component."""

_COMPONENT = st.components.v2.component(
    "latent_lens_sentence_slider",
    html='<div class="sentence-slider"></div>',
    css=SLIDER_STYLE + source(__file__, "sentence_slider.css"),
    js=DOM + source(__file__, "places.js", "sentence_slider.js"),
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
class Gap:
    """A number of a message that the browser puts in while a slider moves.

    Its name is "value" or "nats"; it is written in the form that the message asks for.
    """

    name: str

    def __format__(self, form: str) -> str:
        return f"{{{self.name}:{form}}}"


@dataclass(frozen=True)
class Way:
    """Where a slider leads in the latent space, for a browser that decodes between its points.

    Attributes:
        low, high: (Z,) its ends.
        method: "lerp" or "slerp".
        values: the number that is said of each end.
        readout, short: as of a `Point`, with gaps: "value" on the way from one number to the
            other, "nats" log p(z).
        steps: how many points are on the way, its ends included.
        before: new words are those that this sentence does not have; without one the sentence of
            the last point.
    """

    low: Tensor
    high: Tensor
    method: str
    values: tuple[float, float]
    readout: str
    short: str
    steps: int
    before: str | None = None

    def told(self) -> dict[str, Any]:
        """As the browser takes it."""
        ends = {"low": _packed(self.low), "high": _packed(self.high)}
        return {**vars(self), **ends, "signs": localised(".-")}


def dial(d: int, z: Tensor, grid: Sequence[float], now: str) -> Way:
    """The way of a dial that turns dimension d of z (Z,), where `now` is said, along a grid."""
    low, high = z.clone(), z.clone()
    low[d], high[d] = grid[0], grid[-1]
    value = Gap("value")
    said = _("dimension {d} = {value:+.2f}", d=d, value=value)
    return Way(low, high, "lerp", (grid[0], grid[-1]), said, f"{value:+.2f}", len(grid), now)


def place(value: float, grid: Sequence[float], decoder: str) -> float:
    """The index of a value on an even grid, as `Line.at`; a whole one without a decoder."""
    share = (value - grid[0]) / (grid[-1] - grid[0]) if grid[-1] > grid[0] else 0.5
    return round(min(1.0, max(0.0, share)) * (len(grid) - 1), 2 if decoder else None)


def value(at: float, grid: Sequence[float]) -> float:
    """What stands at an index of an even grid, or between two."""
    return grid[0] + at / (len(grid) - 1) * (grid[-1] - grid[0])


def _packed(z: Tensor) -> str:
    return base64.b64encode(z.numpy().astype("<f4").tobytes()).decode()


@dataclass(frozen=True)
class Line:
    """One slider.

    Attributes:
        id: what `moved` reports.
        label: its name for those who do not see it.
        points: from left to right; none where the browser is to decode them (`decodes`). It then
            finds what is said at the ends, and the ticks.
        at: the index where it stands; a part of one where it has a way.
        name, what, note: above it; nothing where `name` is empty.
        ticks: indices marked below it.
        way: where it leads, if the browser may decode between the points.
    """

    id: str
    label: str
    points: Sequence[Point]
    at: float
    low: End
    high: End
    name: str = ""
    what: str = ""
    note: str = ""
    ticks: Sequence[int] = field(default=())
    way: Way | None = None


def decodes(decoder: str) -> bool:
    """Whether the browser of this session has told that it decodes by that decoder."""
    return bool(decoder) and st.session_state.get(_DECODES) == decoder


def show(
    now: Point,
    lines: Sequence[Line],
    moved: Callable[[str, float], None],
    key: str,
    decoder: str = "",
) -> None:
    """Show a large sentence over sliders; `moved(line id, index)` is called before the rerun.

    Args:
        decoder: the name of the one that the browser may ask (`decoder.mount`).
    """
    # Tuples: lists would be looked at for data frames.
    lines_told = tuple(_told(line) for line in lines)
    data = {"now": vars(now), "lines": lines_told, "decoder": decoder}
    digest = hashlib.sha256(json.dumps(data).encode()).hexdigest()[:16]

    def tell() -> None:
        event = st.session_state[key].moved
        if not isinstance(event, dict):
            return
        st.session_state[_DECODES] = event.get("decodes")
        line = next((line for line in lines if line.id == event.get("line")), None)
        index = event.get("index")
        # What a browser sends is checked like anything else that comes from outside.
        if line is not None and _is_place(index, line):
            moved(line.id, index)

    _COMPONENT(key=key, data={"id": digest, **data}, on_moved_change=tell)


def _is_place(index: Any, line: Line) -> bool:
    if isinstance(index, bool) or not isinstance(index, int | float) or not math.isfinite(index):
        return False
    whole = isinstance(index, int) or line.way is not None
    steps = line.way.steps if line.way else len(line.points)
    return whole and 0 <= index <= steps - 1


def _told(line: Line) -> dict[str, Any]:
    """As `dataclasses.asdict`, which copies every word of it first."""
    points = [vars(point) for point in line.points]
    ends = {"low": vars(line.low), "high": vars(line.high)}
    return {**vars(line), "points": points, **ends, "way": line.way and line.way.told()}
