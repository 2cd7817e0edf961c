"""The study "dimensions" in a report: names, what each tells of each label, what it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from vae.colours import RATE
from vae.explorer import Explorer
from vae.latent.names import read_names
from vae.report.charts import Bars, Heat, Series
from vae.report.parts import Cell, Figure, Missing, Paragraph, Part, Table, attempt, percent
from vae.studies.dimensions import DimensionStudy, key, read

_MOST_SHOWN = 64
_MOST_LABELS = 40
_MOST_ENDS = 16


def parts(explorer: Explorer, result: Mapping[str, Any]) -> list[Part]:
    """Dimensions by falling KL."""
    found = read(result)
    order = [int(d) for d in np.argsort(-np.asarray(found.kl.value), kind="stable")]
    names = read_names(explorer.run)
    made: list[Part] = [_named(found, order, names), _kl(found, order)]
    if found.told:
        made.append(_told(found, order))
    if found.moved.labels:
        made.append(_changed(found, order))
    made += attempt(explorer.run, lambda: _ends(explorer, found, order))
    left_out = "; ".join(f"{note.label}: {note.why}" for note in found.left_out)
    return [*made, Paragraph(f"Labels that could not be counted. {left_out}")] if left_out else made


def _named(found: DimensionStudy, order: Sequence[int], names: Mapping[int, str]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for d in order:
        proposed = found.proposed[d]
        kept = (d, names.get(d, ""), found.kl.value[d])
        if proposed is None:
            rows.append((*kept, "none", None, None, "", ""))
        else:
            told = (round(proposed.bits, 3), round(proposed.share, 3))
            rows.append((*kept, proposed.column, *told, proposed.low, proposed.high))
    head = (
        "dimension",
        "name given",
        "KL (nats)",
        "tells most of",
        "bits",
        "share of its entropy",
        "low end",
        "high end",
    )
    return Table("dimensions", head, rows, "What each dimension seems to stand for, by its KL")


def _kl(found: DimensionStudy, order: Sequence[int]) -> Figure:
    low, value, high = (
        [column[d] for d in order] for column in (found.kl.low, found.kl.value, found.kl.high)
    )
    chart = Bars(
        "dimension, by its KL",
        "KL, nats a sentence",
        [str(d) for d in order],
        (Series("KL", RATE, value, low=low, high=high),),
        unit="nats",
    )
    rows = list(zip(order, value, low, high, strict=True))
    return Figure(
        "How sure is the KL of each dimension?",
        chart,
        f"KL of each dimension with its interval, from {value[0]:.2f} down to {value[-1]:.2f}.",
        "Look for bars that differ by more than their intervals: the order of the others is "
        f"chance. Mean over {found.n:,} held-out sentences, normal 95 % intervals.",
        Table("kl", ("dimension", "KL (nats)", "95 % from", "to"), rows),
    )


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
        max(most, 1e-3),
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
    head = ("dimension", "label", "nats", "95 % from", "to", "most by chance", "entropy of label")
    return Figure(
        "What does each dimension tell of each label?",
        chart,
        "Mutual information of each dimension with each label; cells no better than chance are "
        "empty.",
        "Look for rows with one bright cell: a dimension of its own for a label. A column lit in "
        "many rows is a label that is spread over them. Empty: no more than the largest of "
        f"{found.shuffles} values with shuffled labels. Binned mutual information, bias taken off "
        f"(Miller, 1955), on {found.n:,} held-out sentences.",
        Table("information-by-label", head, rows),
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
    head = ("dimension", "label", "share", "95 % from", "to", "along random directions")
    reader = "read by the grammar" if moved.read_by == "grammar" else "read by probes"
    return Figure(
        "What changes when one dimension is moved?",
        chart,
        "Share of sentences in which each label changes as a dimension goes from one end to the "
        "other.",
        f"Look for rows with one bright cell, and the last row, the control, dark. Each of "
        f"{moved.sentences:,} sentences is decoded with the dimension at {moved.start:g} and at "
        f"{moved.end:g} standard deviations of the prior, and {reader}; of the readable ones, "
        f"with Wilson's intervals in the table. {_best(found, order)}",
        Table("changes-by-dimension", head, rows),
    )


def _best(found: DimensionStudy, order: Sequence[int]) -> str:
    known = [
        (c.value[d] or 0.0, d, c.label) for d in order for c in found.moved.labels if c.value[d]
    ]
    if not known:
        return "Nothing changed."
    share, d, label = max(known)
    return f"The largest: {label} along dimension {d}, in {percent(share)} of them."


def _ends(explorer: Explorer, found: DimensionStudy, order: Sequence[int]) -> list[Part]:
    if not found.ends:
        return [Missing("This run has no map, so no sentences are shown at the ends.")]
    atlas = explorer.atlas
    said = {key(sentence): sentence for sentence in atlas.sentences}
    rows: list[tuple[Cell, ...]] = []
    for d in order[:_MOST_ENDS]:
        place = found.ends[d]
        low, middle, high = (
            next((said[k] for k in keys if k in said), "(not on this machine)")
            for keys in (place.low, place.middle, place.high)
        )
        rows.append((d, ((low, False),), ((middle, False),), ((high, False),)))
    head = ("dimension", "low end", "middle", "high end")
    title = "Sentences at the ends of the dimensions that carry most"
    return [Table("ends-of-dimensions", head, rows, title)]
