"""The study "probes" in a report: what can be read off the posterior mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vae.colours import LABELS, NEUTRAL, POSTERIOR
from vae.diagnostics.probes import LabelProbe
from vae.explorer import Explorer
from vae.report.charts import Dots, Series, estimates
from vae.report.intervals import ends, head
from vae.report.parts import Cell, Figure, Paragraph, Part, Table, number, percent
from vae.studies.probes import Probed, read

_AXES = {"accuracy": "accuracy, share of held-out sentences", "r2": "R², 1 is perfect"}


def parts(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """A figure for the categories, and one for the numbers where there are any."""
    found = read(result)
    made: list[Part] = []
    for metric in _AXES:
        probes = {name: p for name, p in found.labels.items() if p.metric == metric}
        if probes:
            made.append(_figure(found, metric, probes))
    left_out = "; ".join(f"{name}: {why}" for name, why in found.left_out.items())
    return [*made, *([Paragraph(f"Labels that were not probed. {left_out}.")] if left_out else [])]


def _figure(found: Probed, metric: str, probes: Mapping[str, LabelProbe]) -> Figure:
    each = list(probes.values())
    chart = Dots(
        _AXES[metric],
        list(probes),
        (
            estimates("linear", POSTERIOR, [p.linear for p in each]),
            estimates("ten neighbours", LABELS[0], [p.neighbours for p in each], shape="square"),
            estimates(
                "linear, labels shuffled", NEUTRAL, [p.shuffled for p in each], shape="triangle"
            ),
            Series(
                "majority" if metric == "accuracy" else "the mean",
                LABELS[1],
                [p.majority for p in each],
                shape="cross",
            ),
        ),
        extent=(0.0, 1.0) if metric == "accuracy" else (),
    )
    worst = min(probes, key=lambda name: probes[name].linear.value)
    value = probes[worst].linear.value
    said = percent(value) if metric == "accuracy" else f"an R² of {number(value)}"
    question = (
        f"The worst label, {worst}, is read off rightly in {said} of the sentences"
        if metric == "accuracy"
        else "Which numbers can be read off a latent?"
    )
    return Figure(
        question,
        chart,
        f"Linear probe of {len(probes)} labels; the worst is {worst} with {said}.",
        "Look for circles far to the right of the cross, which knows nothing of the sentence. A "
        "triangle beyond its cross would be a probe that finds what is not there. A square far "
        "left of its circle: the label is spread thin over many dimensions. "
        f"{found.folds}-fold cross-validation on {found.which}; 95% intervals over "
        "sentences.",
        _table(metric, probes),
    )


def _table(metric: str, probes: Mapping[str, LabelProbe]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            p.n,
            p.classes,
            p.majority,
            *ends(p.linear),
            *ends(p.neighbours),
            *ends(p.shuffled),
        )
        for name, p in probes.items()
    ]
    columns = (
        "label",
        "n",
        "values",
        "majority",
        *head("linear"),
        *head("ten neighbours"),
        *head("linear, shuffled"),
    )
    return Table(f"probes-{metric}", columns, rows, _AXES[metric])
