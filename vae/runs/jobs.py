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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vae.cache import cache_dir, write_bytes
from vae.errors import reason
from vae.i18n import Message, message
from vae.progress import Progress
from vae.runs.process import ProcessRecord, spawn, terminate
from vae.runs.store import RunDirectory

_MOST_OFTEN = 0.2
_STARTING, _NOTHING = message("Starting"), Message("")
EVERY = "every"
"""In the place of a study's name: all that are missing."""

_STATES = ("running", "finished", "failed", "cancelled")


@dataclass(frozen=True)
class Job:
    """What the file of a job says.

    Attributes:
        key: one job at a time for each key.
        process: who works on it.
        started, ended: when, in seconds since 1970; `ended` is 0 while it runs.
        done, total, what: how far it is: "12 of 80, reading numpy".
        state: running, finished, failed, cancelled; lost where it says running but no process is.
        message: why it failed; empty where it did not.
    """

    key: str
    process: ProcessRecord
    started: float
    ended: float = 0.0
    done: int = 0
    total: int = 0
    what: Message = _STARTING
    state: str = "running"
    message: Message = _NOTHING

    @classmethod
    def of_json(cls, stored: dict[str, Any]) -> Job:
        """A job as its file says.

        Raises:
            KeyError, TypeError, ValueError: it says of none.
        """
        process = ProcessRecord.of_json(stored)
        if process is None or stored["state"] not in _STATES:
            raise ValueError("it tells of no job")
        return cls(
            str(stored["key"]),
            process,
            float(stored["started"]),
            float(stored["ended"]),
            int(stored["done"]),
            int(stored["total"]),
            Message.of_json(stored["what"]),
            stored["state"],
            Message.of_json(stored["message"]),
        )

    def to_json(self) -> dict[str, Any]:
        """What its file says."""
        words = {"what": self.what.to_json(), "message": self.message.to_json()}
        plain = {name: value for name, value in vars(self).items() if name != "process"}
        return {**self.process.to_json(), **plain, **words}

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


def large_map_key(run: RunDirectory) -> str:
    """The key of the job that makes a large map of a run (`vae.encoding.large_map`)."""
    return _key_of(run, "large-map")


def study_key(run: RunDirectory, name: str) -> str:
    """The key of the job that makes a study of a run (`vae.studies`)."""
    return _key_of(run, f"study-{name}")


def _key_of(run: RunDirectory, what: str) -> str:
    where = hashlib.blake2b(str(run.path).encode(), digest_size=4).hexdigest()
    return f"{what}-{where}-{run.name}"


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
    return _start(prepare_key(run), "prepare", str(run.path))


def start_large_map(run: RunDirectory, n: int) -> Job:
    """Start `python -m vae prepare RUN --sentences N`, unless one runs already."""
    return _start(large_map_key(run), "prepare", str(run.path), "--sentences", str(n))


def start_study(run: RunDirectory, name: str) -> Job:
    """Start `python -m vae study RUN NAME`, unless it runs already."""
    return _start(study_key(run, name), "study", str(run.path), name)


def start_missing_studies(run: RunDirectory) -> Job:
    """Start `python -m vae study RUN --missing`, unless it runs already."""
    return _start(study_key(run, EVERY), "study", str(run.path), "--missing")


def _start(key: str, *arguments: str) -> Job:
    command = [sys.executable, "-m", "vae", *arguments]
    return start(key, [*command, "--progress-file", str(job_file(key))])


def start(key: str, command: list[str]) -> Job:
    """Start a command as a process group of its own; the job that runs already is given back."""
    path = job_file(key)
    if (current := _read(path)) and current.running:
        return current
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    log = path.with_suffix(".log")
    process = spawn(command, log.open("wb")).beaten()
    job = Job(key, process, started=time.time())
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
    terminate(job.process)


# -- the side of the process that works ----------------------------------------------------------


@contextmanager
def working(path: Path) -> Iterator[Progress]:
    """Do the work of a job inside: its file says how far it is, and at last how it ended."""
    try:
        yield report(path)
    except Exception as error:
        finish(path, error)
        raise
    finish(path)


def report(path: Path) -> Progress:
    """A `Progress` that writes to the file of a job, at most five times a second."""
    job = _read(path)
    me = ProcessRecord.mine()
    if job is None or job.process.pid != os.getpid():
        job = Job(path.stem, me, started=time.time())
    current = replace(job, process=me)
    _write(path, current)
    last = time.time()

    def progress(done: int, total: int, what: Message | str) -> None:
        nonlocal current, last
        now = time.time()
        what = Message.of_json(what) if isinstance(what, str) else what
        ends = done >= total or what != current.what
        if now - last < _MOST_OFTEN and not ends:
            return
        last = now
        if total != current.total or done < current.done:
            # Each piece of work has a pace of its own.
            current = replace(current, started=now)
        beaten = current.process.beaten()
        current = replace(current, process=beaten, done=done, total=total, what=what)
        _write(path, current)

    return progress


def finish(path: Path, error: Exception | None = None) -> None:
    """Say in the file of a job that it is done, or why it failed."""
    job = _read(path)
    if job is None or job.state == "cancelled":
        return
    ended = replace(job, process=job.process.beaten(), ended=time.time(), state="finished")
    if error is not None:
        ended = replace(ended, state="failed", message=reason(error))
    _write(path, ended)


# -- the file -------------------------------------------------------------------------------------


def _write(path: Path, job: Job) -> None:
    write_bytes(path, json.dumps(job.to_json(), ensure_ascii=False).encode("utf-8"))


def _read(path: Path) -> Job | None:
    try:
        job = Job.of_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    if job.running and not job.process.alive:
        return replace(job, state="lost", message=message("It stopped without a word."))
    return job
