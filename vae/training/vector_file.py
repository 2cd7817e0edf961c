"""A training of vectors in a file: its weights and its course, to look at and not to go on from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save

from vae.cache import write_bytes
from vae.training.vector import VectorEpoch, VectorTraining

_TOLD = "training"
_DAMAGED = (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError)


@dataclass(frozen=True)
class Course:
    """How far a training came: its epochs, and the problem that ended it, if one did."""

    history: tuple[VectorEpoch, ...] = ()
    problem: str = ""


def keep(training: VectorTraining, file: Path) -> None:
    """Write a training as it stands now, in one piece.

    Raises:
        OSError: the file cannot be written.
    """
    told = {"history": [asdict(each) for each in training.history], "problem": training.problem}
    tensors = {name: value.contiguous() for name, value in training.model.state_dict().items()}
    file.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(file, save(tensors, metadata={_TOLD: json.dumps(told)}))


def course(file: Path) -> Course:
    """How far the training of a file is; without one, or of one that is damaged, nowhere."""
    try:
        with safe_open(file, "pt") as opened:
            told: dict[str, Any] = json.loads(opened.metadata()[_TOLD])
        history = tuple(VectorEpoch(**each) for each in told["history"])
        return Course(history, str(told["problem"]))
    except _DAMAGED:
        return Course()


def bring(training: VectorTraining, file: Path) -> bool:
    """Bring a training that has just begun to where a file has it; False where the file is none, or
    not of this model. It cannot be advanced from there: the state of Adam is not kept."""
    found = course(file)
    if not found.history:
        return False
    try:
        training.model.load_state_dict(load_file(file))
    except _DAMAGED:
        return False
    training.history, training.problem = list(found.history), found.problem
    return True
