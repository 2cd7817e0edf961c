"""Does each dimension stand for one thing? Published metrics, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.information import falling
from vae.figures import frame, marks
from vae.figures.figure import Figure
from vae.figures.information import Names, row_name
from vae.figures.left_out import left_out
from vae.i18n import Message, _, listed, message, sentences
from vae.i18n.numbers import number

if TYPE_CHECKING:  # it loads scikit-learn, which a page without these metrics does not need
    from vae.studies.disentanglement import Disentangled

METRICS: Mapping[str, Message] = {
    "higgins": message("Higgins 2017"),
    "higgins_scaled": message("Higgins 2017, scaled"),
    "kim_mnih": message("Kim and Mnih 2018"),
    "mig": message("MIG"),
    "mig_neighbours": message("MIG, nearest neighbours"),
    "sap": message("SAP"),
    "sap_threshold": message("SAP, thresholds"),
    "dci_disentanglement": message("DCI disentanglement"),
    "dci_disentanglement_held_out": message("DCI disentanglement, held out"),
    "dci_completeness": message("DCI completeness"),
    "dci_completeness_held_out": message("DCI completeness, held out"),
    "dci_informativeness": message("DCI informativeness"),
    "modularity": message("Modularity"),
    "modularity_neighbours": message("Modularity, nearest neighbours"),
}
"""A plain name is the estimator of published figures; a longer one another of the same."""
_ANOTHER = ("scaled", "neighbours", "threshold", "held_out")
_MOST_DEPENDENT = 8


def disentanglement_finding(found: Disentangled) -> str:
    """DCI disentanglement, by both estimators where both are known."""
    dci = found.metrics.get("dci_disentanglement")
    held_out = found.metrics.get("dci_disentanglement_held_out")
    if dci is None:
        return _("Disentanglement could be measured in part only.")
    if held_out is None:
        return _(
            "DCI disentanglement is {value} by impurity: 0 is everything in every dimension, 1 is "
            "one thing in each.",
            value=marks.estimate(dci),
        )
    return _(
        "DCI disentanglement is {value} by impurity, {held_out} by held-out loss: 0 is everything "
        "in every dimension, 1 is one thing in each.",
        value=marks.estimate(dci),
        held_out=marks.estimate(held_out),
    )


def disentanglement(found: Disentangled) -> Figure:
    """Every metric with its interval over seeds."""
    metrics = {name: found.metrics[name] for name in METRICS if name in found.metrics}
    names = [str(METRICS[name]) for name in metrics]
    noise = {name: score for name, score in (found.noise or {}).items() if name in metrics}
    plot = marks.rows(len(metrics), showlegend=bool(noise))
    if noise:
        marks.control(
            plot,
            [str(METRICS[name]) for name in noise],
            list(noise.values()),
            name=_("on noise"),
            hover=[
                _("{metric}: {value:.3f} on noise", metric=METRICS[name], value=score)
                for name, score in noise.items()
            ],
        )
    marks.dots(
        plot,
        names,
        list(metrics.values()),
        name=_("score"),
        hover=[
            _("{metric}: {value}", metric=name, value=marks.estimate(interval, ".3f"))
            for name, interval in zip(names, metrics.values(), strict=True)
        ],
        symbol=["circle-open" if name.endswith(_ANOTHER) else "circle" for name in metrics],
    )
    plot.update_xaxes(range=[-0.02, 1.03])
    frame.axis_title(plot, x=_("score, 0 to 1"))
    return Figure(
        name="disentanglement-metrics",
        question=_("Does each dimension stand for one thing?"),
        plot=plot,
        alt=_(
            "Values of {metrics} metrics of disentanglement from 0 to 1 with 95% intervals.",
            metrics=len(metrics),
        ),
        look_for=sentences(
            _(
                "Each runs from 0 to 1, but they do not measure the same, so compare a metric with "
                "itself: between runs, and with published figures of the same estimator (filled; "
                "open is another of the same). Look for high disentanglement and completeness "
                "(DCI) and a wide gap (MIG). A bad sign: high informativeness and low "
                "disentanglement, which is everything kept by all dimensions together."
            ),
            _look_for_noise(found),
        ),
        estimator=sentences(
            _(
                "Mean of {seeds} seeds, each on {n:,} of {which}, {factors} factors; whiskers 95% "
                "(Student).",
                seeds=found.seeds,
                n=found.n,
                which=str(found.which),
                factors=len(found.factors),
            ),
            left_out(found.left_out),
        ),
        table=lambda: _table(metrics, noise),
    )


def _look_for_noise(found: Disentangled) -> str:
    if found.noise:
        return _(
            "A score near its grey line says nothing: that is what the same estimator gives of "
            "codes dealt out anew among the sentences. For modularity that is high."
        )
    return _("Modularity is high on pure noise as well: measured anew, each score has its own.")


def _table(metrics: Mapping[str, Interval], noise: Mapping[str, float]) -> pd.DataFrame:
    from vae.diagnostics.disentanglement import WHAT

    return pd.DataFrame(
        [
            {
                _("metric"): str(METRICS[name]),
                **marks.ends(interval, _("score")),
                _("on noise"): noise.get(name),
                _("seeds"): interval.n,
                _("what it is"): str(WHAT[name]),
            }
            for name, interval in metrics.items()
        ]
    )


def dependence(found: Disentangled) -> str:
    """Which factors follow from others, so that no model could keep them apart; "" where none."""
    if not found.dependent:
        return ""
    pairs = [
        _("{factor} from {others}", factor=factor, others=listed(others))
        for factor, others in list(found.dependent.items())[:_MOST_DEPENDENT]
    ]
    return _(
        "{n} of {of} factors follow from others in part, which no dimension can undo, so that what "
        "is missing to 1 is partly the corpus's: {pairs}.",
        n=len(found.dependent),
        of=len(found.factors),
        pairs=listed(pairs, "clauses"),
    )


def dependent_factors(found: Disentangled) -> pd.DataFrame:
    """A row for each factor and another that tells of it."""
    return pd.DataFrame(
        [
            {
                _("factor"): factor,
                _("told by"): other,
                _("share of its entropy"): share,
            }
            for factor, others in found.dependent.items()
            for other, share in others.items()
        ]
    )


def importances(found: Disentangled, given: Names, most: int | None = None) -> Figure | None:
    """How much each dimension matters for each factor; None where it was not kept.

    Args:
        given: what dimensions are called.
        most: dimensions that are shown, by their largest importance; None for all.
    """
    if not found.dci_importance or not found.factors:
        return None
    values = np.asarray(found.dci_importance, dtype=float)  # (Z, F)
    order = falling(values.max(1))
    shown = order[:most]
    factors = marks.plain(found.factors)
    plot = marks.heat(
        values[shown].tolist(),
        [row_name(d, given.get(d, "")) for d in shown],
        found.factors,
        top=max(float(values.max()), 1e-3),
        hover=[
            [
                _(
                    "dimension {d} for {factor}: {value}",
                    d=d,
                    factor=factor,
                    value=number(values[d, i], ".3f"),
                )
                for i, factor in enumerate(factors)
            ]
            for d in shown
        ],
        scale={},
    )
    return Figure(
        name="importance",
        question=_("Which dimension matters for which factor?"),
        plot=plot,
        alt=_(
            "Heat map of the importance of {dimensions} dimensions for {factors} factors, by a "
            "random forest.",
            dimensions=len(shown),
            factors=len(factors),
        ),
        look_for=_(
            "Look for one bright cell in each row and in each column. A column with many pale "
            "cells is a factor that rests on many dimensions."
        ),
        estimator=_(
            "Importance from 0 to 1: impurity of a random forest, mean over {seeds} seeds "
            "(Eastwood and Williams, 2018).",
            seeds=found.seeds,
        ),
        table=lambda: pd.DataFrame(values[order], columns=list(found.factors)).assign(
            **{_("dimension"): order}
        )[[_("dimension"), *found.factors]],
    )
