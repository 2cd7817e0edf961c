"""What an explorer answers with: a sentence read, a neighbour, a step of a path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from vae.models import Posterior


@dataclass(frozen=True)
class Neighbour:
    """A corpus sentence near a point; `distance` is Euclidean, between posterior means.

    `copies` is how many other rows of the map are the same sentence.
    """

    sentence: str
    distance: float
    row: int
    labels: Mapping[str, str]
    copies: int = 0


@dataclass(frozen=True)
class PathPoint:
    """One step of an interpolation.

    Attributes:
        t: 0 at the first sentence, 1 at the second.
        z: (Z,).
        sentence: what the decoder says there.
        log_prior: log N(z; 0, I) in nats: low where the prior would hardly ever go; None where the
            model keeps a point and has no prior.
        repeats: whether the sentence is that of the step before.
    """

    t: float
    z: Tensor
    sentence: str
    log_prior: float | None
    repeats: bool


@dataclass(frozen=True)
class Reading:
    """What a model makes of one sentence; None where it does not tell (`NotAvailableError`)."""

    sentence: str
    tokens: tuple[str, ...] | None
    unknown: tuple[str, ...]
    posterior: Posterior
    reconstruction: str | None
    exact: bool | None
