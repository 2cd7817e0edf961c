"""The latents of a run's map as TSV, for the Embedding Projector of TensorBoard (Smilkov et al.,
2016).
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TextIO

import numpy as np

from vae.cache import replacing, write_bytes
from vae.i18n import _, message
from vae.latent.atlas import Atlas
from vae.progress import Progress, silent
from vae.sharing import map_table

VECTORS, METADATA, CONFIG = "vectors.tsv", "metadata.tsv", "projector_config.pbtxt"

# Everything that ends a line or a cell for some reader of such files.
_SEPARATORS = re.compile("[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_BEGINNING = """embeddings {{
  tensor_name: "latents"
  tensor_path: "{vectors}"
  metadata_path: "{metadata}"
}}
"""


def write(atlas: Atlas, directory: Path, progress: Progress = silent) -> list[str]:
    """Write posterior means, sentences with labels, and the configuration that names both.

    Returns:
        The names of the files.

    Raises:
        OSError: they cannot be written.
    """
    done, header = 0, True
    with (
        replacing(directory / METADATA) as told,
        replacing(directory / VECTORS) as placed,
        told.open("w", encoding="utf-8", newline="\n") as words,
        placed.open("w", encoding="ascii", newline="\n") as numbers,
    ):
        for table in map_table.parts(atlas):
            if header:
                _line(words, table.column_names)
                header = False
            for row in zip(*(c.to_pylist() for c in table.columns), strict=True):
                _line(words, ["" if cell is None else _cell(cell) for cell in row])
            part = atlas.mean[done : done + len(table)]
            # They were kept in half precision: five digits are all of it.
            np.savetxt(numbers, part, fmt="%.5g", delimiter="\t")
            done += len(table)
            progress(done, len(atlas), message("Writing rows"))
    settings = _BEGINNING.format(vectors=VECTORS, metadata=METADATA)
    write_bytes(directory / CONFIG, settings.encode())
    return [VECTORS, METADATA, CONFIG]


def command(atlas: Atlas, directory: str = "") -> str:
    """What opens it, on a machine with `pip install tensorboard`."""
    return f"tensorboard --logdir {shlex.quote(directory or '.')}"


def _cell(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _line(out: TextIO, cells: list[str]) -> None:
    first, *rest = (_SEPARATORS.sub(" ", cell) for cell in cells)
    # The projector trims lines: one that began with a tab would move its cells.
    first = first.strip() or _("(nothing: the model ends at once)")
    print(first, *rest, sep="\t", file=out)
