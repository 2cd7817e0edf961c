"""Where do sentences live? The cloud of a run's sentences.

A cloud is made once for a projection and a colouring and passed unchanged: Plotly lets go of zoom
and selection when a figure changes in any way.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from vae.corpora.coded import Coded
from vae.corpora.label_columns import typed
from vae.corpora.label_types import MEASURED, categories, measures
from vae.figures.cloud import cloud, true_to_scale, with_texts
from vae.figures.figure import Figure
from vae.figures.groups import Scale
from vae.figures.map_words import hover_texts
from vae.i18n import _, message, ngettext, pgettext, sentences
from vae.latent.atlas import Atlas
from vae.latent.large_atlas import LargeProjection
from vae.latent.projection import NEIGHBOURS

Floats = npt.NDArray[np.floating]
Rows = npt.NDArray[np.intp]

PROJECTIONS: Mapping[str, str] = {"umap": "UMAP", "pca": "PCA"}
LENGTH, RATE = "length", "rate"

_CAUTION = {
    "umap": message(
        "UMAP keeps neighbours together and nothing else: the distance between two islands, and "
        "how large one is, say nothing of distance in the space itself."
    ),
    "dimensions": message(
        "These are two dimensions as the model has them: points that lie together here may be far "
        "apart in the others."
    ),
    "around": message(
        "The plane is that in which the nearest sentences differ most. Every point is seen "
        "straight from above: what lies far from the plane looks as if it lay on it."
    ),
    "three": message(
        "Only the three sentences are sure to lie on the plane. Every other point is seen straight "
        "from above: what lies far from the plane looks as if it lay on it."
    ),
    "pca": message(
        "PCA is a shadow of the space along its two widest directions: points that lie together "
        "here may be far apart in the others."
    ),
}


def sentence_map(atlas: Atlas, projection: str, colour: str, sorter: str = "") -> Figure:
    """As `sentence_cloud`, with the words of each sentence beside the pointer."""
    figure = sentence_cloud(atlas, projection, colour, sorter)
    with_texts(figure.plot, hover_texts(atlas, label_of(atlas, colour)))
    return figure


def sentence_cloud(atlas: Atlas, projection: str, colour: str, sorter: str = "") -> Figure:
    """Every sentence of an atlas as a point, coloured by a label, its length or its rate.

    Words are most of a map's weight. These points have none: a page sends them once for all
    colourings (`vae.figures.map_words`).

    Args:
        projection: "umap" or "pca".
        colour: one of `colourings`.
        sorter: what places the sentences, as the subject of a sentence; the model without one.
    """
    values = values_of(atlas, colour)
    plot = cloud(getattr(atlas.projection, projection), values, colouring_name(colour))
    if projection == "pca":
        true_to_scale(plot)
    return Figure(
        name="map",
        question=_("Where do sentences live in the latent space?"),
        plot=plot,
        alt=alternative(atlas, PROJECTIONS[projection], colour, sorter),
        look_for=look_for(values, projection, sorter),
        estimator=sentences(trust(atlas, projection), distinct(atlas)),
        table=lambda: points(atlas),
    )


def alternative(atlas: Atlas, projection: str, colour: str, sorter: str = "") -> str:
    """What a map shows, for who does not see it; `projection` as a person reads it."""
    return _(
        "{projection} map of {n:,} sentences, coloured by {colour}, as {sorter} sorts them.",
        projection=projection,
        n=len(atlas),
        colour=colouring_name(colour),
        sorter=sorter or _("the model"),
    )


def look_for(values: Sequence[str] | Scale, picture: str, sorter: str = "") -> str:
    """What to look for on a map and how far to believe it.

    Args:
        picture: "umap", "pca", "dimensions" (two as they are), "around" (one sentence) or "three"
            (a plane through so many).
        sorter: as of `sentence_cloud`.
    """
    sorter = sorter or _("the model")
    kept = (
        _(
            "Look for a colour that changes gradually: {sorter} sorts sentences by that measure. "
            "One even mixture means that these two dimensions do not show it; for every colouring "
            "alike, that is a bad sign.",
            sorter=sorter,
        )
        if isinstance(values, Scale)
        else _(
            "Look for colours that keep together: {sorter} sorts sentences by that label. One even "
            "mixture means that these two dimensions do not show it; for every colouring alike, "
            "that is a bad sign.",
            sorter=sorter,
        )
    )
    return sentences(kept, _without(values), str(_CAUTION[picture]))


def colourings(atlas: Atlas) -> list[str]:
    """What points can be coloured by: label columns of more than one value, length, rate."""
    columns = [key for key, name in _columns(atlas).items() if _differ(atlas.labels[name])]
    return [*columns, LENGTH, RATE] if atlas.has_rates else [*columns, LENGTH]


def _differ(values: Sequence[str]) -> bool:
    return len(values.values if isinstance(values, Coded) else set(values)) > 1


def _columns(atlas: Atlas) -> dict[str, str]:
    """Colouring to label: a label that is called as one of our measures does not hide it."""
    ours = (LENGTH, RATE)
    return {f"{name} (label)" if name in ours else name: name for name in atlas.labels}


def label_of(atlas: Atlas, colour: str) -> str:
    """The label that a colouring shows; "" of our own measures."""
    return _columns(atlas).get(colour, "")


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
    trusted = _(
        "The trustworthiness of this picture is **{value:.2f}** (k = {k}, n = {n:,}).", **figures
    )
    return sentences(trusted, placed(atlas))


def placed(atlas: Atlas) -> str:
    """How many sentences UMAP was fitted to, in a sentence; nothing where to all."""
    picture = atlas.projection
    if not isinstance(picture, LargeProjection) or picture.fitted == len(atlas):
        return ""
    return _(
        "UMAP was fitted to {fitted:,} of them; the others were placed into its picture.",
        fitted=picture.fitted,
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
        table[column] = typed([values[i] for i in at], atlas.types[name])
    for i, axis in enumerate("xy"):
        for kind, label in PROJECTIONS.items():
            table[f"{label} {axis}"] = getattr(atlas.projection, kind)[at, i].round(4)
    return table


def distinct(atlas: Atlas) -> str:
    """How many of the sentences differ, in a sentence; nothing where all do."""
    if atlas.distinct == len(atlas):
        return ""
    return ngettext(
        "**{n:,}** of them is distinct; copies share a point.",
        "**{n:,}** of them are distinct; copies share a point.",
        atlas.distinct,
    )


def values_of(atlas: Atlas, colour: str) -> Sequence[str] | Scale:
    """What the points of an atlas are coloured by: a value each, or a scale."""
    if colour == LENGTH:
        return Scale(atlas.lengths.astype(float))
    if colour == RATE:
        return Scale(atlas.rates)
    name = _columns(atlas)[colour]
    values, kind = atlas.labels[name], atlas.types[name]
    if isinstance(values, Coded):
        if kind in MEASURED:
            return Scale(measures(values.values, kind)[values.codes], kind)
        return values.read_as(lambda different: categories(different, kind))
    return Scale(measures(values, kind), kind) if kind in MEASURED else categories(values, kind)


def _without(values: Sequence[str] | Scale) -> str:
    """How many points have no value and are grey; nothing where all have one."""
    n = (
        int((~np.isfinite(values.values)).sum())
        if isinstance(values, Scale)
        else values.without()
        if isinstance(values, Coded)
        else sum(not value for value in values)
    )
    if not n:
        return ""
    return ngettext(
        "{n:,} sentence has no value, and is a grey ring.",
        "{n:,} sentences have no value, and are grey rings.",
        n,
    )
