"""A path or an upload, opened: every way in which it is not a readable file has its sentence."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from vae.corpora import tables
from vae.errors import UserError

MAX_BYTES = 200 * 1024**2
EXTENSIONS = (".txt", ".csv", ".tsv", ".jsonl", ".parquet")

Source = str | Path | tuple[str, bytes | BinaryIO]

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"PAR1", "a parquet file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "an image"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
)


def open_table(source: Source) -> tables.Table:
    """Open a file, or a name with its bytes, by its extension.

    Raises:
        UserError: no such file, a directory, too large, empty, of an unknown kind, not what
            its extension says, or not in UTF-8 or UTF-16.
    """
    name, data = _load(source)
    if not data:
        raise UserError(f"'{name}' is empty. Choose a file with at least one sentence a line.")
    extension = _extension(name)
    if extension == ".parquet":
        return tables.read_parquet(name, data)
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise UserError(
                f"'{name}' is {what}, whatever its name says. "
                f"Export it as text and choose that file."
            )
    encoding = next((e for bom, e in _BOMS if data.startswith(bom)), "utf-8")
    if encoding.startswith("utf-8") and (nul := data.find(b"\0")) >= 0:
        raise UserError(
            f"'{name}' has a NUL byte at {_place(data, nul)}, so it is not plain text. "
            "Save it as UTF-8 text and try again."
        )
    raw = io.BytesIO(data)
    newline = "" if extension in (".csv", ".tsv") else None
    lines = _decoded(io.TextIOWrapper(raw, encoding, newline=newline), name, data, encoding)
    opener = {
        ".txt": tables.read_text,
        ".csv": tables.read_csv,
        ".tsv": tables.read_tsv,
        ".jsonl": tables.read_jsonl,
    }[extension]
    n_lines = data.count(b"\n") + (not data.endswith(b"\n")) if "8" in encoding else None
    return opener(
        name, lines, lambda: (len(data) if raw.closed else raw.tell(), len(data)), n_lines
    )


def _load(source: Source) -> tuple[str, bytes]:
    if isinstance(source, tuple):
        name, content = source
        _extension(name)
        if isinstance(content, bytes):
            return name, _within_limit(name, len(content), content)
        if content.seekable():
            content.seek(0)
        data = content.read(MAX_BYTES + 1)
        return name, _within_limit(name, len(data), data)
    path = Path(source)
    try:
        if path.is_dir():
            raise UserError(f"'{path}' is a directory. Choose one file in it.")
        if not path.exists():
            raise UserError(
                "There is no file '{path}'. Check the name and the directory.", path=path
            ).because("lost text")
        _extension(path.name)
        _within_limit(path.name, path.stat().st_size, b"")
        return path.name, path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, UserError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(f"'{path}' cannot be read: {reason}.") from error


def _within_limit(name: str, size: int, data: bytes) -> bytes:
    if size > MAX_BYTES:
        raise UserError(
            f"'{name}' is larger than {MAX_BYTES // 1024**2} MB, the most that is read. "
            "Choose a file with a sample of its rows."
        )
    return data


def _extension(name: str) -> str:
    extension = Path(name).suffix.lower()
    if extension not in EXTENSIONS:
        raise UserError(
            f"'{name}' is of a kind that cannot be read. "
            f"Kinds that can be read: {', '.join(EXTENSIONS)}."
        )
    return extension


def _place(data: bytes, offset: int) -> str:
    line = data.count(b"\n", 0, offset) + 1
    return f"offset {offset:,} (line {line:,})"


def _decoded(stream: io.TextIOWrapper, name: str, data: bytes, encoding: str) -> Iterator[str]:
    try:
        yield from stream
    except UnicodeError:
        try:
            data.decode(encoding)
        except UnicodeDecodeError as error:  # its offset counts from the start of the file
            byte = data[error.start]
            raise UserError(
                f"'{name}' is not {encoding[:6].upper().rstrip('-')}: byte 0x{byte:02X} at "
                f"{_place(data, error.start)} does not belong there. "
                "Save it with the encoding UTF-8 and try again."
            ) from None
        raise
