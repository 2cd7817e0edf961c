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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import psutil

from vae.cache import temporary_owner

REPOSITORY = Path(__file__).resolve().parents[2]
# Clocks of the system are read twice, and may be set in between.
_SAME_START = 1.0
SILENCE = 120.0
"""Seconds after which a process that has not written hangs or is gone; importing torch takes a
few, on a bad day many."""
_LOWER_PRIORITY = 10


@dataclass(frozen=True)
class ProcessRecord:
    """A process that works on a run or a job, as it stands in their files.

    Attributes:
        pid, pid_started: its number and when it started, in seconds since 1970.
        heartbeat: when it last wrote, in seconds since 1970; None before its first sign of life.
    """

    pid: int
    pid_started: float
    heartbeat: float | None = None

    @classmethod
    def mine(cls) -> ProcessRecord:
        """This process, which beats now."""
        return cls.of_pid().beaten()

    @classmethod
    def of_pid(cls, pid: int | None = None) -> ProcessRecord:
        """The process of a number, this one by default, before its first sign of life.

        Raises:
            psutil.Error: there is no such process.
        """
        process = psutil.Process(pid)
        return cls(process.pid, process.create_time())

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> ProcessRecord | None:
        """The record in a file's JSON; None where it tells of no process."""
        odd = (KeyError, TypeError, ValueError, OverflowError)
        try:
            record = cls(int(stored["pid"]), float(stored["pid_started"]))
        except odd:
            return None
        with contextlib.suppress(*odd):
            return replace(record, heartbeat=float(stored["heartbeat"]))
        return record

    def to_json(self) -> dict[str, Any]:
        """The fields that stand in a file, beside what else it says."""
        return {name: value for name, value in vars(self).items() if value is not None}

    def beaten(self) -> ProcessRecord:
        """As of now."""
        return replace(self, heartbeat=time.time())

    @property
    def running(self) -> bool:
        """Whether the very process still runs, be it silent."""
        return self.found() is not None

    @property
    def alive(self) -> bool:
        """Whether it still runs and has beaten lately."""
        recent = self.heartbeat is not None and time.time() - self.heartbeat < SILENCE
        return recent and self.running

    def found(self) -> psutil.Process | None:
        """The process in the table of the system; None where it has ended."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.pid_started) < _SAME_START
            # A killed child stays in the table until its parent asks for it.
            ended = process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
        except (psutil.Error, ValueError, OverflowError):
            return None
        return process if same and not ended else None


def spawn(
    command: Sequence[str],
    output: IO[bytes],
    environment: Mapping[str, str] | None = None,
) -> ProcessRecord:
    """Start a command in a session of its own, in the repository.

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
        started = ProcessRecord.of_pid(process.pid)
    except psutil.Error:  # it has ended already
        started = ProcessRecord(process.pid, 0.0)
    threading.Thread(target=_reap, args=(process, output), daemon=True).start()
    return started


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


def terminate(record: ProcessRecord) -> None:
    """Ask what `spawn` started, and all that it started itself, to end; nothing if it has."""
    process = record.found()
    if process is None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError, psutil.Error):
        # Windows has no process groups of this kind.
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGTERM)
        else:
            process.terminate()


def kill(record: ProcessRecord, seconds: float = 5.0) -> bool:
    """End a process that does not answer; returns whether it is gone."""
    if process := record.found():
        with contextlib.suppress(psutil.Error):
            process.kill()
    # Not process.wait: the exit status of a child is for the thread that reaps it.
    end = time.monotonic() + seconds
    while record.running:
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
