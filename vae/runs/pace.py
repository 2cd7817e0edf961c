"""How a run stands and how far it is, in words: what its status.json says."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vae.i18n import Message, _, message
from vae.runs.history import seconds_left

STATES: Mapping[str, Message] = {
    "queued": message("waits for its turn"),
    "running": message("trains"),
    "paused": message("paused"),
    "stopping": message("stops, and keeps what it learned"),
    "finished": message("finished"),
    "stopped": message("stopped; can go on"),
    "failed": message("failed"),
    "lost": message("its process is gone; can go on"),
    "unknown": message("cannot be read"),
}
"""Each state of a run (`vae.runs.summary.state_of`), as a table or a label says it."""

_DIVERGED = message("diverged")

_DOING: Mapping[str, Message] = {
    "evaluating": message("measuring it on test sentences"),
    "mapping": message("making its map"),
}
_FINISHING = message("finishing the update under way")


def standing(state: str, cause: str = "") -> str:
    """A state of a run in words; of one that failed, that it diverged, where that was its cause."""
    return str(_DIVERGED if (state, cause) == ("failed", "divergence") else STATES[state])


@dataclass(frozen=True)
class Pace:
    """How far a training is; nothing is known where a status of another hand says nothing.

    Attributes:
        step, total: updates made, and in all; 0 where that is not known.
        left: seconds that it still needs at its pace so far.
        silence: seconds since its process last wrote.
        phase: what the process does, as "training" or "evaluating".
        note: what the process says beside it.
        worked: share of what it does once it is trained, as far as the process says.
    """

    step: int = 0
    total: int = 0
    left: float | None = None
    silence: float | None = None
    phase: str = ""
    note: str = ""
    worked: float | None = None

    @property
    def share(self) -> float:
        """What is done of what it does, 0 to 1: updates, or a part of the measuring."""
        if self.worked is not None:
            return self.worked
        return min(self.step / self.total, 1.0) if self.total else 0.0

    @property
    def where(self) -> str:
        """The update it is at, in words."""
        if self.total:
            return _("step {step:,} of {total:,}", step=self.step, total=self.total)
        return _("step {step:,}", step=self.step)

    @property
    def doing(self) -> str:
        """What it does once it trains no more, in words."""
        return str(_DOING.get(self.phase, _FINISHING))

    @property
    def remaining(self) -> str:
        """Time left, in a sentence."""
        if self.left is None:
            return _("Time left not known yet.")
        if self.left >= 90:
            return _("About {n:.0f} min left.", n=self.left / 60)
        return _("About {n:.0f} s left.", n=self.left)

    @property
    def heartbeat(self) -> str:
        """When its process last wrote, in a sentence."""
        if self.silence is None:
            return _("It never gave a sign of life.")
        if self.silence < 120:
            return _("Last sign of life {n:.0f} s ago.", n=self.silence)
        if self.silence < 7200:
            return _("Last sign of life {n:.0f} min ago.", n=self.silence / 60)
        return _("Silent for hours.")


def pace(status: Mapping[str, Any]) -> Pace:
    """What a status.json says of a training; it may be empty."""
    found = (status.get(name) for name in ("step", "total_steps"))
    step, total = (n if isinstance(n, int) and n > 0 else 0 for n in found)
    try:
        silence = max(0.0, time.time() - float(status["heartbeat"]))
    except (KeyError, TypeError, ValueError):
        silence = None
    return Pace(
        step,
        total,
        seconds_left(status),
        silence,
        str(status.get("phase") or ""),
        str(Message.of_json(status.get("message"))),
        _share(status.get("share")),
    )


def _share(stored: object) -> float | None:
    known = isinstance(stored, int | float) and 0 <= stored <= 1
    return float(stored) if known else None  # type: ignore[arg-type]
