"""When a run that waits is begun: its place in the queue, and how long those before it take."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

from vae.errors import UserError
from vae.runs import queue
from vae.runs.history import seconds_left
from vae.runs.request import read_request
from vae.runs.store import RunDirectory


@dataclass(frozen=True)
class Turn:
    """When a run begins.

    Attributes:
        place: 1 for the run that is started next.
        seconds: until it begins; None where nobody knows how long another one takes.
    """

    place: int
    seconds: float | None


def turn(run: RunDirectory) -> Turn | None:
    """When a run of the queue begins; None where it does not wait."""
    place = queue.position(run)
    return None if place is None else _turn(place)


def next_turn() -> Turn:
    """When a run would begin that were asked for now."""
    return _turn(len(queue.waiting()) + 1)


def _turn(place: int) -> Turn:
    slots = queue.slots()
    # A slot is free where as many train as may, or fewer: who trains beyond that holds none.
    ends = sorted(_seconds_of(run) for run in queue.training())[-slots:]
    ends += [0.0] * (slots - len(ends))
    heapq.heapify(ends)
    for run in queue.waiting()[: place - 1]:
        heapq.heapreplace(ends, ends[0] + _seconds_of(run))
    return Turn(place, ends[0] if math.isfinite(ends[0]) else None)


def _seconds_of(run: RunDirectory) -> float:
    """What a run still needs of what was expected of it, its training at its pace; or infinite."""
    try:
        status = run.read_json("status.json")
        expected = read_request(run).seconds
    except UserError:
        return math.inf
    left = seconds_left(status)
    state = status.get("state")
    if state == "paused" or (left is None and expected is None):
        return math.inf
    spent = status.get("seconds")
    spent = spent if isinstance(spent, (int, float)) and spent > 0 else 0.0
    return max(left or 0.0, (expected or 0.0) - spent)
