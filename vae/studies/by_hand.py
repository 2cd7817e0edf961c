"""What a direction of two sets of sentences does to others: asked on a page, and not kept.

A set is a person's own, and so few sentences are moved that the answer comes in about a second.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from vae.corpora.label_ranges import with_ranges
from vae.diagnostics.label_reader import LabelReader, reader_for
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent.directions import Direction, Floats, random_steps
from vae.latent.set_direction import TARGET
from vae.latent.steering import Curve, curves, with_side
from vae.models.explorable import where_available
from vae.studies.directions_read import RANDOM
from vae.studies.sentences import corpus_of_map, drawn

MOVED = 60
SIDE = "side"
_LEARNED = 1_000
_HELD_OUT = 500


@dataclass(frozen=True)
class Tried:
    """What moving n sentences along a direction does.

    Attributes:
        curves: the direction's kind and `RANDOM`, which goes as far, to what each does; the
            property is `SIDE`: on which side of the direction's middle a sentence is encoded.
        n: sentences moved.
        read_by: "grammar" or "probes": who read the other labels.
    """

    curves: Mapping[str, Curve]
    n: int
    read_by: str


def tried(
    explorer: Explorer, direction: Direction, given: Collection[str], seed: int = 0
) -> Tried | None:
    """Move 60 sentences of the map along a direction between two sets (`vae.latent.set_direction`).

    They lie on the side of the first set and are not `given`; where there are any, the model did
    not learn from them. None where the run has no map, or its model cannot decode.

    Raises:
        UserError: as `vae.latent.steering.curves`.
    """
    reader = _reader(explorer, seed)
    sentences = [] if reader is None else _others(explorer, direction, given, seed)
    if reader is None or not sentences:
        return None
    steps = np.repeat(direction.step[None], len(sentences), 0)
    kinds = {direction.how: steps, RANDOM: _random(explorer, steps, seed)}
    sided = with_side(reader, explorer, direction, SIDE)
    targets = [TARGET] * len(sentences)
    done = where_available(lambda: curves(explorer, sided, sentences, kinds, SIDE, targets))
    return None if done is None else Tried(done, len(sentences), reader.how)


def _random(explorer: Explorer, steps: Floats, seed: int) -> Floats:
    return random_steps(steps, explorer.atlas.mean, np.random.default_rng(seed))


def _others(
    explorer: Explorer, direction: Direction, given: Collection[str], seed: int
) -> list[str]:
    atlas = explorer.atlas
    known = set(given)
    rows = np.flatnonzero(direction.place(atlas.mean) <= 0.5)
    rows = np.array([i for i in rows.tolist() if atlas.sentences[i] not in known], dtype=np.intp)
    held_out = rows[[atlas.labels["split"][i] == "test" for i in rows.tolist()]]
    chosen = np.random.default_rng(seed).permutation(held_out if len(held_out) else rows)[:MOVED]
    return [atlas.sentences[int(i)] for i in chosen]


def _reader(explorer: Explorer, seed: int) -> LabelReader | None:
    """Who reads the sentences of this run; None where it has no map to learn it from."""
    try:
        corpus = with_ranges(corpus_of_map(explorer))
        train = drawn(corpus, "train", _LEARNED, seed)
        return reader_for(explorer, train, drawn(corpus, "test", _HELD_OUT, seed))
    except UserError:
        return None
