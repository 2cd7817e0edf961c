"""Two-dimensional pictures of posterior means, and how far they can be trusted."""

from __future__ import annotations

import contextlib
import importlib.util
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from vae.cache import cache_dir, can_be_made
from vae.i18n import message
from vae.progress import Progress, silent

Floats = npt.NDArray[np.floating]
Rows = npt.NDArray[np.intp]

NEIGHBOURS = 15
"""Neighbours that UMAP keeps, that trustworthiness looks at, and that place a new point."""

TRUST_SAMPLE = 4_000
# From so many points on UMAP looks for neighbours by a descent that compiles for half a minute in
# every process. All distances take a second, and miss none.
_MANY, _AT_ONCE = 4_096, 1_000
_PAIRS, _PART = 12_000_000, 262_144  # whose distances, and points that, are looked at together
# As UMAP itself takes above 10,000 points.
_EPOCHS_OF_MANY = 200


@dataclass(frozen=True)
class Projection:
    """Coordinates of N posterior means.

    Attributes:
        umap, pca: (N, 2) coordinates.
        pca_components: (2, Z) directions; with `pca_mean` (Z,) they place any point exactly.
        pca_explained: (2,) share of the variance along each.
        umap_trustworthiness, pca_trustworthiness: 0 to 1 (Venna and Kaski, 2001): how many of a
            point's 15 neighbours in the picture are neighbours in the latent space.
        trust_sample: different points that trustworthiness was measured on.
    """

    umap: Floats
    pca: Floats
    pca_components: Floats
    pca_mean: Floats
    pca_explained: Floats
    umap_trustworthiness: float
    pca_trustworthiness: float
    trust_sample: int

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        """What projection.npz holds."""
        return {k: np.asarray(v, dtype=np.float32) for k, v in vars(self).items()}

    @classmethod
    def from_arrays(cls, arrays: dict[str, npt.NDArray[np.float32]]) -> Projection:
        """Read back what `arrays` gave."""
        scalars = {
            "umap_trustworthiness": float(arrays["umap_trustworthiness"]),
            "pca_trustworthiness": float(arrays["pca_trustworthiness"]),
            "trust_sample": int(arrays["trust_sample"]),
        }
        return cls(**{**arrays, **scalars})  # type: ignore[arg-type]

    def trustworthiness(self, kind: str) -> float:
        """Of the projection "umap" or "pca"; NaN where there are too few sentences for any."""
        return self.umap_trustworthiness if kind == "umap" else self.pca_trustworthiness

    def place(self, z: Floats, mean: Floats, kind: str) -> Floats:
        """(M, 2) where new points z (M, Z) belong, given the means (N, Z) that were projected.

        PCA is exact. UMAP is not fitted again: a point goes to the mean of its nearest neighbours'
        coordinates, weighted by UMAP's own membership exp(-(d - d_1) / s) (McInnes et al., 2018).
        """
        if kind == "pca":
            return (z - self.pca_mean) @ self.pca_components.T
        first, _ = different_rows(mean)
        nearest, distance = nearest_rows(z, mean[first], min(NEIGHBOURS, len(first)))
        return self.between(z, first[nearest], distance)

    def between(self, z: Floats, nearest: Rows, distance: Floats) -> Floats:
        """(M, 2) where UMAP has points z (M, Z), given the rows of their nearest (M, K) and how far
        these are."""
        scale = np.maximum(distance.mean(1, keepdims=True) - distance[:, :1], 1e-12)
        weight = np.exp(-(distance - distance[:, :1]) / scale)
        # A point that was projected lies where it lies, though its mean was stored in half
        # precision, which rounds by a two-thousandth.
        same = distance <= 1e-3 * (1e-3 + np.linalg.norm(z, axis=1, keepdims=True))
        weight = np.where(same[:, :1], same, weight)
        weight = weight / weight.sum(1, keepdims=True)
        placed: Floats = (weight[..., None] * self.umap[nearest]).sum(1)
        return placed


def different_rows(points: Floats) -> tuple[Rows, Rows]:
    """(first row of each different point, ascending; (N,) which of these each row is).

    Copies of a sentence lie at one latent. Their number says nothing of who its neighbours are.
    """
    if not points.shape[1]:
        return np.arange(len(points)), np.arange(len(points))
    rows = np.ascontiguousarray(points) + 0.0  # -0 is 0
    if rows[:1].nbytes == 8:  # two numbers of a picture: told apart as one
        _, at, of = np.unique(rows.view(np.uint64), return_index=True, return_inverse=True)
        order = np.argsort(at)
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        return at[order], rank[of.ravel()]
    seen: dict[bytes, int] = {}
    of = np.array([seen.setdefault(row.tobytes(), len(seen)) for row in rows], dtype=np.intp)
    return np.unique(of, return_index=True)[1] if len(of) else of, of


def nearest_rows(z: Floats, mean: Floats, k: int) -> tuple[npt.NDArray[np.intp], Floats]:
    """(rows, Euclidean distances), each (M, k), nearest first, of z (M, Z) among means (N, Z).

    Distances of a part of the pairs at a time are in memory, 200 MB or less.
    """
    k = min(k, len(mean))
    if k < 1:
        return np.zeros((len(z), 0), dtype=np.intp), np.zeros((len(z), 0), dtype=mean.dtype)
    most = max(min(len(mean), _PART), k)
    few = max(1, _PAIRS // most)
    if len(z) > few:
        parts = [nearest_rows(z[i : i + few], mean, k) for i in range(0, len(z), few)]
        rows, distances = map(np.concatenate, zip(*parts, strict=True))
        return rows, distances
    near = [_nearest_of(z, mean[i : i + most], k) + i for i in range(0, len(mean), most)]
    part = near[0] if len(near) == 1 else np.concatenate(near, axis=1)
    # Exact distances for the few that are kept: the expansion loses digits near zero.
    exact = np.linalg.norm(z[:, None] - mean[part], axis=-1)
    order = np.argsort(exact, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(part, order, 1), np.take_along_axis(exact, order, 1)


def nearest_others(points: Floats, rows: Rows) -> tuple[Rows, Floats]:
    """(M,) which of N points (N, Z) is nearest to each of M of them, itself aside, and how far."""
    near, distance = nearest_rows(points[rows], points, 2)
    # A point is nearest to itself; with one that lies beside it, either may come first.
    other = np.where(near[:, 0] == rows, 1, 0)
    at = np.arange(len(rows))
    return near[at, other], distance[at, other]


def _nearest_of(z: Floats, mean: Floats, k: int) -> npt.NDArray[np.intp]:
    """(M, k) as `nearest_rows`, the order among those that lie almost alike open."""
    k = min(k, len(mean))
    # About their centre, where the squares are small and few digits are lost in the expansion.
    centre = mean.mean(0)
    a, b = z - centre, mean - centre
    square = (b**2).sum(1) - 2 * a @ b.T + (a**2).sum(1)[:, None]  # (M, N)
    part = np.argpartition(square, k - 1, axis=1)[:, :k]
    order = np.argsort(np.take_along_axis(square, part, 1), axis=1, kind="stable")
    found: npt.NDArray[np.intp] = np.take_along_axis(part, order, 1)
    return found


@contextlib.contextmanager
def umap_loaded() -> Iterator[ModuleType]:
    """UMAP, to fit and to place within the block.

    Raises:
        UserError: nothing can be written anywhere.
    """
    umap = _umap()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="n_jobs value")
        warnings.filterwarnings("ignore", message="precomputed_knn")
        threads = torch.get_num_threads()
        try:
            yield umap
        finally:
            # UMAP's own threads overwrite this setting for the whole process.
            torch.set_num_threads(threads)


def _umap() -> ModuleType:
    """UMAP with a place for what numba compiles of it; loading it takes seconds.

    What numba keeps on disk need not be compiled in every process, which takes ten seconds.

    Raises:
        UserError: nothing can be written anywhere.
    """
    _give_numba_a_place()
    import umap
    from umap import layouts, umap_, utils

    for module, name in (
        (utils, "fast_knn_indices"),
        (umap_, "smooth_knn_dist"),
        (umap_, "compute_membership_strengths"),
        (layouts, "_nb_optimize_layout_euclidean_single_epoch"),
    ):
        # Where a version has no function of this name, or no place to keep it, it is as it was.
        with contextlib.suppress(AttributeError, RuntimeError):
            getattr(module, name).enable_caching()
    loaded: ModuleType = umap
    return loaded


def _give_numba_a_place() -> None:
    """Let numba keep what it compiles where it may write; without any place UMAP does not load.

    Beside the packages and in the home directory it finds a place by itself. In a container, where
    a user is not root and has no home, it finds none.
    """
    from numba.core import config
    from numba.misc import appdirs

    settings: Any = config
    if settings.CACHE_DIR:
        return
    home = Path(appdirs.AppDirs(appname="numba", appauthor=False).user_cache_dir)  # type: ignore[no-untyped-call]
    for package in ("umap", "pynndescent"):
        found = importlib.util.find_spec(package)
        beside = [Path(place) / "__pycache__" for place in _folders(found)]
        if not any(can_be_made(place) for place in (*beside, home)):
            settings.CACHE_DIR = str(cache_dir() / "numba")


def _folders(package: ModuleSpec | None) -> list[str]:
    return list(package.submodule_search_locations or ()) if package else []


def _of_many(points: Floats) -> dict[str, Any]:
    """What UMAP is told of many points: their nearest, found exactly, and how long to fit."""
    if len(points) < _MANY:
        return {}
    parts = range(0, len(points), _AT_ONCE)
    found = [nearest_rows(points[i : i + _AT_ONCE], points, NEIGHBOURS) for i in parts]
    rows, distances = (np.concatenate(part) for part in zip(*found, strict=True))
    nearest = (rows.astype(np.int32), distances.astype(np.float32), None)
    return {"precomputed_knn": nearest, "n_epochs": _EPOCHS_OF_MANY}


def trust(mean: Floats, flat: Floats) -> float:
    """The trustworthiness of a picture (N, 2) of different points (N, Z); NaN of too few."""
    from sklearn.manifold import trustworthiness

    if not mean.shape[1] or len(mean) <= 2 * NEIGHBOURS + 1:
        return float("nan")
    return float(trustworthiness(mean, flat, n_neighbors=NEIGHBOURS))


def project(mean: Floats, seed: int, progress: Progress = silent) -> Projection:
    """Fit UMAP (McInnes et al., 2018) and PCA to posterior means (N, Z); same seed, same picture.

    Points that are the same are one point to UMAP and to trustworthiness, and share its place. PCA
    weighs them by how often they occur, as variance does. Fewer than two dimensions, or too few
    different points for UMAP, leave columns of zeros.
    """
    # Whoever only places points in a picture need not wait for it to load.
    from sklearn.decomposition import PCA

    mean = np.asarray(mean, dtype=np.float32)
    n, latent = mean.shape
    progress(0, 3, message("Principal components"))
    components = np.zeros((2, latent), dtype=np.float32)
    explained = np.zeros(2, dtype=np.float32)
    k = min(2, latent, n)
    centre = mean.mean(0) if latent else np.zeros(0, dtype=np.float32)
    if k:
        with np.errstate(invalid="ignore"):  # shares of no variance: set to 0 below
            pca = PCA(k, svd_solver="full").fit(mean)
        components[:k] = pca.components_
        explained[:k] = np.nan_to_num(pca.explained_variance_ratio_)
    flat = (mean - centre) @ components.T
    progress(1, 3, message("UMAP projection"))
    picture = flat.copy()
    first, of = different_rows(mean)
    if latent > 1 and len(first) > NEIGHBOURS + 1:
        with umap_loaded() as umap:
            fit = umap.UMAP(n_neighbors=NEIGHBOURS, random_state=seed, **_of_many(mean[first]))
            picture = fit.fit_transform(mean[first])[of]
    progress(2, 3, message("Trustworthiness"))
    rows = np.sort(np.random.default_rng(seed).permutation(first)[:TRUST_SAMPLE])
    result = Projection(
        umap=np.asarray(picture, dtype=np.float32),
        pca=flat,
        pca_components=components,
        pca_mean=centre,
        pca_explained=explained,
        umap_trustworthiness=trust(mean[rows], picture[rows]),
        pca_trustworthiness=trust(mean[rows], flat[rows]),
        trust_sample=len(rows),
    )
    progress(3, 3, message("Projected"))
    return result
