"""What a training run reports while it runs; each is one line of metrics.jsonl."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Event:
    """Something that happened at an update of a run.

    Attributes:
        step: updates made so far.
        seconds: time spent training so far, over all sittings of the run.
    """

    kind: ClassVar[str] = ""

    step: int
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """The event as JSON, with its kind under "event"."""
        return {"event": self.kind, **asdict(self)}


@dataclass(frozen=True)
class StepEvent(Event):
    """Means over the updates since the last one reported; losses in nats a sentence."""

    kind: ClassVar[str] = "step"

    epoch: int
    total_steps: int
    distortion: float
    rate: float
    beta: float
    learning_rate: float
    gradient_norm: float
    tokens_per_second: float


@dataclass(frozen=True)
class ValidationEvent(Event):
    """Measured on validation sentences, one draw of z each; nats a sentence.

    `train_elbo` is the mean over the training updates since the last validation, word dropout
    included, so it may lie below the validation ELBO. `competed` says whether the weights were held
    against others, and `best` whether they are the ones to keep so far.
    """

    kind: ClassVar[str] = "validation"

    epoch: int
    n_sentences: int
    elbo: float
    train_elbo: float
    distortion: float
    rate: float
    beta: float
    rate_per_dimension: list[float]
    active_units: int
    principal_units: int
    mutual_information: float
    mutual_information_ceiling: float
    best: bool
    competed: bool


@dataclass(frozen=True)
class SnapshotEvent(Event):
    """What the model says, greedily, from fixed points of the latent space.

    `reconstructions` of the run's examples from their posterior mean, `samples` from draws of the
    prior, `interpolation` from the first example to the last. The posterior means of the watched
    sentences are in snapshots/STEP.npz.
    """

    kind: ClassVar[str] = "snapshot"

    reconstructions: list[str]
    samples: list[str]
    interpolation: list[str]


@dataclass(frozen=True)
class AdjustmentEvent(Event):
    """A person changed settings: they hold from the next update on."""

    kind: ClassVar[str] = "steer"

    changes: dict[str, float]


@dataclass(frozen=True)
class PhaseEvent(Event):
    """The training changes its ways by itself, from the next update on."""

    kind: ClassVar[str] = "phase"

    phase: str


@dataclass(frozen=True)
class EpochEvent(Event):
    """An epoch has ended."""

    kind: ClassVar[str] = "epoch"

    epoch: int
    epochs: int


@dataclass(frozen=True)
class EndEvent(Event):
    """Training has ended; `reason` is finished, early stopping, time, stopped or diverged.

    `best_step` is 0 and `best_elbo` None where no weights were kept.
    """

    kind: ClassVar[str] = "end"

    reason: str
    best_step: int
    best_elbo: float | None
