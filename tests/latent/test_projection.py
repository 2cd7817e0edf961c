"""Pictures of posterior means: coordinates, new points, neighbours, trust."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from vae.latent.projection import (
    NEIGHBOURS,
    Projection,
    different_rows,
    nearest_rows,
    project,
)
from vae.runs.process import REPOSITORY

N, Z = 200, 5


def means(n: int = N, latent: int = Z, seed: int = 0) -> np.ndarray:
    """Three clouds of points."""
    rng = np.random.default_rng(seed)
    centres = 4 * rng.normal(size=(3, latent))
    return (centres[np.arange(n) % 3] + rng.normal(size=(n, latent))).astype(np.float32)


@pytest.fixture(scope="module")
def projected() -> Projection:
    # The one place of this file that pays for the start of UMAP.
    threads = torch.get_num_threads()
    made = project(means(), seed=3)
    assert torch.get_num_threads() == threads  # UMAP would change them for the whole process
    return made


def without_umap(mean: np.ndarray) -> Projection:
    """A projection whose UMAP picture is any picture: the first two coordinates."""
    small = project(mean[:NEIGHBOURS], seed=0)
    return Projection(**{**vars(small), "umap": mean[:, :2], "pca": mean[:, :2]})


def test_the_same_seed_gives_the_same_picture(projected):
    again = project(means(), seed=3)
    for name, value in projected.arrays().items():
        assert np.array_equal(value, again.arrays()[name]), name


def test_a_picture_keeps_the_clouds_and_says_how_far_it_can_be_trusted(projected):
    assert projected.umap.shape == projected.pca.shape == (N, 2)
    assert np.isfinite(projected.umap).all()
    assert 0.7 < projected.umap_trustworthiness <= 1
    assert 0.5 < projected.pca_trustworthiness <= 1
    assert projected.trust_sample == N
    cloud = np.arange(N) % 3
    for picture in (projected.umap, projected.pca):
        nearest, _ = nearest_rows(picture, picture, 6)
        assert np.mean(cloud[nearest] == cloud[:, None]) > 0.95


def test_a_projection_survives_its_file(projected, tmp_path):
    np.savez(tmp_path / "p.npz", **projected.arrays())
    with np.load(tmp_path / "p.npz") as stored:
        again = Projection.from_arrays(dict(stored))
    assert again.trust_sample == N
    for name, value in projected.arrays().items():
        assert np.array_equal(value, again.arrays()[name]), name


@pytest.mark.parametrize("kind", ["umap", "pca"])
def test_points_that_were_projected_are_placed_where_they_are(projected, kind):
    own = getattr(projected, kind)
    assert projected.place(means(), means(), kind) == pytest.approx(own, abs=1e-4)


def test_a_point_stored_in_half_precision_still_finds_its_place(projected):
    stored = means().astype(np.float16).astype(np.float32)
    assert projected.place(means(), stored, "umap") == pytest.approx(projected.umap, abs=1e-4)


def test_a_new_point_is_placed_among_its_neighbours(projected):
    new = means(20, seed=0) + 0.05
    placed = projected.place(new, means(), "umap")
    rows, _ = nearest_rows(new, means(), NEIGHBOURS)
    around = projected.umap[rows]  # (20, 15, 2)
    assert (placed >= around.min(1) - 1e-5).all()
    assert (placed <= around.max(1) + 1e-5).all()


def test_a_far_point_is_placed_on_the_map_too(projected):
    placed = projected.place(np.full((1, Z), 1e4, np.float32), means(), "umap")
    assert np.isfinite(placed).all()
    assert (placed >= projected.umap.min(0) - 1e-4).all()


def test_a_new_point_is_placed_exactly_by_pca(projected):
    new = means(10, seed=9)
    expected = (new - means().mean(0)) @ projected.pca_components.T
    assert projected.place(new, means(), "pca") == pytest.approx(expected, abs=1e-4)
    gram = projected.pca_components @ projected.pca_components.T
    assert gram == pytest.approx(np.eye(2), abs=1e-5)


def test_pca_explains_what_its_directions_carry(projected):
    share = projected.pca.var(0, ddof=1) / means().var(0, ddof=1).sum()
    assert projected.pca_explained == pytest.approx(share, rel=1e-4)
    assert projected.pca_explained[0] >= projected.pca_explained[1]


def test_duplicates_lie_on_one_point_and_are_placed_there():
    mean = np.repeat(means(10), 3, axis=0)
    found = without_umap(mean).place(mean, mean, "umap")
    assert found == pytest.approx(mean[:, :2], abs=1e-4)


def test_many_points_are_mapped_by_their_exact_neighbours(monkeypatch):
    asked = {}

    class Umap:
        def __init__(self, **settings):
            asked.update(settings)

        def fit_transform(self, points):
            return points[:, :2]

    import umap

    monkeypatch.setattr(umap, "UMAP", Umap)
    points = np.random.default_rng(0).normal(size=(4_200, 3)).astype(np.float32)
    project(points, 0)
    rows, distances, _ = asked["precomputed_knn"]
    assert rows.shape == distances.shape == (4_200, NEIGHBOURS)
    assert (rows[:, 0] == np.arange(4_200)).all()
    for i in (0, 1_500, 4_199):
        true = np.linalg.norm(points - points[i], axis=1)
        assert distances[i] == pytest.approx(np.sort(true)[:NEIGHBOURS], rel=1e-4)
        assert true[rows[i]] == pytest.approx(np.sort(true)[:NEIGHBOURS], rel=1e-4)
    asked.clear()
    project(points[:4_000], 0)
    assert "precomputed_knn" not in asked


@pytest.mark.parametrize(("n", "latent"), [(40, 1), (16, 3), (3, 4), (2, 4), (1, 4), (1, 1)])
def test_too_few_points_or_dimensions_leave_a_flat_picture(n, latent):
    small = project(means(n, latent), seed=0)
    assert small.umap.shape == small.pca.shape == (n, 2)
    assert np.isfinite(small.umap).all()
    assert np.isfinite(small.pca_explained).all()
    if latent == 1:
        assert (small.pca[:, 1] == 0).all()
    for kind in ("umap", "pca"):
        placed = small.place(means(2, latent, seed=5), means(n, latent), kind)
        assert placed.shape == (2, 2)
        assert np.isfinite(placed).all()


@pytest.mark.parametrize("n", [0, 1, 50])
def test_a_model_without_latents_has_a_picture_of_one_point(n):
    nothing = project(np.zeros((n, 0), np.float32), seed=0)
    assert nothing.umap.shape == nothing.pca.shape == (n, 2)
    assert (nothing.umap == 0).all()
    assert np.isnan(nothing.umap_trustworthiness)
    assert nothing.place(
        np.zeros((3, 0), np.float32), np.zeros((50, 0), np.float32), "pca"
    ).shape == ((3, 2))


def test_a_fully_collapsed_model_has_a_picture(projected):
    same = project(np.ones((60, 3), np.float32), seed=0)
    assert np.isfinite(same.umap).all()
    assert (same.pca == 0).all()
    assert (same.pca_explained == 0).all()


def test_trust_is_not_measured_on_too_few_points():
    assert np.isnan(project(means(10), seed=0).umap_trustworthiness)


def test_progress_goes_from_nothing_to_all():
    seen = []
    project(means(10), 0, lambda done, total, what: seen.append((done, total)))
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]


@given(st.integers(1, 60), st.integers(1, 8), st.integers(1, 70), st.integers(0, 99))
def test_neighbours_are_those_of_brute_force(n, latent, k, seed):
    rng = np.random.default_rng(seed)
    mean = rng.normal(size=(n, latent)).astype(np.float32)
    z = rng.normal(size=(7, latent)).astype(np.float32)
    rows, distance = nearest_rows(z, mean, k)
    whole = cdist(z.astype(float), mean.astype(float))
    assert rows.shape == distance.shape == (7, min(k, n))
    assert distance == pytest.approx(np.sort(whole, axis=1)[:, :k], abs=1e-5)
    assert np.take_along_axis(whole, rows, 1) == pytest.approx(distance, abs=1e-5)
    assert (np.diff(distance) >= 0).all()
    assert all(len(set(row)) == len(row) for row in rows.tolist())


def test_neighbours_are_told_apart_far_from_the_origin():
    rng = np.random.default_rng(0)
    mean = (300 + 0.1 * rng.normal(size=(100, 4))).astype(np.float32)
    rows, distance = nearest_rows(mean, mean, 5)
    exact = np.sort(cdist(mean.astype(float), mean.astype(float)), axis=1)[:, :5]
    assert rows[:, 0].tolist() == list(range(100))
    assert distance == pytest.approx(exact, abs=1e-4)


def test_a_point_is_its_own_nearest_neighbour_at_distance_zero():
    rows, distance = nearest_rows(means(), means(), 1)
    assert rows[:, 0].tolist() == list(range(N))
    assert (distance == 0).all()


def test_nothing_has_no_neighbours():
    rows, distance = nearest_rows(means(3), np.zeros((0, Z), np.float32), 5)
    assert rows.shape == distance.shape == (3, 0)


# Copies of a sentence


@pytest.fixture(scope="module")
def copied() -> tuple[np.ndarray, Projection]:
    """Sixty different points, each of them as often as its number says."""
    mean = np.repeat(means(60), np.arange(60) % 7 + 1, axis=0)
    mean = mean[np.random.default_rng(1).permutation(len(mean))]
    return mean, project(mean, seed=3)


def test_copies_share_a_place_in_every_picture(copied):
    mean, projected = copied
    first, of = different_rows(mean)
    for picture in (projected.umap, projected.pca):
        assert np.array_equal(picture, picture[first][of])
        assert len(np.unique(picture, axis=0)) == 60


def test_copies_are_one_point_to_umap_and_to_trustworthiness(copied):
    mean, projected = copied
    first, _ = different_rows(mean)
    alone = project(mean[first], seed=3)
    assert np.array_equal(projected.umap[first], alone.umap)
    assert projected.trust_sample == 60
    assert projected.umap_trustworthiness == alone.umap_trustworthiness


def test_a_new_point_is_placed_by_different_neighbours(copied):
    mean, projected = copied
    first, _ = different_rows(mean)
    new = means(5, seed=9)
    alone = replace(projected, umap=projected.umap[first])
    assert projected.place(new, mean, "umap") == pytest.approx(
        alone.place(new, mean[first], "umap"), abs=1e-4
    )
    assert projected.place(mean[:9], mean, "umap") == pytest.approx(projected.umap[:9], abs=1e-4)


@given(st.lists(st.tuples(st.sampled_from([-0.0, 0.0, 1.0]), st.sampled_from([0.0, 2.0]))))
def test_different_rows_are_the_first_of_each_kind(points):
    array = np.array(points, dtype=np.float32).reshape(-1, 2)
    first, of = different_rows(array)
    assert np.array_equal(array[first][of], array)
    assert list(first) == sorted(first)
    assert len(first) == len({(a + 0.0, b) for a, b in points})


LOADS_UMAP = """
from pathlib import Path
from numba.core import config
from vae.cache import cache_dir
from vae.latent import projection
import tempfile
projection._umap()
place = cache_dir()
print(Path(config.CACHE_DIR) == place / "numba", place.parent == Path(tempfile.gettempdir()))
"""


def test_umap_loads_where_neither_its_package_nor_a_home_can_be_written(tmp_path):
    packages, temporary = tmp_path / "packages", tmp_path / "temporary"
    temporary.mkdir()
    for name in ("umap", "pynndescent"):
        folder = Path(find_spec(name).origin).parent
        shutil.copytree(folder, packages / name, ignore=shutil.ignore_patterns("__pycache__"))
        # What is no directory keeps out root too.
        (packages / name / "__pycache__").touch()
    kept = {"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", "TMPDIR": str(temporary)}
    paths = os.pathsep.join([str(packages), str(REPOSITORY)])
    ran = subprocess.run(
        [sys.executable, "-c", LOADS_UMAP],
        env={**kept, "PYTHONPATH": paths, "HOME": "/dev/null/nowhere"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.split() == ["True", "True"], ran.stderr
