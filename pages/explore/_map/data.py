"""What the map shows of a run, made once for all sessions; every cache of the page is here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.common import resources
from pages.explore._map import space
from vae.errors import UserError
from vae.explorer import Explorer
from vae.figures import map as map_figure
from vae.latent.atlas import Atlas
from vae.latent.spaces import MODEL

Rows = npt.NDArray[np.intp]
Seen = space.Seen

LENGTH, RATE = "length", "rate"
MEASURES = {LENGTH: "length in words", RATE: "rate in nats"}
MOST_OWN = 200


def colourings(atlas: Atlas) -> list[str]:
    """What points can be coloured by: label columns of more than one value, length, rate."""
    columns = [name for name, values in atlas.labels.items() if len(set(values)) > 1]
    return [*columns, LENGTH, RATE] if atlas.mean.shape[1] else [*columns, LENGTH]


def frame(explorer: Explorer, seen: Seen | None = None) -> pd.DataFrame:
    """All points as a table: sentence, labels, length, rate, coordinates."""
    return _frame(*_of(explorer, seen))


def cloud(explorer: Explorer, kind: str, colour: str, seen: Seen | None = None) -> go.Figure:
    """The figure of a projection in a colouring. It is shared: copy it before you add to it."""
    return _cloud(kind, colour, *_of(explorer, seen))


def _of(explorer: Explorer, seen: Seen | None) -> tuple[str, str, str, Atlas]:
    """What a cache is keyed by, and the atlas: the model's own where no other space is seen."""
    of_run = (str(explorer.run.path), resources.version(explorer.run))
    return (*of_run, seen.version, seen.atlas) if seen else (*of_run, MODEL, explorer.atlas)


@st.cache_resource(max_entries=6, show_spinner=False)
def _frame(path: str, version: str, seen: str, _atlas: Atlas) -> pd.DataFrame:
    table = pd.DataFrame({"sentence": _atlas.sentences})
    table[LENGTH] = [len(s.split()) for s in _atlas.sentences]
    if _atlas.mean.shape[1]:
        table[RATE] = _atlas.posterior.kl().numpy().round(3)
    for name, values in _atlas.labels.items():
        table[name if name not in table else f"{name} (label)"] = values
    for i, axis in enumerate("xy"):
        table[f"UMAP {axis}"] = _atlas.projection.umap[:, i].round(4)
        table[f"PCA {axis}"] = _atlas.projection.pca[:, i].round(4)
    return table


@st.cache_resource(max_entries=16, show_spinner="Drawing the map")
def _cloud(kind: str, colour: str, path: str, version: str, seen: str, _atlas: Atlas) -> go.Figure:
    table = _frame(path, version, seen, _atlas)
    values: Sequence[str] | npt.NDArray[np.float64]
    if colour in MEASURES:
        values, name = table[colour].to_numpy(float), MEASURES[colour]
    else:
        values, name = _atlas.labels[colour], colour
    return map_figure.cloud(
        map_figure.Cloud(
            xy=getattr(_atlas.projection, kind),
            hover=[
                point_text(
                    s, {c: v[i] for c, v in _atlas.labels.items()}, _measures(table, i), colour
                )
                for i, s in enumerate(_atlas.sentences)
            ],
            values=values,
            name=name,
            true_scale=kind == "pca",
        )
    )


def _measures(table: pd.DataFrame, row: int) -> str:
    words = f"{table[LENGTH].iat[row]} words"
    return f"{words}, {table[RATE].iat[row]:.1f} nats" if RATE in table else words


def point_text(sentence: str, labels: dict[str, str], measures: str, first: str = "") -> str:
    """What stands beside the pointer, as HTML: sentence, labels, length and rate.

    Only the label `first` is shown with its name: ten thousand of these texts are most of the
    figure's weight, and a click shows them all.
    """
    named = [f"{first} <b>{escape(labels[first])}</b>"] if labels.get(first) else []
    others = dict.fromkeys(v for k, v in labels.items() if k not in (first, "split"))
    shown = named + [escape(v) for v in others if v and v != "none"]
    lines = [f"<b>{escape(_wrapped(sentence, 60))}</b>".replace("\n", "<br>")]
    lines += [", ".join(shown[i : i + 7]) for i in range(0, len(shown), 7)]
    return "<br>".join([*lines, measures])


def _wrapped(sentence: str, width: int) -> str:
    lines = [""]
    for word in sentence[:400].split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def own_lines(text: str) -> tuple[list[str], int]:
    """(sentences, how many were left out) of a text area, a sentence a line, at most 200."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines = list(dict.fromkeys(lines))
    return lines[:MOST_OWN], max(0, len(lines) - MOST_OWN)


def trust(atlas: Atlas, kind: str) -> float:
    """Trustworthiness of a projection; NaN where too few sentences allow none."""
    projection = atlas.projection
    return projection.umap_trustworthiness if kind == "umap" else projection.pca_trustworthiness


def readable(explorer: Explorer, sentences: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """(sentences that the model can read, why it cannot read each of the others)."""
    try:
        own_means(explorer, sentences)
    except UserError:
        kept, unread = [], {}
        for sentence in sentences:
            try:
                explorer.encode([sentence])
            except UserError as error:
                unread[sentence] = str(error)
            else:
                kept.append(sentence)
        return kept, unread
    return list(sentences), {}


def own_means(explorer: Explorer, sentences: Sequence[str]) -> npt.NDArray[np.float32]:
    """(N, Z) posterior means of a person's own sentences.

    Raises:
        UserError: one of them is too long; the message says which.
    """
    version = resources.version(explorer.run)
    return _own_means(str(explorer.run.path), version, tuple(sentences), explorer)


@st.cache_data(max_entries=50, show_spinner="Encoding your sentences")
def _own_means(
    path: str, version: str, sentences: tuple[str, ...], _explorer: Explorer
) -> npt.NDArray[np.float32]:
    return _explorer.encode(sentences).mean.numpy()
