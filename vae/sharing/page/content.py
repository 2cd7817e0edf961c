"""What the page to take along knows of a run: numbers and sentences, packed for a script."""

from __future__ import annotations

import base64
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from vae import colours, studies
from vae.corpora.label_types import MEASURED, categories, measures, written
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent.atlas import Atlas
from vae.latent.names import read_names
from vae.latent.places import NEIGHBOURHOOD, Neighbourhoods
from vae.latent.timeline import read_timeline
from vae.runs.history import history
from vae.runs.store import RunDirectory
from vae.studies import dimensions

LONGEST = 300
"""Signs of a sentence that travel; one that a corpus has by mistake may be a book."""

DIALS = 8
_RANGES = 5
# Of `colours.CIVIDIS`: to be told from both grounds.
_SCALE = (2, 4, 6, 7, 8)
_EXAMPLES = 4
LENGTH, RATE = "length", "rate"


@dataclass(frozen=True)
class Points:
    """The sentences of a run's map that travel, and the numbers of each."""

    atlas: Atlas
    rows: npt.NDArray[np.intp]

    @classmethod
    def of(cls, atlas: Atlas, most: int) -> Points:
        """At most so many, evenly of the map's."""
        n = min(most, len(atlas))
        return cls(atlas, np.linspace(0, len(atlas) - 1, n).astype(np.intp))

    @property
    def latents(self) -> bytes:
        """(n, Z) in half precision, as the run itself keeps them."""
        return self.atlas.mean[self.rows].astype("<f2").tobytes()

    def told(self, seed: int) -> dict[str, Any]:
        """Sentences, labels, colourings and the plane of the map, as JSON."""
        projection = self.atlas.projection
        usual = Neighbourhoods.of(self.atlas.mean[self.rows]).usual
        sentences = [cut(self.atlas.sentences[row]) for row in self.rows]
        return {
            "sentences": sentences,
            "total": len(self.atlas) + self.atlas.missing,
            "said": self.atlas.said,
            "neighbours": NEIGHBOURHOOD,
            "usual": None if math.isnan(usual) else usual,
            "ends": _ends(self.atlas, self.rows, seed),
            "labels": {
                cut(name): _column([values[row] for row in self.rows])
                for name, values in self.atlas.labels.items()
                if name != "split"
            },
            "colourings": self._colourings(),
            "plane": {
                "mean": projection.pca_mean.tolist(),
                "axes": projection.pca_components.tolist(),
                "explained": projection.pca_explained.tolist(),
            },
        }

    def _colourings(self) -> list[dict[str, Any]]:
        found = []
        for name, values in self.atlas.labels.items():
            kind, here = self.atlas.types[name], [values[row] for row in self.rows]
            if len(set(here)) < 2 or name == "split":
                continue
            groups = (
                _ranges(measures(here, kind), partial(written, kind=kind))
                if kind in MEASURED
                else _groups(categories(here, kind))
            )
            found.append({"name": cut(name), "ours": False, **groups})
        lengths = self.atlas.lengths[self.rows].astype(float)
        ours = {LENGTH: _ranges(lengths, "{:g}".format)}
        if self.atlas.has_rates:
            ours[RATE] = _ranges(self.atlas.rates[self.rows].astype(float), "{:.1f}".format)
        found += [{"name": name, "ours": True, **groups} for name, groups in ours.items()]
        # First what the plane shows best.
        places = self.atlas.projection.pca[self.rows]
        return sorted(found, key=lambda one: -parted(places, one["of"]))


def parted(places: npt.NDArray[np.floating], of: str) -> float:
    """The share of the variance of places (n, 2) that lies between their groups, 0 to 1."""
    groups = np.frombuffer(base64.b64decode(of), dtype=np.uint8)
    centred = places - places.mean(0)
    whole = float(np.square(centred).sum())
    between = sum(
        float(np.square(centred[groups == g].mean(0)).sum()) * int((groups == g).sum())
        for g in np.unique(groups)
    )
    return between / whole if whole else 0.0


def cut(text: str) -> str:
    """A text, or its beginning where it is too long to travel."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def packed(data: bytes) -> str:
    """Bytes as text in base 64."""
    return base64.b64encode(data).decode()


def _ends(atlas: Atlas, rows: npt.NDArray[np.intp], seed: int) -> list[int]:
    """Two sentences to start a path from: of a usual length, and far from each other."""
    lengths = atlas.lengths[rows]
    usual = np.flatnonzero((lengths >= 4) & (lengths <= 14))
    among = usual if len(usual) > 1 else np.arange(len(rows))
    first = int(np.random.default_rng(seed).choice(among))
    apart = np.linalg.norm(atlas.mean[rows[among]] - atlas.mean[rows[first]], axis=1)
    # Not the farthest, which is an odd one.
    return [first, int(among[np.argsort(apart)[int(0.9 * (len(among) - 1))]])]


def _column(values: Sequence[str]) -> dict[str, Any]:
    different = {value: i for i, value in enumerate(dict.fromkeys(values))}
    of = np.array([different[value] for value in values], dtype="<u2")
    return {"values": [cut(value) for value in different], "of": packed(of.tobytes())}


def _groups(values: Sequence[str]) -> dict[str, Any]:
    """The most frequent values, each a colour; all others, and none, in grey."""
    counts = Counter(value for value in values if value)
    most = [value for value, _ in counts.most_common(len(colours.LABELS))]
    of = {value: i for i, value in enumerate(most)}
    groups = [
        {"label": cut(value), "count": counts[value], "colour": colours.LABELS[i]}
        for i, value in enumerate(most)
    ]
    rest = len(values) - sum(counts[value] for value in most)
    if rest:
        others = [value for value in counts if value not in of]
        alone = cut(others[0]) if len(others) == 1 and counts[others[0]] == rest else None
        groups.append({"label": alone, "count": rest, "colour": colours.NEUTRAL})
    places = np.array([of.get(value, len(most)) for value in values], dtype=np.uint8)
    return {"groups": groups, "of": packed(places.tobytes())}


def _ranges(values: npt.NDArray[np.float64], written: Callable[[float], str]) -> dict[str, Any]:
    """At most five ranges with about as many points each, dark to light; no value is grey."""
    known = np.isfinite(values)
    found = values[known]
    inner = np.quantile(found, np.linspace(0, 1, _RANGES + 1)[1:-1]) if len(found) else found
    used, of = np.unique(np.searchsorted(inner, found), return_inverse=True)
    groups = []
    for g, place in enumerate(used):
        within = found[of == g]
        low, high = written(within.min()), written(within.max())
        label = low if low == high else f"{low} – {high}"
        shade = colours.CIVIDIS[_SCALE[place]]
        groups.append({"label": label, "count": len(within), "colour": shade})
    if not known.all():
        missing = int((~known).sum())
        groups.append({"label": None, "count": missing, "colour": colours.NEUTRAL})
    places = np.full(len(values), len(used), dtype=np.uint8)
    places[known] = of
    return {"groups": groups, "of": packed(places.tobytes())}


def dials(explorer: Explorer) -> list[dict[str, Any]]:
    """The dimensions that carry most, with their rate in nats and what they tell of."""
    kl = explorer.atlas.posterior.kl_per_dimension().mean(0).tolist()
    given: Mapping[int, str] = {}
    told = [""] * len(kl)
    try:
        given = read_names(explorer.run)
        stored = studies.read(explorer.run, "dimensions")
        if stored is not None:
            told = [name.column if name else "" for name in dimensions.read(stored).proposed]
    except UserError:  # damaged: a dial stands for itself
        pass
    order = sorted(range(len(kl)), key=lambda d: -kl[d])[:DIALS]
    named = told if len(told) == len(kl) else [""] * len(kl)
    return [{"d": d, "rate": kl[d], "name": given.get(d, "") or named[d]} for d in order]


def replay(run: RunDirectory) -> tuple[dict[str, Any], bytes] | None:
    """(steps, what was said at each, colours; frames (S, n, 2) in 16 bits); None without any.

    A frame is `scale` times its whole numbers, in standard deviations of the prior.
    """
    try:
        recorded = history(run.read_metrics())
        known = {int(event["step"]): event for event in recorded.snapshots}
        timeline = read_timeline(run, known)
    except UserError:
        return None
    if len(timeline) < 2:
        return None
    scale = max(float(np.abs(timeline.frames).max()), 1e-6) / 32_767
    frames = np.round(timeline.frames / scale).astype("<i2")
    said = [
        [cut(str(text)) for text in known[step].get("reconstructions", [])[:_EXAMPLES]]
        for step in timeline.steps
    ]
    few = {
        name: _groups(values)
        for name, values in timeline.labels.items()
        if 2 <= len(set(values)) <= len(colours.LABELS)
    }
    by = max(few, key=lambda name: parted(timeline.frames[-1], few[name]["of"]), default=None)
    told = {
        "steps": list(timeline.steps),
        "n": timeline.frames.shape[1],
        "scale": scale,
        "rates": timeline.mean_rates.round(3).tolist(),
        "said": said,
        "read": [cut(str(s)) for s in _examples(run)[:_EXAMPLES]],
        "by": by and cut(by),
        "colouring": few[by] if by else None,
    }
    return told, frames.tobytes()


def _examples(run: RunDirectory) -> Sequence[object]:
    found = run.read_json("config.json").get("corpus", {}).get("examples", [])
    return found if isinstance(found, list) else []
