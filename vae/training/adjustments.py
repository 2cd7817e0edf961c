"""Changes that a person makes to a run under way: kept, so that a resume makes them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from vae.config import RunConfig, TrainConfig
from vae.errors import UserError
from vae.runs.store import RunDirectory

# On disk they keep their first names, so that runs of every version are read alike: this file, and
# the event "steer" in metrics.jsonl.
_FILE = "steering.json"


@dataclass(frozen=True)
class Adjustment:
    """Settings changed after `step` updates, before the next one."""

    step: int
    changes: dict[str, Any]


def read_adjustments(run: RunDirectory) -> list[Adjustment]:
    """The changes made to a run so far, in order.

    Raises:
        UserError: steering.json is damaged: without it, a resume would train another model.
    """
    if not run.has(_FILE):
        return []
    try:
        stored = run.read_json(_FILE)["changes"]
        return [Adjustment(int(s["step"]), dict(s["changes"])) for s in stored]
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(
            "{file} is damaged, and says how this run was adjusted. Remove it to resume without "
            "those changes, or train anew.",
            file=run.path / _FILE,
        ) from error


def write_adjustments(run: RunDirectory, adjustments: Sequence[Adjustment]) -> None:
    """Keep the changes made to a run so far."""
    run.write_json(_FILE, {"changes": [asdict(s) for s in adjustments]})


def current_settings(run: RunDirectory) -> TrainConfig | None:
    """The training settings of a run with all changes made so far; None before it has any.

    Raises:
        UserError: config.json or steering.json is damaged.
    """
    if not run.exists():
        return None
    stored = run.read_json("config.json").get("config", {})
    settings = RunConfig.from_dict(stored, str(run.path / "config.json")).train
    for adjustment in read_adjustments(run):
        settings = replace(settings, **adjustment.changes)
    return settings
