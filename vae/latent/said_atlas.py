"""The map of a run that ships without its text: what the model says at each stored latent.

Such a run stores latents and labels, and no sentence. What the model says there is decoded once on
each machine, in some seconds, and kept in the cache: most of it is what was read, word for word, so
that storing it would be storing the text.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from vae.cache import cache_dir, write_bytes
from vae.corpora.corpus import Corpus, Split
from vae.errors import UserError
from vae.i18n import message
from vae.progress import Progress, silent
from vae.runs.store import RunDirectory

FILE = "labels.parquet"
Say = Callable[[Tensor], list[str]]

_LABEL, _SPLIT = "label:", "split"
_AT_ONCE = 1_000


def said_corpus(
    run: RunDirectory, name: str, say: Say, progress: Progress = silent
) -> tuple[Corpus, np.ndarray[tuple[int], np.dtype[np.uint64]]]:
    """(what the model says at the M latents of a run's map, in order; M keys of what was read).

    Labels and splits are those of the sentences that were read.

    Raises:
        UserError: a file of the map is missing or damaged.
    """
    stored = run.read_arrays("latents.npz")
    labels, split = read_labels(run)
    whole = {"mean", "keys"} <= stored.keys()
    if not whole or not len(stored["mean"]) == len(split) == len(stored["keys"]):
        raise UserError(
            "{path} has not a row for each sentence of the map. Copy the run again.",
            path=run.path / FILE,
        )
    sentences = _said(run, torch.from_numpy(stored["mean"].astype(np.float32)), say, progress)
    return Corpus(name, sentences, labels, assigned=split), stored["keys"]


def write_labels(run: RunDirectory, corpus: Corpus) -> None:
    """Keep labels and splits of the M sentences of a map, and no sentence."""
    columns = {f"{_LABEL}{name}": list(values) for name, values in corpus.labels.items()}
    frame = pd.DataFrame({**columns, _SPLIT: list(corpus.assigned)}, dtype="string")
    frame.to_parquet(run.path / FILE)


def read_labels(run: RunDirectory) -> tuple[dict[str, tuple[str, ...]], tuple[Split, ...]]:
    """(label to M values, M splits) of the sentences of a map.

    Raises:
        UserError: the file is missing or damaged.
    """
    path = run.path / FILE
    try:
        frame = pd.read_parquet(path)
        labels = {
            str(c).removeprefix(_LABEL): tuple(frame[c].astype(str))
            for c in frame.columns
            if str(c).startswith(_LABEL)
        }
        return labels, cast("tuple[Split, ...]", tuple(frame[_SPLIT].astype(str)))
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            "{path} is damaged ({error}). Copy the run again.", path=path, error=str(error)
        ) from error


def _said(run: RunDirectory, mean: Tensor, say: Say, progress: Progress) -> tuple[str, ...]:
    place = _place(run)
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads(place.read_text(encoding="utf-8"))
        if isinstance(kept, list) and len(kept) == len(mean):
            return tuple(map(str, kept))
    said: list[str] = []
    for start in range(0, len(mean), _AT_ONCE):
        said += say(mean[start : start + _AT_ONCE])
        progress(len(said), len(mean), message("Decoding latents"))
    with contextlib.suppress(OSError):  # it is decoded again the next time
        write_bytes(place, json.dumps(said, ensure_ascii=False).encode())
    return tuple(said)


def _place(run: RunDirectory) -> Path:
    """Where it is kept: another model, or other latents, say something else."""
    state = hashlib.blake2b(digest_size=16)
    for file in ("weights.safetensors", "latents.npz", "tokenizer.json"):
        if run.has(file):
            state.update((run.path / file).read_bytes())
    return cache_dir() / "said" / f"{state.hexdigest()}.json"
