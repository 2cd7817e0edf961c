"""What the curves of runs show, as data for the browser; nats a sentence. No Streamlit.

One run is drawn in the colours of the meanings (`vae.colours`). Several runs keep one
colour, one dash and one shape each, and stand under their names.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from vae import colours
from vae.runs.history import History, column, rate_by_dimension, thinned

MOST_POINTS = 400
"""Points of a line that is drawn; the download has them all."""

DASHES: tuple[tuple[int, ...], ...] = ((), (7, 4), (2, 3), (11, 3, 2, 3), (4, 2), (1, 5), (14, 4))
"""One for each of `colours.LABELS`."""

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Run:
    """A run to be drawn, by the name it is shown under."""

    name: str
    history: History
    latent_dim: int


@dataclass(frozen=True)
class Line:
    """A line of a panel: `kind` is line, thin, marked (with shapes) or points (shapes alone)."""

    run: int
    label: str
    kind: str
    x: list[int]
    y: list[float | None]


@dataclass(frozen=True)
class Heat:
    """Cells (dimensions x validations), 0 to 255 for 0 to `most` nats, in base64, row by row."""

    x: list[int]
    dims: list[int]
    cells: str
    most: float
    stops: list[str] = field(default_factory=lambda: list(colours.CIVIDIS))


@dataclass(frozen=True)
class Panel:
    """One picture over the steps.

    Attributes:
        title: what is drawn, with its unit.
        unit: as it is said after a number.
        zero: whether the axis starts at zero, else near the lowest value.
        cut: whether the whole picture leaves out the first updates, far off all that follows.
        levels: {"y", "text"}: horizontal lines of reference.
        marks: {"x", "text"}: vertical ones: what was changed in mid-run.
    """

    id: str
    title: str
    colour: str
    height: int
    unit: str = ""
    zero: bool = True
    cut: bool = False
    lines: list[Line] = field(default_factory=list)
    levels: list[dict[str, Any]] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    heat: Heat | None = None


def losses(runs: Sequence[Run]) -> list[Panel]:
    """Distortion, rate and beta: training as a line, validation as points."""
    out = []
    for name, height, unit in (
        ("distortion", 140, " nats"),
        ("rate", 140, " nats"),
        ("beta", 80, ""),
    ):
        lines = []
        for i, run in enumerate(runs):
            both = name != "beta"
            lines.append(_line(i, run.history.steps, name, "training" if both else "", "line"))
            if both:
                lines.append(_line(i, run.history.validations, name, "validation", "points"))
        title = f"{name}, nats" if unit else name
        colour = colours.MEANINGS[name]
        out.append(
            Panel(
                name,
                title,
                colour,
                height,
                unit,
                cut=name == "distortion",
                lines=lines,
                marks=_marks(runs),
            )
        )
    return out


def elbo(runs: Sequence[Run]) -> list[Panel]:
    """ELBO of training and validation at each validation; the kept weights are marked."""
    lines, kept = [], []
    for i, run in enumerate(runs):
        lines.append(_line(i, run.history.validations, "train_elbo", "training", "thin"))
        lines.append(_line(i, run.history.validations, "elbo", "validation", "marked"))
        if best := run.history.best:
            word = "kept" if best.get("best") else "best so far"
            kept.append({"x": int(best["step"]), "text": _of(run, runs, word)})
    marks = sorted([*_marks(runs), *kept], key=lambda m: m["x"])
    return [
        Panel(
            "elbo",
            "ELBO, nats",
            colours.MEASURE,
            210,
            " nats",
            zero=False,
            cut=True,
            lines=lines,
            marks=marks,
        )
    ]


def information(runs: Sequence[Run]) -> list[Panel]:
    """Active units, and mutual information under its ceiling, at each validation."""
    units = [
        _line(i, run.history.validations, "active_units", "", "marked")
        for i, run in enumerate(runs)
    ]
    nats = [
        _line(i, run.history.validations, "mutual_information", "", "marked")
        for i, run in enumerate(runs)
    ]
    widths = sorted({run.latent_dim for run in runs})
    ceilings = sorted({round(c, 2) for run in runs if (c := _ceiling(run)) is not None})
    marks = _marks(runs)
    return [
        Panel(
            "active_units",
            "active units, dimensions",
            colours.POSTERIOR,
            110,
            lines=units,
            levels=[{"y": w, "text": f"all {w}"} for w in widths],
            marks=marks,
        ),
        Panel(
            "mutual_information",
            "mutual information, nats",
            colours.MEASURE,
            110,
            " nats",
            lines=nats,
            levels=[{"y": c, "text": f"ceiling of the estimator, {c:.2f}"} for c in ceilings],
            marks=marks,
        ),
    ]


def rates(runs: Sequence[Run]) -> list[Panel]:
    """A heat map for each run, on one scale: the dimension with the highest final rate on top."""
    found = [rate_by_dimension(run.history) for run in runs]
    most = max((float(np.nanmax(t)) for _, t, _ in found if t.size), default=0.0)
    out = []
    for i, (run, (steps, table, order)) in enumerate(zip(runs, found, strict=True)):
        if not table.size:
            continue
        steps, rows = thinned(steps, list(table), MOST_POINTS)
        cells = np.nan_to_num(np.stack(rows)) / max(most, 1e-3) * 255
        heat = Heat(
            x=[int(s) for s in steps],
            dims=[int(d) for d in order],
            cells=base64.b64encode(np.clip(cells, 0, 255).round().astype(np.uint8)).decode(),
            most=max(most, 1e-3),
        )
        title = _of(run, runs, "rate of each dimension, nats")
        height = int(np.clip(7.5 * len(order), 120, 360))
        marks = _marks([run])
        out.append(Panel(f"heat{i}", title, colours.RATE, height, " nats", marks=marks, heat=heat))
    return out


def message(
    panels: Sequence[Panel], runs: Sequence[Run], *, group: str, alt: str
) -> dict[str, Any]:
    """All that the browser needs to draw panels of runs; `group` shares one axis of steps."""
    last = max((run.history.last_step for run in runs), default=0)
    return {
        "group": group,
        "alt": alt,
        "extent": [0, max(last, 1)],
        "runs": [
            {
                "name": run.name,
                "short": run.name if len(run.name) <= 16 else run.name[:15] + "…",
                "colour": colours.LABELS[i % len(colours.LABELS)],
                "dash": DASHES[i % len(DASHES)],
                "shape": colours.SYMBOLS[(i + 3) % len(colours.SYMBOLS)],
            }
            for i, run in enumerate(runs)
        ],
        "panels": [asdict(panel) for panel in panels],
    }


def _line(run: int, events: Sequence[Any], name: str, label: str, kind: str) -> Line:
    steps, values = column(events, "step"), column(events, name)
    x, [y] = thinned(steps, [values], MOST_POINTS)
    return Line(run, label, kind, [int(s) for s in x], [_short(float(v)) for v in y])


def _short(value: float) -> float | None:
    """Four digits, as many as can be seen; JSON has no word for what is no number."""
    return float(f"{value:.4g}") if math.isfinite(value) else None


def _marks(runs: Sequence[Run]) -> list[dict[str, Any]]:
    said = [(step, _of(run, runs, text)) for run in runs for step, text in run.history.marks]
    return [{"x": step, "text": text} for step, text in sorted(said)]


def _of(run: Run, runs: Sequence[Run], text: str) -> str:
    return f"{run.name}: {text}" if len(runs) > 1 else text


def _ceiling(run: Run) -> float | None:
    found = column(run.history.validations, "mutual_information_ceiling")
    found = found[np.isfinite(found)]
    return float(found[-1]) if len(found) else None
