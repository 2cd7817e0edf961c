"""Why a run failed, and what to do about it."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vae.errors import Cause, UserError, reason, said_on_line
from vae.i18n import Message, message
from vae.runs.store import RunDirectory, is_starting

LOG = "train.log"
STARTED = "== Started "
"""Begins the line that every sitting of a run puts into its log first."""

_ENDED = re.compile(r"Process (?P<pid>\d+) was ended by signal \d+")
_MOST_LINES = 20
_MOST_BYTES = 4096

_ADVICE: dict[Cause, Message] = {
    "disk": message(
        "The disk is full. Make room, for instance by deleting runs, and resume: all that was "
        "saved is kept."
    ),
    "memory": message(
        "The memory ran out, as far as can be told. Close other programs and resume, or train a "
        "new run with fewer units, a smaller vocabulary or fewer tokens in a batch."
    ),
    "divergence": message(
        "Resuming would not help. Train again with a lower learning rate, or with what is named "
        "above lowered; half of it is a good start."
    ),
    "small text": message(
        "The text is too small to learn from. Add sentences, and see in the preview which rows are "
        "left out and why."
    ),
    "lost text": message(
        "The text that this run learns from is gone or has changed. Put the same file back in its "
        "place and resume, or train a new run."
    ),
    "package": message(
        "A package is missing. Install the requirements again: pip install -r requirements.txt."
    ),
    "damage": message(
        "A file of the run cannot be read. Train it anew, or copy it again from where it is whole."
    ),
}
_NO_WORD = message(
    "The process ended without a word, as when the machine is switched off or the process is "
    "killed. Resume the run: it goes on from its last checkpoint."
)
_UNKNOWN = message(
    "Resume the run to try again; where it fails once more, the log below says where."
)

# What Python, PyTorch and the system say; the first that fits counts: a cause before what follows.
_FOREIGN: dict[Cause, str] = {
    "disk": r"No space left on device|Errno 28\b|Disk quota exceeded|Errno 122\b|"
    r"not enough space on the disk|File too large|Errno 27\b",
    "memory": r"MemoryError|can't allocate memory|Cannot allocate memory|std::bad_alloc|"
    r"out of memory|\bsignal 9\b|^Killed\b",
    "package": r"ModuleNotFoundError|No module named",
}


@dataclass(frozen=True)
class Failure:
    """What is known of a run that failed or was lost; worded when it is shown.

    Attributes:
        reason: what went wrong, in the process's own words; empty where it said nothing.
        log: its last lines, 20 at most.
        cause: the kind of what went wrong; "" where it is none that is known.
    """

    reason: Message
    log: tuple[str, ...]
    cause: Cause

    @property
    def message(self) -> str:
        """What went wrong; "" where nothing was said."""
        return str(self.reason)

    @property
    def advice(self) -> str:
        """What to do, in a sentence or two."""
        if self.cause:
            return str(_ADVICE[self.cause])
        return str(_UNKNOWN if self.reason.text or _raised(self.log) else _NO_WORD)


def failure(run: RunDirectory) -> Failure:
    """What is known of a run that failed or was lost; made for a run in any condition."""
    status: dict[str, Any] = {}
    said, cause = Message(""), ""
    if run.has("status.json"):
        try:
            status = run.read_json("status.json")
            said, cause = Message.of_json(status.get("message")), str(status.get("cause") or "")
        except UserError as error:
            said, cause = error.message, error.cause
    log = last_lines(run.path / LOG, status.get("pid"))
    said = said if said.text else Message(last_words(log))
    known: Cause = next((c for c in _ADVICE if c == cause), "")
    return Failure(said, log, known or _cause_in(str(said)) or _cause_in("\n".join(log)))


def of_error(error: BaseException) -> dict[str, Any]:
    """What status.json says of an error that ends a run: its message and the kind of its cause."""
    return {"message": reason(error).to_json(), "cause": cause_of(error)}


def cause_of(error: BaseException) -> Cause:
    """The kind of what ended a run, told by the error and those that led to it."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    # What came first caused what followed.
    foreign = (_cause_in(f"{type(e).__name__}: {e}") for e in reversed(chain))
    own = (e.cause for e in reversed(chain) if isinstance(e, UserError))
    return next((cause for cause in (*foreign, *own) if cause), "")


def fail_starting(run: RunDirectory, error: BaseException) -> None:
    """Say in status.json why a process ends that the queue started, before its first beat."""
    with contextlib.suppress(UserError, OSError):
        status = run.read_json("status.json")
        if is_starting(status) and status.get("pid") == os.getpid():
            run.write_json("status.json", {**status, "state": "failed", **of_error(error)})


def _cause_in(text: str) -> Cause:
    found = (c for c, pattern in _FOREIGN.items() if re.search(pattern, text, re.MULTILINE))
    return next(found, "")


def _raised(log: Sequence[str]) -> bool:
    return any("Traceback" in line for line in log)


def last_lines(path: Path, pid: object = None) -> tuple[str, ...]:
    """The end of the last sitting's log: 20 lines of at most 4 kB together, or none.

    Args:
        pid: the process of that sitting. What is said of an earlier one's end may come late.
    """
    try:
        with path.open("rb") as handle:
            size = handle.seek(0, os.SEEK_END)
            handle.seek(max(0, size - _MOST_BYTES))
            data = handle.read(_MOST_BYTES)
    except OSError:
        return ()
    text = data.decode("utf-8", "replace")
    if size > _MOST_BYTES:
        text = text.partition("\n")[2] or text
    # Of a progress bar, which returns to the start of its line, only the last state counts.
    lines = [line.rstrip("\r").rpartition("\r")[2].rstrip() for line in text.split("\n")]
    starts = [i for i, line in enumerate(lines) if line.startswith(STARTED)]
    lines = lines[starts[-1] + 1 :] if starts else lines
    ends = [(_ENDED.match(line), line) for line in lines if line]
    of_this = (line for end, line in ends if not end or str(pid) in ("None", end["pid"]))
    return tuple(of_this)[-_MOST_LINES:]


def last_words(log: tuple[str, ...]) -> str:
    """The line of a log that says why the process ended; "" where it seems to say nothing."""
    for line in reversed(log):
        if (said := said_on_line(line)) is not None:
            return said
        if _ENDED.match(line) or re.match(r"[A-Za-z_.]*(?:Error|Exception|Interrupt)\b", line):
            return line
    return ""
