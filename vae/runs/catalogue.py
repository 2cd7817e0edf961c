"""Which runs there are: those that ship, and those trained on this machine."""

from __future__ import annotations

import json
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
    paths = {*_remembered(), *(p.parent.resolve() for p in local.glob("*/config.json"))}
    made = {p: _made(p) for p in paths if p.parent != SHIPPED}
    runs: dict[str, RunDirectory] = {}
    for path in sorted((p for p in made if made[p]), key=lambda p: (-made[p], p)):
        run = RunDirectory(path)
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
        if _is_directory(candidate):
            run = RunDirectory(candidate.resolve())
            if run.exists():
                return run
    runs = all_runs()
    if str(name) in runs:
        return runs[str(name)]
    if _is_directory(path):
        raise UserError(f"{path} is a directory, but no run: it has no config.json.")
    raise UserError(f"There is no run '{name}'. Give a directory, or one of: {', '.join(runs)}.")


def remember(path: Path) -> None:
    """Note a run trained outside ./runs, so that the app finds it."""
    paths = dict.fromkeys([path.resolve(), *_remembered()])
    kept = [str(p) for p in paths][:_MOST_REMEMBERED]
    write_bytes(_register(), json.dumps(kept).encode())


def _made(path: Path) -> float:
    """When a run was begun, in seconds; 0 where there is none."""
    try:
        return (path / "config.json").stat().st_mtime
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
