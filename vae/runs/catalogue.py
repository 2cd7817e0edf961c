"""Which runs there are: those that ship, and those trained on this machine."""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from vae.cache import cache_dir, locked, write_bytes
from vae.errors import UserError
from vae.i18n import listed
from vae.runs.store import RunDirectory

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "runs"
DEFAULT_RUN = "factors"
COLLAPSED_RUN = "factors-collapsed"
"""Of those that ship, the one that learned the same sentences as the default and collapsed."""
RUN_OF_LANGUAGE: Mapping[str, str] = {"zh": "factors-zh"}
"""Of those that ship, the one for readers of a language, where its text is in it."""
WELL_READ_RUN = "everyday"
"""Of those that ship, the one that knows most words."""
RUNS_VARIABLE = "LATENT_LENS_RUNS"
_MOST_REMEMBERED = 200
_LONGEST_NAME = 80
_MOST_NAMED = 8


def shipped_runs() -> dict[str, RunDirectory]:
    """The runs in assets/runs, by name; the default comes first."""
    found = {p.parent.name: RunDirectory(p.parent) for p in sorted(SHIPPED.glob("*/config.json"))}
    return dict(sorted(found.items(), key=lambda item: item[0] != DEFAULT_RUN))


def runs_dir() -> Path:
    """Where the app keeps its runs: ``LATENT_LENS_RUNS`` if set, else ./runs; absolute."""
    chosen = os.environ.get(RUNS_VARIABLE)
    return (Path(chosen).expanduser() if chosen else Path("runs")).absolute()


def own_runs() -> dict[str, RunDirectory]:
    """Runs trained on this machine, newest first, by a name that no other run has."""
    return _own(known_directories())


def requested_runs() -> dict[str, RunDirectory]:
    """Runs asked for that have not begun: queued, or failed before the start; oldest first."""
    directories = known_directories()
    return _requested(directories, _own(directories))


def _own(directories: Iterable[Path]) -> dict[str, RunDirectory]:
    return _named({path: _written(path / "config.json") for path in directories}, shipped_names())


def _requested(directories: Iterable[Path], own: Iterable[str]) -> dict[str, RunDirectory]:
    asked = {
        path: _written(path / "request.json")
        for path in directories
        if not (path / "config.json").exists()
    }
    return dict(reversed(_named(asked, {*shipped_names(), *own}).items()))


def known_directories() -> list[Path]:
    """Where runs of this machine may be: in `runs_dir`, and wherever runs were made."""
    found: set[Path] = set(_remembered())
    with contextlib.suppress(OSError):
        found |= {p.resolve() for p in runs_dir().iterdir() if not p.name.startswith(".")}
    return sorted(p for p in found if SHIPPED not in (p, *p.parents))


def is_shipped(path: Path) -> bool:
    """Whether a path is a run that ships with the app, or lies in one."""
    return path.resolve().is_relative_to(SHIPPED)


def shipped_names() -> set[str]:
    """What a run of one's own cannot be called."""
    with contextlib.suppress(OSError):
        return {p.name for p in SHIPPED.iterdir()}
    return set()


def _named(made: Mapping[Path, float], taken: Iterable[str]) -> dict[str, RunDirectory]:
    """Runs newest first; of two with one name the older keeps it, so that links to it last."""
    names: dict[str, Path] = {}
    refused = set(taken)
    for path in sorted((p for p in made if made[p]), key=lambda p: (made[p], p)):
        name, n = path.name, 2
        while name in names or name in refused:
            name, n = f"{path.name} ({n})", n + 1
        names[name] = path
    return {name: RunDirectory(path) for name, path in reversed(names.items())}


def all_runs() -> dict[str, RunDirectory]:
    """Shipped runs, then own ones."""
    return {**shipped_runs(), **own_runs()}


def known_runs() -> dict[str, RunDirectory]:
    """All that can be chosen: runs that ship, own ones, and those asked for that have not begun."""
    directories = known_directories()
    own = _own(directories)
    return {**shipped_runs(), **own, **_requested(directories, own)}


def find_run(name: str | Path) -> RunDirectory:
    """The run in a directory, or of a name.

    Raises:
        UserError: there is none; the message lists some names there are, those like it first.
    """
    path = Path(name)
    for candidate in (path, SHIPPED / path):
        if _is_directory(candidate):
            run = RunDirectory(candidate.resolve())
            if run.exists():
                return run
    runs = all_runs()
    if str(name) in runs:
        return runs[str(name)]
    if _is_directory(path):
        raise UserError("{path} is a directory, but no run: it has no config.json.", path=path)
    near = difflib.get_close_matches(str(name), runs, _MOST_NAMED, cutoff=0.75)
    raise UserError(
        "There is no run '{name}'. Give a directory, or one of: {names}.",
        name=name,
        names=listed(list(dict.fromkeys([*near, *runs]))[:_MOST_NAMED], "or"),
    )


def check_name(name: str) -> str:
    """A name that a run can have, on every system.

    Raises:
        UserError: it is empty or long, or has other signs than letters, digits, space . _ and -.
    """
    if not 1 <= len(name) <= _LONGEST_NAME or len(name.encode("utf-8", "replace")) > 200:
        raise UserError("A run's name has 1 to {most} signs. Choose another.", most=_LONGEST_NAME)
    if odd := sorted({sign for sign in name if not (sign.isalnum() or sign in " ._-")}):
        raise UserError(
            "A run's name cannot have {signs}. Use letters, digits, spaces, points, _ and -.",
            signs=" ".join(map(repr, odd[:5])),
        )
    if not name[0].isalnum() or name[-1] in " .":
        raise UserError(
            "'{name}' cannot be a run's name: it begins with a letter or a digit, and ends "
            "with neither a space nor a point.",
            name=name,
        )
    return name


def free_name(title: str, directory: Path | None = None) -> str:
    """A name that a run can have and that none has, as near to a title as can be.

    Args:
        directory: where it will be; `runs_dir` by default.
    """
    plain = unicodedata.normalize("NFC", title)
    plain = "".join(sign if sign.isalnum() or sign in " ._-" else " " for sign in plain)
    plain = re.sub(r"^[^\w]+|^_+", "", " ".join(plain.split()))
    while len(plain) > _LONGEST_NAME - 8 or len(plain.encode()) > 190:
        plain = plain[:-1]
    plain = plain.rstrip(" .") or "run"
    try:
        check_name(plain)
    except UserError:
        plain = "run"
    name, n = plain, 2
    while not is_free(name, directory):
        name, n = f"{plain}-{n}", n + 1
    return name


def is_free(name: str, directory: Path | None = None) -> bool:
    """Whether no run is called so, and the directory has nothing of this name."""
    taken = {p.name.casefold() for p in known_directories()} | {*map(str.casefold, shipped_names())}
    return name.casefold() not in taken and not os.path.lexists((directory or runs_dir()) / name)


def new_directory(title: str) -> RunDirectory:
    """A directory for a run of the app, under a free name near a title; made, and empty.

    Raises:
        OSError: it cannot be made.
    """
    while True:
        path = runs_dir() / free_name(title)
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):  # another session was faster
            path.mkdir()
            return RunDirectory(path)


def remember(path: Path) -> None:
    """Note a run made outside `runs_dir`, so that the app finds it; those that ship it knows."""
    if path.resolve().parent != SHIPPED:
        _register_only(lambda paths: [path.resolve(), *paths])


def forget(path: Path) -> None:
    """Take a run that is deleted out of the register."""
    gone = path.resolve()
    _register_only(lambda paths: [p for p in paths if p != gone])


def follow(old: Path, new: Path) -> None:
    """Note that a run has moved."""
    before, after = old.resolve(), new.resolve()
    _register_only(lambda paths: [after if p == before else p for p in paths])


def _register_only(change: Callable[[list[Path]], list[Path]]) -> None:
    with locked(_register()):
        before = _remembered()
        paths = list(dict.fromkeys(change(before)))[:_MOST_REMEMBERED]
        if paths != before:
            write_bytes(_register(), json.dumps([str(p) for p in paths]).encode())


def _written(path: Path) -> float:
    """When a file was written, in seconds; 0 where there is none."""
    try:
        return path.stat().st_mtime
    except (OSError, ValueError):
        return 0.0


def _is_directory(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that no file system takes
        return False


def _register() -> Path:
    return cache_dir() / "runs.json"


def _remembered() -> list[Path]:
    try:
        values = json.loads(_register().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [Path(v) for v in values if isinstance(v, str)] if isinstance(values, list) else []
