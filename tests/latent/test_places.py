"""What lies at a place of a map, and where a model extrapolates."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from tests import fakes
from vae.explorer import Explorer
from vae.inference import log_prior
from vae.latent.places import (
    NEIGHBOURHOOD,
    Neighbourhoods,
    answer,
    between_sentences,
    inverse_error,
    latents_at,
    nearest_different,
    nearest_inverse,
    neighbours_kept,
)
from vae.latent.planes import Plane, pca_plane
from vae.latent.projection import NEIGHBOURS, Projection, project

Z = 5


def clouds(n: int = 300, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    centres = 6 * rng.normal(size=(3, Z))
    return (centres[np.arange(n) % 3] + rng.normal(size=(n, Z))).astype(np.float32)


def seen(means: np.ndarray) -> Projection:
    """A projection whose UMAP picture is the first two coordinates."""
    return replace(project(means[:NEIGHBOURS], seed=0), umap=means[:, :2], pca=means[:, :2])


@given(st.integers(0, 10_000))
def test_the_inverse_of_a_picture_gives_back_each_sentence_and_lies_between_them(seed):
    means = clouds(60, seed)
    exact = nearest_inverse(means[7:9, :2], means[:, :2], means)
    np.testing.assert_allclose(exact, means[7:9], atol=1e-4)
    xy = np.random.default_rng(seed).normal(size=(5, 2)) * 6
    found = nearest_inverse(xy, means[:, :2], means)
    assert (found >= means.min(0) - 1e-4).all()
    assert (found <= means.max(0) + 1e-4).all()


def test_the_inverse_has_no_jump_where_other_sentences_come_to_be_the_nearest():
    means = clouds(60)
    way = np.linspace(means[0, :2], means[1, :2], 20_001)
    found = nearest_inverse(way, means[:, :2], means)
    steps = np.linalg.norm(np.diff(found, axis=0), axis=1)
    assert steps.max() < 0.02 * np.linalg.norm(np.ptp(means, axis=0))


def test_copies_count_once_in_the_inverse():
    means = clouds(60)
    often = np.concatenate([means, np.repeat(means[:1], 40, axis=0)])
    xy = means[:1, :2] + 0.3
    np.testing.assert_allclose(
        nearest_inverse(xy, often[:, :2], often), nearest_inverse(xy, means[:, :2], means)
    )


def test_the_error_of_the_inverse_is_small_between_sentences_and_large_far_away():
    means = clouds(600)
    means[:, 2:] *= 0.01  # the picture is nearly the space
    between = between_sentences(means[:, :2])
    width = np.ptp(means[:, :2])
    assert np.median(inverse_error(between, seen(means), means)) < 0.05 * width
    away = between + 3 * width
    assert np.median(inverse_error(away, seen(means), means)) > width


def test_a_place_is_that_of_the_picture_that_is_shown():
    means = clouds()
    xy = means[:4, :2]
    projection = seen(means)
    plane = pca_plane(projection)
    np.testing.assert_allclose(latents_at(xy, plane, means), plane.latent(xy))
    np.testing.assert_allclose(
        latents_at(xy, projection, means), nearest_inverse(xy, projection.umap, means)
    )


def test_a_ratio_is_the_distance_in_units_of_the_nearest_ones_own_neighbourhood():
    means = clouds(80)
    known = Neighbourhoods.of(means)
    z = clouds(6, seed=9) * 1.5
    apart = cdist(z, means)
    inside = np.sort(cdist(means, means), axis=1)[:, 1 : NEIGHBOURHOOD + 1].mean(1)
    expected = apart.min(1) / inside[apart.argmin(1)]
    np.testing.assert_allclose(known.ratios(z), expected, rtol=1e-4)
    np.testing.assert_allclose(known.ratios(means[:5]), 0, atol=1e-3)


@pytest.mark.parametrize("size", [1.0, 0.01, 40.0])
def test_one_in_a_hundred_draws_of_the_same_cloud_counts_as_extrapolation(size):
    rng = np.random.default_rng(1)
    means = (size * rng.normal(size=(4_000, Z))).astype(np.float32)
    known = Neighbourhoods.of(means)
    drawn = known.ratios((size * rng.normal(size=(4_000, Z))).astype(np.float32))
    assert 0.003 < (drawn > known.usual).mean() < 0.03
    assert (known.ratios(20 * size + means[:50]) > known.usual).all()


def test_copies_do_not_make_a_neighbourhood_smaller():
    means = clouds(80)
    often = np.concatenate([means, np.repeat(means, 20, axis=0)])
    assert Neighbourhoods.of(often).usual == Neighbourhoods.of(means).usual


@pytest.fixture(scope="module")
def explorer(tmp_path_factory) -> Explorer:
    return Explorer.load(fakes.store_run(tmp_path_factory.mktemp("runs") / "tiny", atlas=40))


def test_what_a_model_says_at_a_place_is_its_decode_and_what_comes_back_of_it(explorer):
    known = Neighbourhoods.of(explorer.atlas.mean)
    z = explorer.atlas.mean[3]
    found = answer(explorer, z, known, prior=True)
    assert found.sentence == explorer.decode(torch.tensor(z)[None])[0]
    again = explorer.encode([found.sentence]).mean
    assert found.again == explorer.decode(again)[0]
    assert found.moved == pytest.approx(float((again[0] - torch.tensor(z)).norm()), abs=1e-5)
    assert found.log_prior == pytest.approx(float(log_prior(torch.tensor(z)[None])[0]), abs=1e-4)
    assert found.ratio == pytest.approx(0, abs=1e-3)
    assert not found.extrapolates
    assert answer(explorer, z + 100, known, prior=True).extrapolates


def test_so_many_draws_of_the_prior_lie_where_it_is_less_dense(explorer):
    known = Neighbourhoods.of(explorer.atlas.mean)
    draws = torch.randn(20_000, explorer.latent_dim, generator=torch.Generator().manual_seed(0))
    z = draws[0]
    found = answer(explorer, z.numpy(), known, prior=True)
    share = float((log_prior(draws) < log_prior(z[None])).float().mean())
    assert found.denser == pytest.approx(share, abs=0.02)
    none = answer(explorer, z.numpy(), known, prior=False)
    assert none.log_prior is None
    assert none.denser is None


def test_where_a_model_ends_at_once_there_is_nothing_to_encode_again(explorer, monkeypatch):
    monkeypatch.setattr(explorer, "decode", lambda z: [""] * len(z))
    z = np.zeros(explorer.latent_dim)
    found = answer(explorer, z, Neighbourhoods.of(explorer.atlas.mean), prior=True)
    assert (found.sentence, found.again, found.moved) == ("", None, None)
    assert found.log_prior == pytest.approx(float(log_prior(torch.zeros(1, len(z)))[0]), abs=1e-4)


def test_a_plane_of_a_flat_space_has_an_axis_that_shows_nothing():
    plane = Plane(np.zeros(1), np.array([[1.0], [0.0]]))
    assert plane.place(np.array([[3.0]])).tolist() == [[3.0, 0.0]]


def test_a_picture_that_is_the_space_keeps_all_neighbours_and_a_shuffled_one_hardly_any():
    means = np.random.default_rng(0).normal(size=(500, 2))
    means[100:120] = means[3]  # copies count once
    shuffled = np.random.default_rng(1).permutation(means)
    kept = [neighbours_kept(z, means, z, means) for z in means[:20] + 0.01]
    assert set(kept) == {(15, 15)}
    lost = [neighbours_kept(z, shuffled, z, means)[0] for z in means[:20]]
    assert np.mean(lost) < 3
    assert neighbours_kept(means[0], means[:4], means[0], means[:4]) == (4, 4)


@pytest.mark.parametrize("copies", [0, 3, 70])
def test_the_nearest_different_points_are_found_among_any_number_of_copies(copies):
    rng = np.random.default_rng(0)
    different = rng.normal(size=(40, 3))
    points = np.concatenate([different, *[different[:5]] * copies])
    asked = rng.normal(size=(30, 3))
    rows, distances = nearest_different(asked, points, 6)
    apart = np.sort(cdist(asked, different), axis=1)[:, :6]
    np.testing.assert_allclose(distances, apart, atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(points[rows] - asked[:, None], axis=-1), apart)
    assert nearest_different(asked, points[:4], 6)[0].shape == (30, 4)
