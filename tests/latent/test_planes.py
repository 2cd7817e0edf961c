"""Planes through a latent space: exact both ways."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vae.errors import UserError
from vae.latent.planes import (
    Plane,
    dimension_plane,
    drawn_latent,
    pca_plane,
    plane_around,
    plane_through,
)
from vae.latent.projection import NEIGHBOURS, project
from vae.models import Posterior

Z = 6
seeds = st.integers(0, 2**31)


def drawn(seed: int, n: int, size: int = Z) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, size))


def orthonormal(plane: Plane) -> None:
    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-6)


@given(seeds)
def test_a_place_has_one_latent_and_the_latent_that_place(seed):
    z = drawn(seed, 3)
    planes = [plane_through(*z), plane_around(z[0], drawn(seed + 1, 40), 10)]
    planes.append(dimension_plane(4, 1, z[0]))
    for plane in planes:
        orthonormal(plane)
        xy = drawn(seed, 7, 2)
        np.testing.assert_allclose(plane.place(plane.latent(xy)), xy, atol=1e-5)
        # No latent of the plane is nearer to a point than the one of its shadow.
        shadow = plane.latent(plane.place(z))
        other = plane.latent(plane.place(z) + drawn(seed + 2, 3, 2))
        assert (np.linalg.norm(z - shadow, axis=1) <= np.linalg.norm(z - other, axis=1)).all()


@given(seeds)
def test_the_three_sentences_of_a_plane_lie_on_it(seed):
    z = drawn(seed, 3)
    plane = plane_through(*z)
    np.testing.assert_allclose(plane.latent(plane.place(z)), z, atol=1e-6)
    np.testing.assert_allclose(plane.place(z[:1]), 0, atol=1e-9)
    apart = np.linalg.norm(z[:, None] - z, axis=-1)
    seen = plane.place(z)
    np.testing.assert_allclose(np.linalg.norm(seen[:, None] - seen, axis=-1), apart, atol=1e-6)


@pytest.mark.parametrize("third", [0.0, 0.5, 1.0, -3.0])
def test_three_sentences_on_a_line_have_no_plane(third):
    a, b = drawn(1, 2)
    with pytest.raises(UserError, match="one line"):
        plane_through(a, b, a + third * (b - a))


@pytest.mark.parametrize(("first", "second"), [(2, 2), (-1, 0), (0, Z)])
def test_dimensions_that_are_none_are_refused(first, second):
    with pytest.raises(UserError, match="two different dimensions"):
        dimension_plane(first, second, np.zeros(Z))


def test_pca_is_left_exactly_with_the_rest_at_the_mean():
    means = drawn(0, NEIGHBOURS).astype(np.float32)
    projection = project(means, seed=0)
    plane = pca_plane(projection)
    np.testing.assert_allclose(plane.place(means), projection.pca, atol=1e-5)
    np.testing.assert_allclose(plane.latent(np.zeros((1, 2)))[0], means.mean(0), atol=1e-6)
    assert plane.share(means) == pytest.approx(float(projection.pca_explained.sum()), abs=1e-4)


def test_the_ellipse_of_a_posterior_is_that_of_its_draws():
    posterior = Posterior(torch.zeros(1, Z), torch.tensor(drawn(5, 1)).float())
    plane = plane_through(*drawn(3, 3))
    rows = posterior.rows(torch.zeros(200_000, dtype=torch.long))
    draws = plane.place(rows.sample(torch.Generator().manual_seed(0)).numpy())
    seen = plane.covariance(posterior.logvar.exp().numpy())[0]
    np.testing.assert_allclose(seen, np.cov(draws.T), atol=0.03 * np.abs(seen).max())


def test_the_neighbourhood_of_a_sentence_is_seen_where_it_varies():
    rng = np.random.default_rng(2)
    near = rng.normal(size=(60, Z)) * np.array([3, 0.1, 2, 0.1, 0.1, 0.1])
    far = 50 + rng.normal(size=(60, Z)) * np.array([0.1, 3, 0.1, 2, 0.1, 0.1])
    plane = plane_around(near[0], np.concatenate([near, far]), 50)
    assert np.linalg.norm(plane.axes[:, [0, 2]]) ** 2 == pytest.approx(2, abs=0.1)


@given(seeds)
def test_a_parallel_plane_keeps_every_shadow_and_passes_through_its_latent(seed):
    z = drawn(seed, 5)
    for plane in (plane_through(*z[:3]), dimension_plane(4, 1, z[0])):
        moved = plane.through(z[3])
        orthonormal(moved)
        np.testing.assert_allclose(moved.place(z), plane.place(z), atol=1e-4)
        np.testing.assert_allclose(moved.latent(moved.place(z[3:4]))[0], z[3], atol=1e-4)


def test_draws_have_the_mean_and_the_variance_of_the_aggregated_posterior():
    mean, logvar = drawn(0, 50), drawn(1, 50)
    found = np.stack([drawn_latent(mean, logvar, seed) for seed in range(4_000)])
    variance = mean.var(0) + np.exp(logvar).mean(0)
    np.testing.assert_allclose(
        found.mean(0), mean.mean(0), atol=4 * np.sqrt(variance.max() / 4_000)
    )
    np.testing.assert_allclose(found.var(0), variance, rtol=0.25)
    np.testing.assert_array_equal(found[7], drawn_latent(mean, logvar, 7))
    assert drawn_latent(mean, None, 3) in mean
