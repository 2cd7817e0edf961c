"""A run as one file: export it, and open one that someone sent."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from vae.cache import temporary_beside
from vae.errors import UserError
from vae.i18n import Message
from vae.runs.catalogue import free_name, remember, runs_dir
from vae.runs.process import sweep
from vae.runs.queue import queue_lock
from vae.runs.store import RunDirectory
from vae.sharing import verify
from vae.sharing.archive import LIMITS, MOST_BYTES, REQUIRED, SNAPSHOTS, extract, is_known
from vae.sharing.portable import without_paths
from vae.sharing.values import is_number

__all__ = ["archive_name", "export", "open_archive"]

_ENDING = ".latentlens.zip"
# What hardly gets smaller.
_DENSE = (".safetensors", ".npz", ".parquet")


def archive_name(run: RunDirectory) -> str:
    """What the file of a run is called: RUN.latentlens.zip."""
    return f"{run.name}{_ENDING}"


def export(run: RunDirectory, out: BinaryIO, *, checkpoint: bool = False) -> None:
    """Write a run into a zip file: tensors, arrays, JSON, and the sentences of its map.

    Neither the corpus nor the log is in it, nor a path of this machine.

    Args:
        out: a binary file to write to.
        checkpoint: whether what only a resume needs goes with it.

    Raises:
        UserError: the run has no weights yet, a file of it is damaged, or it is too large.
        OSError: it cannot be written.
    """
    if run.adapter():
        raise UserError(
            "'{name}' is of a model of another make: its code is no part of the run, so a file "
            "would hold nothing that could be opened. Send the model itself, and its text.",
            name=run.name,
        )
    if missing := [file for file in REQUIRED if not run.has(file)]:
        raise UserError(
            "'{name}' has no {file} yet. Download it when training has come that far.",
            name=run.name,
            file=missing[0],
        )
    config = json.dumps(without_paths(run.read_json("config.json")), indent=1, ensure_ascii=False)
    files = [file for file in LIMITS if file != "config.json" and run.has(file)]
    files += sorted(f"{SNAPSHOTS}/{p.name}" for p in (run.path / SNAPSHOTS).glob("*.npz"))
    files = [f for f in files if is_known(f) and (checkpoint or f != "checkpoint.safetensors")]
    if sum((run.path / file).stat().st_size for file in files) > MOST_BYTES:
        raise UserError(
            "'{name}' is larger than {size} GB. Copy its directory instead.",
            name=run.name,
            size=MOST_BYTES // 1024**3,
        )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        archive.writestr("config.json", config)
        for file in files:
            dense = file.endswith(_DENSE)
            how = zipfile.ZIP_STORED if dense else zipfile.ZIP_DEFLATED
            archive.write(run.path / file, file, how)


def open_archive(file: BinaryIO, directory: Path | None = None) -> RunDirectory:
    """Open what `export` wrote, here or elsewhere, as a run of this machine.

    Nothing in it is trusted: names and sizes are checked while it is read, and all that is read
    later is read once before the run appears. Where it is refused, nothing of it stays.

    Args:
        file: a binary file; its `name` appears in messages.
        directory: where to put it; `catalogue.runs_dir()` by default.

    Raises:
        UserError: what is wrong with which file, and what to do.
    """
    runs = runs_dir() if directory is None else directory.absolute()
    shown = Path(str(getattr(file, "name", "") or "The file")).name
    staged = RunDirectory(temporary_beside(runs / "opened"))
    try:
        runs.mkdir(parents=True, exist_ok=True)
        sweep(runs)
        staged.path.mkdir()
        extract(file, staged.path, shown)
        facts = verify.check(staged)
        _settle(staged)
        return _move(staged, facts, runs, shown)
    except UserError as error:
        raise UserError(_with_paths_as(error.message, str(staged.path), shown)) from error
    except OSError as error:
        raise UserError(
            "'{shown}' cannot be opened ({reason}). Make room in {runs}, or mend its permissions, "
            "and try again.",
            shown=shown,
            reason=error.strerror or error,
            runs=runs,
        ) from error
    finally:
        shutil.rmtree(staged.path, ignore_errors=True)


def _with_paths_as(found: Message, place: str, shown: str) -> Message:
    """A message that names the file that was sent, not where it was unpacked."""

    def told(value: object) -> object:
        if isinstance(value, Message):
            return _with_paths_as(value, place, shown)
        return text.replace(place, shown) if place in (text := str(value)) else value

    values = {name: told(value) for name, value in found.values.items()}
    return Message(found.text.replace(place, shown), values, found.plural)


def _move(staged: RunDirectory, facts: Mapping[str, Any], runs: Path, shown: str) -> RunDirectory:
    title = str(facts.get("name") or shown.removesuffix(_ENDING))
    with queue_lock():
        name = free_name(title, runs)
        staged.write_json("config.json", {**without_paths(facts), "name": name})
        os.rename(staged.path, runs / name)
    if runs != runs_dir():
        remember(runs / name)
    return RunDirectory(runs / name)


def _settle(run: RunDirectory) -> None:
    """No process of this machine ever worked on it."""
    stored = run.read_json("status.json") if run.has("status.json") else {}
    progress = {
        name: stored[name]
        for name in ("step", "total_steps", "epoch", "seconds")
        if is_number(stored.get(name))
    }
    state = "stopped" if run.has("checkpoint.safetensors") else "finished"
    run.write_json("status.json", {"state": state, "phase": "", "message": "", **progress})
