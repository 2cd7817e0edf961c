"""The map of a run as Parquet, for Embedding Atlas (Ren et al., 2025)."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np

from vae.cache import replacing
from vae.i18n import message
from vae.latent.atlas import Atlas
from vae.latent.neighbours import neighbour_lists
from vae.latent.projection import NEIGHBOURS
from vae.progress import Progress, silent
from vae.sharing import map_table

FILE = "map.parquet"


def write(atlas: Atlas, directory: Path, progress: Progress = silent) -> list[str]:
    """Write map.parquet: text, labels, measures, both projections, and nearest neighbours.

    `neighbors` holds for each row {"ids": rows from 0, "distances": in the latent space}, nearest
    first, the row itself among them, as Embedding Atlas documents it.

    Returns:
        The names of the files.

    Raises:
        OSError: it cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    near = neighbour_lists(atlas.mean, NEIGHBOURS)
    done, writer = 0, None
    with replacing(directory / FILE) as temporary:
        try:
            for table in map_table.parts(atlas):
                rows = slice(done, done + len(table))
                for kind, name in (("umap", "projection"), ("pca", "pca")):
                    for i, axis in enumerate("xy"):
                        places = getattr(atlas.projection, kind)[rows, i].astype(np.float32)
                        table = table.append_column(f"{name}_{axis}", pa.array(places))
                found: list[pa.Array] = []
                while sum(map(len, found)) < len(table):
                    found.append(_neighbours(*next(near)))
                    done += len(found[-1])
                    progress(done, len(atlas), message("Looking for neighbours"))
                table = table.append_column("neighbors", pa.chunked_array(found))
                writer = writer or pq.ParquetWriter(temporary, table.schema, compression="zstd")
                writer.write_table(table)
        finally:
            if writer is not None:
                writer.close()
    return [FILE]


def command(atlas: Atlas, directory: str = "") -> str:
    """What opens it, on a machine with `pip install embedding-atlas`."""
    text, file = map_table.text_column(atlas), str(Path(directory) / FILE)
    return (
        f"embedding-atlas {shlex.quote(file)} --text {text} --x projection_x --y projection_y "
        "--neighbors neighbors"
    )


def _neighbours(rows: np.ndarray, distances: np.ndarray) -> object:
    import pyarrow as pa

    starts = np.arange(len(rows) + 1, dtype=np.int32) * rows.shape[1]
    ids = pa.ListArray.from_arrays(starts, rows.astype(np.int64).ravel())
    apart = pa.ListArray.from_arrays(starts, distances.astype(np.float32).ravel())
    return pa.StructArray.from_arrays([ids, apart], ["ids", "distances"])
