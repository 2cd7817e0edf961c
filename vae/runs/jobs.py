"""Long work as a process of its own: start, follow, cancel. The file of a job is the truth.

A job outlives reruns, browser tabs and the server that started it. Its file,
`cache_dir()/jobs/KEY.json`, is replaced whole at every change; the working process writes its
progress there, and whoever wants to know reads it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from vae.cache import cache_dir, write_bytes
from vae.i18n import Message
from vae.progress import Progress
from vae.runs.process import is_running, process_identity, spawn, terminate
from vae.runs.store import RunDirectory

# A process that is starting has not written yet; importing torch takes seconds, on a bad day more.
_SILENCE = 120.0
_MOST_OFTEN = 0.2


@dataclass(frozen=True)
class Job:
    """What the file of a job says.

    Attributes:
        key: one job at a time for each key.
        pid, pid_started: the process; together they are never reused.
        heartbeat: when it last wrote, in seconds since 1970.
        started, ended: when; `ended` is 0 while it runs.
        done, total, what: how far it is: "12 of 80, reading numpy".
        state: running, finished, failed, cancelled; lost where it says running but no process is.
        message: why it failed, in a sentence.
    """

    key: str
    pid: int
    pid_started: float
    heartbeat: float
    started: float
    ended: float = 0.0
    done: int = 0
    total: int = 0
    what: str = "Starting"
    state: str = "running"
    message: str = ""

    @property
    def running(self) -> bool:
        """Whether it still works."""
        return self.state == "running"

    def seconds_left(self, now: float) -> float | None:
        """An estimate from the pace so far; None before anything is known."""
        if not self.running or not 0 < self.done <= self.total:
            return None
        return (now - self.started) / self.done * (self.total - self.done)


def prepare_key(run: RunDirectory) -> str:
    """The key of the job that gathers and maps the sentences of a run."""
    return f"prepare-{run.name}"


def study_key(run: RunDirectory, name: str) -> str:
    """The key of the job that makes a study of a run (`vae.studies`)."""
    where = hashlib.blake2b(str(run.path).encode(), digest_size=4).hexdigest()
    return f"study-{name}-{where}-{run.name}"


def job_file(key: str) -> Path:
    """Where the job of a key is kept."""
    return cache_dir() / "jobs" / f"{re.sub(r'[^A-Za-z0-9._-]', '_', key)}.json"


def read(key: str) -> Job | None:
    """The last job of a key, or None."""
    return _read(job_file(key))


def finished_at(key: str) -> str:
    """A string that changes each time a job of this key finishes; empty before the first."""
    job = read(key)
    return str(job.ended) if job and job.state == "finished" else ""


def start_prepare(run: RunDirectory) -> Job:
    """Start `python -m vae prepare RUN`, unless it runs already."""
    key = prepare_key(run)
    command = ["-m", "vae", "prepare", str(run.path), "--progress-file", str(job_file(key))]
    return start(key, [sys.executable, *command])


def start_study(run: RunDirectory, name: str) -> Job:
    """Start `python -m vae study RUN NAME`, unless it runs already."""
    key = study_key(run, name)
    command = ["-m", "vae", "study", str(run.path), name, "--progress-file", str(job_file(key))]
    return start(key, [sys.executable, *command])


def start(key: str, command: list[str]) -> Job:
    """Start a command as a process group of its own; the job that runs already is given back."""
    path = job_file(key)
    if (current := _read(path)) and current.running:
        return current
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    log = path.with_suffix(".log")
    identity = spawn(command, log.open("wb"))
    now = time.time()
    job = Job(key, **identity, heartbeat=now, started=now)
    # The process may have written first; what it says is newer.
    if _read(path) is None:
        _write(path, job)
    return job


def cancel(key: str) -> None:
    """End the process and all that it started; what it had finished stays."""
    path = job_file(key)
    job = _read(path)
    if job is None or not job.running:
        return
    _write(path, replace(job, state="cancelled", ended=time.time()))
    terminate(asdict(job))


# -- the side of the process that works ----------------------------------------------------------


def report(path: Path) -> Progress:
    """A `Progress` that writes to the file of a job, at most five times a second."""
    job = _read(path)
    now = time.time()
    if job is None or job.pid != os.getpid():
        job = Job(path.stem, **process_identity(), heartbeat=now, started=now)
    current = replace(job, heartbeat=now)
    _write(path, current)
    last = now

    def progress(done: int, total: int, piece: Message | str) -> None:
        nonlocal current, last
        what = str(piece)
        now = time.time()
        ends = done >= total or what != current.what
        if now - last < _MOST_OFTEN and not ends:
            return
        last = now
        if total != current.total or done < current.done:
            # Each piece of work has a pace of its own.
            current = replace(current, started=now)
        current = replace(current, done=done, total=total, what=what, heartbeat=now)
        _write(path, current)

    return progress


def finish(path: Path, error: str = "") -> None:
    """Say in the file of a job that it is done, or in a sentence why it failed."""
    job = _read(path)
    if job is None or job.state == "cancelled":
        return
    now = time.time()
    state = "failed" if error else "finished"
    _write(path, replace(job, state=state, message=error, ended=now, heartbeat=now))


# -- the file -------------------------------------------------------------------------------------


def _write(path: Path, job: Job) -> None:
    write_bytes(path, json.dumps(asdict(job), ensure_ascii=False).encode("utf-8"))


def _read(path: Path) -> Job | None:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        known: Mapping[str, object] = {f.name: stored[f.name] for f in fields(Job)}
        job = Job(**known)  # type: ignore[arg-type]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if job.running and not (is_running(stored) and time.time() - job.heartbeat < _SILENCE):
        return replace(job, state="lost", message="It stopped without a word.")
    return job
