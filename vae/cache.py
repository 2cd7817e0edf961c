"""Where this user's cache is, writes that a reader never sees half of, and locks between them."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from vae.errors import UserError

CACHE_VARIABLE = "LATENT_LENS_CACHE"
_NAME = "latent-lens"
_TEMPORARY = re.compile(r"\.(?P<name>.+)\.(?P<pid>\d+)-[0-9a-f]{8}\.tmp")


def cache_dir() -> Path:
    """The directory for what can be made again; not necessarily there yet.

    ``LATENT_LENS_CACHE`` if set, else ``XDG_CACHE_HOME/latent-lens`` if set, else the place
    that the operating system keeps for caches. Where that cannot be written, as in a container
    without a home, a folder of this user's among the temporary files.

    Raises:
        UserError: none of these can be written.
    """
    if chosen := os.environ.get(CACHE_VARIABLE):
        return Path(chosen).expanduser()
    usual = _usual()
    return usual if usual is not None and can_be_made(usual) else _among_temporary_files()


def _usual() -> Path | None:
    try:
        if xdg := os.environ.get("XDG_CACHE_HOME"):
            return Path(xdg).expanduser() / _NAME
        if sys.platform == "win32":
            local = os.environ.get("LOCALAPPDATA")
            base = Path(local) if local else Path("~/AppData/Local").expanduser()
            return base / _NAME / "Cache"
        if sys.platform == "darwin":
            return Path("~/Library/Caches").expanduser() / _NAME
        return Path("~/.cache").expanduser() / _NAME
    except RuntimeError:  # a user whom the system knows no home of
        return None


def can_be_made(directory: Path) -> bool:
    """Whether a directory is there, or may be made, and may be written to."""
    try:
        there = next(p for p in (directory, *directory.absolute().parents) if p.exists())
        return there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    except OSError:  # below what may not be looked into
        return False


def _among_temporary_files() -> Path:
    # Others write there too: nobody else's folder is used.
    who = os.getuid() if sys.platform != "win32" else 0
    path = Path(tempfile.gettempdir()) / f"{_NAME}-{who}"
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        mine = not path.is_symlink() and path.stat().st_uid == who
    except OSError:
        mine = False
    if not mine or not can_be_made(path):
        raise UserError(
            "There is no place for a cache: neither the home directory nor {path} can be written. "
            "Set {variable} to a directory that can.",
            path=path,
            variable=CACHE_VARIABLE,
        )
    return path


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place when the block ends well.

    Readers see the old file or the new one, never a part. The directory is made where it is
    missing. Where the block raises, `path` is as it was.

    Raises:
        OSError: the directory cannot be made, or the file cannot be written or replaced.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_beside(path)
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one piece.

    Raises:
        OSError: as `replacing`.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def temporary_beside(path: Path) -> Path:
    """A hidden name beside `path` that nobody else has, and that tells which process took it."""
    return path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")


def temporary_owner(path: Path) -> int | None:
    """The process that took a name of `temporary_beside`; None for any other name."""
    match = _TEMPORARY.fullmatch(path.name)
    return int(match["pid"]) if match else None


@contextlib.contextmanager
def locked(path: Path, seconds: float = 10.0) -> Iterator[None]:
    """Keep other processes and threads that ask for the same lock out of the block.

    The system lets go of a lock when its process ends, however it ends. Beside `path` an empty
    file `.NAME.lock` stays.

    Raises:
        UserError: another has held the lock for so many seconds.
        OSError: the file of the lock cannot be made.
    """
    # Loaded on first use: it is a tenth of what the app's first frame loads.
    from filelock import FileLock, Timeout

    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=seconds, poll_interval=0.01):
            yield
    except Timeout:
        raise UserError(
            "{path} is being changed by another process. Wait a moment and try again.", path=path
        ) from None
