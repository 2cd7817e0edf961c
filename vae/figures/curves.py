"""What is drawn over the steps of a training: as data, and as a figure.

A page draws the data on a canvas of its own, which keeps its zoom while a run grows; a report and
a notebook show the figure. Title, unit, colour, marks and caption are the same in both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from vae import colours
from vae.figures import frame
from vae.figures.figure import Figure
from vae.i18n import _
from vae.runs.history import History

Floats = npt.NDArray[np.floating[Any]]

PLOTLY_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "5px,10px")
"""One for each of `colours.LABELS`."""

FIRST_UPDATES = 0.06
"""Share of the steps that a panel with `cut` leaves out of its vertical axis."""

_TITLE = 24  # pixels above a panel, for its title
_MARK_ROWS = 3
_LETTER, _WIDTH = 6.5, 560  # pixels: a letter of a mark, and a narrow plot


@dataclass(frozen=True)
class Run:
    """A run to be drawn, by the name it is shown under."""

    name: str
    history: History
    latent_dim: int


@dataclass(frozen=True)
class Line:
    """A line of a panel.

    Attributes:
        run: its place among the runs.
        label: its name, in words; none where it is the only one of its panel.
        kind: line, thin, marked (with shapes) or points (shapes alone).
        x: steps, rising.
        y: values; NaN is a gap.
    """

    run: int
    label: str
    kind: str
    x: Floats
    y: Floats


LEAST = 0.01
"""Nats at which a dimension is dark in a heat map: as good as none."""


@dataclass(frozen=True)
class Heat:
    """Cells (dimensions D x validations S), coloured by the logarithm from `LEAST` to `most` nats.

    By the logarithm, since a dimension starts with many times the rate that it needs in the end.
    """

    x: Floats
    dimensions: Sequence[int]
    nats: Floats
    most: float

    @property
    def shades(self) -> Floats:
        """(D, S) from 0, dark, at `LEAST` nats and below, to 1 at `most`; NaN has none."""
        return self.shade(np.maximum(self.nats, LEAST))

    def shade(self, nats: Floats) -> Floats:
        """Where rates above zero lie on the scale."""
        shades: Floats = np.log(nats / LEAST) / math.log(self.most / LEAST)
        return shades


@dataclass(frozen=True)
class Level:
    """A horizontal line of reference, with its name."""

    y: float
    text: str


@dataclass(frozen=True)
class Mark:
    """A step at which something was changed or kept, in words."""

    step: int
    text: str


@dataclass(frozen=True)
class Panel:
    """One picture over the steps.

    Attributes:
        title: what is drawn, with its unit.
        unit: how a value is said, as "{value} nats".
        height: of the plot, in pixels.
        zero: whether the axis starts at zero, else near the lowest value.
        cut: whether the whole picture leaves out the first updates, far off all that follows.
    """

    id: str
    title: str
    colour: str
    height: int
    unit: str = "{value}"
    zero: bool = True
    cut: bool = False
    lines: Sequence[Line] = ()
    levels: Sequence[Level] = ()
    marks: Sequence[Mark] = ()
    heat: Heat | None = None


@dataclass(frozen=True)
class Curves:
    """A finding about the training of one run or several, in panels below each other.

    Attributes: as of `Figure`, and

        runs: told apart by colour, dash, shape and name where there are several; one alone has
            the colours of the meanings.
    """

    name: str
    question: str
    runs: Sequence[Run]
    panels: Sequence[Panel]
    alt: str
    look_for: str
    estimator: str
    table: Callable[[], pd.DataFrame] = field(repr=False)

    @property
    def caption(self) -> str:
        """What stands below it."""
        return f"{self.look_for} {self.estimator}".strip()

    def figure(self) -> Figure:
        """The same finding as a Plotly figure."""
        return Figure(
            self.name,
            self.question,
            _drawn(self.panels, self.runs),
            self.alt,
            self.look_for,
            self.estimator,
            self.table,
        )


def run_shape(run: int) -> str:
    """The shape by which a run is known among others."""
    return colours.SYMBOLS[(run + 3) % len(colours.SYMBOLS)]


def run_colour(run: int) -> str:
    """The colour by which a run is known among others."""
    return colours.LABELS[run % len(colours.LABELS)]


def _drawn(panels: Sequence[Panel], runs: Sequence[Run]) -> go.Figure:
    last = max((run.history.last_step for run in runs), default=0) or 1
    rows = _mark_rows({m: None for panel in panels for m in panel.marks}, last)
    legend = any(line.label for panel in panels for line in panel.lines)
    top = 14 * (1 + max(rows.values(), default=-1)) + _TITLE + (30 if legend else 6)
    inner = sum(p.height for p in panels) + (_TITLE + 16) * (len(panels) - 1)
    fig = make_subplots(
        len(panels),
        1,
        shared_xaxes=True,
        row_heights=[p.height for p in panels],
        vertical_spacing=(_TITLE + 16) / inner if len(panels) > 1 else 0,
    )
    frame.frame(fig, inner + top + 55)
    fig.update_layout(margin={"t": top}, legend={"y": 1 + (top - 22) / inner})
    named: set[str] = set()
    for row, panel in enumerate(panels, start=1):
        if panel.heat:
            _heat(fig, panel, panel.heat, row)
        for line in panel.lines:
            _line(fig, panel, line, row, len(runs), named)
        _furnish(fig, panel, row)
    for mark, height in rows.items():
        fig.add_annotation(
            **_beside(mark, last),
            y=1,
            yref="paper",
            yshift=_TITLE + 14 * height,
            text=frame.plain(mark.text),
            showarrow=False,
            yanchor="bottom",
            font={"size": 12},
        )
    fig.update_xaxes(range=[0, 1.015 * last])
    frame.axis_title(fig, _("step (updates made)"), row=len(panels), col=1)
    return fig


def _beside(mark: Mark, last: int) -> dict[str, Any]:
    """Where the text of a mark stands: on its roomier side, or from the edge where it is longer."""
    share = mark.step / last
    ends = share > 0.5
    if _LETTER * len(mark.text) > max(share, 1 - share) * _WIDTH:
        return {"x": 0 if ends else 1, "xref": "paper", "xanchor": "left" if ends else "right"}
    return {"x": mark.step, "xref": "x", "xanchor": "right" if ends else "left"}


def _furnish(fig: go.Figure, panel: Panel, row: int) -> None:
    """Title, axis, levels and marks of a panel."""
    name = "" if row == 1 else str(row)
    fig.add_annotation(
        text=f"<b>{frame.plain(panel.title)}</b>",
        x=0,
        xref="paper",
        y=1,
        yref=f"y{name} domain",
        xanchor="left",
        yanchor="bottom",
        showarrow=False,
        font={"size": 14},
    )
    if panel.cut and (bounds := _bounds(panel)):
        fig.update_yaxes(range=bounds, row=row, col=1)
    elif panel.zero and not panel.heat:
        fig.update_yaxes(rangemode="tozero", row=row, col=1)
    for level in panel.levels:
        frame.level(fig, level.y, level.text, dash="dash", row=row, col=1)
    for mark in panel.marks:
        line = {"color": colours.NEUTRAL, "width": 1.2, "dash": "dash"}
        fig.add_vline(x=mark.step, line=line, row=row, col=1)


def _line(fig: go.Figure, panel: Panel, line: Line, row: int, runs: int, named: set[str]) -> None:
    colour = run_colour(line.run) if runs > 1 else panel.colour
    mode = {"line": "lines", "thin": "lines", "marked": "lines+markers", "points": "markers"}
    solid = line.kind == "marked"
    fig.add_scatter(
        x=line.x,
        y=line.y,
        mode=mode[line.kind],
        name=frame.plain(line.label or panel.title),
        legendgroup=line.label,
        showlegend=bool(line.label) and line.label not in named,
        line={
            "color": colour,
            "width": 1.2 if line.kind == "thin" else 2.2,
            "dash": PLOTLY_DASHES[line.run % len(PLOTLY_DASHES)],
        },
        marker={"color": colour, "size": 7, "symbol": run_shape(line.run) + "-open" * (not solid)},
        hovertemplate=_("%{fullData.name}, %{y:.4~g} at step %{x:,}") + "<extra></extra>",
        row=row,
        col=1,
    )
    named.add(line.label)


def _heat(fig: go.Figure, panel: Panel, heat: Heat, row: int) -> None:
    ticks = np.array([t for t in (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100) if t <= heat.most])
    fig.add_heatmap(
        x=heat.x,
        y=[_("dim {dimension}", dimension=d) for d in heat.dimensions],
        z=heat.shades,
        customdata=np.round(heat.nats, 3),
        zmin=0,
        zmax=1,
        colorscale=colours.SEQUENTIAL,
        colorbar={
            "title": {"text": _("nats")},
            "thickness": 12,
            "tickvals": heat.shade(ticks),
            "ticktext": [f"{tick:g}" for tick in ticks],
        },
        showscale=row == 1,
        hovertemplate=_("%{y} at step %{x:,}: %{customdata:.3f} nats") + "<extra></extra>",
        row=row,
        col=1,
    )
    fig.update_yaxes(type="category", autorange="reversed", showgrid=False, row=row, col=1)


def _bounds(panel: Panel) -> tuple[float, float] | None:
    """The vertical axis without the first updates; None where nothing is left."""
    ends = [line.x[[0, -1]] for line in panel.lines if len(line.x)]
    if not ends:
        return None
    low, high = np.min(ends), np.max(ends)
    start = low + FIRST_UPDATES * (high - low)
    values = np.concatenate([line.y[line.x >= start] for line in panel.lines])
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    room = 0.06 * max(float(np.ptp(values)), 1e-3)
    return (0.0 if panel.zero else float(values.min()) - room, float(values.max()) + room)


def _mark_rows(marks: Iterable[Mark], last: float) -> dict[Mark, int]:
    """For each mark the row of words above the plot; those that would lie on others have none."""
    taken: list[list[tuple[float, float]]] = [[] for row in range(_MARK_ROWS)]
    rows = {}
    for mark in sorted(marks, key=lambda m: m.step):
        at, long = mark.step / last * _WIDTH, _LETTER * len(mark.text) + 10
        start, end = (at - long, at) if mark.step > last / 2 else (at, at + long)
        for row, spans in enumerate(taken):
            if all(end < a or start > b for a, b in spans):
                spans.append((start, end))
                rows[mark] = row
                break
    return rows
