"""Move sentences along a direction: does the property change, and does all else stay?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch

from vae.diagnostics.bootstrap import Interval, share_interval
from vae.diagnostics.label_reader import LENGTH, LabelReader
from vae.errors import UserError
from vae.i18n import message
from vae.latent.directions import Direction
from vae.latent.parts import decode_in_parts
from vae.models.explorable import Explorable
from vae.progress import Progress, silent

# Label to value.
Values = Mapping[str, str]

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
"""At strength 1 a step is the difference of the means."""

MOST_STRENGTH = 10.0
_MOST_STEPS = 101


@dataclass(frozen=True)
class SteeringStep:
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
class Count:
    """How many of n sentences something holds for, at each of S strengths.

    Attributes:
        name: what was counted.
        n: sentences it was asked of.
        hits: (S,).

    Raises:
        UserError: there is no sentence, or more hits than sentences.
    """

    name: str
    n: int
    hits: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.n < 1 or not all(0 <= hits <= self.n for hits in self.hits):
            raise UserError(
                "The count of '{name}' is not of {n:,} sentences.", name=self.name, n=self.n
            )

    def share(self, at: int) -> Interval:
        """The share at a strength, by its index, with its interval (Wilson, 1927)."""
        return share_interval(self.hits[at], self.n)


@dataclass(frozen=True)
class Curve:
    """What steps of S strengths do to N sentences.

    Attributes:
        strengths: (S,) how many steps each sentence was moved.
        flips: the property reads as the target in what is decoded.
        all_stay: every other label that may stay reads as it did; says nothing without `stays`.
        both: the property flips and all else stays; likewise.
        readable: what is decoded can be read at all; what cannot has neither flipped nor stayed.
        stays: one for each other label, counted among the sentences in which it may stay; empty
            where there is no other label to read.
        by_target: `flips` of the sentences with each target.
    """

    strengths: tuple[float, ...]
    flips: Count
    all_stay: Count
    both: Count
    readable: Count
    stays: tuple[Count, ...]
    by_target: tuple[Count, ...]

    def __post_init__(self) -> None:
        counted = (self.flips, self.all_stay, self.both, self.readable)
        for each in (*counted, *self.stays, *self.by_target):
            if len(each.hits) != len(self.strengths):
                raise UserError(
                    "The counts of '{name}' are not one for each strength.", name=each.name
                )

    def worst(self, at: int) -> Count | None:
        """The label that stays least often at a strength, by its index; None without another."""
        return min(self.stays, key=lambda each: each.hits[at] / each.n, default=None)


def steer(
    explorable: Explorable, direction: Direction, sentence: str, strengths: Sequence[float]
) -> list[SteeringStep]:
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
    return [SteeringStep(float(t), s, places.get(i)) for i, (t, s) in enumerate(pairs)]


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


def curves(
    explorable: Explorable,
    reader: LabelReader,
    sentences: Sequence[str],
    steps: Mapping[str, npt.ArrayLike],
    label: str,
    targets: Sequence[str],
    strengths: Sequence[float] = STRENGTHS,
    progress: Progress = silent,
) -> dict[str, Curve]:
    """What steps do to N sentences at each strength, measured by a reader.

    Every sentence is encoded to its posterior mean, moved by strength times its own step, decoded,
    and read. At strength 0 stands what is lost by encoding and decoding alone. What the grammar
    forces to change with the property is not asked to stay (`Grammar.forced`), nor is the
    length in words, which no property leaves alone. Where probes read, nothing is excused: nobody
    knows which labels must change together. A sentence that cannot be read itself is left out.
    Args:
        steps: kinds of steps by name, each (N, Z): one step for each sentence.
        label: the property that should change; its new value in each sentence is `targets`.

    Raises:
        UserError: the numbers of sentences, steps and targets differ, no sentence can be read, or
            as `steer`.
    """
    each = {kind: np.asarray(x, np.float64) for kind, x in steps.items()}
    for x in each.values():
        _check(explorable, x, strengths)
        if not len(x) == len(sentences) == len(targets):
            raise UserError("Steering needs one step and one target for each sentence.")
    cases = {
        i: _case(reader, values, label, targets[i])
        for i, values in enumerate(reader.read(sentences))
        if values is not None and label in values
    }
    if not cases:
        raise UserError("No sentence was given in which '{label}' can be read.", label=label)
    rows, found = list(cases), {}
    mean = explorable.encode([sentences[i] for i in rows]).mean.double().numpy()
    todo = len(each) * len(strengths)
    for k, (kind, x) in enumerate(each.items()):
        after = []
        for s, strength in enumerate(strengths):
            progress(k * len(strengths) + s, todo, message("Steering {label}", label=label))
            moved = torch.from_numpy(mean + strength * x[rows]).float()
            after.append(reader.read(decode_in_parts(explorable, moved)))
        found[kind] = _counted(strengths, label, list(cases.values()), after)
    progress(todo, todo, message("Steering {label}", label=label))
    return found


@dataclass(frozen=True)
class _Case:
    """What is asked of one sentence: the property's new value, and the values that may stay."""

    target: str
    keep: Values


def forced(reader: LabelReader, values: Values, label: str, target: str) -> frozenset[str]:
    """The other labels that the grammar forces to change where `label` becomes `target`.

    None where probes read, and none for a label that is no factor or a value that is none of its.
    """
    return reader.grammar.forced(values, label, target) if reader.grammar else frozenset()


def _case(reader: LabelReader, values: Values, label: str, target: str) -> _Case:
    excused = {label, LENGTH, *forced(reader, values, label, target)}
    return _Case(target, {k: v for k, v in values.items() if k not in excused})


def _counted(
    strengths: Sequence[float],
    label: str,
    cases: Sequence[_Case],
    after: Sequence[Sequence[Values | None]],
) -> Curve:
    """The counts of S times N readings."""
    said = [[values or {} for values in each] for each in after]

    def table(holds: Callable[[_Case, Values], bool]) -> npt.NDArray[np.bool_]:  # (S, N)
        return np.array([[holds(*pair) for pair in zip(cases, each, strict=True)] for each in said])

    def count(name: str, hits: npt.NDArray[np.bool_]) -> Count:
        return Count(name, hits.shape[1], tuple(map(int, hits.sum(1))))

    flips = table(lambda case, values: values.get(label) == case.target)
    keeps = table(lambda case, values: all(values.get(k) == v for k, v in case.keep.items()))
    targets = np.array([case.target for case in cases])
    stays = []
    for name in dict.fromkeys(k for case in cases for k in case.keep):
        asked = [i for i, case in enumerate(cases) if name in case.keep]
        same = [[each[i].get(name) == cases[i].keep[name] for i in asked] for each in said]
        stays.append(count(name, np.array(same)))
    return Curve(
        strengths=tuple(map(float, strengths)),
        flips=count(label, flips),
        all_stay=count("all others", keeps),
        both=count(f"{label}, and all others stay", flips & keeps),
        readable=count("readable", table(lambda case, values: bool(values))),
        stays=tuple(stays),
        by_target=tuple(count(str(t), flips[:, targets == t]) for t in np.unique(targets)),
    )


def _check(
    explorable: Explorable, steps: npt.NDArray[np.float64], strengths: Sequence[float]
) -> None:
    if steps.ndim != 2 or steps.shape[1] != explorable.latent_dim:
        raise UserError(
            "The direction has {n} dimensions and the model {of_model}: it belongs to another "
            "model.",
            n=steps.shape[-1],
            of_model=explorable.latent_dim,
        )
    if not 1 <= len(strengths) <= _MOST_STEPS:
        raise UserError("Choose from {least} to {most} strengths.", least=1, most=_MOST_STEPS)
    for strength in strengths:
        if not math.isfinite(strength) or abs(strength) > MOST_STRENGTH:
            raise UserError(
                "The strength is {strength:g}; choose one from {low:g} to {high:g}. At 1 a step is "
                "the difference of the means.",
                strength=strength,
                low=-MOST_STRENGTH,
                high=MOST_STRENGTH,
            )
