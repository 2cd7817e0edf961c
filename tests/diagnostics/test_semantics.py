"""Two spaces of the same sentences: alike, turned, independent."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.spatial.distance import cdist
from scipy.stats import spearmanr, special_ortho_group
from sklearn.neighbors import NearestNeighbors

from vae.diagnostics.semantics import (
    chance_overlap,
    cosine,
    euclidean,
    neighbour_overlap,
    neighbour_shares,
    rank_correlation,
)
from vae.errors import UserError


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def cloud(n: int = 60, d: int = 5, seed: int = 0) -> np.ndarray:
    return rng(seed).standard_normal((n, d))


def test_a_space_agrees_with_itself():
    d = euclidean(cloud())
    overlap, order = neighbour_overlap(d, d, 5, rng()), rank_correlation(d, d, rng(), 50)
    assert (overlap.value, overlap.low, overlap.high) == (1.0, 1.0, 1.0)
    assert order.value == pytest.approx(1.0)
    assert order.low == pytest.approx(1.0)


@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3), st.floats(-50, 50))
def test_turning_scaling_and_shifting_a_space_changes_nothing(seed, scale, shift):
    x, y = cloud(25, 4, seed), cloud(25, 3, seed + 1)
    turned = scale * (x @ special_ortho_group.rvs(4, random_state=seed)) + shift
    shares = neighbour_shares(euclidean(x), euclidean(y), 4)
    assert neighbour_shares(euclidean(turned), euclidean(y), 4) == pytest.approx(shares)
    assert neighbour_shares(euclidean(turned), euclidean(x), 4) == pytest.approx(1.0)
    order = rank_correlation(euclidean(x), euclidean(y), rng(), 1)
    moved = rank_correlation(euclidean(turned), euclidean(y), rng(), 1)
    assert moved.value == pytest.approx(order.value, abs=1e-3)


def test_independent_spaces_overlap_as_much_as_chance():
    """Closed form: k of the N - 1 others are taken, so k / (N - 1) of them are shared."""
    n, k = 80, 8
    found = [
        neighbour_shares(euclidean(cloud(n, 6, 2 * s)), euclidean(cloud(n, 6, 2 * s + 1)), k)
        for s in range(60)
    ]
    means = np.array([f.mean() for f in found])
    error = means.std(ddof=1) / np.sqrt(len(means))
    assert chance_overlap(n, k) == k / (n - 1)
    assert abs(means.mean() - chance_overlap(n, k)) < 3.5 * error


def test_independent_spaces_order_their_distances_independently():
    values = [
        rank_correlation(
            euclidean(cloud(40, 6, s)), euclidean(cloud(40, 6, s + 500)), rng(), 1
        ).value
        for s in range(40)
    ]
    assert abs(np.mean(values)) < 3.5 * np.std(values, ddof=1) / np.sqrt(len(values))


@given(st.integers(0, 2**32 - 1), st.integers(3, 12), st.integers(1, 4))
def test_the_correlation_is_that_of_scipy_with_ties(seed, n, levels):
    drawn = rng(seed)
    a, b = (np.triu(drawn.integers(0, levels + 1, (n, n)), 1).astype(float) for _ in range(2))
    i, j = np.triu_indices(n, 1)
    found = rank_correlation(a + a.T, b + b.T, rng(), 1)
    if len(set(a[i, j])) < 2 or len(set(b[i, j])) < 2:
        assert found is None
    else:
        assert found.value == pytest.approx(spearmanr(a[i, j], b[i, j]).statistic, abs=1e-9)


def test_a_resampled_pair_counts_as_often_as_both_its_sentences_are_drawn():
    """The bootstrap is that of sentences: the same as writing the drawn ones out, no own copies."""
    x, y = cloud(12, 2), cloud(12, 2, 7)
    one = rank_correlation(euclidean(x), euclidean(y), rng(5), 1)
    rows = rng(5).integers(0, 12, 12)
    pairs = [(p, q) for s, p in enumerate(rows) for q in rows[s + 1 :] if p != q]
    a, b = euclidean(x), euclidean(y)
    written_out = spearmanr([a[p] for p in pairs], [b[p] for p in pairs]).statistic
    assert one.low == one.high == pytest.approx(written_out)


def test_sentences_at_one_distance_share_the_places_that_are_left():
    a = np.array([[0, 1, 1, 1], [1, 0, 2, 3], [1, 2, 0, 3], [1, 3, 3, 0]], dtype=float)
    b = np.array([[0, 1, 2, 3], [1, 0, 2, 3], [2, 2, 0, 3], [3, 3, 3, 0]], dtype=float)
    assert neighbour_shares(a, b, 1)[0] == pytest.approx(1 / 3)
    assert neighbour_shares(a, a, 1) == pytest.approx(1.0)


def test_the_overlap_falls_as_a_space_is_disturbed():
    x = cloud(100, 4)
    found = [
        neighbour_overlap(
            euclidean(x), euclidean(x + s * rng(1).standard_normal(x.shape)), 8, rng()
        ).value
        for s in (0.05, 0.3, 1.5)
    ]
    assert found[0] > 0.8
    assert found[0] > found[1] > found[2] > chance_overlap(100, 8)


@given(st.integers(0, 2**32 - 1), st.floats(-1e3, 1e3))
def test_distances_are_those_of_scipy(seed, shift):
    x = cloud(15, 4, seed) + shift
    assert euclidean(x) == pytest.approx(cdist(x, x), abs=1e-6)
    expected = cdist(x, x, "cosine")
    assert cosine(x) == pytest.approx(expected, abs=1e-9)
    assert cosine(csr_matrix(x)) == pytest.approx(expected, abs=1e-9)


@given(st.integers(0, 2**32 - 1), st.integers(1, 19))
def test_shared_neighbours_are_those_that_scikit_learn_finds(seed, k):
    spaces = cloud(20, 4, seed), cloud(20, 3, seed + 1)
    near = [
        NearestNeighbors(n_neighbors=k).fit(x).kneighbors(return_distance=False) for x in spaces
    ]
    expected = [len({*a} & {*b}) / k for a, b in zip(*near, strict=True)]
    assert neighbour_shares(*map(euclidean, spaces), k) == pytest.approx(expected)


def test_cosine_looks_at_the_angle_alone():
    x = cloud(20, 5)
    assert cosine(x) == pytest.approx(cosine(x * rng(2).uniform(0.1, 9, (20, 1))))
    assert cosine(np.vstack([x, np.zeros(5)]))[-1, :-1] == pytest.approx(1.0)


def test_points_that_fall_together_have_no_order():
    assert rank_correlation(euclidean(np.ones((9, 3))), euclidean(cloud(9)), rng(), 10) is None


@pytest.mark.parametrize("k", [0, 9, -1])
def test_more_neighbours_than_sentences_are_refused(k):
    d = euclidean(cloud(9))
    with pytest.raises(UserError, match="neighbours"):
        neighbour_shares(d, d, k)


@pytest.mark.parametrize(
    "other", [euclidean(cloud(8)), np.full((9, 9), np.nan), np.zeros((9, 8)), np.zeros(9)]
)
def test_spaces_that_do_not_fit_are_refused(other):
    with pytest.raises(UserError):
        rank_correlation(euclidean(cloud(9)), other, rng(), 5)
