"""The map of a run for other tools that show maps: a folder with a README, or a zip of it."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vae.cache import write_bytes
from vae.corpora.given import card_said
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import _, sentences
from vae.latent.atlas import Atlas, said_note
from vae.progress import Progress, silent
from vae.sharing import embedding_atlas, tensorboard

README = "README.txt"


@dataclass(frozen=True)
class Tool:
    """A tool that opens a map.

    Attributes:
        name: as it calls itself.
        package: what pip installs.
        write: writes the map into a folder and names the files.
        command: what opens the folder.
    """

    name: str
    package: str
    write: Callable[[Atlas, Path, Progress], list[str]]
    command: Callable[[Atlas, str], str]


TOOLS: Mapping[str, Tool] = {
    "embedding-atlas": Tool(
        "Embedding Atlas", "embedding-atlas", embedding_atlas.write, embedding_atlas.command
    ),
    "tensorboard": Tool(
        "TensorBoard Projector", "tensorboard", tensorboard.write, tensorboard.command
    ),
}


def export(
    explorer: Explorer, tool: str, directory: Path, progress: Progress = silent
) -> list[str]:
    """Write the map of a run for a tool into a folder, with a README that says what it is.

    Args:
        tool: one of `TOOLS`.

    Returns:
        The names of the files.

    Raises:
        UserError: the run has no map, no latent space, or its sentences are not on this machine.
        OSError: the folder cannot be written.
    """
    if not explorer.latent_dim:
        raise UserError(
            "'{run}' is a plain language model: it has no latent space, so there is no map.",
            run=explorer.name,
        )
    atlas = explorer.atlas
    files = TOOLS[tool].write(atlas, directory, progress)
    text = f"{about(explorer)}\n\n{how_to_open(explorer, tool)}\n"
    write_bytes(directory / README, text.encode())
    return [*files, README]


def zipped(explorer: Explorer, tool: str) -> bytes:
    """As `export`, as a zip file.

    Raises:
        UserError: as `export`.
        OSError: there is no room for temporary files.
    """
    packed = io.BytesIO()
    with (
        tempfile.TemporaryDirectory(prefix="latent-lens-") as place,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for file in export(explorer, tool, Path(place)):
            archive.write(Path(place) / file, f"{explorer.name}-map/{file}")
    return packed.getvalue()


def about(explorer: Explorer) -> str:
    """Which sentences these are, where they lie, and whose they are."""
    atlas = explorer.atlas
    card = card_said(explorer.facts().get("corpus"))
    numbers = {"n": len(atlas), "run": explorer.name, "z": explorer.latent_dim}
    if not atlas.missing:
        these = _(
            "{n:,} sentences of the run '{run}', each at its posterior mean in {z} dimensions.",
            **numbers,
        )
    else:
        these = _(
            "{n:,} of {total:,} sentences on a map of the run '{run}', each at its posterior mean "
            "in {z} dimensions.",
            total=len(atlas) + atlas.missing,
            **numbers,
        )
    return sentences(
        these,
        str(said_note(explorer.name)) if atlas.said else "",
        str(card) if card is not None else "",
    )


def how_to_open(explorer: Explorer, tool: str, directory: str = "") -> str:
    """What opens the folder, in a sentence."""
    known = TOOLS[tool]
    return _(
        "Open it with {tool}, after `pip install {package}`: {command}",
        tool=known.name,
        package=known.package,
        command=f"`{known.command(explorer.atlas, directory)}`",
    )
