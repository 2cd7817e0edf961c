"""Mutual information of dimensions and factors, and the gap and modularity made of it."""

import numpy as np
import pytest
from sklearn.feature_selection import mutual_info_classif

from tests.diagnostics.disentanglement import calibration
from tests.diagnostics.disentanglement.calibration import independent, made, perfect
from vae.diagnostics.disentanglement.information import (
    gap,
    histogram_information,
    modularity,
    neighbour_information,
)


def mixture(n: int, distance: float):
    """Two normals apart by a distance, which one is the factor; and another factor of chance."""
    rng = np.random.default_rng(1)
    side, other = rng.integers(0, 2, (2, n))
    codes = np.stack([rng.normal(size=n) + distance * side, rng.normal(size=n)], 1)
    return made(codes, side, other)


def exact(distance: float) -> float:
    """Nats in which of two normals a number is from, by numerical integration."""
    x = np.linspace(-12, 12 + distance, 40_001)
    one, two = (np.exp(-((x - m) ** 2) / 2) / np.sqrt(2 * np.pi) for m in (0.0, distance))
    mixed = (one + two) / 2
    of_mixture = -np.trapezoid(mixed * np.log(np.maximum(mixed, 1e-300)), x)
    return float(of_mixture - 0.5 * np.log(2 * np.pi * np.e))


@pytest.mark.parametrize("distance", [0.5, 2.0, 5.0])
def test_nearest_neighbours_agree_with_numerical_integration(distance):
    found = neighbour_information(mixture(8_000, distance))
    assert found[0, 0] == pytest.approx(exact(distance), abs=0.02)
    assert found[1, 0] < 0.015
    assert found[0, 1] < 0.015


def test_nearest_neighbours_agree_with_another_implementation():
    part = mixture(500, 1.5)
    other = mutual_info_classif(part.codes, part.factors[:, 0], random_state=0)
    assert neighbour_information(part)[:, 0] == pytest.approx(other, abs=2e-3)


def test_codes_that_are_equal_are_no_trouble_to_nearest_neighbours():
    rng = np.random.default_rng(2)
    a, b = rng.integers(0, 5, (2, 1_000))
    found = neighbour_information(made(np.stack([0.1 * a, b // 2, a * 0], 1), a, b))
    assert found[0, 0] == pytest.approx(np.log(5), abs=0.01)
    # Of five values two and two look alike: ln 5 less 4/5 of ln 2.
    assert found[1, 1] == pytest.approx(np.log(5) - 0.8 * np.log(2), abs=0.02)
    assert found[0, 1] < 0.02
    assert found[2].tolist() == [0.0, 0.0]


def test_the_scale_of_a_dimension_makes_no_difference():
    part = mixture(400, 1.0)
    large = made(1e6 * part.codes - 3e5, *part.factors.T)
    for estimator in (histogram_information, neighbour_information):
        assert estimator(large) == pytest.approx(estimator(part), abs=1e-3)


def test_the_histogram_is_biased_as_miller_says():
    found = histogram_information(independent(2_000, 4))
    # About (20 - 1)(4 - 1) / 2N, less for bins that are empty.
    assert 0.004 < found.mean() < 57 / 4_000 * 1.3
    assert neighbour_information(independent(2_000, 4)).mean() < found.mean()


def test_gap_and_modularity_of_matrices_by_hand():
    h = np.log([2.0, 4.0])
    assert gap(np.array([[h[0], 0.0], [0.0, h[1]]]), h) == pytest.approx(1.0)
    assert gap(np.array([[0.4, 0.2], [0.4, 0.1]]), h) == pytest.approx(0.05 / h[1])
    assert modularity(np.array([[0.5, 0.0], [0.0, 0.2], [0.0, 0.0]])) == pytest.approx(1.0)
    assert modularity(np.array([[0.5, 0.5], [0.4, 0.2]])) == pytest.approx((0 + 0.75) / 2)
    assert modularity(np.zeros((2, 2))) == 0.0


def test_a_perfect_code_has_a_gap_of_one_and_an_independent_one_of_none():
    for part, value in ((perfect(), 1.0), (independent(), 0.0)):
        found = neighbour_information(part)
        assert gap(found, part.entropies) == pytest.approx(value, abs=0.03)
    # The dimension of noise tells of nothing, but what it seems to tell is of both.
    assert modularity(neighbour_information(perfect())[:2]) > 0.99


@calibration.needed
@pytest.mark.parametrize(
    ("name", "published_gap", "published_modularity"),
    [("toy", 0.0852, 0.9952), ("toy_ideal1", 0.8105, 1.0)],
)
def test_the_histogram_gives_the_published_scores(name, published_gap, published_modularity):
    part = calibration.published(name)
    found = histogram_information(part)
    assert gap(found, part.entropies) == pytest.approx(published_gap, abs=0.005)
    assert modularity(found) == pytest.approx(published_modularity, abs=0.001)


@calibration.needed
def test_by_nearest_neighbours_the_ideal_is_ideal():
    # Each of its dimensions takes 20 different values, one for each of a factor: exactly 1.
    part = calibration.published("toy_ideal1", 4_000)
    assert gap(neighbour_information(part), part.entropies) == pytest.approx(1.0, abs=0.01)
