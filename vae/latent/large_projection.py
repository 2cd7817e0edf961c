"""A picture of very many posterior means: fitted to a sample, the rest placed, a part at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vae.cache import replacing
from vae.i18n import message
from vae.latent.projection import NEIGHBOURS, different_rows, trust, umap_loaded
from vae.latent.projection import TRUST_SAMPLE as _TRUST_SAMPLE
from vae.progress import Progress, silent

Floats = npt.NDArray[np.floating]

FITTED = 20_000
"""Sentences that UMAP is fitted to; the others are placed into its picture."""

_PLACED_AT_ONCE = 20_000
_EPOCHS = 200  # as of every map of more than 10,000 sentences
_AT_ONCE = 65_536


def principal(mean: Floats) -> tuple[Floats, Floats, Floats]:
    """(directions (2, Z), centre (Z,), shares of the variance (2,)) of means (N, Z), which may be
    mapped: a part of them is in memory at a time."""
    n, latent = mean.shape
    total, square = np.zeros(latent), np.zeros((latent, latent))
    for part in _parts(mean):
        total += part.sum(0)
    centre = total / n
    for part in _parts(mean):
        square += (part - centre).T @ (part - centre)
    values, vectors = np.linalg.eigh(square / n)
    directions, shares = np.zeros((2, latent), dtype=np.float32), np.zeros(2, dtype=np.float32)
    found = vectors[:, ::-1].T[:2]
    # The sign is open: the largest part of a direction is positive.
    signs = np.sign(np.take_along_axis(found, np.abs(found).argmax(1)[:, None], 1))
    directions[: len(found)] = found * np.where(signs == 0, 1, signs)
    if values.sum() > 0:
        shares[: len(found)] = np.maximum(values[::-1][:2], 0) / values.sum()
    return directions, centre.astype(np.float32), shares


def write_pca(mean: Floats, directions: Floats, centre: Floats, path: Path) -> None:
    """Keep the places (N, 2) of means (N, Z) along two directions."""
    with replacing(path) as temporary, temporary.open("wb") as file:
        for part in _parts(mean):
            file.write(((part - centre) @ directions.T).astype("<f4").tobytes())


def write_umap(
    mean: Floats, flat: Floats, seed: int, parts: Path, path: Path, progress: Progress = silent
) -> int:
    """Keep the places (N, 2) of means (N, Z) by UMAP (McInnes et al., 2018), fitted to a sample.

    Same seed, same picture. A part that was placed before is not placed again.

    Args:
        flat: (N, 2) the places where there are too few different points for UMAP.
        parts: folder of what has been placed so far.

    Returns:
        How many the sample has.
    """
    n, latent = len(mean), mean.shape[1]
    rows = np.sort(np.random.default_rng(seed).permutation(n)[:FITTED])
    first = rows[different_rows(mean[rows])[0]]
    starts = range(0, n, _PLACED_AT_ONCE)
    what = message("Placing sentences on the map")
    if latent < 2 or len(first) <= NEIGHBOURS + 1:
        _write(path, flat)
        return n
    files = {start: parts / f"{start:09d}.npy" for start in starts}
    fitted = parts / "fitted.npy"
    left = [start for start in starts if not files[start].exists()]
    if left or not fitted.exists():
        progress(0, n, message("Fitting UMAP to {n:,} sentences", n=len(first)))
        with umap_loaded() as umap:
            fit = umap.UMAP(n_neighbors=NEIGHBOURS, random_state=seed, n_epochs=_EPOCHS)
            _save(fitted, fit.fit_transform(np.array(mean[first])))
            for start in left:
                progress(start, n, what)
                _save(files[start], fit.transform(np.array(mean[start : start + _PLACED_AT_ONCE])))
    progress(n, n, what)
    picture = np.concatenate([np.load(files[start]) for start in starts])
    picture[first] = np.load(fitted)
    _write(path, picture)
    return len(first)


def trusted(mean: Floats, umap: Floats, pca: Floats, seed: int) -> dict[str, Any]:
    """The trustworthiness of both pictures, on how many sentences."""
    rows = np.sort(np.random.default_rng(seed).permutation(len(mean))[:_TRUST_SAMPLE])
    rows = rows[different_rows(mean[rows])[0]]
    return {
        "umap_trustworthiness": trust(mean[rows], umap[rows]),
        "pca_trustworthiness": trust(mean[rows], pca[rows]),
        "trust_sample": len(rows),
    }


def _parts(mean: Floats) -> Iterator[Floats]:
    for start in range(0, len(mean), _AT_ONCE):
        yield mean[start : start + _AT_ONCE].astype(np.float64)


def _save(path: Path, values: Floats) -> None:
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.save(file, np.asarray(values, dtype=np.float32))


def _write(path: Path, values: Floats) -> None:
    with replacing(path) as temporary:
        temporary.write_bytes(np.ascontiguousarray(values, dtype="<f4").tobytes())
