"""What does each dimension do? The study "dimensions": information, names, ends, and changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from vae.corpora.corpus import Corpus, sentence_key
from vae.diagnostics.label_information import SHUFFLES, countable, information
from vae.diagnostics.label_reader import LabelReader, reader_for, with_length
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent import traversal
from vae.latent.naming import NOT_A_FACTOR, best_names
from vae.models import Posterior
from vae.progress import Progress, silent
from vae.studies.dimensions_read import DimensionStudy
from vae.studies.sentences import drawn

MEASURED = 4_000
MOVED = 200
LEARNED = 3_000
SHOWN = 5
_DIGITS = 5


def measure(
    explorer: Explorer, corpus: Corpus, seed: int = 0, progress: Progress = silent
) -> dict[str, Any]:
    """Information on 4,000 held-out sentences, and what moving 200 of them changes.

    The result holds no sentence, only keys of those of the atlas (`sentence_key`): nobody's text
    travels with a run.

    Raises:
        UserError: the run has no latent space, or too few sentences are held out.
    """
    if explorer.latent_dim == 0:
        raise UserError(
            f"'{explorer.name}' is a plain language model: it has no dimension to study. Choose "
            "another run."
        )
    held_out = drawn(corpus, "test", MEASURED, seed)
    progress(0, 1, f"Encoding {len(held_out):,} held-out sentences")
    posterior = explorer.encode(held_out.sentences)
    mean = posterior.mean.numpy()
    labels = {k: v for k, v in held_out.labels.items() if k not in NOT_A_FACTOR}
    kept, left_out = countable(with_length(labels, held_out.sentences))
    rng = np.random.default_rng(seed)
    told = information(mean, kept, rng, progress=progress)
    names = best_names(told, kept, mean)
    train = drawn(corpus, "train", LEARNED, seed)
    reader = reader_for(explorer, train, held_out, progress)
    moved = rng.permutation(len(mean))[:MOVED]
    return {
        "n": len(mean),
        "shuffles": SHUFFLES,
        "kl": _kl(posterior),
        "information": {
            column: {
                **{k: _list(getattr(found, k)) for k in ("value", "low", "high", "chance")},
                "entropy": round(found.entropy, _DIGITS),
                "values": found.values,
            }
            for column, found in told.items()
        },
        "left_out": left_out,
        "proposed": [name and _rounded(asdict(name)) for name in names],
        "sentences": _ends(explorer),
        "changes": _changes(explorer, reader, posterior.mean[moved], seed, progress),
    }


def check(result: Mapping[str, Any]) -> None:
    """Raise `UserError` where a stored result cannot be shown."""
    DimensionStudy.of(result)


def _kl(posterior: Posterior) -> dict[str, list[float]]:
    """Mean KL of each dimension to the prior, nats, with a normal 95 % interval over sentences."""
    kl = posterior.kl_per_dimension().double().numpy()  # (N, Z)
    reach = 1.96 * kl.std(0) / np.sqrt(len(kl))
    middle = kl.mean(0)
    return {
        "value": _list(middle),
        "low": _list(np.maximum(middle - reach, 0.0)),
        "high": _list(middle + reach),
    }


def _ends(explorer: Explorer) -> list[dict[str, list[str]]]:
    """For each dimension keys of the atlas's sentences at its ends and at its median."""
    try:
        atlas = explorer.atlas
    except UserError:  # no map, or its sentences are not on this machine
        return []
    out = []
    for d in range(atlas.mean.shape[1]):
        order = np.argsort(atlas.mean[:, d], kind="stable")
        half = max(0, (len(order) - SHOWN) // 2)
        rows = {"low": order[:SHOWN], "middle": order[half : half + SHOWN]}
        rows["high"] = order[::-1][:SHOWN]
        out.append({k: [key(atlas.sentences[i]) for i in v] for k, v in rows.items()})
    return out


def key(sentence: str) -> str:
    """`sentence_key` as it stands in the study."""
    return f"{sentence_key(sentence):016x}"


def _changes(
    explorer: Explorer, reader: LabelReader, z: torch.Tensor, seed: int, progress: Progress
) -> dict[str, Any]:
    along = traversal.along_each_dimension(explorer, reader, z, progress)
    generator = torch.Generator().manual_seed(seed)
    control = traversal.along_random_directions(explorer, reader, z, generator)
    return {
        "from": traversal.LOW,
        "to": traversal.HIGH,
        "sentences": len(z),
        "read_by": reader.how,
        "accuracy": _rounded(reader.accuracy),
        "readable": [change.readable for change in along],
        "same": _intervals([change.same for change in along], control.same),
        "labels": {
            label: _intervals([c.labels.get(label) for c in along], control.labels.get(label))
            for label in reader.labels
        },
    }


def _intervals(along: Sequence[Any], control: Any) -> dict[str, Any]:
    """Intervals of Z dimensions as columns; null where nothing could be read."""

    def column(name: str) -> list[float | None]:
        return [None if i is None else round(getattr(i, name), _DIGITS) for i in along]

    random = None if control is None else _rounded(control.to_dict())
    return {**{name: column(name) for name in ("value", "low", "high")}, "random": random}


def _list(values: npt.NDArray[np.floating]) -> list[float]:
    return [round(float(v), _DIGITS) for v in values]


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: round(v, _DIGITS) if isinstance(v, float) else v for k, v in values.items()}
