"""Is a model any good? What comes back of sentences, and what came of its training, in one word.

The bounds are ours: no paper sets any. A verdict is given where the whole 95% interval of the share
that decides lies on its side; where only the share itself does, there are too few sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from vae.diagnostics.bootstrap import Interval, bootstrap, share_of
from vae.diagnostics.course import Course

Verdict = Literal[
    "healthy",
    "flawed",
    "partial",
    "collapsed",
    "untrained",
    "diverged",
    "falling",
    "memorises",
    "forgets",
    "undecided",
]
Grade = Literal["good", "fair", "poor"]

FEW_UPDATES = 100
"""Updates before which nothing is said of z: Adam's steps have hardly left the first draw."""
FAST = 0.03
"""Share of a sentence's cost; a distortion that lost more in the last fifth was still falling."""
KNOWN = 0.2
"""Share of the training sentences that come back from which a model can know them by heart."""
ALIKE = 0.5
"""Held-out sentences that come back less than so many times as often as those of the training do
were not learned but memorised."""
FORGETS = 1 / 3
"""Share of the tokens that another sentence's z gets wrong and its own gets right, below which
what is said has little to do with what was read."""
RETURNS = 0.5
"""The same share, from which what comes back is good."""


@dataclass(frozen=True)
class RoundTrip:
    """What comes back of `n` sentences that are encoded, and decoded greedily from the mean.

    Attributes:
        exact: share that comes back as it is.
        tokens: share of tokens that stand where they stood, ends counted.
        another: the same for what the mean of another sentence says; None where all say the same.
        told: (tokens - another) / (1 - another), the share of what another's mean gets wrong that
            its own gets right, of the lesser side's sign; None where `another` is, or leaves none.
    """

    n: int
    exact: Interval
    tokens: float
    another: float | None = None
    told: Interval | None = None


def round_trip(
    exact: Sequence[bool],
    lengths: Sequence[int],
    own: Sequence[int],
    another: Sequence[int] | None,
    rng: np.random.Generator,
) -> RoundTrip:
    """Of N sentences: whether each comes back, its tokens, and how many stand where they stood.

    Args:
        exact, lengths, own: (N,) of the sentence's own mean.
        another: (N,) of the mean of another sentence; None where there is none.

    Raises:
        UserError: there is no sentence.
    """
    hits = share_of(exact)
    size, mine = np.array(lengths, dtype=float), np.array(own, dtype=float)
    tokens = float(mine.sum() / size.sum())
    if another is None:
        return RoundTrip(len(exact), hits, tokens)
    other = np.array(another, dtype=float)
    if not (size - other).sum() > 0:
        return RoundTrip(len(exact), hits, tokens, float(other.sum() / size.sum()))

    def told(rows: npt.NDArray[np.intp]) -> float:
        wrong = (size[rows] - other[rows]).sum()
        return float((mine[rows] - other[rows]).sum() / wrong) if wrong > 0 else 0.0

    share = float(other.sum() / size.sum())
    return RoundTrip(len(exact), hits, tokens, share, bootstrap(told, len(exact), rng))


def fitness(
    *,
    nll: float | None,
    unigram: float | None,
    diverged: bool,
    used: Grade,
    held: RoundTrip | None,
    trained: RoundTrip | None,
    course: Course | None,
) -> Verdict:
    """What is to be said of a model first; "healthy" where nothing is against it.

    Memorises: training sentences come back, and held-out ones far less often, or not and cost more
    than the frequencies of their words. Diverged: a sentence
    costs far more than by the frequencies of its words. Untrained: it costs no less than that, or
    there were few updates and z is of no use yet. Falling: z is of no use yet, or what comes back
    has little to do with what was said, and the distortion was still falling fast. Collapsed and
    partial: z is not used. Forgets: it is, and not for what was said. Undecided: by the figures it
    memorises or forgets, but on so few sentences that it may be chance.

    Args:
        nll, unigram: what a held-out sentence costs, and what it would by its words' frequencies.
        diverged: whether the first is far above the second, or no number.
        used: whether z is (`vae.diagnostics.judgement`).
        held, trained: what comes back of held-out sentences, and of training sentences.
        course: how the training went. Each is None where it is not known.
    """
    costly = nll is not None and unigram is not None and nll >= unigram
    if memorises(held, trained) or (costly and known(trained) and not known(held)):
        return "memorises"
    # What comes back has been learned, whatever the bound of its likelihood is.
    if (diverged or costly) and not known(held):
        return "diverged" if diverged else "untrained"
    told = None if held is None else held.told
    poor = used != "good" or (told is not None and told.value < FORGETS)
    if poor and course is not None:
        if course.updates < FEW_UPDATES:
            return "untrained"
        if course.falling is not None and course.falling > FAST:
            return "falling"
    if used != "good":
        return "collapsed" if used == "poor" else "partial"
    if told is not None and told.high < FORGETS:
        return "forgets"
    seems = told is not None and told.value < FORGETS
    return "undecided" if seems or _seems_to_memorise(held, trained) else "healthy"


def known(trip: RoundTrip | None) -> bool:
    """Whether sentences come back, in words or at least in most of their tokens."""
    if trip is None:
        return False
    return trip.exact.low > KNOWN or (trip.told is not None and trip.told.low > RETURNS)


def memorises(held: RoundTrip | None, trained: RoundTrip | None) -> bool:
    """Whether training sentences come back and held-out ones do not, beyond chance."""
    return by_heart(held, trained) or by_tokens(held, trained)


def by_heart(held: RoundTrip | None, trained: RoundTrip | None) -> bool:
    """Whether it shows in the sentences that come back word for word."""
    if held is None or trained is None:
        return False
    return trained.exact.low > KNOWN and held.exact.high < ALIKE * trained.exact.low


def by_tokens(held: RoundTrip | None, trained: RoundTrip | None) -> bool:
    """Whether it shows in the tokens, as of sentences too long to come back word for word."""
    if held is None or trained is None or held.told is None or trained.told is None:
        return False
    return trained.told.low > RETURNS and held.told.high < ALIKE * trained.told.low


def _seems_to_memorise(held: RoundTrip | None, trained: RoundTrip | None) -> bool:
    if held is None or trained is None:
        return False
    return trained.exact.value > KNOWN and held.exact.value < ALIKE * trained.exact.value
