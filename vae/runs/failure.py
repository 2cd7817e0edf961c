"""Why a run failed, and what to do about it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vae.errors import UserError
from vae.runs.store import RunDirectory

LOG = "train.log"
STARTED = "== Started "
"""Begins the line that every sitting of a run puts into its log first."""

_ENDED = re.compile(r"Process (?P<pid>\d+) was ended by signal \d+")
_MOST_LINES = 20
_MOST_BYTES = 4096

# The first that fits counts: a cause before what follows from it.
_CAUSES: tuple[tuple[str, str], ...] = (
    (
        r"No space left on device|Errno 28\b|Disk quota exceeded|Errno 122\b|"
        r"not enough space on the disk|File too large|Errno 27\b",
        "The disk is full. Make room, for instance by deleting runs, and resume: all that was "
        "saved is kept.",
    ),
    (
        r"MemoryError|can't allocate memory|Cannot allocate memory|std::bad_alloc|out of memory|"
        r"\bsignal 9\b|^Killed\b",
        "The memory ran out, as far as can be told. Close other programs and resume, or train a "
        "new run with fewer units, a smaller vocabulary or fewer tokens in a batch.",
    ),
    (
        r"diverged|not a number",
        "Training diverged. Train again with a lower learning rate; half of it is a good start.",
    ),
    (
        r"different usable sentences, and|too few that differ|"
        r"No column of .* looks like sentences|has no rows",
        "The text is too small to learn from. Add sentences, and see in the preview which rows are "
        "left out and why.",
    ),
    (
        r"There is no (?:file|corpus) '|were uploaded or pasted, and are not kept|"
        r"corpus is not the one",
        "The text that this run learns from is gone or has changed. Put the same file back in its "
        "place and resume, or train a new run.",
    ),
    (
        r"ModuleNotFoundError|No module named",
        "A package is missing. Install the requirements again: pip install -r requirements.txt.",
    ),
    (
        r" is damaged \(|cannot be read as a tokenizer",
        "A file of the run cannot be read. Train it anew, or copy it again from where it is whole.",
    ),
)
_NO_WORD = (
    "The process ended without a word, as when the machine is switched off or the process is "
    "killed. Resume the run: it goes on from its last checkpoint."
)
_UNKNOWN = "Resume the run to try again; where it fails once more, the log below says where."


@dataclass(frozen=True)
class Failure:
    """What is known of a run that failed or was lost.

    Attributes:
        message: what went wrong, in the process's own words; "" where it said nothing.
        log: its last lines, 20 at most.
        advice: what to do, in a sentence or two.
    """

    message: str
    log: tuple[str, ...]
    advice: str


def failure(run: RunDirectory) -> Failure:
    """What is known of a run that failed or was lost; made for a run in any condition."""
    status: dict[str, Any] = {}
    message = ""
    if run.has("status.json"):
        try:
            status = run.read_json("status.json")
            message = str(status.get("message") or "")
        except UserError as error:
            message = str(error)
    log = last_lines(run.path / LOG, status.get("pid"))
    message = message or last_words(log)
    return Failure(message, log, advice(message, "\n".join(log)))


def advice(message: str, log: str) -> str:
    """What to do about a failure, from its message and the end of its log."""
    for text in (message, log):
        for pattern, sentence in _CAUSES:
            if re.search(pattern, text, re.MULTILINE):
                return sentence
    return _UNKNOWN if message or "Traceback" in log else _NO_WORD


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
        if line.startswith("error: "):
            return line.removeprefix("error: ")
        if _ENDED.match(line) or re.match(r"[A-Za-z_.]*(?:Error|Exception|Interrupt)\b", line):
            return line
    return ""
