"""Arrays and tables from somebody else: what they would unpack to is known before they are read."""

from __future__ import annotations

import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from vae.errors import UserError
from vae.latent import said_replay
from vae.latent.atlas import MOST_SENTENCES
from vae.latent.atlas_source import SENTENCES_FILE
from vae.latent.projection import Projection
from vae.latent.said_atlas import FILE as LABELS
from vae.latent.said_replay import FILE as SAID
from vae.runs.store import Arrays, RunDirectory
from vae.sharing.archive import SNAPSHOTS, check_index
from vae.sharing.damage import damaged

_MB = 1024**2
_MOST_BYTES = 512 * _MB
_MOST_COLUMNS = 100
_MOST_TEXT_BYTES = 256 * _MB


def check(run: RunDirectory, latent_dim: int, *, was_cut: bool = False) -> None:
    """Read latents.npz, projection.npz, the snapshots and sentences.parquet of a run.

    Args:
        was_cut: dimensions were cut off, and snapshots of before have more.

    Raises:
        UserError: which of them is damaged, hostile or of another run.
    """
    _check_atlas(run, latent_dim)
    widths: set[int] = set()
    for path in sorted((run.path / SNAPSHOTS).glob("*.npz")):
        stored = _read(run, f"{SNAPSHOTS}/{path.name}")
        mean = stored.get("mean")
        if mean is None or mean.ndim != 2:
            raise _foreign(path)
        if path.name == Path(SAID).name:
            said_replay.check(stored, run)
            if mean.shape[1] != latent_dim:
                raise _foreign(path)
            continue
        widths.add(mean.shape[1])
        if len(widths) > 1 or not (
            (max(widths) > latent_dim and was_cut) or widths == {latent_dim}
        ):
            raise _foreign(path)
    for file, column in ((SENTENCES_FILE, "sentence"), (LABELS, "split")):
        if run.has(file):
            _check_table(run.path / file, column)


def _check_atlas(run: RunDirectory, latent_dim: int) -> None:
    n = -1
    if run.has("latents.npz"):
        stored = _read(run, "latents.npz")
        try:
            n = len(stored["keys"])
            shapes = [stored[name].shape for name in ("mean", "logvar")]
            whole = shapes == [(n, latent_dim)] * 2 and stored["keys"].shape == (n,)
        except (KeyError, TypeError):
            whole = False
        if not whole or not 0 < n <= MOST_SENTENCES:
            raise _foreign(run.path / "latents.npz")
    if run.has("projection.npz"):
        stored = _read(run, "projection.npz")
        try:
            picture = Projection.from_arrays(stored)
            whole = picture.umap.shape == picture.pca.shape == (n, 2)
        except (KeyError, TypeError, ValueError, OverflowError):
            whole = False
        if not whole:
            raise _foreign(run.path / "projection.npz")


def _read(run: RunDirectory, file: str) -> Arrays:
    path = run.path / file
    try:
        with path.open("rb") as handle:
            check_index(handle, str(path))
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > _MOST_BYTES:
                raise UserError(
                    "{path} would unpack to more than any run holds. It is refused.", path=path
                )
            for entry in entries:
                _check_header(archive, entry)
    except UserError:
        raise
    except Exception as error:  # a damaged archive fails in a dozen ways
        raise damaged(path, error) from error
    return run.read_arrays(file)


def _check_header(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """An array has the size that its header tells: numpy takes the memory before it looks."""
    with archive.open(entry) as source:
        version = np.lib.format.read_magic(source)
        read = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[version]
        shape, _, dtype = read(source)
        size = source.tell() + math.prod(shape) * dtype.itemsize
    if dtype.kind not in "fiub" or size != entry.file_size:
        raise ValueError(f"{entry.filename} is no array of numbers")


def _check_table(path: Path, needed: str) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            facts = file.metadata
            groups = [facts.row_group(i) for i in range(facts.num_row_groups)]
            names = file.schema_arrow.names
            whole = (
                facts.num_rows <= MOST_SENTENCES
                and len(names) <= _MOST_COLUMNS
                and sum(group.total_byte_size for group in groups) <= _MOST_TEXT_BYTES
                and needed in names
                and all(_is_text(field.type, pa) for field in file.schema_arrow)
            )
        if not whole:
            raise ValueError("it is no table of sentences")
        # Each text that differs once: a file of kilobytes may repeat one of megabytes.
        table = pq.read_table(path, read_dictionary=names)
        unpacked = 0
        for chunk in (c for column in table.columns for c in column.chunks):
            lengths = pc.binary_length(chunk.dictionary).take(chunk.indices)
            unpacked += pc.sum(lengths).as_py() or 0
        if unpacked > _MOST_TEXT_BYTES:
            raise ValueError("it would unpack to more than any run holds")
    except (pa.ArrowException, OSError, ValueError, AttributeError) as error:
        raise damaged(path, error) from error


def _is_text(kind: Any, pa: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _foreign(path: Path) -> UserError:
    return UserError(
        "{path} does not fit the model: it belongs to another run. Ask for it again.", path=path
    )
