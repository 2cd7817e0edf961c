"""Texts that came through a browser, kept until they are trained on or newer ones push them out.

Each has a folder of its own, `cache_dir()/uploads/DIGEST`, in which what was found out about it
lies beside it. A run never learns from here: it gets a copy in its own directory.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vae.cache import cache_dir, write_bytes
from vae.corpora.lines import split_lines
from vae.corpora.opening import EXTENSIONS, check_kind, check_size
from vae.errors import UserError

MOST_UPLOADS = 10
MOST_KEPT_BYTES = 1024**3
MAX_PASTED = 2_000_000
"""Characters of pasted text; more of it belongs into a file."""

_LONGEST_STEM = 80


@dataclass(frozen=True)
class Upload:
    """A text that is kept.

    Attributes:
        name: what its owner calls it.
        path: where it is.
    """

    name: str
    path: Path


def keep(name: str, data: bytes | memoryview) -> Upload:
    """Keep an uploaded file; the same name and content are kept once.

    Raises:
        UserError: it is of a kind that is not read, too large, or cannot be written.
    """
    check_kind(name)
    check_size(name, len(data))
    path = folder(name, data) / safe_name(name)
    try:
        if not path.is_file() or path.stat().st_size != len(data):
            write_bytes(path, bytes(data))
        os.utime(path.parent)
    except OSError as error:
        raise UserError(
            "'{name}' cannot be kept on the server ({reason}). Make room in {folder}, or mend its "
            "permissions.",
            name=name,
            reason=error.strerror or str(error),
            folder=str(cache_dir()),
        ) from error
    sweep()
    return Upload(name, path)


def keep_pasted(text: str) -> Upload:
    """Keep pasted text, a sentence a line.

    Raises:
        UserError: there is none, there is too much of it, or it cannot be written.
    """
    if not text.strip():
        raise UserError("Nothing is pasted yet. Paste at least 50 sentences, one a line.")
    if len(text) > MAX_PASTED:
        raise UserError(
            "What is pasted has {n:,} characters, and {most:,} are the most. "
            "Save it as a .txt file, and choose that instead.",
            n=len(text),
            most=MAX_PASTED,
        )
    lines = "\n".join(split_lines(text))
    return keep("pasted text.txt", lines.encode("utf-8", "replace"))


def folder(*parts: str | bytes | memoryview) -> Path:
    """Where all is kept that belongs to some text, by a digest; it need not be there."""
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        state.update(part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part)
        state.update(b"\0")
    return _uploads() / state.hexdigest()


def safe_name(name: str) -> str:
    """A file name that any system takes, as near to the given one as can be; no folder in it."""
    base = re.split(r"[/\\]", name)[-1]
    stem, dot, extension = base.rpartition(".")
    extension = f".{extension}".lower() if dot else ""
    if extension not in EXTENSIONS:
        stem, extension = base, ".txt"
    stem = "".join(sign if sign.isalnum() or sign in " ._-" else "_" for sign in stem)
    stem = stem.strip(" .")[:_LONGEST_STEM].rstrip(" .").lstrip("-")
    while len(stem.encode("utf-8", "replace")) > 2 * _LONGEST_STEM:
        stem = stem[:-1]
    return f"{stem or 'text'}{extension}"


def sweep() -> None:
    """Remove the oldest where there are more than are kept; the newest always stays."""
    kept = 0
    for number, path in enumerate(_newest_first()):
        kept += sum(_size(file) for file in path.iterdir()) if path.is_dir() else 0
        if number and (number >= MOST_UPLOADS or kept > MOST_KEPT_BYTES):
            shutil.rmtree(path, ignore_errors=True)


def _newest_first() -> Sequence[Path]:
    found: list[tuple[float, Path]] = []
    with contextlib.suppress(OSError):
        for path in _uploads().iterdir():
            with contextlib.suppress(OSError):
                found.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(found, reverse=True)]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _uploads() -> Path:
    return cache_dir().absolute() / "uploads"
