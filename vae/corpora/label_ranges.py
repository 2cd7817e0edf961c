"""Numbers and dates as three ranges, for what asks for categories: directions, factors, readers.

A direction leads from one value to another. Of a measure these are its lowest and its highest
third, the contrast of quantiles by which a slope is usually shown; thirty values would each have a
place of their own, and none of them enough sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from vae.corpora.corpus import Corpus
from vae.corpora.label_types import (
    MEASURED,
    LabelType,
    categories,
    exactly,
    measures,
    types_of,
    written,
)

LOWEST, MIDDLE, HIGHEST = THIRDS = ("lowest third", "middle third", "highest third")
FEW = 5
"""So many different measures, or fewer, are told apart one by one."""


def in_ranges(values: Sequence[str], kind: LabelType) -> tuple[str, ...]:
    """(N,) the values of a label as categories, "" where there is none.

    Of a number or a date these are thirds of about equal count, or its values where they are few;
    sentences of one value are never parted.
    """
    if kind not in MEASURED:
        return categories(values, kind)
    x = measures(values, kind)
    known = np.isfinite(x)
    if len(np.unique(x[known])) <= FEW:
        return tuple(
            exactly(v) if k and kind == "number" else written(float(v), kind)
            for v, k in zip(x.tolist(), known.tolist(), strict=True)
        )
    edges = np.quantile(x[known], [1 / 3, 2 / 3])
    third = np.searchsorted(edges, x, side="left")
    return tuple(THIRDS[t] if k else "" for t, k in zip(third.tolist(), known, strict=True))


def in_thirds(
    columns: Mapping[str, Sequence[str]], most: int
) -> tuple[dict[str, Sequence[str]], tuple[str, ...]]:
    """(columns whose numbers and dates of more than `most` values are thirds, which these are).

    Fewer may number discrete values, and stay as they are.
    """
    types = types_of(columns)
    measured = tuple(
        name
        for name, column in columns.items()
        if types[name] in MEASURED and len(set(column)) > most
    )
    ranged = {name: in_ranges(columns[name], types[name]) for name in measured}
    return {**columns, **ranged}, measured


def with_ranges(corpus: Corpus) -> Corpus:
    """The same sentences, whose numbers and dates are categories of three ranges (`in_ranges`)."""
    if set(corpus.types.values()) <= {"category"}:
        return corpus
    labels = {name: in_ranges(column, corpus.types[name]) for name, column in corpus.labels.items()}
    types = dict.fromkeys(labels, "category")
    return replace(corpus, labels=labels, source={**corpus.source, "label_types": types})
