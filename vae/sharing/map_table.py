"""The map of a run as a table for other tools, in parts: nothing of it is built as a whole.

Names of columns are the same in every language, since commands and saved views name them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from vae import scripts
from vae.corpora.label_columns import typed
from vae.latent.atlas import Atlas

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE = 10_000
"""Rows of a part."""

SENTENCE, SAID = "sentence", "decoded"
_OURS = ("projection_x", "projection_y", "pca_x", "pca_y", "neighbors")


def text_column(atlas: Atlas) -> str:
    """The column of the text: "sentence", or "decoded" where the model said it."""
    return SAID if atlas.said else SENTENCE


def label_columns(atlas: Atlas) -> dict[str, str]:
    """Label to the name of its column; no two are alike, case aside, as in a database."""
    taken = {text_column(atlas), "length", "rate", *_OURS}
    named: dict[str, str] = {}
    for label in atlas.labels:
        name, again = label, 1
        while name.casefold() in taken:
            again += 1
            name = f"{label} (label)" if again == 2 else f"{label} ({again})"
        taken.add(name.casefold())
        named[label] = name
    return named


def parts(atlas: Atlas) -> Iterator[pa.Table]:
    """Sentence, labels, rate in nats where there is one, and length, of 10,000 rows at a time.

    Numbers are numbers and dates ISO 8601; a label without a value is null.
    """
    import pyarrow as pa

    columns: dict[str, Any] = {text_column(atlas): atlas.sentences}
    for label, name in label_columns(atlas).items():
        columns[name] = typed(atlas.labels[label], atlas.types[label])
    if atlas.has_rates:
        columns["rate"] = atlas.rates.astype(float).round(3)
    for start in range(0, len(atlas), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        arrays = {name: _array(values[part]) for name, values in columns.items()}
        lengths = [scripts.words(sentence) for sentence in atlas.sentences[part]]
        yield pa.table({**arrays, "length": pa.array(lengths, pa.int32())})


def _array(values: Sequence[Any]) -> pa.Array:
    import pyarrow as pa

    if isinstance(values, list | tuple):
        # Half of a surrogate pair, which a file can hold and UTF-8 cannot.
        whole = [v.encode("utf-8", "replace").decode() or None for v in values]
        return pa.array(whole, pa.string())
    return pa.array(values, from_pandas=True)
