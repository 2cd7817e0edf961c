"""Where do sentences live? The cloud of a run's sentences.

A cloud is made once for a projection and a colouring and passed unchanged: Plotly lets go of zoom
and selection when a figure changes in any way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vae.corpora.label_types import MEASURED, NO_VALUE, categories, measures
from vae.figures import frame
from vae.figures.cloud import Scale, cloud, true_to_scale
from vae.figures.figure import Figure
from vae.i18n import _, listed, message, ngettext, pgettext, sentences
from vae.latent.atlas import Atlas
from vae.latent.projection import NEIGHBOURS
from vae.scripts import is_unspaced, isolated, wrap

Floats = npt.NDArray[np.floating]
Rows = npt.NDArray[np.intp]

PROJECTIONS: Mapping[str, str] = {"umap": "UMAP", "pca": "PCA"}
LENGTH, RATE = "length", "rate"

_CAUTION = {
    "umap": message(
        "UMAP keeps neighbours together and nothing else: the distance between two islands, and "
        "how large one is, say nothing of distance in the space itself."
    ),
    "pca": message(
        "PCA is a shadow of the space along its two widest directions: points that lie together "
        "here may be far apart in the others."
    ),
}
_WRAP, _LONGEST = 60, 400


def config() -> dict[str, Any]:
    """Plotly's settings for the map: its tools are in sight, since two of them choose points."""
    return frame.config("autoScale2d", "toImage", displayModeBar=True)


# -- what is shown ------------------------------------------------------------------------------


def sentence_map(atlas: Atlas, projection: str, colour: str, sorter: str = "") -> Figure:
    """Every sentence of an atlas as a point, coloured by a label, its length or its rate.

    Args:
        projection: "umap" or "pca".
        colour: one of `colourings`.
        sorter: what places the sentences, as the subject of a sentence; the model without one.
    """
    values = _values(atlas, colour)
    name = colouring_name(colour)
    sorter = sorter or _("the model")
    hover = hover_texts(atlas, _columns(atlas).get(colour, ""))
    plot = cloud(getattr(atlas.projection, projection), values, hover, name)
    on_a_scale = isinstance(values, Scale)
    if projection == "pca":
        true_to_scale(plot)
    look_for = (
        _(
            "Look for a colour that changes gradually: {sorter} sorts sentences by that measure. "
            "One even mixture means that these two dimensions do not show it; for every colouring "
            "alike, that is a bad sign.",
            sorter=sorter,
        )
        if on_a_scale
        else _(
            "Look for colours that keep together: {sorter} sorts sentences by that label. One even "
            "mixture means that these two dimensions do not show it; for every colouring alike, "
            "that is a bad sign.",
            sorter=sorter,
        )
    )
    return Figure(
        name="map",
        question=_("Where do sentences live in the latent space?"),
        plot=plot,
        alt=_(
            "{projection} map of {n:,} sentences, coloured by {colour}, as {sorter} sorts them.",
            projection=PROJECTIONS[projection],
            n=len(atlas),
            colour=name,
            sorter=sorter,
        ),
        look_for=sentences(look_for, _without(values), str(_CAUTION[projection])),
        estimator=sentences(trust(atlas, projection), distinct(atlas)),
        table=lambda: points(atlas),
    )


def colourings(atlas: Atlas) -> list[str]:
    """What points can be coloured by: label columns of more than one value, length, rate."""
    columns = [key for key, name in _columns(atlas).items() if len(set(atlas.labels[name])) > 1]
    return [*columns, LENGTH, RATE] if atlas.has_rates else [*columns, LENGTH]


def _columns(atlas: Atlas) -> dict[str, str]:
    """Colouring to label: a label that is called as one of our measures does not hide it."""
    ours = (LENGTH, RATE)
    return {f"{name} (label)" if name in ours else name: name for name in atlas.labels}


def colouring_name(colour: str) -> str:
    """A colouring as a person reads it; of a label its own name."""
    return {LENGTH: _("length in words"), RATE: _("rate in nats")}.get(colour, colour)


def trust(atlas: Atlas, projection: str) -> str:
    """How far a picture can be trusted, in a sentence."""
    value = atlas.projection.trustworthiness(projection)
    share = float(atlas.projection.pca_explained.sum())
    if math.isnan(value):
        return (
            _(
                "Trustworthiness not measured: too few sentences; {share:.0%} of the variance.",
                share=share,
            )
            if projection == "pca"
            else _("Trustworthiness not measured: too few sentences.")
        )
    figures = {"value": value, "k": NEIGHBOURS, "n": atlas.projection.trust_sample}
    if projection == "pca":
        return _(
            "The trustworthiness of this picture is **{value:.2f}** (k = {k}, n = {n:,}); it shows "
            "{share:.0%} of the variance.",
            share=share,
            **figures,
        )
    return _(
        "The trustworthiness of this picture is **{value:.2f}** (k = {k}, n = {n:,}).", **figures
    )


def points(atlas: Atlas, rows: Sequence[int] | Rows | None = None) -> pd.DataFrame:
    """All points, or some rows of them, as a table: sentence, labels, measures, coordinates."""
    at = np.arange(len(atlas)) if rows is None else np.asarray(rows, dtype=np.intp)
    table = pd.DataFrame({pgettext("column", "sentence"): [atlas.sentences[i] for i in at]})
    table[pgettext("column", "length")] = atlas.lengths[at]
    if atlas.has_rates:
        table[pgettext("column", "rate")] = atlas.rates[at].round(3)
    for name, values in atlas.labels.items():
        column = name if name not in table else _("{label} (label)", label=name)
        table[column] = [values[i] for i in at]
    for i, axis in enumerate("xy"):
        for kind, label in PROJECTIONS.items():
            table[f"{label} {axis}"] = getattr(atlas.projection, kind)[at, i].round(4)
    return table


def copies(n: int) -> str:
    """That a sentence is written n more times."""
    return ngettext("{n:,} copy", "{n:,} copies", n)


def distinct(atlas: Atlas) -> str:
    """How many of the sentences differ, in a sentence; nothing where all do."""
    if atlas.distinct == len(atlas):
        return ""
    return ngettext(
        "**{n:,}** of them is distinct; copies share a point.",
        "**{n:,}** of them are distinct; copies share a point.",
        atlas.distinct,
    )


def _values(atlas: Atlas, colour: str) -> Sequence[str] | Scale:
    if colour == LENGTH:
        return Scale(atlas.lengths.astype(float))
    if colour == RATE:
        return Scale(atlas.rates)
    name = _columns(atlas)[colour]
    values, kind = atlas.labels[name], atlas.types[name]
    return Scale(measures(values, kind), kind) if kind in MEASURED else categories(values, kind)


def _without(values: Sequence[str] | Scale) -> str:
    """How many points have no value and are grey; nothing where all have one."""
    n = (
        int((~np.isfinite(values.values)).sum())
        if isinstance(values, Scale)
        else sum(not value for value in values)
    )
    if not n:
        return ""
    return ngettext(
        "{n:,} sentence has no value, and is a grey ring.",
        "{n:,} sentences have no value, and are grey rings.",
        n,
    )


# -- what stands beside the pointer -------------------------------------------------------------


def hover_texts(atlas: Atlas, first: str) -> list[str]:
    """What stands beside the pointer at each point, the label `first` with its name."""
    rows = zip(atlas.sentences, _measures(atlas), atlas.copies.tolist(), strict=True)
    return [
        point_text(
            sentence,
            {c: v[i] for c, v in atlas.labels.items()},
            listed([measures, copies(n)], "unit") if n else measures,
            first,
        )
        for i, (sentence, measures, n) in enumerate(rows)
    ]


def _measures(atlas: Atlas) -> Iterator[str]:
    lengths = atlas.lengths.tolist()
    signs = is_unspaced(atlas.sentences)
    if not atlas.has_rates:
        if signs:
            return (ngettext("{n} character", "{n} characters", n) for n in lengths)
        return (ngettext("{n} word", "{n} words", n) for n in lengths)
    rated = zip(lengths, atlas.rates.tolist(), strict=True)
    if signs:
        return (
            ngettext("{n} character, {nats:.1f} nats", "{n} characters, {nats:.1f} nats", n, nats=r)
            for n, r in rated
        )
    return (
        ngettext("{n} word, {nats:.1f} nats", "{n} words, {nats:.1f} nats", n, nats=nats)
        for n, nats in rated
    )


def point_text(sentence: str, labels: Mapping[str, str], measures: str, first: str = "") -> str:
    """What stands beside the pointer, as HTML: sentence, labels, length and rate.

    Only the label `first` is shown with its name: ten thousand of these texts are most of the
    figure's weight, and a click shows them all.
    """
    named = [f"{escape(first)} <b>{escape(labels[first])}</b>"] if labels.get(first) else []
    if first in labels and not named:
        named = [f"{escape(first)} {NO_VALUE}"]
    others = dict.fromkeys(v for k, v in labels.items() if k not in (first, "split"))
    shown = named + [escape(v) for v in others if v]
    lines = [f"<b>{escape(_wrapped(sentence))}</b>".replace("\n", "<br>")]
    lines += [listed(shown[i : i + 7], "unit") for i in range(0, len(shown), 7)]
    return "<br>".join([*lines, measures])


def own_texts(sentences: Sequence[str]) -> list[str]:
    """What stands beside the pointer at a person's own sentences."""
    return [point_text(sentence, {}, _("own sentence")) for sentence in sentences]


def _wrapped(sentence: str) -> str:
    return "\n".join(map(isolated, wrap(sentence[:_LONGEST], _WRAP)))
