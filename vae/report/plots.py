"""Figures of the library inside a report: Plotly's script once, each figure as JSON.

Plotly's script is the one that is installed, so the file asks nothing of a network. Numbers keep
six digits: more cannot be seen, and the same run gives the same bytes.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from plotly.offline import get_plotlyjs

from vae.figures import Figure, frame
from vae.report.parts import Table

DIGITS = 6

_NO_THEME = {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}


@cache
def script() -> str:
    """Plotly's own script, as it is installed."""
    return str(get_plotlyjs())


def to_json(figures: Iterable[Figure]) -> dict[str, Any]:
    """What the browser draws, each figure by its name; what is no number becomes null."""
    # The page has a button of its own for the picture.
    config = frame.config("autoScale2d", "lasso2d", "select2d", "toImage", responsive=True)
    return {"config": config, "figures": {f.name: _plot(f) for f in figures}}


def table(figure: Figure) -> Table:
    """The figures behind a figure, as a table of the page."""
    return frame_table(figure.name, figure.table())


def frame_table(name: str, made: pd.DataFrame, caption: str = "") -> Table:
    """A data frame as a table of the page."""
    rows = list(zip(*(made[column].tolist() for column in made.columns), strict=True))
    return Table(name, tuple(map(str, made.columns)), rows, caption)


def _plot(figure: Figure) -> dict[str, Any]:
    drawn = figure.plot.to_plotly_json()
    layout = {key: value for key, value in drawn["layout"].items() if key != "template"}
    traces = [{k: v for k, v in trace.items() if k != "uid"} for trace in drawn["data"]]
    plain: dict[str, Any] = _plain({"data": traces, "layout": {**layout, **_NO_THEME}})
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "bdata" in value:
            return _plain(_array(value))
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    return value


def _array(packed: Mapping[str, Any]) -> Any:
    """An array as Plotly packs it: its bytes in base 64."""
    flat = np.frombuffer(base64.b64decode(packed["bdata"]), dtype=packed["dtype"])
    shape = [int(n) for n in str(packed.get("shape", flat.size)).split(",")]
    return flat.reshape(shape)
