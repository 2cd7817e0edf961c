"""Several runs that belong together: a pair of the clinic, the grid of a sweep.

One JSON a piece in a hidden folder beside the runs, so that an experiment outlives tabs and
servers. The runs themselves are runs like any other: of the queue, in `runs_dir`.
"""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from vae.cache import locked, write_bytes
from vae.corpora.reading import Reading
from vae.errors import UserError
from vae.i18n import Message, nmessage
from vae.runs import queue
from vae.runs.catalogue import new_directory, runs_dir
from vae.runs.request import resume_arguments
from vae.runs.store import FORMAT_VERSION, LIVE, RunDirectory

Kind = Literal["clinic", "sweep"]
KINDS: tuple[Kind, ...] = ("clinic", "sweep")

# In none of these does a run come to its end by itself.
_LOST = {"stopped", "failed", "lost", "gone", "unknown"}
_NAME = re.compile(r"(clinic|sweep)-[0-9]{1,20}")


@dataclass(frozen=True)
class RunSpec:
    """A run to be made: what it is in its experiment, and its arguments after the corpus.

    Attributes:
        seconds: that it is expected to take, where that is known.
    """

    title: str
    label: Message | str
    arguments: tuple[str, ...]
    values: Mapping[str, float] = field(default_factory=dict)
    seconds: float | None = None


@dataclass(frozen=True)
class Member:
    """A run of an experiment: the name of its directory, and what it is there."""

    run: str
    said: Message
    values: Mapping[str, float]

    @property
    def label(self) -> str:
        """What it is there, in words."""
        return str(self.said)

    @property
    def directory(self) -> RunDirectory | None:
        """The run; None where it was deleted or renamed meanwhile."""
        found = RunDirectory(runs_dir() / self.run)
        return found if found.has("status.json") or found.exists() else None

    def state(self) -> str:
        """As `RunDirectory.state`; "gone" where there is no run, "unknown" where it is damaged."""
        run = self.directory
        if run is None:
            return "gone"
        try:
            return run.state()
        except UserError:
            return "unknown"


@dataclass(frozen=True)
class Experiment:
    """What was asked for, and the runs that answer it.

    Attributes:
        details: of the page that made it: plain JSON.
        created: in seconds since 1970.
    """

    name: str
    kind: Kind
    title: str
    created: float
    members: tuple[Member, ...]
    details: Mapping[str, Any]


def experiment_names(kind: Kind) -> list[str]:
    """The experiments of a kind, newest first."""
    found = (p.stem for p in _folder().glob(f"{kind}-*.json") if _NAME.fullmatch(p.stem))
    return sorted(found, key=lambda name: int(name.rpartition("-")[2]), reverse=True)


def read_experiment(name: str) -> Experiment:
    """An experiment by its name.

    Raises:
        UserError: there is none of that name, or its file is damaged or of another version.
    """
    if not _NAME.fullmatch(name) or not (path := _path(name)).is_file():
        raise UserError(
            "There is no experiment '{name}' on this machine. Choose another.", name=name
        )
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["format_version"] != FORMAT_VERSION:
            raise ValueError("it is of another version")
        members = tuple(
            Member(
                _folder_name(m["run"]),
                Message.of_json(m["label"]),
                {str(k): float(v) for k, v in m["values"].items()},
            )
            for m in stored["members"]
        )
        kind = next(k for k in KINDS if k == stored["kind"])
        title, created = str(stored["title"]), float(stored["created"])
        return Experiment(name, kind, title, created, members, dict(stored["details"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        raise UserError(
            "{path} is damaged ({kind}: {reason}). Its runs are not: compare them on the page "
            "Compare, or ask for a new experiment.",
            path=path,
            kind=type(error).__name__,
            reason=error,
        ) from error
    except RecursionError:
        raise UserError("{path} is damaged: it is nested too deeply.", path=path) from None


def begin(
    kind: Kind,
    title: str,
    corpus: Sequence[str],
    asked: Sequence[RunSpec],
    details: Mapping[str, Any],
    command: queue.Command = queue.train_command,
) -> Experiment:
    """Put the runs of an experiment into the queue, in their order, and keep what they are.

    Args:
        corpus: the corpus and its options, as on the command line (`corpus_arguments`).

    Raises:
        UserError: the queue has no room for all of them; then nothing has begun.
        OSError: it cannot be written.
    """
    if len(queue.waiting()) + len(asked) > queue.MOST_WAITING:
        raise UserError(
            nmessage(
                "{n} more run is more than the queue holds ({most}). Take some out, or wait for "
                "them.",
                "{n} more runs are more than the queue holds ({most}). Take some out, or wait for "
                "them.",
                len(asked),
                most=queue.MOST_WAITING,
            )
        )
    created = time.time()
    runs = [new_directory(a.title) for a in asked]
    members = tuple(
        Member(run.name, _as_data(a.label), dict(a.values))
        for run, a in zip(runs, asked, strict=True)
    )
    experiment = Experiment(_free_name(kind, created), kind, title, created, members, dict(details))
    # Before the runs: whatever dies in between, those that were put into the queue are known.
    _write(experiment)
    for run, a in zip(runs, asked, strict=True):
        arguments = ["train", corpus[0], "--out", str(run.path), *corpus[1:], *a.arguments]
        queue.submit(run, arguments, a.title, command, a.seconds)
    return experiment


def begin_once(
    kind: Kind,
    title: str,
    corpus: Sequence[str],
    asked: Sequence[RunSpec],
    details: Mapping[str, Any],
) -> Experiment:
    """As `begin`, but where the same was asked for already, and can come to its end, that one.

    Many who ask at the same moment get one. What is the same is said by kind and details.

    Raises:
        UserError, OSError: as `begin`.
    """
    with locked(_folder() / f"{kind}-shared", seconds=30.0):
        for name in experiment_names(kind):
            with contextlib.suppress(UserError):  # of a damaged one the page says so
                found = read_experiment(name)
                if found.details == details and not {m.state() for m in found.members} & _LOST:
                    return found
        return begin(kind, title, corpus, asked, details)


def advance_pair(
    experiment: Experiment, command: queue.Command = queue.train_command
) -> list[RunDirectory]:
    """Let the two runs of a pair train at once, if nothing else trains or waits before them.

    Each takes one thread, so that two cores serve both. The queue's own number of slots stays.
    """
    mine = {member.run for member in experiment.members}
    waiting = [run.name for run in queue.waiting()]
    if not waiting or not set(waiting[: len(mine)]) <= mine:
        return []
    if any(run.name not in mine for run in queue.training()):
        return []
    return queue.advance(max(queue.slots(), len(mine)), command)


def corpus_arguments(run: RunDirectory, most: int | None = None) -> list[str]:
    """The corpus of a run with its options, for a new run on the same sentences.

    Args:
        most: draw so many sentences where there are more.

    Raises:
        UserError: its text is not on this machine, or config.json does not say what it was.
    """
    arguments = resume_arguments(run)[1:2]  # it refuses a run that does not say its corpus
    facts = run.read_json("config.json")["corpus"]
    source = facts["source"]
    n = source.get("n") or facts.get("n_sentences")
    if isinstance(n, int) and (most is None or n <= most):
        n = n if source.get("n") else None
    elif most is not None:
        n = most
    if n:
        arguments += ["--sentences", str(n)]
    for option, key in (
        ("--text", "text_column"),
        ("--split", "split_column"),
        ("--max-words", "max_words"),
        ("--labels-by-rule", "labels_by_rule"),
    ):
        if source.get(key):
            arguments += [option, str(source[key])]
    arguments += Reading.from_source(source).options()
    if isinstance(labels := source.get("label_columns"), list):
        arguments += ["--labels", *map(str, labels)]  # none named is not the same as none given
    if isinstance(types := source.get("label_types"), dict):
        arguments += [f"--label-type={name}={kind}" for name, kind in types.items()]
    return arguments


def settled(experiment: Experiment) -> bool:
    """Whether none of its runs waits or trains."""
    return not any(member.state() in ("queued", *LIVE) for member in experiment.members)


def forget(name: str) -> None:
    """Take an experiment off the list; its runs stay."""
    if _NAME.fullmatch(name):
        _path(name).unlink(missing_ok=True)


def _as_data(label: Message | str) -> Message:
    return label if isinstance(label, Message) else Message(label)


def _write(experiment: Experiment) -> None:
    members = [
        {"run": m.run, "label": m.said.to_json(), "values": dict(m.values)}
        for m in experiment.members
    ]
    stored = {"format_version": FORMAT_VERSION, **vars(experiment), "members": members}
    text = json.dumps(stored, indent=1, ensure_ascii=False)
    _folder().mkdir(parents=True, exist_ok=True)
    write_bytes(_path(experiment.name), text.encode())


def _free_name(kind: Kind, created: float) -> str:
    number = int(created)
    while _path(f"{kind}-{number}").exists():
        number += 1
    return f"{kind}-{number}"


def _folder_name(text: Any) -> str:
    """Part of a path that leads to no other folder."""
    if not isinstance(text, str) or not text or text != Path(text).name or text.startswith("."):
        raise ValueError(f"{text!r} is no name of a run")
    return text


def _folder() -> Path:
    return runs_dir() / ".experiments"


def _path(name: str) -> Path:
    return _folder() / f"{name}.json"
