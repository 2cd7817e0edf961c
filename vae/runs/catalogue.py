"""Which runs there are: those that ship, and those trained on this machine."""

from __future__ import annotations

import json
import os
from pathlib import Path

from vae.cache import cache_dir, write_bytes
from vae.errors import UserError
from vae.runs.store import RunDirectory

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "runs"
DEFAULT_RUN = "factors"
_MOST_REMEMBERED = 200


def shipped_runs() -> dict[str, RunDirectory]:
    """The runs in assets/runs, by name; the default comes first."""
    found = {p.parent.name: RunDirectory(p.parent) for p in sorted(SHIPPED.glob("*/config.json"))}
    return dict(sorted(found.items(), key=lambda item: item[0] != DEFAULT_RUN))


def own_runs() -> dict[str, RunDirectory]:
    """Runs trained on this machine, newest first, by a name that no other run has."""
    local = Path.cwd() / "runs"
    paths = [*_remembered(), *(p.parent.resolve() for p in local.glob("*/config.json"))]
    runs: dict[str, RunDirectory] = {}
    for path in dict.fromkeys(paths):
        run = RunDirectory(path)
        if not run.exists() or path.parent == SHIPPED:
            continue
        name, n = path.name, 2
        while name in runs or (SHIPPED / name).exists():
            name, n = f"{path.name} ({n})", n + 1
        runs[name] = run
    return runs


def all_runs() -> dict[str, RunDirectory]:
    """Shipped runs, then own ones."""
    return {**shipped_runs(), **own_runs()}


def find_run(name: str | Path) -> RunDirectory:
    """The run in a directory, or of a name.

    Raises:
        UserError: there is none; the message lists the names there are.
    """
    path = Path(name)
    for candidate in (path, SHIPPED / path):
        if candidate.is_dir():
            run = RunDirectory(candidate.resolve())
            if run.exists():
                return run
    runs = all_runs()
    if str(name) in runs:
        return runs[str(name)]
    if path.is_dir():
        raise UserError(f"{path} is a directory, but no run: it has no config.json.")
    raise UserError(f"There is no run '{name}'. Give a directory, or one of: {', '.join(runs)}.")


def remember(path: Path) -> None:
    """Note a run trained outside ./runs, so that the app finds it."""
    paths = dict.fromkeys([path.resolve(), *_remembered()])
    kept = [str(p) for p in paths][:_MOST_REMEMBERED]
    write_bytes(_register(), json.dumps(kept).encode())


def _register() -> Path:
    return cache_dir() / "runs.json"


def _remembered() -> list[Path]:
    try:
        values = json.loads(_register().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [Path(os.fspath(v)) for v in values if isinstance(v, str)]
