"""Directions between the values of a label, against what is known of normal distributions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, ortho_group

from vae.errors import UserError
from vae.latent.directions import (
    HOWS,
    REST,
    random_steps,
    told_apart,
    value_space,
)


def blobs(centres, n: int, seed: int = 0, covariance=None):
    """n normal points about each centre (V, Z), and their labels "a", "b" and so on."""
    rng = np.random.default_rng(seed)
    centres = np.asarray(centres, float)
    root = np.linalg.cholesky(np.eye(centres.shape[1]) if covariance is None else covariance)
    z = np.concatenate([c + rng.normal(size=(n, centres.shape[1])) @ root.T for c in centres])
    return z, [chr(97 + i) for i in range(len(centres)) for _ in range(n)]


def test_the_difference_is_the_difference_of_the_means():
    z, labels = blobs([[0, 0, 0], [3, -1, 0]], 50)
    step = value_space(z, labels).direction("b", "a").step
    assert step == pytest.approx(z[50:].mean(0) - z[:50].mean(0))
    back = value_space(z, labels).direction("a", "b").step
    assert back == pytest.approx(-step)


def test_the_normal_of_the_classifier_is_that_of_fishers_discriminant():
    """For normals of one covariance S the best normal is S^-1 (m_b - m_a) (Fisher, 1936)."""
    covariance = np.array([[1.0, 0.8, 0.0], [0.8, 1.0, 0.0], [0.0, 0.0, 2.0]])
    z, labels = blobs([[0, 0, 0], [1.5, 0, 0.5]], 4_000, covariance=covariance)
    step = value_space(z, labels).direction("b", "a", "classifier").step
    known = np.linalg.solve(covariance, [1.5, 0, 0.5])
    cosine = step @ known / np.linalg.norm(step) / np.linalg.norm(known)
    assert cosine > 0.995


@given(seed=st.integers(0, 1_000))
def test_a_step_of_one_goes_from_mean_to_mean_and_the_classifiers_is_no_longer(seed):
    z, labels = blobs(np.random.default_rng(seed).normal(size=(3, 4)) * 2, 30, seed)
    space = value_space(z, labels)
    difference, classifier = (space.direction("c", "a", how) for how in HOWS)
    for direction in (difference, classifier):
        ends = np.stack(space.ends(direction))
        assert direction.place(ends) == pytest.approx([0, 1], abs=1e-9)
        assert direction.place(ends[:1] + direction.step) == pytest.approx([1], abs=1e-9)
    assert classifier.length <= difference.length + 1e-12


@settings(max_examples=12)
@given(seed=st.integers(0, 1_000))
def test_turning_the_space_turns_the_directions(seed):
    turn = ortho_group.rvs(4, random_state=seed)
    z, labels = blobs(np.random.default_rng(seed).normal(size=(2, 4)), 40, seed)
    for how in HOWS:
        step = value_space(z, labels).direction("b", "a", how).step
        turned = value_space(z @ turn.T, labels).direction("b", "a", how).step
        assert turned == pytest.approx(turn @ step, abs=0.02 * np.linalg.norm(step))


def test_the_accuracy_is_that_of_two_normals_at_their_distance():
    """Phi(d / 2) for unit normals at distance d, and random directions lose by their angle."""
    distance, z_dim = 2.0, 6
    centres = np.zeros((2, z_dim))
    centres[1, 0] = distance
    space = value_space(*blobs(centres, 4_000))
    z, labels = blobs(centres, 4_000, seed=1)
    expected = norm.cdf(distance / 2)
    turns = np.random.default_rng(2).normal(size=(20_000, z_dim))
    cosines = np.abs(turns[:, 0]) / np.linalg.norm(turns, axis=1)
    chance = norm.cdf(cosines * distance / 2).mean()
    controls = []
    for how in HOWS:
        for seed in range(10):
            rng = np.random.default_rng(seed)
            told = told_apart(space, space.direction("b", "a", how), z, labels, rng)
            controls.append(told.control)
        assert told.accuracy.low - 0.01 < expected < told.accuracy.high + 0.01
        assert told.accuracy.value == pytest.approx(expected, abs=0.02)
        assert (told.accuracy.n, told.majority) == (8_000, 0.5)
    assert np.mean(controls) == pytest.approx(chance, abs=0.02)


def test_of_labels_that_mean_nothing_no_direction_tells_anything():
    rng = np.random.default_rng(0)
    z = rng.normal(size=(1_000, 5))
    labels = rng.permutation(["a"] * 500 + ["b"] * 500).tolist()
    space = value_space(z[:500], labels[:500])
    for how in HOWS:
        told = told_apart(space, space.direction("b", "a", how), z[500:], labels[500:], rng)
        assert told.accuracy.low < 0.5 < told.accuracy.high


def test_the_rest_is_every_other_value_weighed_by_its_sentences():
    z, labels = blobs([[0, 0], [2, 0], [0, 4]], 40)
    z, labels = z[:100], labels[:100]  # 40 of a, 40 of b, 20 of c
    direction = value_space(z, labels).direction("c", how="difference")
    assert direction.source == REST
    assert direction.step == pytest.approx(z[80:].mean(0) - z[:80].mean(0))


def test_as_many_of_the_rest_are_tried_as_of_the_target():
    space = value_space(*blobs([[0, 0], [2, 0], [0, 4]], 40))
    z, labels = blobs([[0, 0], [2, 0], [0, 4]], 30, seed=1)
    told = told_apart(space, space.direction("c"), z, labels, np.random.default_rng(0))
    assert told.accuracy.n == 60
    assert told.accuracy.value > 0.9


def test_random_steps_are_as_long_as_those_they_stand_for():
    steps = np.random.default_rng(0).normal(size=(7, 5)) * np.arange(7)[:, None]
    means = np.random.default_rng(2).normal(size=(50, 5))
    random = random_steps(steps, means, np.random.default_rng(1))
    assert np.linalg.norm(random, axis=1) == pytest.approx(np.linalg.norm(steps, axis=1))
    assert (random_steps(steps, means, np.random.default_rng(1)) == random).all()


def test_random_steps_stay_where_the_means_vary_and_favour_no_direction_there():
    rng = np.random.default_rng(0)
    axes = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    spread = np.array([3.0, 1.0, 0.2, 0.05, 0.01, 0.0])  # variances above .01: the first three
    means = rng.normal(size=(4_000, 6)) * spread @ axes
    random = random_steps(np.ones((6_000, 6)), means, rng) @ axes.T
    assert np.abs(random[:, 3:]).max() < 0.2
    shares = (random**2).mean(0)[:3] / 6
    assert shares == pytest.approx([1 / 3] * 3, abs=0.02)


def test_where_the_means_vary_nowhere_random_steps_are_drawn_everywhere():
    random = random_steps(np.ones((3_000, 4)), np.zeros((9, 4)), np.random.default_rng(0))
    assert (random**2).mean(0) == pytest.approx([1.0] * 4, abs=0.1)


def test_what_has_no_direction_is_a_sentence():
    same = np.ones((6, 2))
    space = value_space(same, list("aaabbb"))
    with pytest.raises(UserError, match="the same mean"):
        space.direction("b", "a")
    with pytest.raises(UserError, match="the same mean"):
        space.direction("b", "a", "classifier")
    with pytest.raises(UserError, match="choose one of a or b"):
        space.direction("c")
    with pytest.raises(UserError, match="choose one of difference or classifier"):
        space.direction("b", "a", "intuition")
    with pytest.raises(UserError, match="two values"):
        value_space(same, ["a"] * 6)
    with pytest.raises(UserError, match="finite"):
        value_space(np.full((2, 2), np.nan), ["a", "b"])


def test_a_value_without_a_held_out_sentence_cannot_be_tried():
    space = value_space(*blobs([[0, 0], [2, 0]], 10))
    with pytest.raises(UserError, match="No held-out sentence"):
        told_apart(
            space, space.direction("b", "a"), np.ones((3, 2)), ["a"] * 3, np.random.default_rng(0)
        )
