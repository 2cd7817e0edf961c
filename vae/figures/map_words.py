"""What stands beside the pointer at a point of the map: as HTML for a figure, or packed for a page.

Words are most of a map's weight. A page sends them once, whatever the map is coloured by, and a
browser keeps them by their digest.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from vae.corpora.label_types import NO_VALUE
from vae.figures.frame import plain
from vae.i18n import listed, ngettext
from vae.latent.atlas import Atlas
from vae.latent.large_atlas import STARTS, TEXT, LargeAtlas
from vae.scripts import is_unspaced, isolated, wrap

_WRAP, _LONGEST = 60, 400


def copies(n: int) -> str:
    """That a sentence is written n more times."""
    return ngettext("{n:,} copy", "{n:,} copies", n)


def hover_texts(atlas: Atlas, first: str) -> list[str]:
    """What stands beside the pointer at each point, the label `first` with its name."""
    rows = zip(atlas.sentences, measure_texts(atlas), strict=True)
    return [
        point_text(
            sentence,
            {c: v[i] for c, v in atlas.labels.items()},
            measures,
            first,
        )
        for i, (sentence, measures) in enumerate(rows)
    ]


def measure_texts(atlas: Atlas) -> list[str]:
    """How long each sentence is, its rate, and how many copies it has."""
    rows = zip(_measures(atlas), atlas.copies.tolist(), strict=True)
    return [listed([said, copies(n)], "unit") if n else said for said, n in rows]


def _measures(atlas: Atlas) -> Iterator[str]:
    rates = atlas.rates.tolist() if atlas.has_rates else None
    return _measures_said(atlas.lengths.tolist(), rates, signs=is_unspaced(atlas.sentences))


def _measures_said(
    lengths: Sequence[int], rates: Sequence[float] | None, *, signs: bool
) -> Iterator[str]:
    if rates is None:
        if signs:
            return (ngettext("{n} character", "{n} characters", n) for n in lengths)
        return (ngettext("{n} word", "{n} words", n) for n in lengths)
    rated = zip(lengths, rates, strict=True)
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
    named = [f"{plain(first)} <b>{plain(labels[first])}</b>"] if labels.get(first) else []
    if first in labels and not named:
        named = [f"{plain(first)} {NO_VALUE}"]
    others = dict.fromkeys(v for k, v in labels.items() if k not in (first, "split"))
    shown = named + [plain(v) for v in others if v]
    lines = [f"<b>{plain(_wrapped(sentence))}</b>".replace("\n", "<br>")]
    lines += [listed(shown[i : i + 7], "unit") for i in range(0, len(shown), 7)]
    return "<br>".join([*lines, measures])


def _wrapped(sentence: str) -> str:
    return "\n".join(map(isolated, wrap(sentence[:_LONGEST], _WRAP)))


def _as_it_is(label: str, value: str) -> str:
    return value


def packed(atlas: Atlas, valued: Callable[[str, str], str] = _as_it_is) -> bytes:
    """The sentences of an atlas, their labels and measures, as JSON in gzip.

    A label is its different values, and which of them each sentence has: little-endian integers
    of 1, 2 or 4 bytes in base 64, as `width` says. The split is left out.

    Args:
        valued: what a value of a label is called, of (label, value).
    """
    columns = {name: _column(v) for name, v in atlas.labels.items() if name != "split"}
    for name, column in columns.items():
        column["values"] = [valued(name, value) for value in column["values"]]
    words = {
        "sentences": [sentence[:_LONGEST] for sentence in atlas.sentences],
        "labels": columns,
        "measures": _column(measure_texts(atlas)),
    }
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode("utf-8", "replace"), mtime=0)


def packed_large(
    atlas: LargeAtlas,
    url: Callable[[str], str],
    valued: Callable[[str, str], str] = _as_it_is,
) -> bytes:
    """As `packed`, where a browser fetches sentences and codes from files, as it needs them.

    Args:
        url: the address of a file of the map.
        valued: what a value of a label is called, of (label, value).
    """
    labels = {name: known for name, known in atlas.facts["labels"].items() if name != "split"}
    measures = atlas.facts["measures"]
    words = {
        "files": {"text": url(TEXT), "starts": url(STARTS)},
        "labels": {
            name: _fetched([valued(name, value) for value in k["values"]], k["file"], url)
            for name, k in labels.items()
        },
        "measures": _fetched(_said_measures(atlas, measures["pairs"]), measures["file"], url),
        "longest": _LONGEST,
    }
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode("utf-8", "replace"), mtime=0)


def _fetched(values: Sequence[str], file: str, url: Callable[[str], str]) -> dict[str, Any]:
    return {"values": list(values), "url": url(file), "width": int(file.rsplit(".u")[-1]) // 8}


def _said_measures(atlas: LargeAtlas, pairs: Sequence[tuple[int, int]]) -> list[str]:
    lengths = [length for length, _ in pairs]
    rates = [tenths / 10 for _, tenths in pairs] if atlas.has_rates else None
    return list(_measures_said(lengths, rates, signs=bool(atlas.facts["unspaced"])))


def _column(values: Sequence[str]) -> dict[str, Any]:
    different = {value: i for i, value in enumerate(dict.fromkeys(values))}
    of = np.array([different[value] for value in values])
    codes = of.astype(np.min_scalar_type(len(different)).newbyteorder("<"))
    return {
        "values": list(different),
        "of": base64.b64encode(codes.tobytes()).decode(),
        "width": codes.itemsize,
    }
