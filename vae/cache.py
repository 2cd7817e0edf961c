"""Where this user's cache is, and writes that a reader never sees half of."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

CACHE_VARIABLE = "LATENT_LENS_CACHE"
_NAME = "latent-lens"


def cache_dir() -> Path:
    """The directory for what can be made again; not necessarily there yet.

    ``LATENT_LENS_CACHE`` if set, else ``XDG_CACHE_HOME/latent-lens`` if set, else the place
    that the operating system keeps for caches.
    """
    if chosen := os.environ.get(CACHE_VARIABLE):
        return Path(chosen).expanduser()
    if xdg := os.environ.get("XDG_CACHE_HOME"):
        return Path(xdg).expanduser() / _NAME
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        base = Path(local) if local else Path("~/AppData/Local").expanduser()
        return base / _NAME / "Cache"
    if sys.platform == "darwin":
        return Path("~/Library/Caches").expanduser() / _NAME
    return Path("~/.cache").expanduser() / _NAME


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place when the block ends well.

    Readers see the old file or the new one, never a part. The directory is made where it is
    missing. Where the block raises, `path` is as it was.

    Raises:
        OSError: the directory cannot be made, or the file cannot be written or replaced.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
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
