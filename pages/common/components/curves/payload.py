"""Curves of a training as the browser takes them: plain data, and every word. No Streamlit."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from vae import colours
from vae.figures.curves import (
    FIRST_UPDATES,
    LEAST,
    Curves,
    Floats,
    Heat,
    Line,
    Panel,
    Run,
    run_colour,
    run_shape,
)
from vae.i18n import _, language

DASHES: tuple[tuple[int, ...], ...] = ((), (7, 4), (2, 3), (11, 3, 2, 3), (4, 2), (1, 5), (14, 4))
"""One for each of `colours.LABELS`."""

_LONGEST_NAME = 16

Payload = dict[str, Any]


def payload(found: Curves, group: str) -> Payload:
    """All that the browser needs to draw curves; those of one `group` share an axis of steps."""
    last = max((run.history.last_step for run in found.runs), default=0)
    return {
        "group": group,
        "extent": [0, max(last, 1)],
        "runs": [_run(i, run) for i, run in enumerate(found.runs)],
        "panels": [_panel(panel, found.alt) for panel in found.panels],
        "words": words(),
    }


def words() -> dict[str, str]:
    """What curves say in the browser; what stands in braces is filled in there."""
    return {
        "language": language(),
        "all": _("Show all steps"),
        "axis": _("step (updates made)"),
        "cell": _("dim {dimension} at step {step}: {value}"),
        "chart": _("chart"),
        "dimension": _("dim {dimension}"),
        "reading": _("{line} {value} at step {step}"),
        "both": _("{one}; {two}"),
        "unknown": _("not known"),
    }


def _run(i: int, run: Run) -> dict[str, Any]:
    long = len(run.name) > _LONGEST_NAME
    return {
        "name": run.name,
        "short": run.name[: _LONGEST_NAME - 1] + "…" if long else run.name,
        "colour": run_colour(i),
        "dash": DASHES[i % len(DASHES)],
        "shape": run_shape(i),
    }


def _panel(panel: Panel, alt: str) -> dict[str, Any]:
    return {
        "id": panel.id,
        "title": panel.title,
        "alt": _("{title}. {what}", title=panel.title, what=alt),
        "colour": panel.colour,
        "height": panel.height,
        "unit": panel.unit,
        "zero": panel.zero,
        "cut": FIRST_UPDATES if panel.cut else 0,
        "lines": [_line(line) for line in panel.lines],
        "levels": [vars(level) for level in panel.levels],
        "marks": [{"x": mark.step, "text": mark.text} for mark in panel.marks],
        "heat": _heat(panel.heat) if panel.heat else None,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "run": line.run,
        "label": line.label,
        "kind": line.kind,
        "x": _steps(line.x),
        "y": [_short(float(v)) for v in line.y],
    }


def _heat(heat: Heat) -> dict[str, Any]:
    """Cells in base64, row by row: 1 to 255 for `least` to `most` nats, 0 where there are none."""
    cells = np.nan_to_num(1 + 254 * heat.shades)
    return {
        "x": _steps(heat.x),
        "dims": list(heat.dimensions),
        "cells": base64.b64encode(cells.round().astype(np.uint8)).decode(),
        "least": LEAST,
        "most": heat.most,
        "stops": colours.CIVIDIS,
    }


def _steps(x: Floats | Sequence[float]) -> list[int]:
    return [int(step) for step in x]


def _short(value: float) -> float | None:
    """Four digits, as many as can be seen; JSON has no word for what is no number."""
    return float(f"{value:.4g}") if math.isfinite(value) else None
