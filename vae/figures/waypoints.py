"""Can the points between two sentences be trusted? Their distances, and what leads back to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from vae import colours
from vae.figures import frame
from vae.figures.figure import Figure
from vae.i18n import _, pgettext
from vae.latent.returns import Return
from vae.latent.waypoints import Surroundings, Waypoints

PANEL_HEIGHT = 130

Floats = npt.NDArray[np.floating]


def waypoints(found: Waypoints) -> Figure:
    """Up to three panels over t: to the prior's shell, to training sentences, and the way back."""
    panels = [found.around is not None, found.back is not None]
    plot = make_subplots(rows=1 + sum(panels), cols=1, shared_xaxes=True, vertical_spacing=0.06)
    frame.frame(plot, PANEL_HEIGHT * (1 + sum(panels)) + 50)
    plot.update_layout(showlegend=False)
    _shell(plot, found)
    row = 1
    if found.around is not None:
        row += 1
        _training(plot, found, found.around, row)
    if found.back is not None:
        row += 1
        _way_back(plot, found, found.back, row)
    frame.axis_title(plot, x=_("t, from A to B"), row=row, col=1)
    return Figure(
        name="waypoints",
        question=_("Can these points be trusted?"),
        plot=plot,
        alt=_(
            "{n} points from A to B: their distance from the origin against the prior's shell, "
            "and, where known, their distances to the nearest training sentence and to their own "
            "words read again.",
            n=len(found.t),
        ),
        look_for="\n".join([_shell_in_words(found), _training_in_words(found), _back_words(found)]),
        estimator="",
        table=lambda: waypoints_table(found),
    )


def waypoints_table(found: Waypoints) -> pd.DataFrame:
    """One row a point; columns that the run cannot give are left out."""
    table = pd.DataFrame(
        {
            "t": found.t,
            pgettext("column", "sentence"): found.said,
            pgettext("column", "norm"): found.norm,
        }
    )
    if found.shelled:
        table[pgettext("column", "prior quantile")] = found.quantile
        table[pgettext("column", "shell from")] = found.low
        table[pgettext("column", "shell to")] = found.high
    if (near := found.around) is not None:
        table[pgettext("column", "distance to training")] = near.distance
        table[pgettext("column", "nearest training sentence")] = found.nearest
        table[pgettext("column", "usual distance")] = near.usual
        table[pgettext("column", "usual norm")] = near.norm
        table[pgettext("column", "training sentences")] = near.n
    if (back := found.back) is not None:
        table[pgettext("column", "distance to re-encoded")] = [one.distance for one in back]
        if found.shelled:
            table[pgettext("column", "doubt of re-encoded")] = [one.doubt for one in back]
        table[pgettext("column", "decoded again")] = [one.again for one in back]
        table[pgettext("column", "same again")] = [one.same for one in back]
    return table


def _shell_in_words(found: Waypoints) -> str:
    if not found.shelled:
        return _(
            "- **|z|**: distance from the origin; dashed, where there is a map: the median of the "
            "training sentences' codes. This model has no prior to compare with. Bad: a dip far "
            "below the dashes."
        )
    if found.around is None:
        return _(
            "- **|z|**: distance from the origin; band: nine of ten draws from the prior (chi, {z} "
            "degrees of freedom). Bad: far from the band.",
            z=found.latent_dim,
        )
    return _(
        "- **|z|**: distance from the origin; band: nine of ten draws from the prior (chi, {z} "
        "degrees of freedom). Dashed: the median of the training sentences' means, `{norm:.2f}`, "
        "which lie inside the shell, since their doubt is not in them. Bad: a dip far below it.",
        z=found.latent_dim,
        norm=found.around.norm,
    )


def _training_in_words(found: Waypoints) -> str:
    if found.around is None:
        return _("- The distance to training sentences is not available: this run has no map here.")
    return _(
        "- **To training**: Euclidean distance to the nearest posterior mean of {n} training "
        "sentences; dashed: from one of them to the next, `{usual:.2f}` (median). Bad: far above "
        "the dashes, where the model has seen nothing alike.",
        n=found.around.n,
        usual=found.around.usual,
    )


def _back_words(found: Waypoints) -> str:
    if found.back is None:
        return _("- The way back is not available for this model.")
    if not found.shelled:
        return _(
            "- **To its words**: from the point to the code of the sentence decoded there. Dots: "
            "that code says the same sentence again ({same} of {n}); crosses: another. Bad: "
            "crosses, or a line that climbs.",
            same=sum(one.same for one in found.back),
            n=len(found.back),
        )
    return _(
        "- **To its words**: from the point to the posterior mean of the sentence decoded there; "
        "dashed: the doubt of that posterior, root mean square. Dots: the mean says the same "
        "sentence again ({same} of {n}); crosses: another. Bad: crosses, or a line far above the "
        "dashes.",
        same=sum(one.same for one in found.back),
        n=len(found.back),
    )


def _shell(plot: go.Figure, found: Waypoints) -> None:
    if found.around is not None:
        usual = np.full(len(found.t), found.around.norm)
        _reference(plot, found, usual, _("training sentences, median"), 1)
    hover = _(
        "t = {t}: |z| = {norm}, further out than {share} of the prior's draws",
        t="%{x:.2f}",
        norm="%{y:.2f}",
        share="%{customdata:.1%}",
    )
    if not found.shelled:
        hover = _("t = {t}: |z| = {norm}", t="%{x:.2f}", norm="%{y:.2f}")
        _line(plot, found, found.norm, colours.MEASURE, hover, 1)
        plot.update_yaxes(rangemode="tozero", row=1, col=1)
        frame.axis_title(plot, y="|z|", row=1, col=1)
        return
    _line(plot, found, found.norm, colours.MEASURE, hover, 1, customdata=found.quantile)
    # After the lines: Plotly leaves an empty panel without its band.
    plot.add_hrect(
        y0=found.low,
        y1=found.high,
        fillcolor=colours.faded(colours.PRIOR, 0.25),
        line_width=0,
        layer="below",
        row=1,
        col=1,
    )
    plot.update_yaxes(range=[0, 1.1 * max(found.high, float(found.norm.max()))], row=1, col=1)
    frame.axis_title(plot, y="|z|", row=1, col=1)


def _training(plot: go.Figure, found: Waypoints, near: Surroundings, row: int) -> None:
    _reference(plot, found, np.full(len(found.t), near.usual), _("usual"), row)
    hover = _(
        "t = {t}: {distance} to the nearest training sentence", t="%{x:.2f}", distance="%{y:.2f}"
    )
    _line(plot, found, near.distance, colours.POSTERIOR, hover, row)
    plot.update_yaxes(rangemode="tozero", row=row, col=1)
    frame.axis_title(plot, y=_("to training"), row=row, col=1)


def _way_back(plot: go.Figure, found: Waypoints, back: Sequence[Return], row: int) -> None:
    if found.shelled:
        _reference(plot, found, _floats(one.doubt for one in back), _("doubt"), row)
    hover = _(
        "t = {t}: {distance} to its own words read again; {same}",
        t="%{x:.2f}",
        distance="%{y:.2f}",
        same="%{customdata}",
    )
    _line(
        plot,
        found,
        _floats(one.distance for one in back),
        colours.OWN_SENTENCE,
        hover,
        row,
        marker={
            "size": [8 if one.same else 11 for one in back],
            "symbol": ["circle" if one.same else "x" for one in back],
        },
        customdata=[_("the same again") if one.same else _("not the same") for one in back],
    )
    plot.update_yaxes(rangemode="tozero", row=row, col=1)
    frame.axis_title(plot, y=_("to its words"), row=row, col=1)


def _floats(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values])


def _line(
    plot: go.Figure, found: Waypoints, y: Floats, colour: str, hover: str, row: int, **more: Any
) -> None:
    plot.add_scatter(
        x=found.t,
        y=y,
        mode="lines+markers",
        line={"color": colour, "width": 2},
        cliponaxis=False,
        hovertemplate=f"{hover}<extra></extra>",
        **{"marker": {"size": 7}, **more},
        row=row,
        col=1,
    )


def _reference(plot: go.Figure, found: Waypoints, y: Floats, what: str, row: int) -> None:
    plot.add_scatter(
        x=found.t,
        y=y,
        mode="lines",
        line={"color": colours.NEUTRAL, "width": 2, "dash": "dash"},
        hovertemplate=f"{what}: %{{y:.2f}}<extra></extra>",
        row=row,
        col=1,
    )
