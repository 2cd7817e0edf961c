"""What figures of estimates share: rows of bars or dots with intervals, and their controls."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from vae import colours
from vae.diagnostics.bootstrap import Interval
from vae.figures import frame
from vae.i18n import _
from vae.i18n.numbers import number, span

ROW_HEIGHT = 26
_ABOVE = 84
"""Pixels of the axis and the legend."""
_PALE = 0.5

Values = Sequence[float | None]


def rows(n: int, **layout: object) -> go.Figure:
    """An empty figure for n rows, the first on top."""
    figure = frame.figure(ROW_HEIGHT * max(n, 4) + _ABOVE, bargap=0.35, **layout)
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    return figure


def heat(
    cells: Sequence[Sequence[float]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    top: float,
    hover: Sequence[Sequence[str]],
    scale: dict[str, object],
    text: Sequence[Sequence[str]] | None = None,
) -> go.Figure:
    """A cell for each row and column, from dark to bright, names of columns above.

    Args:
        rows: their names, as Plotly reads them.
        top: the bright end.
        scale: Plotly's settings of the bar of colours.
        text: what is written into the cells.
    """
    figure = frame.figure(ROW_HEIGHT * len(rows) + _ABOVE)
    figure.add_heatmap(
        z=cells,
        x=plain(columns),
        y=rows,
        colorscale=colours.SEQUENTIAL,
        zmin=0,
        zmax=top,
        xgap=1,
        ygap=1,
        text=text,
        texttemplate="%{text}" if text else None,
        colorbar={"thickness": 12, **scale},
        **frame.hover_text(hover),
    )
    figure.update_xaxes(side="top", tickangle=-60, dtick=1, tickfont={"size": 11}, showgrid=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    return figure


def bars(
    figure: go.Figure,
    labels: Sequence[str],
    found: Sequence[Interval],
    *,
    name: str,
    hover: Sequence[str],
    colour: str = colours.MEASURE,
) -> None:
    """A bar for each row, with its interval.

    Args:
        hover: what a pointer is told of each.
    """
    figure.add_bar(
        x=[each.value for each in found],
        y=plain(labels),
        orientation="h",
        name=name,
        # Paler than its whiskers, half of which lie on it.
        marker={
            "color": colours.faded(colour, _PALE),
            "line": {"color": colour, "width": 1},
        },
        error_x=frame.error_bars(found, colour),
        hovertext=plain(hover),
        hoverinfo="text",
    )


def dots(
    figure: go.Figure,
    labels: Sequence[str],
    found: Sequence[Interval],
    *,
    name: str,
    form: str = ".3f",
    hover: Sequence[str] | None = None,
    colour: str | Sequence[str] = colours.MEASURE,
    symbol: str | Sequence[str] = "circle",
    size: int = 11,
) -> None:
    """A mark for each row, with its interval, on a line that leads to its name.

    Args:
        form: of the numbers that a pointer is told.
        hover: what a pointer is told of each; its names and its estimate by default.
    """
    hover = hover or [
        _("{label}, {series}: {value}", label=label, series=name, value=estimate(each, form))
        for label, each in zip(labels, found, strict=True)
    ]
    figure.update_yaxes(showgrid=True)
    figure.add_scatter(
        x=[each.value for each in found],
        y=plain(labels),
        mode="markers",
        name=name,
        marker={
            "color": colour,
            "symbol": symbol,
            "size": size,
            "line": {"width": 2, "color": colour},
        },
        error_x=frame.error_bars(found),
        hovertext=plain(hover),
        hoverinfo="text",
    )


def points(
    figure: go.Figure,
    labels: Sequence[str],
    found: Sequence[Interval],
    *,
    name: str,
    hover: Sequence[str],
    colour: str,
    symbol: str,
    size: int = 11,
    along: bool = False,
    **where: object,
) -> None:
    """A mark for each label, as Plotly reads it, with its interval in the mark's colour.

    Args:
        along: whether labels run to the right, and not downwards.
        where: row and col of a figure with several parts, and what else the trace is told.
    """
    values = [each.value for each in found]
    figure.add_scatter(
        x=labels if along else values,
        y=values if along else labels,
        **{"error_y" if along else "error_x": frame.error_bars(found, colour)},
        mode="markers",
        name=name,
        marker={"size": size, "symbol": symbol, "color": colour},
        **frame.hover_text(hover),
        **where,
    )


def control(
    figure: go.Figure, labels: Sequence[str], values: Values, *, name: str, hover: Sequence[str]
) -> None:
    """A grey upright line in each row: what the figure would be without what is shown."""
    figure.add_scatter(
        x=list(values),
        y=plain(labels),
        mode="markers",
        name=name,
        marker={
            "symbol": "line-ns-open",
            "size": 15,
            "line": {"width": 3},
            "color": colours.NEUTRAL,
        },
        hovertext=plain(hover),
        hoverinfo="text",
    )


def share_axis(figure: go.Figure, title: str) -> None:
    """An axis of shares, from none to all."""
    figure.update_xaxes(range=[0, 1.02], tickformat=".0%")
    frame.axis_title(figure, x=title)


def plain(texts: Sequence[str]) -> list[str]:
    """Texts of anybody as Plotly shows them as they are written; it reads a little HTML."""
    return [frame.plain(text) for text in texts]


def ends(interval: Interval | None, name: str) -> dict[str, object]:
    """The columns of an estimate in a table."""
    value, low, high = (
        (None, None, None)
        if interval is None
        else (round(interval.value, 4), round(interval.low, 4), round(interval.high, 4))
    )
    return {
        name: value,
        _("{name}, low (95%)", name=name): low,
        _("{name}, high (95%)", name=name): high,
    }


def estimate(interval: Interval, form: str = ".2f") -> str:
    """As "0.39 (0.36 to 0.42)"."""
    return _("{value} ({span})", value=number(interval.value, form), span=span(interval, form))
