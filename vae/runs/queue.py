"""Runs that wait for their turn. There is no scheduler: whoever looks, lets the next one start.

A run waits where its status.json says "queued"; what is to be started is in its request.json. So
the queue outlives every process, and `advance`, under one lock, is all that moves it.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from vae.cache import CACHE_VARIABLE, cache_dir, locked, write_bytes
from vae.errors import UserError, reason
from vae.i18n import message
from vae.runs.catalogue import (
    RUNS_VARIABLE,
    is_shipped,
    known_directories,
    remember,
    runs_dir,
)
from vae.runs.control import clear_control
from vae.runs.failure import LOG, STARTED, cause_of, failure
from vae.runs.process import ProcessRecord, kill, lower_priority, spawn
from vae.runs.request import REQUEST, TrainRequest, read_request, resume_arguments, write_request
from vae.runs.store import LIVE, RunDirectory, is_starting, sweep_temporary

MOST_WAITING = 64
MOST_SLOTS = 8

Command = Callable[[Sequence[str]], Sequence[str]]

_SILENT = message("It ended before its first sign of life.")
_PROGRESS = ("step", "total_steps", "epoch", "seconds")


def train_command(arguments: Sequence[str]) -> list[str]:
    """The command of a request: `python -m vae ARGUMENTS`, with the Python that runs this."""
    return [sys.executable, "-m", "vae", *arguments]


def slots() -> int:
    """How many runs may train at once: 1 where nobody has chosen."""
    try:
        n = json.loads(_settings().read_text(encoding="utf-8"))["slots"]
        return n if isinstance(n, int) and 1 <= n <= MOST_SLOTS else 1
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return 1


def set_slots(n: int) -> None:
    """Choose how many runs may train at once; `advance` then starts what may start.

    Raises:
        UserError: it is not between 1 and 8.
    """
    if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= MOST_SLOTS:
        raise UserError(
            "{n} runs cannot train at once; choose from 1 to {most}.", n=n, most=MOST_SLOTS
        )
    write_bytes(_settings(), json.dumps({"slots": n}).encode())


def submit(
    run: RunDirectory,
    arguments: Sequence[str],
    title: str,
    command: Command = train_command,
    seconds: float | None = None,
) -> None:
    """Put a new run into the queue, and start it where it may start at once.

    Args:
        run: a directory without a run (`catalogue.new_directory`); what it learns from may be in
            its folder corpus/.
        arguments: of `python -m vae`, with absolute paths: "train", CORPUS, "--out", DIRECTORY ...
        seconds: that it is expected to take, where that is known.

    Raises:
        UserError: there is a run already, or too many runs wait.
        OSError: it cannot be written.
    """
    with queue_lock():
        if run.exists() or run.has(REQUEST):
            raise UserError("{path} holds a run already. Choose another name.", path=run.path)
        _enqueue(run, TrainRequest(tuple(arguments), time.time(), title, seconds))
        _advance(slots(), command)


def resume(run: RunDirectory, command: Command = train_command) -> None:
    """Put a run that was stopped, failed or lost into the queue again.

    Of a lost run whose process hangs, the process is ended first: two never write to one run.

    Raises:
        UserError: it trains or waits, is finished, ships with the app, its text is gone, or too
            many runs wait.
    """
    if is_shipped(run.path):
        raise UserError(
            "'{name}' ships with the app and is finished. Train a run of your own.", name=run.name
        )
    with queue_lock():
        state = _state(run)
        if state in LIVE:
            raise UserError("'{name}' trains already. Stop it first.", name=run.name)
        if state == "queued":
            raise UserError("'{name}' waits for its turn already.", name=run.name)
        if state == "finished":
            raise UserError("'{name}' is finished: there is nothing to resume.", name=run.name)
        arguments = resume_arguments(run)
        asked = read_request(run) if run.has(REQUEST) else None
        title, seconds = (asked.title, asked.seconds) if asked else (run.name, None)
        if state == "lost" and run.busy():
            _end(run)
        sweep_temporary(run)
        clear_control(run, before=time.time())
        _enqueue(run, TrainRequest(tuple(arguments), time.time(), title, seconds))
        _advance(slots(), command)


def cancel(run: RunDirectory) -> None:
    """Take a run that waits out of the queue; `resume` puts it back.

    Raises:
        UserError: it does not wait.
    """
    with queue_lock():
        if _state(run) != "queued":
            raise UserError(
                "'{name}' does not wait: it has begun or ended meanwhile.", name=run.name
            )
        _set(run, "stopped", message=message("Taken out of the queue.").to_json())


def end(run: RunDirectory) -> None:
    """End the process of a run at once, for one that does not answer; its checkpoint stays.

    Raises:
        UserError: the process does not end.
    """
    with queue_lock():
        if run.busy():
            _end(run)
            _set(run, "stopped", message=message("Its process was ended.").to_json())


def waiting() -> list[RunDirectory]:
    """The runs that wait, the next one first."""
    found = [(_submitted(run), run.path) for run in _members() if _state(run) == "queued"]
    return [RunDirectory(path) for _, path in sorted(found)]


def training() -> list[RunDirectory]:
    """The runs of the queue whose process works: they train, pause or stop."""
    return [run for run in _members() if _state(run) in LIVE]


def position(run: RunDirectory) -> int | None:
    """1 for the run that is started next; None where it does not wait."""
    path = run.path.resolve()
    return next((i for i, r in enumerate(waiting(), 1) if r.path.resolve() == path), None)


def advance(slots: int | None = None, command: Command = train_command) -> list[RunDirectory]:
    """Start the runs whose turn it is, in the order they were asked for; returns those.

    Cheap where nothing waits. Runs that train, pause or stop take the slots; those that the shell
    started take none.

    Args:
        slots: how many may train at once; what `set_slots` chose by default.
    """
    if not any(_state(run) == "queued" or _died_starting(run) for run in _members()):
        return []
    try:
        with queue_lock():
            return _advance(_slots() if slots is None else slots, command)
    except UserError:  # somebody else is at it, and starts what may start
        return []


def await_start() -> None:
    """For a process that may have been started here: wait until whoever did has noted it.

    What it says of itself afterwards is newer, and stays.
    """
    # Who trains where no cache can be written was started by nobody here.
    with contextlib.suppress(UserError, OSError), queue_lock():
        pass


def queue_lock() -> contextlib.AbstractContextManager[None]:
    """Held while a run is started, moved or deleted."""
    return locked(_settings())


_slots = slots


def _advance(slots: int, command: Command) -> list[RunDirectory]:
    members = _members()
    for run in members:
        if _died_starting(run):
            known = failure(run)
            said = known.reason if known.reason.text else _SILENT
            with contextlib.suppress(OSError):
                _set(run, "failed", message=said.to_json(), cause=known.cause)
    free = slots - sum(_state(run) in LIVE for run in members)
    started = []
    for run in waiting():
        if free <= 0:
            break
        try:
            begun = _start(run, command)
        except OSError:  # no room even to say so: it goes on waiting
            break
        if begun:
            started.append(run)
            free -= 1
    return started


def _start(run: RunDirectory, command: Command) -> bool:
    _set(run, "running", phase="starting", since=time.time())
    try:
        arguments = command(read_request(run).arguments)
        log = (run.path / LOG).open("ab")
        log.write(f"\n{STARTED}{time.strftime('%Y-%m-%d %H:%M:%S')}\n".encode())
        log.flush()
        process = spawn(arguments, log, _environment())
    except (OSError, ValueError) as error:
        why = message("It cannot be started: {reason}", reason=reason(error))
        _set(run, "failed", message=why.to_json(), cause=cause_of(error))
        return False
    lower_priority(process.pid)
    with contextlib.suppress(OSError):
        _set(run, "running", phase="starting", **process.to_json())
    return True


def _environment() -> dict[str, str]:
    """This process's, with every place absolute: the new one works in the repository."""
    defaults = {
        # One core is left to the app.
        "OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 1) - 1)),
        # A bar in a log is read by nobody; now and then it tells how far a run came.
        "TQDM_MININTERVAL": "30",
    }
    places = {CACHE_VARIABLE: str(cache_dir().absolute()), RUNS_VARIABLE: str(runs_dir())}
    return {**defaults, **os.environ, **places}


def _enqueue(run: RunDirectory, request: TrainRequest) -> None:
    if len(waiting()) >= MOST_WAITING:
        raise UserError(
            "{n} runs wait already. Take some out of the queue, or wait for them.", n=MOST_WAITING
        )
    write_request(run, request)
    _set(run, "queued")
    if run.path.parent != runs_dir():
        remember(run.path)


def _end(run: RunDirectory) -> None:
    process = ProcessRecord.of_json(run.read_json("status.json"))
    if process is not None and not kill(process):
        raise UserError("The process of '{name}' does not end. Restart the machine.", name=run.name)


def _set(run: RunDirectory, state: str, **more: Any) -> None:
    before: Mapping[str, Any] = {}
    with contextlib.suppress(UserError):
        before = run.read_json("status.json")
    kept = {name: before[name] for name in _PROGRESS if name in before}
    run.write_json("status.json", {"state": state, "phase": "", "message": "", **kept, **more})


def _members() -> list[RunDirectory]:
    return [RunDirectory(p) for p in known_directories() if (p / REQUEST).is_file()]


def _state(run: RunDirectory) -> str:
    try:
        return run.state()
    except UserError:
        return ""


def _died_starting(run: RunDirectory) -> bool:
    try:
        status = run.read_json("status.json")
        return status.get("state") in LIVE and is_starting(status) and run.state() == "failed"
    except UserError:
        return False


def _submitted(run: RunDirectory) -> float:
    try:
        return read_request(run).submitted
    except UserError:
        return 0.0


def _settings() -> Path:
    return cache_dir() / "queue.json"
