"""Can one property be steered? The study "directions": where values lie, and what moving does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from vae.corpora.corpus import Corpus
from vae.corpora.label_ranges import with_ranges
from vae.diagnostics.label_reader import LabelReader, reader_for
from vae.diagnostics.samples import Reason
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import message
from vae.latent.directions import (
    HOWS,
    REST,
    Floats,
    ValueSpace,
    random_steps,
    told_apart,
    value_space,
)
from vae.latent.steering import curves
from vae.models.explorable import NotAvailableError, where_available
from vae.progress import Progress, silent
from vae.studies import analogies
from vae.studies.directions_read import MOST_LABELS, RANDOM
from vae.studies.directions_read import read as read  # as of every study, here
from vae.studies.sentences import drawn
from vae.studies.shapes import rounded

LEARNED = 6_000
HELD_OUT = 2_000
STEERED = 1_000
FEWEST = 20
"""Training sentences of a value that has a place of its own."""

MOST_VALUES = 40
MOST_TARGETS = 10
OTHERS = "all others"
_DIGITS = 4  # less than the error of any figure here


def measure(
    explorer: Explorer, corpus: Corpus, seed: int = 0, progress: Progress = silent
) -> dict[str, Any]:
    """Directions of every label from 6,000 training sentences, tried on held-out ones.

    For each label: where its values lie (`ValueSpace`, which gives every direction); how well the
    directions to its ten commonest values tell 2,000 held-out sentences apart; and what moving
    1,000 of them does, each from its own value to another drawn at random, along both kinds of
    direction and along random ones of the same length. Values of fewer than 20 training sentences
    are one value together, as are those beyond the 39th. Of a number or a date the values are its
    thirds (`vae.corpora.label_ranges`). The result holds no sentence of a corpus
    that is somebody's, and is checked by `read`.

    Raises:
        NotAvailableError: the run has no latent space.
        UserError: no sentence is held out.
    """
    if explorer.latent_dim == 0:
        raise NotAvailableError(
            "'{run}' is a plain language model: it has no latent space to steer in. Choose another "
            "run.",
            run=explorer.name,
        )
    corpus = with_ranges(corpus)
    train = grouped(drawn(corpus, "train", LEARNED, seed))
    held_out = drawn(corpus, "test", HELD_OUT, seed)
    progress(0, 1, message("Encoding sentences"))
    bench = _Bench(
        explorer,
        reader_for(explorer, train, _among(held_out, train), progress),
        _among(held_out, train),
        explorer.encode(held_out.sentences).mean.double().numpy(),
        seed,
        progress,
    )
    means = explorer.encode(train.sentences).mean.double().numpy()
    labels: list[dict[str, Any]] = []
    left_out = []
    for label, values in train.labels.items():
        try:
            if len(labels) == MOST_LABELS:
                raise UserError(Reason.of("many-labels", most=MOST_LABELS).message)
            labels.append(rounded(_label(bench, label, _space(means, values)), _DIGITS))
        except UserError as error:
            left_out.append({"label": label, "why": asdict(Reason.error(error))})
    return {
        "n_train": len(train),
        "n_held_out": len(held_out),
        "read_by": bench.reader.how,
        "probes": [
            {"label": label, "accuracy": right, "majority": bench.reader.majority.get(label)}
            for label, right in bench.reader.accuracy.items()
        ],
        "labels": labels,
        "left_out": left_out,
        "analogies": _analogies(bench, held_out) if corpus.grammar else None,
    }


@dataclass(frozen=True)
class _Bench:
    """What every label is tried on: held-out sentences, their means (N, Z), and who reads."""

    explorer: Explorer
    reader: LabelReader
    held_out: Corpus
    means: Floats
    seed: int
    progress: Progress


def _label(bench: _Bench, label: str, space: ValueSpace) -> dict[str, Any]:
    commonest = np.argsort(-space.counts, kind="stable")
    targets = [space.values[i] for i in commonest if space.values[i] != OTHERS][:MOST_TARGETS]
    return {
        "label": label,
        "values": space.values,
        "counts": space.counts.tolist(),
        "means": space.means.tolist(),
        "normals": space.normals.tolist(),
        "targets": targets,
        "told": _told(bench, label, space, targets),
        "steering": where_available(lambda: _steering(bench, label, space, targets)),
    }


def _told(
    bench: _Bench, label: str, space: ValueSpace, targets: Sequence[str]
) -> list[dict[str, Any]]:
    """Held-out accuracy of each target against the rest and, where they are few, of each pair.

    A pair of which one value is not held out is left out; a sentence without a value is of neither.
    """
    pairs = [(REST, target) for target in targets] if len(space.values) > 2 else []
    if len(space.values) <= MOST_TARGETS:
        pairs += list(combinations(space.values, 2))
    rows = [i for i, value in enumerate(bench.held_out.labels[label]) if value]
    values = [bench.held_out.labels[label][i] for i in rows]
    rng = np.random.default_rng(bench.seed)
    found = []
    for source, target in pairs:
        sources = {*values} - {target} if source == REST else {*values} & {source}
        if target not in values or not sources:
            continue
        for how in HOWS:
            direction = space.direction(target, source, how)
            told = told_apart(space, direction, bench.means[rows], values, rng)
            found.append({"source": source, "target": target, "how": how, "told": asdict(told)})
    return found


def _steering(
    bench: _Bench, label: str, space: ValueSpace, targets: Sequence[str]
) -> list[dict[str, Any]]:
    """Curves of both kinds of direction and of random ones, on the same sentences and targets."""
    rng = np.random.default_rng(bench.seed)
    values = bench.held_out.labels[label]
    able = [i for i, v in enumerate(values) if v in space.values and {*targets} - {v}]
    rows = rng.permutation(able)[:STEERED]
    moves = [(values[i], str(rng.choice([t for t in targets if t != values[i]]))) for i in rows]
    sentences = [bench.held_out.sentences[i] for i in rows]
    steps = {how: steps_of(space, moves, how) for how in HOWS}
    steps[RANDOM] = random_steps(steps["difference"], bench.means, rng)
    found = curves(
        bench.explorer,
        bench.reader,
        sentences,
        steps,
        label,
        [target for _, target in moves],
        progress=bench.progress,
    )
    return [{"how": how, "curve": asdict(each)} for how, each in found.items()]


def steps_of(space: ValueSpace, moves: Sequence[tuple[str, str]], how: str) -> Floats:
    """(N, Z) steps of N moves, each from a source to a target.

    Raises:
        UserError: as `ValueSpace.direction`.
    """
    step = {move: space.direction(move[1], move[0], how).step for move in dict.fromkeys(moves)}
    return np.array([step[move] for move in moves]).reshape(len(moves), space.means.shape[1])


def _analogies(bench: _Bench, held_out: Corpus) -> dict[str, Any] | None:
    return where_available(
        lambda: analogies.measure(
            bench.explorer, held_out, analogies.MOST, bench.seed, bench.progress
        )
    )


def _space(means: Floats, values: Sequence[str]) -> ValueSpace:
    """The space of the values that a sentence has; "" is none."""
    rows = [i for i, value in enumerate(values) if value]
    if len({values[i] for i in rows}) < 2:
        raise UserError(Reason.of("few-valued", needed=FEWEST).message)
    return value_space(means[rows], [values[i] for i in rows])


def grouped(train: Corpus) -> Corpus:
    """Values with too few sentences, or beyond the 39th, as `OTHERS`; "" where these are few."""
    labels = {}
    for label, values in train.labels.items():
        common = Counter(v for v in values if v).most_common(MOST_VALUES - 1)
        kept = {value for value, n in common if n >= FEWEST}
        others = OTHERS if sum(bool(v) and v not in kept for v in values) >= FEWEST else ""
        labels[label] = tuple(v if v in kept else v and others for v in values)
    return replace(train, labels=labels)


def _among(held_out: Corpus, train: Corpus) -> Corpus:
    """Held-out sentences with the values that the training sentences have, grouped as those are."""
    labels = {}
    for label, values in held_out.labels.items():
        known = set(train.labels[label])
        others = OTHERS if OTHERS in known else ""
        labels[label] = tuple(v if v in known else v and others for v in values)
    return replace(held_out, labels=labels)
