"""The sentences of a map in another space than the model's: projected once, kept in the cache.

It depends on the sentences alone, so runs that learned from one text share it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from vae.cache import cache_dir
from vae.errors import UserError
from vae.latent import sentence_encoder, spaces
from vae.latent.atlas import Atlas
from vae.latent.projection import Projection, project
from vae.latent.sentence_encoder import Embedder
from vae.progress import Progress, silent
from vae.runs.store import RunDirectory

_FILE = "projection.npz"
_VERSION = 1


def seen_in(atlas: Atlas, space: str) -> Atlas | None:
    """The atlas with its picture in another space; None where that has not been made here.

    Posteriors stay the model's: only coordinates and their trustworthiness are of the space.
    """
    if space == spaces.MODEL:
        return atlas
    kept = place(atlas, space)
    if not kept.has(_FILE):
        return None
    try:
        picture = Projection.from_arrays(kept.read_arrays(_FILE))
    except (UserError, KeyError, TypeError, ValueError):
        return None  # what is damaged is made again
    return replace(atlas, projection=picture) if len(picture.umap) == len(atlas) else None


def make(
    atlas: Atlas,
    space: str,
    seed: int,
    progress: Progress = silent,
    encoder: Callable[[], Embedder] = sentence_encoder.load,
) -> None:
    """Embed and project the sentences of an atlas in another space, and keep the picture.

    Args:
        encoder: loads the sentence encoder.

    Raises:
        UserError: as `vae.latent.spaces.embed`, or the picture cannot be kept.
    """
    points = spaces.embed(space, atlas.sentences, seed, progress, encoder)
    picture = project(points, seed, progress)
    kept = place(atlas, space)
    try:
        kept.write_arrays(_FILE, picture.arrays())
    except OSError as error:
        raise UserError(
            "The map cannot be kept in {path} ({error}). Make room, or mend the permissions.",
            path=kept.path,
            error=str(error.strerror or error),
        ) from error


def place(atlas: Atlas, space: str) -> RunDirectory:
    """Where the picture of these sentences in a space is kept.

    Raises:
        UserError: there is no such space beside the model's.
    """
    if space not in spaces.SPACES or space == spaces.MODEL:
        raise UserError(
            "There is no space '{space}' to map; choose {words} or {encoder}.",
            space=space,
            words=spaces.WORDS,
            encoder=spaces.ENCODER,
        )
    state = hashlib.blake2b(digest_size=12)
    for sentence in atlas.sentences:
        state.update(sentence.encode("utf-8", "surrogatepass") + b"\x1e")
    return RunDirectory(cache_dir() / "maps" / f"{space}-{_VERSION}-{state.hexdigest()}")
