"""The study "disentanglement" in a report: the metrics, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from vae.colours import NEUTRAL, POSTERIOR
from vae.diagnostics.disentanglement import WHAT
from vae.explorer import Explorer
from vae.report.charts import Heat
from vae.report.intervals import dots, ends, head
from vae.report.parts import Cell, Figure, Folded, Paragraph, Part, Table
from vae.studies.disentanglement import Disentangled, read

_MOST_SHOWN = 64
_NAMES = {"higgins": "Higgins", "kim": "Kim and Mnih", "mig": "MIG", "sap": "SAP", "dci": "DCI"}


def parts(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """Metrics with intervals, importance of each dimension for each factor, cautions."""
    found = read(result)
    made: list[Part] = [_metrics(found), Folded("What each metric is", (_what(found),))]
    if found.dci_importance and found.factors:
        made.append(_importance(found))
    return [*made, *_cautions(found)]


def _metrics(found: Disentangled) -> Figure:
    named = {_called(name): i for name, i in found.metrics.items()}
    plain = [not name.endswith(("scaled", "neighbours", "threshold", "held_out")) for name in WHAT]
    of = dict(zip(WHAT, plain, strict=True))
    return dots(
        "How do the metrics of disentanglement score it?",
        "disentanglement-metrics",
        "score, 1 is best",
        named,
        "Look for high disentanglement beside high informativeness: all is there, and each piece "
        "in its place. High informativeness alone: all is there, spread over many dimensions. "
        "Scores of different metrics cannot be compared with each other. Green: the estimator of "
        f"published figures; grey, with a longer name: another of the same. "
        f"{found.seeds} seeds of {found.n:,} of {found.which}, {len(found.factors)} "
        "factors; 95% intervals over seeds (Student's t).",
        colours=[POSTERIOR if of[name] else NEUTRAL for name in found.metrics],
        unit="",
        extent=(0.0, 1.0),
    )


def _what(found: Disentangled) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (_called(name), *ends(interval), interval.n, str(WHAT[name]))
        for name, interval in found.metrics.items()
    ]
    return Table("metrics-explained", ("metric", *head("score"), "seeds", "estimator"), rows)


def _importance(found: Disentangled) -> Figure:
    table = np.asarray(found.dci_importance, dtype=float)
    order = np.argsort(-table.max(1), kind="stable")
    shown = order[:_MOST_SHOWN]
    chart = Heat(
        "factor",
        "dimension, by its largest importance",
        [str(d) for d in shown],
        list(found.factors),
        table[shown],
        0.0,
        max(float(table.max()), 1e-3),
        row_name="dimension",
        column_name="importance for",
    )
    rows: list[tuple[Cell, ...]] = [(int(d), *map(float, table[d])) for d in order]
    return Figure(
        "Which dimension matters for which factor?",
        chart,
        "Importance of each dimension for each factor, by a random forest.",
        "Look for one bright cell in each row and in each column. A column with many pale cells "
        "is a factor that rests on many dimensions. Impurity of a random forest, mean over seeds "
        "(Eastwood and Williams, 2018).",
        Table("importance", ("dimension", *found.factors), rows),
    )


def _cautions(found: Disentangled) -> list[Part]:
    parts: list[Part] = []
    rows: list[tuple[Cell, ...]] = [
        (factor, other, share)
        for factor, others in found.dependent.items()
        for other, share in others.items()
    ]
    if rows:
        parts.append(
            Paragraph(
                f"{len(found.dependent)} of {len(found.factors)} factors of this corpus depend on "
                "another, which no dimension can undo: what is missing to 1 is partly the corpus's."
            )
        )
        table = Table("dependent-factors", ("factor", "told by", "share of its entropy"), rows)
        parts.append(Folded("Which factors depend on which", (table,)))
    left_out = "; ".join(f"{name}: {why}" for name, why in found.left_out.items())
    return [*parts, *([Paragraph(f"No factors here: {left_out}.")] if left_out else [])]


def _called(metric: str) -> str:
    """As "DCI completeness" for "dci_completeness"."""
    first, *rest = metric.replace("kim_mnih", "kim").split("_")
    return " ".join([_NAMES.get(first, first), *rest])
