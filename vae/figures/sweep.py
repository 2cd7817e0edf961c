"""What a sweep found: a measure of every run over its one or two settings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vae import colours
from vae.diagnostics.bootstrap import Floats
from vae.diagnostics.information import falls_short
from vae.figures import frame
from vae.figures.figure import Figure
from vae.i18n import Message, _, listed, message, pgettext
from vae.i18n.numbers import number as in_words
from vae.runs.sweeps import Axis, label


@dataclass(frozen=True)
class Measure:
    """A figure of a run that a sweep can be looked at by.

    Attributes:
        name: how it is said.
        unit: of its values.
        evaluated: its entry in evaluation.json.
        interim: its entry in a validation; None where it is measured at the end alone.
        from_zero: whether its colours begin at nought, or at the lowest value.
    """

    name: Message
    unit: Message
    evaluated: str
    interim: str | None
    from_zero: bool = True


MEASURES: Mapping[str, Measure] = {
    "rate": Measure(message("rate"), message("nats"), "rate", "rate"),
    "mutual information": Measure(
        message("mutual information"), message("nats"), "mutual_information", "mutual_information"
    ),
    "active units": Measure(
        message("active units"), message("units"), "active_units", "active_units"
    ),
    "ELBO": Measure(message("ELBO"), message("nats"), "elbo", "elbo", from_zero=False),
    "NLL": Measure(message("NLL"), message("nats"), "nll_iw", None, from_zero=False),
}


def sweep(
    axes: Sequence[Axis],
    values: Floats,
    measure: str,
    draws: Sequence[int] = (),
    ceilings: Floats | None = None,
) -> Figure:
    """A heat map with its numbers written in; cells that are not known yet stay empty.

    Args:
        axes: the first down, the second, if there is one, across.
        values: (values of the first axis, values of the second or 1); NaN where not measured, one
            number at least.
        measure: a key of `MEASURES`.
        draws: K of the importance-weighted bounds.
        ceilings: what each value cannot exceed; from half of it on, it is a lower bound.
    """
    what = MEASURES[measure]
    rows = [str(label({axes[0].setting: v})) for v in axes[0].values]
    columns = (
        [str(label({axes[1].setting: v})) for v in axes[1].values]
        if len(axes) > 1
        else [str(what.name)]
    )
    least = 0.0 if what.from_zero else float(np.nanmin(values))
    fig = frame.figure(max(230, 90 + 62 * len(rows)))
    most = np.full_like(values, np.inf) if ceilings is None else ceilings
    written = [
        [_written(*cell) for cell in zip(row, above, strict=True)]
        for row, above in zip(values.tolist(), most.tolist(), strict=True)
    ]
    fig.add_heatmap(
        z=values,
        x=columns,
        y=rows,
        text=written,
        texttemplate="%{text}",
        textfont={"size": 15},
        zmin=least,
        zmax=max(float(np.nanmax(values)), least + 1e-3),
        colorscale=colours.SEQUENTIAL,
        colorbar={"title": {"text": str(what.unit)}, "thickness": 12},
        hovertemplate="%{customdata}<extra></extra>",
        customdata=[
            [
                _("{row}, {column}: {value} {unit}", row=r, column=c, value=v, unit=what.unit)
                for c, v in zip(columns, line, strict=True)
            ]
            for r, line in zip(rows, written, strict=True)
        ],
        hoverongaps=False,
        xgap=3,
        ygap=3,
    )
    fig.update_xaxes(type="category", showgrid=False)
    fig.update_yaxes(type="category", showgrid=False, autorange="reversed")
    return Figure(
        name=f"sweep-{measure.replace(' ', '-')}",
        question=_("Where is the {measure} high?", measure=what.name),
        plot=fig,
        alt=_(
            "Heat map of {measure} over {settings}; the table below has every value.",
            measure=what.name,
            settings=listed(a.setting.replace("_", " ") for a in axes),
        ),
        look_for=str(_LOOK_FOR[measure]),
        estimator=_estimator(draws) if measure == "NLL" else _bounded(most),
        table=lambda: pd.DataFrame(values, index=rows, columns=columns).reset_index(
            names=pgettext("column", "run")
        ),
    )


def _written(value: float, ceiling: float) -> str:
    if math.isnan(value):
        return ""
    return f"{'≥ ' * falls_short(value, ceiling)}{in_words(value, '.2f')}"


def _bounded(ceilings: Floats) -> str:
    known = ceilings[np.isfinite(ceilings)]
    if not len(known):
        return ""
    return _(
        "≥: at least this much. The estimate cannot exceed {ceiling:.2f} (ln n), and falls short "
        "over half of that.",
        ceiling=float(known.max()),
    )


_MUCH_IN_Z = message(
    "Empty cells have not been measured yet. Bright is much in z, dark is collapse."
)
_HIGH_PRICE = message(
    "Empty cells have not been measured yet. Bright is a high price of z, whatever that buys; dark "
    "is collapse."
)
_LOOK_FOR = {
    "rate": _HIGH_PRICE,
    "mutual information": _MUCH_IN_Z,
    "active units": _MUCH_IN_Z,
    "ELBO": message("Empty cells have not been measured yet. Bright is better."),
    "NLL": message("Empty cells have not been measured yet. Dark is a lower bound."),
}


def _estimator(draws: Sequence[int]) -> str:
    if draws:
        return _(
            "NLL is an importance-weighted bound, K = {draws}, measured when a run has ended. "
            "Which of two runs is likelier, Compare tells.",
            draws=listed(draws),
        )
    return _(
        "NLL is an importance-weighted bound, measured when a run has ended. Which of two runs is "
        "likelier, Compare tells."
    )
