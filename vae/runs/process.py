"""Processes of our own: start them, tell whether they still live, end them.

A process is known by its number and the time it started: together they are never reused.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import psutil

from vae.cache import temporary_owner

REPOSITORY = Path(__file__).resolve().parents[2]
# Clocks of the system are read twice, and may be set in between.
_SAME_START = 1.0
_LOWER_PRIORITY = 10


def process_identity(pid: int | None = None) -> dict[str, Any]:
    """pid and start time of a process, this one by default.

    Raises:
        psutil.Error: there is no such process.
    """
    process = psutil.Process(pid)
    return {"pid": process.pid, "pid_started": process.create_time()}


def is_running(identity: Mapping[str, Any]) -> bool:
    """Whether the very process of a pid and a start time still runs; False where they are none."""
    return _find(identity) is not None


def spawn(
    command: Sequence[str],
    output: IO[bytes],
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Start a command in a session of its own, in the repository; returns its identity.

    It outlives this process. The file `output` takes its standard output and error, and a line
    where a signal ended it; it is closed when the process ends.

    Raises:
        OSError: it cannot be started.
    """
    try:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=REPOSITORY,
            env=None if environment is None else dict(environment),
            start_new_session=True,
        )
    except BaseException:
        output.close()
        raise
    try:
        identity = process_identity(process.pid)
    except psutil.Error:  # it has ended already
        identity = {"pid": process.pid, "pid_started": 0.0}
    threading.Thread(target=_reap, args=(process, output), daemon=True).start()
    return identity


def _reap(process: subprocess.Popen[bytes], output: IO[bytes]) -> None:
    # A child that nobody waits for stays in the table of processes until we end ourselves.
    code = process.wait()
    with contextlib.suppress(OSError, ValueError), output:
        if code < 0:
            what = f"Process {process.pid} was ended by signal {-code}"
            output.write(f"\n{what} ({signal.Signals(-code).name}).\n".encode())


def lower_priority(pid: int) -> None:
    """Let everything else on the machine go before a process, as far as the system allows."""
    windows = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", None)
    with contextlib.suppress(psutil.Error, OSError):
        psutil.Process(pid).nice(_LOWER_PRIORITY if windows is None else windows)


def terminate(identity: Mapping[str, Any]) -> None:
    """Ask what `spawn` started, and all that it started itself, to end; nothing if it has."""
    process = _find(identity)
    if process is None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError, psutil.Error):
        # Windows has no process groups of this kind.
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGTERM)
        else:
            process.terminate()


def kill(identity: Mapping[str, Any], seconds: float = 5.0) -> bool:
    """End a process that does not answer; returns whether it is gone."""
    if process := _find(identity):
        with contextlib.suppress(psutil.Error):
            process.kill()
    # Not process.wait: the exit status of a child is for the thread that reaps it.
    end = time.monotonic() + seconds
    while is_running(identity):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def sweep(directory: Path) -> None:
    """Remove the temporary files and folders in a directory whose processes were killed."""
    for path in directory.glob(".*.tmp"):
        owner = temporary_owner(path)
        if owner is None or _may_write(owner, path):
            continue
        with contextlib.suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def _may_write(pid: int, path: Path) -> bool:
    """Whether a process of this number was there when the path was last written."""
    try:
        return bool(psutil.Process(pid).create_time() <= path.lstat().st_mtime + _SAME_START)
    except (psutil.Error, OSError, OverflowError):
        return False


def _find(identity: Mapping[str, Any]) -> psutil.Process | None:
    try:
        process = psutil.Process(int(identity["pid"]))
        same = abs(process.create_time() - float(identity["pid_started"])) < _SAME_START
        # A killed child stays in the table until its parent asks for it.
        ended = process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except (psutil.Error, KeyError, TypeError, ValueError, OverflowError):
        return None
    return process if same and not ended else None
