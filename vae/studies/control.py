"""Can one property be moved alone? Steering and analogies, where a grammar reads what is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import numpy as np

from vae.corpora.corpus import Corpus, Split
from vae.diagnostics.bootstrap import Interval, share_interval
from vae.diagnostics.label_reader import LabelReader, reader_for
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import message
from vae.latent.directions import Floats, random_steps, value_space
from vae.latent.steering import curves
from vae.progress import Progress, silent
from vae.studies import analogies
from vae.studies.directions import steps_of
from vae.studies.sentences import drawn
from vae.studies.shapes import UnfitError, read_as

STEERED_LABELS = ("tense", "polarity", "mood")
LEARNED = 6_000
STEERED = 1_000
# A shorter measurement is shorter in all its parts.
_LEARNED_EACH = 6
_STRENGTH = 1.0
_HOW = "difference"


@dataclass(frozen=True)
class Steered:
    """Held-out sentences in which one label was moved to another value.

    Attributes:
        n: how many.
        flips, all_stay: share of them in which it flips, and in which all other factors stay.
        stays_worst: share of `stays_worst_n` in which `stays_worst_factor` stays, the worst.
        how: "difference" of means, or along a direction.
        strength: of the step; None where it was not kept.
    """

    n: int
    flips: float
    stays_worst_n: int
    stays_worst: float
    all_stay: float
    stays_worst_factor: str = ""
    how: str = "direction"
    strength: float | None = None

    @property
    def flipped(self) -> Interval:
        """Share in which the label flips (Wilson, 1927)."""
        return _interval(self.flips, self.n)

    @property
    def worst_stays(self) -> Interval:
        """Share in which the worst of the other factors stays (Wilson, 1927)."""
        return _interval(self.stays_worst, self.stays_worst_n)

    @property
    def all_others_stay(self) -> Interval:
        """Share in which all other factors stay at once (Wilson, 1927)."""
        return _interval(self.all_stay, self.n)


def _interval(share: float, n: int) -> Interval:
    if not 0 <= share <= 1 or n < 1:
        raise UnfitError("{share} of {n} is no share", share=share, n=n)
    return share_interval(round(share * n), n)


@dataclass(frozen=True)
class _Steering:
    steering: Mapping[str, Steered | None]


@dataclass(frozen=True)
class _Solved:
    n: int
    exact_match: float


@dataclass(frozen=True)
class _Analogies:
    analogies: _Solved | None = None


def read_steering(result: Mapping[str, Any]) -> Mapping[str, Steered | None]:
    """What a stored result says of each label that was steered; None where it could not be.

    Raises:
        UserError: it has not the shape of this measurement.
    """
    return read_as(_Steering, {"steering": {}, **result}, "control").steering


def read_analogies(result: Mapping[str, Any]) -> Interval | None:
    """Share of analogies that a stored result has exactly right; None where it has none.

    Raises:
        UserError: it has not the shape of this measurement.
    """
    solved = read_as(_Analogies, result, "control").analogies
    return None if solved is None else _interval(solved.exact_match, solved.n)


def measure(
    explorer: Explorer,
    corpus: Corpus,
    *,
    split: str = "test",
    seed: int = 0,
    most: int = STEERED,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Steering of three labels, and analogies.

    Tense, polarity and mood of held-out sentences are each moved to another value by the difference
    of the means of 6,000 training sentences, at strength 1: nothing is chosen by its result. A
    factor that the grammar forces to change with it (time with tense, attitude with polarity) is
    asked to stay only in the sentences in which it can. Every share has its 95% interval (Wilson,
    1927). Random steps of the same length stand beside. What cannot be measured is None.

    Args:
        most: sentences that are steered, and quadruples, at most 1,000.

    Raises:
        UserError: a split has no sentence.
    """
    train = drawn(corpus, "train", min(_LEARNED_EACH * most, LEARNED), seed)
    held_out = drawn(corpus, cast(Split, split), min(most, STEERED), seed)
    progress(0, 1, message("Encoding sentences to steer by"))
    means = explorer.encode(train.sentences).mean.double().numpy()
    reader = reader_for(explorer, train, held_out, progress)
    return {
        "steering": {
            label: _or_none(
                partial(
                    _steered,
                    explorer,
                    reader,
                    label,
                    means,
                    train.labels[label],
                    held_out,
                    seed,
                    progress,
                )
            )
            for label in STEERED_LABELS
        },
        "analogies": _or_none(
            partial(_solved, explorer, held_out, min(most, analogies.MOST), seed, progress)
        ),
    }


def _steered(
    explorer: Explorer,
    reader: LabelReader,
    label: str,
    means: Floats,
    learned: Sequence[str],
    held_out: Corpus,
    seed: int,
    progress: Progress,
) -> dict[str, Any]:
    space = value_space(means, learned)
    rng = np.random.default_rng(seed)
    values = held_out.labels[label]
    targets = [str(rng.choice([v for v in space.values if v != value])) for value in values]
    steps = steps_of(space, list(zip(values, targets, strict=True)), _HOW)
    found = curves(
        explorer,
        reader,
        held_out.sentences,
        {_HOW: steps, "random": random_steps(steps, means, rng)},
        label,
        targets,
        [_STRENGTH],
        progress,
    )
    moved, random = found[_HOW], found["random"]
    worst = moved.worst(0)
    assert worst is not None  # the grammar always leaves a factor free
    return {
        "n": moved.flips.n,
        "how": _HOW,
        "strength": _STRENGTH,
        **_share("flips", moved.flips.share(0)),
        "stays_worst_factor": worst.name,
        "stays_worst_n": worst.n,
        **_share("stays_worst", worst.share(0)),
        **_share("all_stay", moved.all_stay.share(0)),
        **_share("both", moved.both.share(0)),
        "stays": {each.name: each.share(0).value for each in moved.stays},
        "random_flips": random.flips.share(0).value,
        "random_all_stay": random.all_stay.share(0).value,
    }


def _solved(
    explorer: Explorer, held_out: Corpus, most: int, seed: int, progress: Progress
) -> dict[str, Any]:
    found = analogies.measure(explorer, held_out, most, seed, progress)
    each = {f["factor"]: f["exact_match"] for f in found["per_factor"]}
    return {
        "n": found["n"],
        **_share("exact_match", Interval(**found["exact_match"])),
        "unchanged": found["unchanged"]["value"],
        "ceiling": found["ceiling"]["value"],
        "per_factor": {name: share["value"] for name, share in each.items()},
        "n_per_factor": {name: share["n"] for name, share in each.items()},
        "never_alone": found["never_alone"],
    }


def _share(name: str, share: Interval) -> dict[str, Any]:
    return {name: share.value, f"{name}_interval": [share.low, share.high]}


def _or_none(measure: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """None where a model or a handful of sentences does not allow the figure."""
    try:
        return measure()
    except UserError:
        return None
