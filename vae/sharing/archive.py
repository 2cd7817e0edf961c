"""A zip file from somebody else: known names alone, of known sizes, into one directory."""

from __future__ import annotations

import io
import re
import shutil
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from vae.errors import UserError
from vae.latent.names import FILE as NAMES
from vae.latent.said_atlas import FILE as LABELS
from vae.latent.said_replay import FILE as SAID
from vae.studies.catalogue import FOLDER as STUDY_FOLDER
from vae.studies.catalogue import STUDIES

_MB = 1024**2

SNAPSHOTS = "snapshots"

LIMITS = {
    "config.json": _MB,
    "status.json": _MB,
    "tokenizer.json": 32 * _MB,
    "weights.safetensors": 2048 * _MB,
    "checkpoint.safetensors": 2048 * _MB,
    "metrics.jsonl": 64 * _MB,
    "evaluation.json": 4 * _MB,
    "steering.json": _MB,
    "latents.npz": 256 * _MB,
    "projection.npz": 16 * _MB,
    "sentences.parquet": 64 * _MB,
    LABELS: 64 * _MB,
    f"{SNAPSHOTS}/sentences.json": 16 * _MB,
    SAID: 16 * _MB,
    NAMES: _MB,
    **{study.file: 4 * _MB for study in STUDIES.values()},
}
"""Files of a run that travel, and the most bytes of each."""

REQUIRED = ("config.json", "tokenizer.json", "weights.safetensors")
MOST_BYTES = 2048 * _MB
"""The most bytes of a run that travels, all files together."""

_SNAPSHOT = re.compile(rf"{SNAPSHOTS}/[0-9]{{8}}\.npz")
_SNAPSHOT_BYTES = 16 * _MB
_MOST_FILES = 300
# 300 files with names of ours take a tenth of it.
_MOST_INDEX = _MB // 4
_END, _END64 = b"PK\x05\x06", b"PK\x06\x07"
_FOLDERS = (SNAPSHOTS, STUDY_FOLDER)
_KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def is_known(name: str) -> bool:
    """Whether a file of this name may travel with a run."""
    return name in LIMITS or bool(_SNAPSHOT.fullmatch(name))


def extract(file: BinaryIO, directory: Path, shown: str) -> None:
    """Write the files of an archive into a directory that is empty.

    Args:
        shown: what the archive is called in messages.

    Raises:
        UserError: it is no archive of a run, or has a file that no run has, or one that is too
            large, or stands there twice, or is a link.
        OSError: it cannot be written.
    """
    check_index(file, shown)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [e for e in archive.infolist() if e.filename.rstrip("/") not in _FOLDERS]
            _check(entries, shown)
            room = shutil.disk_usage(directory).free
            if sum(e.file_size for e in entries) > room:
                raise UserError(
                    "There is no room for '{shown}' on the disk. Make some first.", shown=shown
                )
            for folder in _FOLDERS:
                (directory / folder).mkdir()
            for entry in entries:
                _copy(archive, entry, directory / entry.filename, shown)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UserError(
            "'{shown}' is damaged ({reason}). Ask for it again.", shown=shown, reason=error
        ) from error
    for folder in _FOLDERS:
        if not any((directory / folder).iterdir()):
            (directory / folder).rmdir()


def check_index(file: BinaryIO, shown: str) -> None:
    """Look at the end of a zip file, before all of its index is read into memory.

    Raises:
        UserError: it is no zip file, or has an index that no run needs.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - (1 << 16) - 22))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise UserError(
            "'{shown}' is no zip file. Choose the file that a run was exported to.", shown=shown
        )
    (index,) = struct.unpack("<L", tail[at + 12 : at + 16])
    if index > _MOST_INDEX or _END64 in tail[max(0, at - 20) : at]:
        raise UserError("'{shown}' lists more files than a run has. Choose another.", shown=shown)
    file.seek(0)


def _check(entries: list[zipfile.ZipInfo], shown: str) -> None:
    if len(entries) > _MOST_FILES:
        raise UserError("'{shown}' has more files than a run has. Choose another.", shown=shown)
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        label = repr(name if len(name) < 80 else f"{name[:77]}...")
        if not is_known(name) or entry.orig_filename != name:
            raise UserError(
                "'{shown}' holds {label}, which is no file of a run, so nothing of it was opened. "
                "Choose a file that Latent Lens exported.",
                shown=shown,
                label=label,
            )
        if name in seen:
            raise UserError(
                "'{shown}' holds {label} twice. Ask for it again.", shown=shown, label=label
            )
        seen.add(name)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise UserError(
                "{label} in '{shown}' is a link or no plain file. Ask for it again.",
                label=label,
                shown=shown,
            )
        if entry.flag_bits & 0x1 or entry.compress_type not in _KINDS:
            raise UserError(
                "{label} in '{shown}' is encrypted or packed in a way that is not read. Ask for "
                "the file as Latent Lens exports it.",
                label=label,
                shown=shown,
            )
        if entry.file_size > LIMITS.get(name, _SNAPSHOT_BYTES):
            raise UserError(
                "{label} in '{shown}' is larger than that of any run. It is refused.",
                label=label,
                shown=shown,
            )
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise UserError("'{shown}' is larger than any run, unpacked. It is refused.", shown=shown)
    for name in REQUIRED:
        if name not in seen:
            raise UserError(
                "'{shown}' has no {name}: it is not a whole run. Ask for it again.",
                shown=shown,
                name=name,
            )


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, shown: str) -> None:
    written = 0
    with archive.open(entry) as source, target.open("xb") as out:
        while chunk := source.read(_MB):
            written += len(chunk)
            # What an archive says of its sizes need not be true.
            if written > entry.file_size:
                raise UserError(
                    "'{filename}' in '{shown}' is larger than it says. It is refused.",
                    filename=entry.filename,
                    shown=shown,
                )
            out.write(chunk)
