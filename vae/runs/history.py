"""The recorded progress of a run as tables: what metrics.jsonl says, ready to be drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np
import numpy.typing as npt

from vae.i18n import Message, _, listed, message
from vae.i18n.numbers import number

Event = Mapping[str, Any]
Floats = npt.NDArray[np.float64]


_LOSSES = ("distortion", "rate", "beta")

PHASES: Mapping[str, Message] = {
    "autoencoder": message("autoencoder"),
    "decoder drawn anew": message("decoder drawn anew"),
    "axes turned to independent components": message("axes turned to independent components"),
    "dead directions cut off, axes turned to independent components": message(
        "dead directions cut off, axes turned to independent components"
    ),
    "aggressive encoder": message("aggressive encoder"),
    "encoder and decoder together": message("encoder and decoder together"),
}
"""Phases that a training goes through by itself, as metrics.jsonl names them."""


@dataclass(frozen=True)
class History:
    """The events of a run by kind, in order; see `vae.training.events` for their fields."""

    steps: tuple[Event, ...] = ()
    validations: tuple[Event, ...] = ()
    snapshots: tuple[Event, ...] = ()
    adjustments: tuple[Event, ...] = ()
    phases: tuple[Event, ...] = ()
    end: Event | None = None

    @property
    def last_step(self) -> int:
        """Updates made, as far as was recorded."""
        events = [*self.steps[-1:], *self.validations[-1:], *self.snapshots[-1:]]
        events += [self.end] if self.end else []
        return max((int(e["step"]) for e in events), default=0)

    @property
    def marks(self) -> list[tuple[int, str]]:
        """(step, words) for every change of settings and every phase begun, in order."""
        changes = [(int(e["step"]), _said(e["changes"])) for e in self.adjustments]
        begun = [(int(e["step"]), str(PHASES.get(e["phase"], e["phase"]))) for e in self.phases]
        found = sorted((step, what) for step, what in changes + begun if what)
        return [
            (step, _("{what} from step {step:,}", what=what, step=step)) for step, what in found
        ]

    @property
    def best(self) -> Event | None:
        """The validation whose weights were kept, or the best so far while none was."""
        kept = [v for v in self.validations if v.get("best")]
        if kept:
            return kept[-1]
        return max(self.validations, key=lambda v: float(v["elbo"]), default=None)


def history(events: Sequence[Event]) -> History:
    """Sort the events of `RunDirectory.read_metrics` by kind; foreign ones are left out."""

    def of(kind: str, *needed: str, numbers: Sequence[str] = ()) -> tuple[Event, ...]:
        return tuple(
            e
            for e in events
            if e.get("event") == kind
            and all(k in e for k in ("step", *needed))
            and all(is_number(e[k]) for k in numbers if k in e)
        )

    ends = of("end")
    resumed = max((i for i, e in enumerate(events) if e.get("event") == "resume"), default=-1)
    ended = max((i for i, e in enumerate(events) if e.get("event") == "end"), default=-1)
    return History(
        steps=of("step", *_LOSSES, numbers=_LOSSES),
        validations=_measured(of("validation", "elbo", numbers=("elbo", *_LOSSES))),
        snapshots=tuple(
            e
            for e in of("snapshot")
            if all(isinstance(e.get(k), list) for k in ("reconstructions", "samples"))
        ),
        adjustments=_once(of("steer", "changes"), "changes", dict),
        phases=_once(of("phase", "phase"), "phase", str),
        end=ends[-1] if ends and ended > resumed else None,
    )


def _once(events: Sequence[Event], field: str, kind: type) -> tuple[Event, ...]:
    """Those whose field is of a kind; what a resume said again at the same step is left out."""
    found: dict[tuple[object, str], Event] = {}
    for e in events:
        if isinstance(e[field], kind):
            found.setdefault((e["step"], repr(e[field])), e)
    return tuple(found.values())


def _measured(validations: Sequence[Event]) -> tuple[Event, ...]:
    """Those with a rate for each dimension: as many as the first of them, or fewer after a cut."""
    rates = [(e, e.get("rate_per_dimension")) for e in validations]
    found = [(e, r) for e, r in rates if isinstance(r, list) and all(map(is_number, r))]
    return tuple(e for e, r in found if len(r) <= len(found[0][1]))


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a number as JSON has it; infinities and NaN, of a run that diverged, are."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _said(changes: Mapping[str, Any]) -> str:
    """{"word_dropout": 0.3} as "word dropout 0.3"; what is no number is left out."""
    return listed(
        (
            f"{setting.replace('_', ' ')} {number(value, 'g')}"
            for setting, value in changes.items()
            if isinstance(value, (int, float)) and math.isfinite(value)
        ),
        "unit",
    )


def column(events: Sequence[Event], name: str) -> Floats:
    """One field of events as numbers; NaN where an event lacks it."""
    values = (e.get(name) for e in events)
    return np.array([float(v) if is_number(v) else math.nan for v in values], dtype=float)


def thinned(x: Floats, columns: Sequence[Floats], most: int) -> tuple[Floats, list[Floats]]:
    """Means of neighbouring points where there are more than `most`, for a line that is drawn.

    A bin holds 2^k points, counted from the start: as a run grows only its last bin changes, until
    k does, so that a line which is being watched stands still. Each bin stands at its last x, as a
    reported training mean does. Values that are not numbers are left out of their mean.
    """
    if len(x) <= most:
        return x, list(columns)
    width = 1 << math.ceil(math.log2(len(x) / most))
    starts = np.arange(0, len(x), width)

    def means(values: Floats) -> Floats:
        known = np.isfinite(values)
        counts = np.add.reduceat(known.astype(float), starts)
        sums = np.add.reduceat(np.where(known, values, 0.0), starts)
        out: Floats = np.full(len(starts), math.nan)
        return np.divide(sums, counts, out=out, where=counts > 0)

    return x[np.minimum(starts + width, len(x)) - 1], [means(c) for c in columns]


def rate_by_dimension(history: History) -> tuple[Floats, Floats, npt.NDArray[np.intp]]:
    """(steps (S,), nats (Z, S), dimensions (Z,)): the highest final rate first.

    NaN where dimensions had been cut off.
    """
    rows = [v["rate_per_dimension"] for v in history.validations]
    table = np.full((len(rows[0]), len(rows)) if rows else (0, 0), math.nan)
    for i, row in enumerate(rows):
        table[: len(row), i] = row
    order = np.argsort(-table[:, -1], kind="stable") if table.size else np.arange(0, dtype=np.intp)
    return column(history.validations, "step"), table[order], order


def nearest_snapshot(history: History, step: int) -> int:
    """Index of the last snapshot taken at or before a step; the first where there is none."""
    return max((i for i, s in enumerate(history.snapshots) if int(s["step"]) <= step), default=0)


def seconds_left(status: Mapping[str, Any]) -> float | None:
    """Time that a run still needs at its pace so far; None where that cannot be said."""
    try:
        done, total = int(status["step"]), int(status["total_steps"])
        seconds = float(status["seconds"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return seconds / done * (total - done) if 0 < done <= total else None
