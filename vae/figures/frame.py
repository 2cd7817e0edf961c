"""What every figure of the app shares: frame, margins, hover, axes. Figures only, no Streamlit.

A chart's title is not in the figure: a page writes it above (its figure card), where it wraps on a
telephone and a screen reader finds it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from vae import colours
from vae.diagnostics.bootstrap import Interval
from vae.i18n import _, language, pgettext
from vae.scripts import columns

# One look in both themes: what a chart inherits from the page is too pale to be read.
HOVER: dict[str, Any] = {
    "align": "left",
    "bgcolor": "#1F2937",
    "bordercolor": colours.NEUTRAL,
    "font": {"color": "#F8F6F0", "size": 13},
}

X_TITLE_LINE = 32
"""Signs in a line of an x axis's title."""

_FULL_WIDTH = re.compile(r"(?<=[，；：。、）])")

PICTURE = "picture"
"""`meta` of a heat map that is a picture: it is drawn in the colour of the page's text, so that
what is bright in its numbers is ink."""

GRID = "rgba(128,134,143,0.25)"

_FRAME: dict[str, Any] = {
    "margin": {"l": 8, "r": 8, "t": 12, "b": 8},
    "hovermode": "closest",
    "hoverlabel": HOVER,
    "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": {"text": ""}},
    "dragmode": "zoom",
}
_AXES: dict[str, Any] = {
    "automargin": True,
    "gridcolor": GRID,
    "zeroline": False,
    "title": {"standoff": 8},
}


def config(*removed: str, **more: Any) -> dict[str, Any]:
    """Plotly's settings for a figure, with the words of its tools; those of every chart of the
    house where no buttons to be removed are named."""
    said = {
        "Zoom": _("Zoom"),
        "Pan": _("Pan"),
        "Zoom in": _("Zoom in"),
        "Zoom out": _("Zoom out"),
        "Reset axes": _("Reset axes"),
        "Box Select": _("Box select"),
        "Lasso Select": _("Lasso select"),
        "Download plot as a PNG": _("Download plot as a PNG"),
        "Double-click to zoom back out": _("Double-click to zoom back out"),
        "Double-click on legend to isolate one trace": _("Double-click the legend for one alone"),
    }
    return {
        "displaylogo": False,
        # In sight while the pointer is on the figure: for good, they would cover what it says.
        "displayModeBar": "hover",
        "modeBarButtonsToRemove": list(removed or ("autoScale2d", "lasso2d", "select2d")),
        "locale": language(),
        "locales": {language(): {"dictionary": said}},
        **more,
    }


def figure(height: int, **layout: Any) -> go.Figure:
    """An empty figure in the house's frame: no title, thin grid, one hover label."""
    # Plotly checks every change of a figure from the top: all at once costs a tenth.
    result = go.Figure(layout={"height": height, **_FRAME, "xaxis": _AXES, "yaxis": _AXES})
    if layout:
        result.update_layout(**layout)
    return result


def frame(fig: go.Figure, height: int) -> None:
    """Put a figure in the house's frame; one of several parts keeps its parts."""
    fig.update_layout(height=height, **_FRAME)
    fig.update_xaxes(**_AXES)
    fig.update_yaxes(**_AXES)


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of `width` Latin signs; Chinese, whose signs are twice as wide, breaks after
    any of its marks."""
    if text.isascii() or not _FULL_WIDTH.search(text):
        return textwrap.wrap(text, width, break_long_words=False)
    lines = [""]
    for part in _FULL_WIDTH.split(text):
        if lines[-1] and columns(lines[-1] + part) > width:
            lines.append("")
        lines[-1] += part
    return lines


def axis_title(fig: go.Figure, x: str = "", y: str = "", **where: Any) -> None:
    """Name the axes, with their units; `where` is row and col of a figure with several parts."""
    if x:
        # It is centred below the plot alone: beside long names, one line is cut on a telephone.
        lines = "<br>".join(wrapped(x, X_TITLE_LINE))
        fig.update_xaxes(title_text=lines, title_standoff=8, **where)
    if y:
        fig.update_yaxes(title_text=y, title_standoff=12, **where)


def ink(fig: go.Figure, theme: str | None) -> None:
    """Write axes, legend, bars of colours and labels of points in the colour of the page's text."""
    colour = colours.INK["dark" if theme == "dark" else "light"]
    # One by one: `update` checks every value twice, which takes as long as drawing the figure.
    fig.layout.font.color = fig.layout.legend.font.color = colour
    for axis in (*fig.select_xaxes(), *fig.select_yaxes()):
        axis.tickfont.color = axis.title.font.color = colour
    for trace in fig.data:
        if trace.meta == PICTURE:
            trace.update(colorscale=[(0, colours.faded(colour, 0)), (1, colour)])
        # Of points it belongs to their markers, of a heat map to itself.
        owner = trace if "colorbar" in trace else getattr(trace, "marker", None)
        if owner is not None and "colorbar" in owner and owner.colorbar.to_plotly_json():
            owner.colorbar.update(tickfont_color=colour, title_font_color=colour)


def level(fig: go.Figure, y: float, text: str, *, dash: str = "dot", **where: Any) -> None:
    """A horizontal line of reference with its name at the right end."""
    fig.add_hline(
        y=y,
        line={"color": colours.NEUTRAL, "width": 1.5, "dash": dash},
        annotation={"text": text, "font": {"size": 12}, "xanchor": "right"},
        annotation_position="top right",
        **where,
    )


def marker_line(fig: go.Figure, x: float, text: str = "", **where: Any) -> None:
    """A vertical line of reference, with its name at the top where it has one."""
    if text:
        named = {"text": text, "font": {"size": 12}}
        where |= {"annotation": named, "annotation_position": "top"}
    line = {"color": colours.NEUTRAL, "width": 1.5, "dash": "dash"}
    fig.add_vline(x=x, line=line, **where)


def hover_text(texts: Sequence[Any], **more: Any) -> dict[str, Any]:
    """What a trace says at each of its points: a text each, or a table of them."""
    return {"customdata": texts, "hovertemplate": "%{customdata}<extra></extra>", **more}


def plain(text: str) -> str:
    """What a corpus, a model or a person wrote, as text: Plotly reads tags in what it draws."""
    return escape(text, quote=False)


def error_bars(found: Sequence[Interval], colour: str = colours.NEUTRAL) -> dict[str, Any]:
    """Bars from each value to both ends of its interval."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [f.high - f.value for f in found],
        "arrayminus": [f.value - f.low for f in found],
        "color": colour,
        "thickness": 1.6,
        "width": 4,
    }


def estimates(first: str, named: Mapping[Any, Interval], what: str) -> pd.DataFrame:
    """A row for each figure with its interval; `first` names what they are of, `what` the figure.

    Raises:
        StopIteration: there is no figure.
    """
    level = next(iter(named.values())).level
    return pd.DataFrame(
        [(key, found.value, found.low, found.high, found.n) for key, found in named.items()],
        columns=[
            first,
            what,
            _("{level:.0%} from", level=level),
            pgettext("end of an interval", "to"),
            pgettext("column", "n"),
        ],
    )
