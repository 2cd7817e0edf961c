"""What the app asked for when it made a run: request.json, the arguments of its command."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vae.corpora import origin
from vae.errors import UserError
from vae.i18n import message
from vae.runs.store import RunDirectory

REQUEST = "request.json"


@dataclass(frozen=True)
class TrainRequest:
    """What is started when its turn comes.

    Attributes:
        arguments: of `python -m vae`: "train", CORPUS, "--out", DIRECTORY and so on.
        submitted: when, in seconds since 1970; the first is started first.
        title: what a person calls the run.
        seconds: that it is expected to take in all; None where that is not known.
    """

    arguments: tuple[str, ...]
    submitted: float
    title: str
    seconds: float | None = None


def read_request(run: RunDirectory) -> TrainRequest:
    """The request of a run, its paths those of today: a run may have been renamed meanwhile.

    Raises:
        UserError: there is none, or it is damaged.
    """
    stored = run.read_json(REQUEST)
    arguments, title = stored.get("arguments"), stored.get("title")
    try:
        submitted = float(stored["submitted"])
    except (KeyError, TypeError, ValueError, OverflowError):
        submitted = 0.0
    if not isinstance(arguments, list) or not all(isinstance(a, str) for a in arguments):
        raise UserError(
            "{path} holds no command. Delete the run and ask again.", path=run.path / REQUEST
        )
    expected = stored.get("seconds")
    if not isinstance(expected, (int, float)) or not 0 < expected < math.inf:
        expected = None
    return TrainRequest(
        tuple(_here(run, arguments)),
        submitted,
        str(title or run.name),
        expected,
    )


def write_request(run: RunDirectory, request: TrainRequest) -> None:
    """Keep a request with its run."""
    run.write_json(REQUEST, {**vars(request), "arguments": list(request.arguments)})


def resume_arguments(run: RunDirectory) -> list[str]:
    """The arguments that take up a run where it was left, or begin it where it never began.

    Raises:
        UserError: the text that it learns from is not on this machine, or a file is damaged.
    """
    if not run.exists():
        return list(read_request(run).arguments)
    return ["train", _corpus(run), "--out", str(run.path), "--resume"]


def _corpus(run: RunDirectory) -> str:
    facts = run.read_json("config.json").get("corpus")
    source = facts.get("source") if isinstance(facts, dict) else None
    if not isinstance(source, dict):
        raise UserError(
            "{path} does not say what the run learns from.", path=run.path / "config.json"
        )
    if known := origin(source):
        return known.name
    paths = [Path(str(source[key])) for key in ("path", "name") if source.get(key)]
    if run.has(REQUEST):
        paths += [Path(a) for a in read_request(run).arguments[1:2]]
    for path in (*paths, *(run.path / "corpus" / p.name for p in paths)):
        if path.is_absolute() and path.exists():
            return str(path)
    name = source.get("name", message("the text"))
    raise UserError(
        "'{name}' learns from {text}, which is not on this machine any more. Put the file "
        "back, or give it: `{command}`.",
        name=run.name,
        text=name,
        command=f"python -m vae train FILE --out {run.path} --resume",
    )


def _here(run: RunDirectory, arguments: Sequence[str]) -> list[str]:
    here = list(arguments)
    if "--out" in here[:-1]:
        here[here.index("--out") + 1] = str(run.path)
    if len(here) > 1 and not Path(here[1]).exists():
        kept = run.path / "corpus" / Path(here[1]).name
        here[1] = str(kept) if kept.is_file() else here[1]
    return here
