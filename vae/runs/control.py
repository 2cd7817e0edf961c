"""What is asked of a run while it trains: control.json, written by pages, read by the process.

{"serial": 3, "command": "run" | "pause" | "stop", "changes": {"beta": 0.5}, "asked": seconds}
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import psutil

from vae.cache import locked
from vae.config import TrainConfig
from vae.errors import UserError
from vae.i18n import listed
from vae.runs.store import RunDirectory

ADJUSTABLE = ("beta", "word_dropout", "free_bits", "learning_rate")
"""Settings that may change while a run trains."""

COMMANDS = ("run", "pause", "stop")

_FILE = "control.json"


@dataclass(frozen=True)
class Control:
    """What is asked of a run.

    Attributes:
        serial: rises with every request.
        command: go on, pause, or stop and keep what was learned.
        changes: the latest value that was asked for, of each setting that was adjusted.
        asked: when, in seconds since 1970.
    """

    serial: int = 0
    command: str = "run"
    changes: Mapping[str, float] = field(default_factory=dict)
    asked: float = 0.0


def read_control(run: RunDirectory) -> Control | None:
    """What is asked of a run; None where nothing is, or where the file is damaged."""
    try:
        stored = json.loads((run.path / _FILE).read_text(encoding="utf-8"))
        serial, command = stored["serial"], stored["command"]
        if command not in COMMANDS or not isinstance(serial, int) or isinstance(serial, bool):
            return None
        asked = float(stored.get("asked", 0))
        return Control(serial, command, check_changes(stored["changes"]), asked)
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
    ):
        return None


def check_changes(changes: Any) -> dict[str, float]:
    """Changes of settings that may be adjusted, as numbers.

    Raises:
        UserError: a setting that cannot change during a run, or a value that it cannot have.
    """
    if not isinstance(changes, Mapping):
        raise UserError("Changes are settings with their values.")
    for name in changes:
        if name not in ADJUSTABLE:
            raise UserError(
                "{name} cannot be changed while a run trains; {others} can. Start a new run "
                "with it.",
                name=name,
                others=listed(ADJUSTABLE),
            )
    replace(TrainConfig(), **changes)
    return {name: float(value) for name, value in changes.items()}


def request_command(run: RunDirectory, command: str) -> Control:
    """Ask a run to go on ("run"), to "pause", or to "stop" and keep what it learned.

    Raises:
        UserError: there is no such command or run, or the file cannot be written.
    """
    if command not in COMMANDS:
        raise UserError(
            "There is no command '{command}'; choose one of {commands}.",
            command=command,
            commands=listed(COMMANDS, "unit"),
        )
    return _request(run, command, {})


def request_changes(run: RunDirectory, changes: Mapping[str, float]) -> Control:
    """Ask a run to go on with other settings; of each setting the latest value counts.

    Raises:
        UserError: as `check_changes`; there is no run, or the file cannot be written.
    """
    return _request(run, None, check_changes(changes))


def clear_control(run: RunDirectory, before: float | None = None) -> None:
    """Forget what was asked of an earlier sitting: everything from before this process began.

    Changes go too: a resume replays those that were applied, at their updates.

    Args:
        before: forget what was asked before this time, in seconds since 1970.
    """
    if not run.has(_FILE):
        return
    limit = psutil.Process().create_time() if before is None else before
    with locked(run.path / _FILE):
        current = read_control(run)
        if current is None or current.asked <= limit:
            _write(run, Control(_next(run, current)))


class ControlReader:
    """The side of the process that trains: notices within `every` seconds what is asked.

    A file that cannot be read is no reason to end a run: it asks for nothing.
    """

    def __init__(self, run: RunDirectory, every: float = 0.1) -> None:
        self._run, self._every = run, every
        self._path = run.path / _FILE
        self._looked = -every
        self._version: tuple[int, int, int] | None = None
        self._last = Control()

    def poll(self) -> Control | None:
        """What is asked now, where that has changed since the last call; cheap at every update."""
        now = time.monotonic()
        if now - self._looked < self._every:
            return None
        self._looked = now
        try:
            # Two writes within a tick of the clock have files of their own.
            stat = os.stat(self._path)
        except OSError:
            return None
        version = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if version == self._version:
            return None
        control = read_control(self._run)
        if control is None:
            return None
        self._version = version
        if control == self._last:
            return None
        self._last = control
        return control


def _request(run: RunDirectory, command: str | None, changes: Mapping[str, float]) -> Control:
    if not run.path.is_dir():
        raise UserError(
            "There is no run in {path}. It was renamed or deleted meanwhile.", path=run.path
        )
    try:
        with locked(run.path / _FILE):
            current = read_control(run)
            before = current or Control()
            control = Control(
                _next(run, current),
                command or before.command,
                {**before.changes, **changes},
                time.time(),
            )
            _write(run, control)
    except OSError as error:
        raise UserError(
            "The request cannot be written to {path} ({reason}). Make room or mend the "
            "permissions, and try again.",
            path=run.path,
            reason=error.strerror,
        ) from error
    return control


def _next(run: RunDirectory, current: Control | None) -> int:
    if current is not None:
        return current.serial + 1
    # A damaged file does not tell its serial; the clock is ahead of any count of requests.
    return int(time.time()) if run.has(_FILE) else 1


def _write(run: RunDirectory, control: Control) -> None:
    run.write_json(_FILE, {**vars(control), "changes": dict(control.changes)})
