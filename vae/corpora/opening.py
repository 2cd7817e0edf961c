"""A path or an upload, opened: every way in which it is not a readable file has its sentence."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from vae.corpora import encodings, tables
from vae.corpora.reading import OPEN, Reading, check_open
from vae.errors import UserError
from vae.i18n import enumeration, message

MAX_BYTES = 200 * 1024**2
EXTENSIONS = (".txt", ".csv", ".tsv", ".jsonl", ".parquet")
DELIMITED = (".csv", ".tsv")
"""Those of cells between separators."""

Source = str | Path | tuple[str, bytes | BinaryIO]

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_MAGIC = (
    (b"%PDF", message("a PDF document")),
    (b"PK\x03\x04", message("a zip archive or an office document")),
    (b"PAR1", message("a parquet file")),
    (b"\x1f\x8b", message("a gzip archive")),
    (b"\x89PNG", message("an image")),
    (b"\xd0\xcf\x11\xe0", message("an old office document")),
)


def open_table(source: Source, reading: Reading | None = None) -> tables.Table:
    """Open a file, or a name with its bytes, by its extension.

    Args:
        reading: how it is to be read; what is left open is found out. Without an encoding it is
            read as UTF-8, or as its byte-order mark says.

    Raises:
        EncodingError: it is not in its encoding.
        UserError: no such file, a directory, too large, empty, of an unknown kind, not what its
            extension says, or something is said of its reading that its kind does not have.
    """
    reading = reading or OPEN
    name, data = _load(source)
    if not data:
        raise UserError(
            "'{name}' is empty. Choose a file with at least one sentence a line.", name=name
        )
    extension = check_kind(name)
    if extension == ".parquet":
        check_open(name, reading)
        return tables.read_parquet(name, data)
    if extension not in DELIMITED:
        _check_cells(name, reading)
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise UserError(
                "'{name}' is {what}, whatever its name says. "
                "Export it as text and choose that file.",
                name=name,
                what=what,
            )
    marked = next((e for bom, e in _BOMS if data.startswith(bom)), None)
    said = reading.encoding
    # Who says UTF-8 of a file with a mark does not mean that its first word begins with it.
    encoding = marked if marked and (said or "utf").startswith("utf") else said or "utf-8"
    encodings.check(name, data, encoding, said=said is not None)
    raw = io.BytesIO(data)
    newline = "" if extension in DELIMITED else None
    lines = iter(io.TextIOWrapper(raw, encoding, newline=newline))
    opener = {
        ".txt": tables.read_text,
        ".csv": tables.read_csv,
        ".tsv": tables.read_tsv,
        ".jsonl": tables.read_jsonl,
    }[extension]
    return opener(
        name,
        lines,
        lambda: (len(data) if raw.closed else raw.tell(), len(data)),
        None if encoding.startswith(encodings.TWO_BYTES_OR_MORE) else _count_lines(data),
        # As it was said: the mark is found again at each reading.
        replace(reading, encoding=said or encoding),
    )


def _check_cells(name: str, reading: Reading) -> None:
    if reading != Reading(encoding=reading.encoding):
        raise UserError(
            "'{name}' has no cells: there is no separator, header or quotation mark to be told. "
            "Leave these options out.",
            name=name,
        )


def _count_lines(data: bytes) -> int:
    return data.count(b"\n") + (not data.endswith(b"\n"))


def _load(source: Source) -> tuple[str, bytes]:
    if isinstance(source, tuple):
        name, content = source
        check_kind(name)
        if isinstance(content, bytes):
            check_size(name, len(content))
            return name, content
        if content.seekable():
            content.seek(0)
        data = content.read(MAX_BYTES + 1)
        check_size(name, len(data))
        return name, data
    path = Path(source)
    try:
        if path.is_dir():
            raise UserError("'{path}' is a directory. Choose one file in it.", path=str(path))
        if not path.exists():
            raise UserError(
                "There is no file '{path}'. Check the name and the directory.", path=str(path)
            ).because("lost text")
        check_kind(path.name)
        check_size(path.name, path.stat().st_size)
        return path.name, path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, UserError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(
            "'{path}' cannot be read: {reason}.", path=str(path), reason=reason
        ) from error


def check_size(name: str, size: int) -> None:
    """Raises `UserError` where a file has more bytes than are read."""
    if size > MAX_BYTES:
        raise UserError(
            "'{name}' is larger than {most} MB, the most that is read. "
            "Choose a file with a sample of its rows.",
            name=name,
            most=MAX_BYTES // 1024**2,
        )


def check_kind(name: str) -> str:
    """The extension of a name.

    Raises:
        UserError: it is of a kind that is not read.
    """
    extension = Path(name).suffix.lower()
    if extension not in EXTENSIONS:
        raise UserError(
            "'{name}' is of a kind that cannot be read. Kinds that can be read: {kinds}.",
            name=name,
            kinds=enumeration(EXTENSIONS),
        )
    return extension
