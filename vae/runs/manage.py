"""Rename a run, or delete it: never one that ships, never while a process works on it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from vae.cache import temporary_beside
from vae.errors import UserError
from vae.i18n import Message, listed, message
from vae.runs.catalogue import check_name, follow, forget, is_free, is_shipped
from vae.runs.queue import queue_lock
from vae.runs.request import REQUEST, read_request, write_request
from vae.runs.store import LIVE, RunDirectory

# Where neither config.json nor request.json can be read, these names tell a run from a folder
# of something else.
_OURS = re.compile(
    r"(config|status|evaluation|tokenizer|control|steering|request|sentences|names)\.json|metrics\.jsonl"
    r"|(weights|checkpoint)\.safetensors|(latents|projection)\.npz|sentences\.parquet|train\.log"
    r"|snapshots|studies|corpus|\.[\w.]+\.(lock|tmp)|\..+\.\d+-[0-9a-f]{8}\.tmp"
)


def rename(run: RunDirectory, name: str) -> RunDirectory:
    """Give a run another name: its directory moves, and all that names it follows.

    Raises:
        UserError: the name cannot be or is taken, the run ships with the app, a process works on
            it, or the directory cannot be moved.
    """
    check_name(name)
    with queue_lock():
        _check_free_to_change(
            run,
            shipped=message("'{name}' ships with the app and cannot be renamed.", name=run.name),
            busy=message(
                "A process works on '{name}'. Stop it before it is renamed.", name=run.name
            ),
        )
        old = run.path.resolve()
        new = old.with_name(name)
        if new == old:
            return run
        if _is_taken(old, new):
            raise UserError("There is a run '{name}' already. Choose another name.", name=name)
        try:
            os.rename(old, new)
        except OSError as error:
            raise UserError(
                "'{name}' cannot be renamed ({reason}). Close what has its files open, and try "
                "again.",
                name=run.name,
                reason=error.strerror,
            ) from error
        renamed = RunDirectory(new)
        with contextlib.suppress(UserError):
            _rename_in_config(renamed, old)
        with contextlib.suppress(UserError):
            # It is read with the paths of today.
            write_request(renamed, replace(read_request(renamed), title=name))
        follow(old, new)
        return renamed


def delete(run: RunDirectory) -> None:
    """Delete a run with all its files; links in it are removed, and what they lead to stays.

    Raises:
        UserError: it ships with the app, a process works on it, the directory is not that of a
            run, or it cannot be deleted.
    """
    with queue_lock():
        _check_free_to_change(
            run,
            shipped=message("'{name}' ships with the app and cannot be deleted.", name=run.name),
            busy=message(
                "A process works on '{name}'. Stop it before it is deleted.", name=run.name
            ),
        )
        path = run.path.resolve()
        _check_is_run(run)
        # Gone for everybody at once, whatever happens while its files are removed.
        doomed = temporary_beside(path)
        try:
            os.rename(path, doomed)
            forget(path)
            shutil.rmtree(doomed)
        except OSError as error:
            raise UserError(
                "'{name}' cannot be deleted whole ({reason}). Close what has its files open, and "
                "try again.",
                name=run.name,
                reason=error.strerror,
            ) from error


def _check_free_to_change(run: RunDirectory, shipped: Message, busy: Message) -> None:
    if is_shipped(run.path):
        raise UserError(shipped)
    if run.path.is_symlink():
        raise UserError(
            "{path} is a link. Remove it by hand, or open what it leads to.", path=run.path
        )
    if not run.path.is_dir():
        raise UserError(
            "There is no run in {path}. It was renamed or deleted meanwhile.", path=run.path
        )
    try:
        works = run.has("status.json") and (run.state() in LIVE or run.busy())
    except UserError:  # a status that cannot be read keeps nobody from deleting
        works = False
    if works:
        raise UserError(busy)


def _is_taken(old: Path, new: Path) -> bool:
    if old.name.casefold() != new.name.casefold():
        return os.path.lexists(new) or not is_free(new.name)
    # Its own name in other letters: some systems see no difference, and find the run itself.
    return os.path.lexists(new) and not new.samefile(old)


def _check_is_run(run: RunDirectory) -> None:
    if not _says_that_it_is_one(run):
        raise UserError(
            "{path} is left as it is: it is not the directory of a run. Choose one that is.",
            path=run.path,
        )
    inside = (p for p in run.path.iterdir() if p.is_dir() and not p.is_symlink())
    if strange := sorted(p.name for p in inside if not _OURS.fullmatch(p.name)):
        raise UserError(
            "{path} is left as it is: it has folders that are not of a run ({folders}). Move them "
            "elsewhere first.",
            path=run.path,
            folders=listed(strange[:3], "unit"),
        )


def _says_that_it_is_one(run: RunDirectory) -> bool:
    for file, needed in (("config.json", {"config", "corpus"}), (REQUEST, {"arguments"})):
        with contextlib.suppress(UserError):
            if needed <= set(run.read_json(file)):
                return True
    known = run.exists() or run.has(REQUEST)
    return known and all(_OURS.fullmatch(p.name) for p in run.path.iterdir())


def _rename_in_config(run: RunDirectory, old: Path) -> None:
    stored = run.read_json("config.json")
    stored["name"] = run.name
    corpus: Any = stored.get("corpus")
    source = corpus.get("source") if isinstance(corpus, dict) else None
    if isinstance(source, dict) and isinstance(source.get("path"), str):
        with contextlib.suppress(ValueError):
            inside = Path(source["path"]).relative_to(old)
            source["path"] = str(run.path / inside)
    # When a run was begun is read from this file.
    made = (run.path / "config.json").stat()
    run.write_json("config.json", stored)
    os.utime(run.path / "config.json", ns=(made.st_atime_ns, made.st_mtime_ns))
