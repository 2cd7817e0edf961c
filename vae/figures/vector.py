"""What a vector VAE learns and says: its curves, its pictures, what it keeps of each vector."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from vae import colours
from vae.figures import frame
from vae.figures.figure import Figure
from vae.i18n import _, pgettext
from vae.training.vector import VectorEpoch

Floats = npt.NDArray[np.floating]
_DASHES = ("solid", "dash")
_GAP = 1  # pixels between pictures


def vector_curves(courses: Mapping[str, Sequence[VectorEpoch]], epochs: int) -> Figure:
    """Distortion and rate of held-out vectors over the epochs, of one training or of two.

    Args:
        courses: by name, in words; the first is drawn solid, the second dashed.
        epochs: where the axis ends.
    """
    fig = frame.figure(330)
    for (name, course), dash in zip(courses.items(), _DASHES, strict=False):
        for what, colour, values in (
            (_("distortion"), colours.DISTORTION, [e.distortion for e in course]),
            (_("rate"), colours.RATE, [e.rate for e in course]),
        ):
            fig.add_scatter(
                x=[e.epoch for e in course],
                y=values,
                mode="lines" if len(course) > 1 else "markers",
                name=_("{what}, {name}", what=what, name=name) if len(courses) > 1 else what,
                line={"color": colour, "width": 2.5, "dash": dash},
                marker={"color": colour, "size": 9},
                hovertemplate=_("epoch %{x}: %{y:.1f} nats") + "<extra></extra>",
            )
    low, high = _range(courses)
    fig.update_yaxes(range=[low, high])
    fig.update_xaxes(range=[0, epochs])
    frame.axis_title(fig, _("epochs"), _("nats a vector"))
    last = next(iter(courses.values()))[-1]
    return Figure(
        name="vector-curves",
        question=_(
            "After {n} epochs: distortion {distortion:.1f}, rate {rate:.1f} nats",
            n=last.epoch,
            distortion=last.distortion,
            rate=last.rate,
        )
        if len(courses) == 1
        else _("What does it do to the curves?"),
        plot=fig,
        alt=_("Distortion and rate of held-out vectors by epoch; the table has every value."),
        look_for=_(
            "Look for a distortion that falls while the rate rises from nothing: that is what z is "
            "paid for. A bad sign: a flat line, a line that ends, or one that leaves the picture."
        ),
        estimator=_(
            "Means over held-out vectors, one draw of z each, always by the right formulas. A "
            "density may be above 1, so a distortion in nats may be below 0."
        ),
        table=lambda: pd.DataFrame(
            [
                (name, e.epoch, e.loss, e.distortion, e.rate)
                for name, course in courses.items()
                for e in course
            ],
            columns=[
                pgettext("column", "training"),
                pgettext("column", "epoch"),
                _("loss as it counts it (nats)"),
                _("distortion (nats)"),
                _("rate (nats)"),
            ],
        ),
    )


def _range(courses: Mapping[str, Sequence[VectorEpoch]]) -> tuple[float, float]:
    """From the lowest value to where the first training began: what rises above it is cut off."""
    values = [v for c in courses.values() for e in c for v in (e.distortion, e.rate)]
    finite = [v for v in values if math.isfinite(v)]
    top = max(next(iter(courses.values()))[0].distortion, 20.0)
    low = min(finite, default=0.0)
    return low - 0.05 * (top - low), top + 0.1 * (top - low)


def pictures(
    rows: Mapping[str, Floats], shape: tuple[int, int], question: str, look_for: str
) -> Figure:
    """Pictures in rows, each row with its name.

    Args:
        rows: by name, in words, (N, D) grey values from 0 to 1 each, D = height x width.
    """
    height, width = shape
    down, across = height + _GAP, width + _GAP
    columns = max(len(row) for row in rows.values())
    sheet = np.full((down * len(rows) - _GAP, across * columns - _GAP), np.nan)
    for r, row in enumerate(rows.values()):
        for c, picture in enumerate(row):
            place = np.s_[r * down : r * down + height, c * across : c * across + width]
            sheet[place] = np.clip(picture.reshape(shape), 0, 1)
    fig = frame.figure(30 + (64 if columns > 4 else 104) * len(rows))
    fig.add_heatmap(
        z=sheet,
        zmin=0,
        zmax=1,
        colorscale="gray_r",
        showscale=False,
        hoverinfo="skip",
        meta=frame.PICTURE,
    )
    fig.update_xaxes(visible=False, constrain="domain")
    fig.update_yaxes(
        autorange="reversed",
        tickvals=[r * down + height / 2 - 0.5 for r in range(len(rows))],
        ticktext=list(rows),
        showgrid=False,
        scaleanchor="x",
        constrain="domain",
    )
    fig.update_layout(dragmode=False)
    return Figure(
        name="pictures",
        question=question,
        plot=fig,
        alt=_("Small pictures in rows: {rows}.", rows="; ".join(rows)),
        look_for=look_for,
        estimator="",
        table=lambda: pd.concat(
            [pd.DataFrame(np.round(row, 3)).assign(row=name) for name, row in rows.items()]
        ),
    )
