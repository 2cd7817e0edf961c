"""The study "dimensions" in a report: names, what each tells of each label, what it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from vae.explorer import Explorer
from vae.latent.names import read_names
from vae.report.charts import Heat
from vae.report.dimension_charts import LEAST
from vae.report.intervals import head
from vae.report.parts import (
    Cell,
    Figure,
    Folded,
    Missing,
    Paragraph,
    Part,
    Table,
    attempt,
    number,
    percent,
)
from vae.studies.dimensions import DimensionStudy, key, read

_MOST_SHOWN = 64
_MOST_LABELS = 40
_MOST_ENDS = 16


def parts(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """Dimensions by falling KL."""
    found = read(result)
    order = [int(d) for d in np.argsort(-np.asarray(found.kl.value), kind="stable")]
    names = read_names(explorer.run)
    made = attempt(explorer.run, lambda: _ends(explorer, found, order, names))
    made.append(Folded("Every dimension, its KL and its name", (_named(found, order, names),)))
    if found.told:
        made.append(_told(found, order))
    if found.moved.labels:
        made.append(_changed(found, order))
    left_out = "; ".join(f"{note.label}: {note.why}" for note in found.left_out)
    return [*made, Paragraph(f"Labels that could not be counted. {left_out}")] if left_out else made


def _named(found: DimensionStudy, order: Sequence[int], names: Mapping[int, str]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for d in order:
        proposed = found.proposed[d]
        kl = (found.kl.value[d], found.kl.low[d], found.kl.high[d])
        kept = (d, names.get(d, ""), *kl)
        if proposed is None:
            rows.append((*kept, "none", None, None, "", ""))
        else:
            told = (round(proposed.bits, 3), round(proposed.share, 3))
            rows.append((*kept, proposed.column, *told, proposed.low, proposed.high))
    columns = (
        "dimension",
        "name given",
        *head("KL (nats)"),
        "tells most of",
        "bits",
        "share of its entropy",
        "low end",
        "high end",
    )
    title = f"Mean KL of {found.n:,} held-out sentences, normal intervals"
    return Table("dimensions", columns, rows, title)


def _told(found: DimensionStudy, order: Sequence[int]) -> Figure:
    shown, labels = order[:_MOST_SHOWN], found.told[:_MOST_LABELS]
    values = np.array(
        [[t.value[d] if t.value[d] > t.chance[d] else np.nan for t in labels] for d in shown]
    )
    most = float(np.nanmax(values)) if np.isfinite(values).any() else 1.0
    chart = Heat(
        "label",
        "dimension, by its KL",
        [str(d) for d in shown],
        [t.label for t in labels],
        values,
        0.0,
        max(most, LEAST),
        unit="nats",
        row_name="dimension",
        column_name="tells of",
        nothing="no more than chance",
    )
    rows: list[tuple[Cell, ...]] = [
        (d, t.label, t.value[d], t.low[d], t.high[d], t.chance[d], t.entropy)
        for d in order
        for t in found.told
    ]
    columns = ("dimension", "label", *head("nats"), "most by chance", "entropy of label")
    return Figure(
        "What does each dimension tell of each label?",
        chart,
        "Mutual information of each dimension with each label; cells no better than chance are "
        "pale.",
        "Look for rows with one bright cell: a dimension of its own for a label. A column lit in "
        "many rows is a label that is spread over them. Pale: no more than the largest of "
        f"{found.shuffles} values with shuffled labels. Binned mutual information, bias taken off "
        f"(Miller, 1955), on {found.n:,} held-out sentences.",
        Table("information-by-label", columns, rows),
    )


def _changed(found: DimensionStudy, order: Sequence[int]) -> Figure:
    moved = found.moved
    shown, labels = order[:_MOST_SHOWN], moved.labels[:_MOST_LABELS]
    random = [np.nan if c.random is None else c.random.value for c in labels]
    cells = [[np.nan if c.value[d] is None else c.value[d] for c in labels] for d in shown]
    chart = Heat(
        "label",
        "dimension, by its KL; below: a random direction",
        [*(str(d) for d in shown), "random"],
        [c.label for c in labels],
        np.array([*cells, random], dtype=float),
        0.0,
        1.0,
        row_name="along",
        column_name="share whose change is in",
        nothing="could not be read",
    )
    rows: list[tuple[Cell, ...]] = [
        (d, c.label, c.value[d], c.low[d], c.high[d], c.random.value if c.random else None)
        for d in order
        for c in (moved.same, *moved.labels)
    ]
    columns = ("dimension", "label", *head("share"), "along random directions")
    start, end = (number(z, "g") for z in (moved.start, moved.end))
    reader = "read by the grammar" if moved.read_by == "grammar" else "read by probes"
    return Figure(
        "What changes when one dimension is moved?",
        chart,
        "Share of sentences in which each label changes as a dimension goes from one end to the "
        "other.",
        "Look for rows with one bright cell, and the last row, the control, dark. Each of "
        f"{moved.sentences:,} sentences is decoded with the dimension at {start} and at {end} "
        f"standard deviations of the prior, and {reader}; of the readable ones, with Wilson's "
        f"intervals in the table. {_best(found, order)}",
        Table("changes-by-dimension", columns, rows),
    )


def _best(found: DimensionStudy, order: Sequence[int]) -> str:
    known = [
        (c.value[d] or 0.0, d, c.label) for d in order for c in found.moved.labels if c.value[d]
    ]
    if not known:
        return "Nothing changed."
    share, d, label = max(known)
    return f"The largest: {label} along dimension {d}, in {percent(share)} of them."


def _ends(
    explorer: Explorer, found: DimensionStudy, order: Sequence[int], names: Mapping[int, str]
) -> list[Part]:
    if not found.ends:
        return [Missing("This run has no map, so no sentences are shown at the ends.")]
    said = {key(sentence): sentence for sentence in explorer.atlas.sentences}
    rows: list[tuple[Cell, ...]] = []
    for d in order[:_MOST_ENDS]:
        low, high = (
            next((said[k] for k in keys if k in said), "(not on this machine)")
            for keys in (found.ends[d].low, found.ends[d].high)
        )
        proposed = found.proposed[d]
        name = names.get(d) or (proposed.said if proposed else "no label tells")
        rows.append((d, name, round(found.kl.value[d], 2), ((low, False),), ((high, False),)))
    columns = ("dimension", "name", "KL (nats)", "low end", "high end")
    title = "Sentences at both ends of the dimensions that carry most"
    return [Table("ends-of-dimensions", columns, rows, title)]
