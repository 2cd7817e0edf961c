"""What came of a training by its validations: which weights were kept, by which rule, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vae.runs.history import Event, History, is_number

LAST_PART = 0.2
"""Share of the updates at the end in which a distortion that falls is one that would fall on."""


@dataclass(frozen=True)
class Course:
    """How a training went; nats a sentence of validation.

    Attributes:
        updates: made in all.
        kept: the update whose weights are kept; None where none were.
        fall: what the distortion lost over the last fifth of the updates; None where there was no
            validation before, or beta was higher then, so that it had to fall.
        cost: distortion and rate together at the end.
        turned: the update at which validation ELBO was best, where from then on that of validation
            fell and that of training rose; None where it did not.
    """

    updates: int
    kept: int | None = None
    fall: float | None = None
    cost: float | None = None
    turned: int | None = None

    @property
    def falling(self) -> float | None:
        """The fall as a share of all that a sentence costs; None where it is not known."""
        if self.fall is None or not self.cost or self.cost <= 0:
            return None
        return self.fall / self.cost


@dataclass(frozen=True)
class Kept:
    """The weights that were kept, and what else was measured; ELBO in nats a sentence.

    The weights kept are those of the best −distortion − beta × rate, at the beta that the objective
    has in the end. Validations at another beta, or before a turn of the latent space, do not
    compete: until the first that does, the latest weights are the ones to keep.

    Attributes:
        step, elbo: of the weights that were kept.
        updates: made in all.
        best_step, best_elbo: where the validation ELBO was best.
        competed: whether the best one competed.
        since: the first update whose weights competed with the ones that were kept.
        beta: that weighed the rate.
        overfitted: updates since the best ELBO, if validation has fallen since and training risen;
            otherwise 0.
        last: whether the last weights were to be kept, whatever validation says.
    """

    step: int
    elbo: float
    updates: int
    best_step: int
    best_elbo: float
    competed: bool
    since: int
    beta: float
    overfitted: int
    last: bool = False

    @property
    def after(self) -> int:
        """Updates that were made after it."""
        return self.updates - self.step


def course(recorded: History) -> Course:
    """What the history of a run tells of its training."""
    validations = _sound(recorded.validations)
    kept = kept_weights(recorded)
    best = recorded.best
    step = int(best["step"]) if best is not None and best.get("best") else None
    if not validations:
        return Course(recorded.last_step, step)
    last = validations[-1]
    turned = kept.best_step if kept is not None and kept.overfitted else None
    return Course(recorded.last_step, step, _fall(validations), _cost(last), turned)


def kept_weights(recorded: History) -> Kept | None:
    """Which weights were kept and what they were held against; None where none are known."""
    validations = _sound(recorded.validations)
    chosen = [v for v in validations if v.get("best")]
    if not chosen:
        return None
    kept, end = chosen[-1], validations[-1]
    competing = _competing(recorded, validations)
    best = max(validations, key=lambda v: float(v["elbo"]))
    worse = float(end["elbo"]) < float(best["elbo"])
    memorised = _number(end, "train_elbo") > _number(best, "train_elbo")
    updates = recorded.last_step
    return Kept(
        step=int(kept["step"]),
        elbo=float(kept["elbo"]),
        updates=updates,
        best_step=int(best["step"]),
        best_elbo=float(best["elbo"]),
        competed=best in competing,
        since=int(competing[0]["step"]) if competing else int(kept["step"]),
        beta=float(end["beta"]),
        overfitted=updates - int(best["step"]) if worse and memorised else 0,
        last=end.get("competed") is False and int(end["step"]) == int(kept["step"]),
    )


def _competing(recorded: History, validations: Sequence[Event]) -> list[Event]:
    """Those whose weights competed since the objective or the axes changed last.

    Runs of earlier versions did not record which did: those at the highest beta, and the last.
    """
    most = max(float(v["beta"]) for v in validations)
    began = _contest(recorded)
    return [
        v
        for v in validations
        if int(v["step"]) > began
        and v.get("competed", float(v["beta"]) >= most or v is validations[-1])
    ]


def _contest(recorded: History) -> int:
    """The update after which all competed anew; 0 where none did."""
    objective = [e for e in recorded.adjustments if {"beta", "free_bits"} & set(e["changes"])]
    turns = [e for e in recorded.phases if "axes turned" in str(e["phase"])]
    return max((int(e["step"]) for e in (*objective, *turns)), default=0)


def _fall(validations: Sequence[Event]) -> float | None:
    """Nats that the distortion lost from the last validation before the last fifth to the end."""
    end = validations[-1]
    until = (1 - LAST_PART) * float(end["step"])
    before = [v for v in validations if float(v["step"]) <= until]
    if not before or float(before[-1]["beta"]) > float(end["beta"]):
        return None
    return float(before[-1]["distortion"]) - float(end["distortion"])


def _cost(event: Event) -> float:
    return float(event["distortion"]) + float(event["rate"])


def _sound(validations: Sequence[Event]) -> list[Event]:
    """Those of which all that is needed is a finite number."""
    needed = ("step", "elbo", "distortion", "rate", "beta")
    return [v for v in validations if all(math.isfinite(_number(v, name)) for name in needed)]


def _number(event: Event, name: str) -> float:
    value = event.get(name)
    return float(value) if is_number(value) else math.nan
