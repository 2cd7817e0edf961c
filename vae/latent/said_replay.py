"""The replay of a run that ships without its text: what the model says where a sentence would be.

Snapshots keep the texts that a model said while it learned, and more and more of them are sentences
of its text. Such a run keeps, in place of each of these, the latent at which the trained model says
it: `mean` (M, Z) of snapshots/said.npz. Of a watched sentence and of an example (`watched` (n,),
`examples` (E,): rows of `mean`) that is the posterior mean, whatever the model says there; of a
text of a snapshot (`places` (K, 4): step, list, place in it, row) only where the model says that
text word for word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vae.corpora.corpus import Corpus, normalise, sentence_key
from vae.errors import UserError
from vae.latent.atlas import matched
from vae.latent.timeline import FOLDER, SENTENCES, Timeline
from vae.models.explorable import Explorable
from vae.runs.history import Event, History
from vae.runs.store import Arrays, RunDirectory

FILE = f"{FOLDER}/said.npz"
LISTS = ("reconstructions", "samples", "interpolation")
"""The lists of texts of a snapshot's event."""

IsText = Callable[[str], bool]


def write(
    run: RunDirectory, made: RunDirectory, model: Explorable, corpus: Corpus, is_text: IsText
) -> None:
    """Copy the points of a run's snapshots, and keep latents in place of the sentences there.

    Args:
        made: the run to write to; nothing is written where `run` has no snapshots.
        corpus: has the labels that the points shall have.
        is_text: whether a text may not be kept.
    """
    points = sorted(path for path in (run.path / FOLDER).glob("*.npz") if path.stem.isdecimal())
    if not points or not run.has(SENTENCES):
        return
    watched = [str(s) for s in run.read_json(SENTENCES).get("sentences", [])]
    examples = [str(s) for s in run.read_json("config.json")["corpus"]["examples"]]
    places = [
        (int(event["step"]), LISTS.index(name), i, text)
        for event in run.read_metrics()
        if event.get("event") == "snapshot"
        for name in LISTS
        for i, text in enumerate(event.get(name) or ())
        if is_text(text)
    ]
    texts = list(dict.fromkeys([*watched, *examples, *(text for *_, text in places)]))
    mean = model.encode(texts).mean.half()  # (M, Z)
    said = model.decode(mean.float())
    row = {text: i for i, text in enumerate(texts)}
    again = {i for i, text in enumerate(texts) if normalise(said[i]) == normalise(text)}
    kept = [(*place, row[text]) for *place, text in places if row[text] in again]
    for path in points:
        made.write_arrays(f"{FOLDER}/{path.name}", run.read_arrays(f"{FOLDER}/{path.name}"))
    made.write_arrays(
        FILE,
        {
            "mean": mean.numpy(),
            "watched": np.array([row[s] for s in watched], dtype=np.int32),
            "examples": np.array([row[s] for s in examples], dtype=np.int32),
            "places": np.array(kept, dtype=np.int32).reshape(-1, 4),
        },
    )
    labels = _labels(watched, corpus)
    made.write_json(SENTENCES, {"sentences": [""] * len(watched), "labels": labels})


def without(event: Mapping[str, Any], is_text: IsText) -> dict[str, Any]:
    """The event of a snapshot, empty where a text may not be kept; every other is as it was."""
    if event.get("event") != "snapshot":
        return dict(event)
    lists = {name: event[name] for name in LISTS if isinstance(event.get(name), list)}
    emptied = {name: ["" if is_text(s) else s for s in texts] for name, texts in lists.items()}
    return {**event, **emptied}


@dataclass(frozen=True)
class SaidReplay:
    """What a model says in place of its text.

    Attributes:
        said: at each latent that is kept.
        stored: the file.
    """

    said: tuple[str, ...]
    stored: Arrays

    @property
    def examples(self) -> tuple[str, ...]:
        """Where the examples lie."""
        return tuple(self.said[i] for i in self.stored["examples"])

    def timeline(self, timeline: Timeline) -> Timeline:
        """The points with what is said where the model keeps each of the sentences."""
        sentences = tuple(self.said[i] for i in self.stored["watched"])
        fits = len(sentences) == timeline.frames.shape[1]
        return replace(timeline, sentences=sentences) if fits else timeline

    def history(self, history: History, left_out: str) -> History:
        """The snapshots with their texts; `left_out` stands where one is said nowhere any more."""
        texts = {tuple(place[:3]): self.said[place[3]] for place in self.stored["places"].tolist()}

        def filled(event: Event) -> Event:
            lists = {
                name: [
                    text or texts.get((int(event["step"]), at, i), left_out)
                    for i, text in enumerate(event[name])
                ]
                for at, name in enumerate(LISTS)
                if isinstance(event.get(name), list)
            }
            return {**event, **lists}

        return replace(history, snapshots=tuple(map(filled, history.snapshots)))


def read(run: RunDirectory, say: Callable[[Tensor], list[str]]) -> SaidReplay | None:
    """What a run says in place of its text; None of a run that has its sentences.

    Raises:
        UserError: the file is damaged.
    """
    if not run.has(FILE):
        return None
    stored = run.read_arrays(FILE)
    check(stored, run)
    said = say(torch.from_numpy(stored["mean"].astype(np.float32)))
    return SaidReplay(tuple(said), stored)


def check(stored: Arrays, run: RunDirectory) -> None:
    """Refuse arrays that are not those of `write`.

    Raises:
        UserError: they are not.
    """
    try:
        mean, places = stored["mean"], stored["places"]
        rows = np.concatenate([stored["watched"], stored["examples"], places[:, 3]])
        whole = mean.ndim == 2 and places.shape[1] == 4 and rows.dtype.kind == "i"
        whole = whole and bool(((rows >= 0) & (rows < len(mean))).all())
        whole = whole and mean.dtype.kind == "f" and bool(np.isfinite(mean).all())
    except (KeyError, ValueError, IndexError):
        whole = False
    if not whole:
        raise UserError("{path} is damaged. Copy the run again.", path=run.path / FILE)


def _labels(watched: Sequence[str], corpus: Corpus) -> dict[str, list[str]]:
    keys = np.array([sentence_key(s) for s in watched], dtype=np.uint64)
    rows = matched(keys, corpus.keys)
    if (rows < 0).any():
        return {}
    return {name: [values[i] for i in rows] for name, values in corpus.labels.items()}
