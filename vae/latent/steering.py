"""Move sentences along a direction: does the property change, and does all else stay?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch

from vae.corpora.agreement import must_change
from vae.corpora.grammar import FACTOR_NAMES, Factors
from vae.diagnostics.bootstrap import Interval, share_interval
from vae.diagnostics.label_reader import GRAMMAR, LENGTH, LabelReader
from vae.errors import UserError
from vae.latent.directions import Direction
from vae.models.explorable import Explorable
from vae.progress import Progress, silent

# Label to value.
Values = Mapping[str, str]

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
"""At strength 1 a step is the difference of the means."""

MOST_STRENGTH = 10.0
_MOST_STEPS = 101
_AT_ONCE = 500


@dataclass(frozen=True)
class Steered:
    """A sentence moved along a direction.

    Attributes:
        strength: how many steps.
        sentence: what the decoder says there.
        place: where that sentence itself is encoded along the direction: 0 at the source's mean, 1
            at the target's; None where nothing was said.
    """

    strength: float
    sentence: str
    place: float | None

    @property
    def beyond(self) -> bool:
        """Whether what was said lies on the target's side of the middle."""
        return self.place is not None and self.place > 0.5


@dataclass(frozen=True)
class Effect:
    """What a strength does to N sentences; every share with its interval (Wilson, 1927).

    Attributes:
        strength: how many steps each was moved.
        flips: the property reads as the target in what is decoded.
        stays: each other label reads as it did, among the sentences in which it may stay; a label
            that may stay in none is left out.
        all_stay: every other label that may stay does.
        both: the property flips and all else stays.
        readable: what is decoded can be read at all; what cannot is neither flipped nor kept.
        by_target: `flips` of the sentences with each target.
    """

    strength: float
    flips: Interval
    stays: Mapping[str, Interval]
    all_stay: Interval
    both: Interval
    readable: Interval
    by_target: Mapping[str, Interval]

    @property
    def worst(self) -> tuple[str, Interval] | None:
        """The label that stays least often; None where there is no other."""
        return min(self.stays.items(), key=lambda item: item[1].value, default=None)


def steer(
    explorable: Explorable, direction: Direction, sentence: str, strengths: Sequence[float]
) -> list[Steered]:
    """One sentence moved along a direction, once for each strength; under a second.

    Raises:
        UserError: the sentence cannot be read, the direction is of another space, or a strength is
            no number within 10 of zero.
    """
    _check(explorable, direction.step[None], strengths)
    mean = explorable.encode([sentence]).mean.double().numpy()
    z = mean + np.asarray(strengths, np.float64)[:, None] * direction.step
    said = explorable.decode(torch.from_numpy(z).float())
    rows = [i for i, s in enumerate(said) if s.strip()]
    places: dict[int, float] = {}
    if rows:
        again = explorable.encode([said[i] for i in rows]).mean.double().numpy()
        places = dict(zip(rows, map(float, direction.place(again)), strict=True))
    pairs = zip(strengths, said, strict=True)
    return [Steered(float(t), s, places.get(i)) for i, (t, s) in enumerate(pairs)]


def with_side(
    reader: LabelReader, explorable: Explorable, direction: Direction, label: str
) -> LabelReader:
    """A reader that also says on which side of a direction's middle a sentence is encoded.

    For a direction of sentences picked by hand, which no label tells of. The new label's values
    are the direction's source and target.
    """

    def read(sentences: Sequence[str]) -> list[Values | None]:
        found = list(reader.read(sentences))
        rows = [i for i, values in enumerate(found) if values is not None]
        if rows:
            z = explorable.encode([sentences[i] for i in rows]).mean.double().numpy()
            for i, place in zip(rows, direction.place(z), strict=True):
                side = direction.target if place > 0.5 else direction.source
                found[i] = {**(found[i] or {}), label: side}
        return found

    return replace(reader, labels=(*reader.labels, label), read=read)


def effects(
    explorable: Explorable,
    reader: LabelReader,
    sentences: Sequence[str],
    steps: npt.ArrayLike,
    label: str,
    targets: Sequence[str],
    strengths: Sequence[float] = STRENGTHS,
    progress: Progress = silent,
) -> list[Effect]:
    """What steps (N, Z) do to N sentences at each strength, measured by a reader.

    Every sentence is encoded to its posterior mean, moved by strength times its own step, decoded,
    and read. At strength 0 stands what is lost by encoding and decoding alone. What the grammar
    forces to change with the property is not asked to stay (`vae.corpora.agreement`), nor is the
    length in words, which no property leaves alone. Where probes read, nothing is excused: nobody
    knows which labels must change together.

    Args:
        label: the property that should change; its value in each sentence should be `targets`.

    Raises:
        UserError: the numbers of sentences, steps and targets differ, no sentence can be read, or
            as `steer`.
    """
    x = np.asarray(steps, np.float64)
    _check(explorable, x, strengths)
    if not len(x) == len(sentences) == len(targets):
        raise UserError("Steering needs one step and one target for each sentence.")
    before = reader.read(sentences)
    rows = [i for i, values in enumerate(before) if values is not None and label in values]
    if not rows:
        raise UserError(f"No sentence was given in which '{label}' can be read.")
    mean = explorable.encode([sentences[i] for i in rows]).mean.double().numpy()
    cases = [_case(reader, before[i], label, targets[i]) for i in rows]
    found = []
    for done, strength in enumerate(strengths):
        progress(done, len(strengths), f"Steering {label}")
        said = _decoded(explorable, mean + strength * x[rows])
        found.append(_effect(float(strength), reader.read(said), label, cases))
    progress(len(strengths), len(strengths), f"Steering {label}")
    return found


@dataclass(frozen=True)
class _Case:
    """What is asked of one sentence: the property's new value, and the values that may stay."""

    target: str
    keep: Values


def _case(reader: LabelReader, values: Values | None, label: str, target: str) -> _Case:
    assert values is not None
    excused = {label, LENGTH}
    if reader.how == GRAMMAR and label in FACTOR_NAMES:
        factors = Factors(**{name: values[name] for name in FACTOR_NAMES})
        excused |= must_change(factors, label, target)
    return _Case(target, {k: v for k, v in values.items() if k not in excused})


def _effect(
    strength: float, after: Sequence[Values | None], label: str, cases: Sequence[_Case]
) -> Effect:
    n = len(cases)
    flips = np.zeros(n, bool)
    keeps = np.ones(n, bool)
    stays: dict[str, list[bool]] = {}
    for i, (case, values) in enumerate(zip(cases, after, strict=True)):
        flips[i] = values is not None and values.get(label) == case.target
        for name, value in case.keep.items():
            same = values is not None and values.get(name) == value
            stays.setdefault(name, []).append(same)
            keeps[i] &= same
    targets = np.array([case.target for case in cases])
    return Effect(
        strength=strength,
        flips=_share(flips),
        stays={name: _share(np.array(same)) for name, same in stays.items()},
        all_stay=_share(keeps),
        both=_share(flips & keeps),
        readable=_share(np.array([values is not None for values in after])),
        by_target={str(t): _share(flips[targets == t]) for t in np.unique(targets)},
    )


def _share(hits: npt.NDArray[np.bool_]) -> Interval:
    return share_interval(int(hits.sum()), len(hits))


def _decoded(explorable: Explorable, z: npt.NDArray[np.float64]) -> list[str]:
    """The sentences at latents (N, Z), so many at a time that memory stays bounded."""
    latents = torch.from_numpy(z).float()
    return [s for part in latents.split(_AT_ONCE) for s in explorable.decode(part)]


def _check(
    explorable: Explorable, steps: npt.NDArray[np.float64], strengths: Sequence[float]
) -> None:
    if steps.ndim != 2 or steps.shape[1] != explorable.latent_dim:
        raise UserError(
            f"The direction has {steps.shape[-1]} dimensions and the model "
            f"{explorable.latent_dim}: it belongs to another model."
        )
    if not 1 <= len(strengths) <= _MOST_STEPS:
        raise UserError(f"Choose from 1 to {_MOST_STEPS} strengths.")
    for strength in strengths:
        if not math.isfinite(strength) or abs(strength) > MOST_STRENGTH:
            raise UserError(
                f"The strength is {strength:g}; choose one from {-MOST_STRENGTH:g} to "
                f"{MOST_STRENGTH:g}. At 1 a step is the difference of the means."
            )
