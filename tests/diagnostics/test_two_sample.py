"""The two-sample test is calibrated: chance where nothing differs, and what it finds elsewhere."""

import math

import numpy as np
import pytest
from scipy.stats import chi2, norm

from tests.diagnostics.aggregates import (
    DIMENSIONS,
    N,
    half_space,
    normal,
    parity,
    rng,
    sheet,
    turn,
)
from vae.diagnostics.two_sample import two_sample
from vae.errors import UserError

BY_CHANCE = 3 * 0.5 / math.sqrt(2 * N)
"""Three standard errors of a share of 2 N tosses."""


def told(ours, seed: int = 2):
    return two_sample(ours, normal(ours.shape[1], seed, len(ours)), rng(seed))


def best_by_norm(z: int, variance: float) -> float:
    """Accuracy of the best classifier of N(0, variance I) against N(0, I)."""
    at = z * math.log(1 / variance) / (1 / variance - 1)
    return 0.5 * (chi2.cdf(at / variance, z) + chi2.sf(at, z))


@pytest.mark.parametrize("z", DIMENSIONS)
def test_the_same_distribution_is_told_no_better_than_by_chance(z):
    found = told(normal(z))
    assert abs(found.accuracy.value - 0.5) < BY_CHANCE
    assert found.accuracy.low <= 0.5 <= found.accuracy.high
    assert found.divergence.low == 0
    assert found.divergence.value < 0.02


def test_under_no_difference_the_interval_holds_chance_as_often_as_it_says():
    found = [two_sample(normal(3, s, 120), normal(3, 99 + s, 120), rng(s)) for s in range(60)]
    held = sum(each.accuracy.low <= 0.5 <= each.accuracy.high for each in found)
    assert held >= 52  # 95% of 60 is 57; fewer than 52 are seen once in a hundred
    middle = np.mean([each.accuracy.value for each in found])
    assert abs(middle - 0.5) < 3 * 0.5 / math.sqrt(60 * 240)


@pytest.mark.parametrize("z", DIMENSIONS)
@pytest.mark.parametrize("shift", [0.3, 1.0])
def test_a_shift_is_told_nearly_as_well_as_can_be(z, shift):
    """The best accuracy is Phi(shift / 2), and the KL half the square, in any dimension."""
    found = told((normal(z) + np.eye(z)[0] * shift) @ turn(z))
    best = norm.cdf(shift / 2)
    assert best - 0.04 < found.accuracy.value < best + BY_CHANCE
    assert found.accuracy.low > 0.5
    assert found.divergence.low < shift**2 / 2
    if shift == 1:  # a bound of .045 nats is lost in 2,000 draws of many dimensions
        assert found.divergence.value > 0.7 * shift**2 / 2


@pytest.mark.parametrize("z", DIMENSIONS)
def test_a_shrunk_distribution_is_told_nearly_as_well_as_can_be(z):
    found = told(math.sqrt(0.7) * normal(z))
    best = best_by_norm(z, 0.7)
    assert best - 0.03 < found.accuracy.value < best + BY_CHANCE
    kl = z / 2 * (0.7 - 1 - math.log(0.7))
    assert found.divergence.low < kl
    assert found.divergence.value > 0.7 * kl


@pytest.mark.parametrize(
    ("z", "least"), list(zip(DIMENSIONS, (0.70, 0.70, 0.67, 0.63), strict=True))
)
def test_a_half_space_is_found(z, least):
    """75% is the best there is, and the KL is ln 2."""
    found = told(half_space(z))
    assert least < found.accuracy.value < 0.75 + BY_CHANCE
    assert found.divergence.value > 0.15
    assert found.divergence.low < math.log(2)


@pytest.mark.parametrize(
    ("z", "least"), list(zip(DIMENSIONS, (0.68, 0.66, 0.60, 0.52), strict=True))
)
def test_a_parity_of_two_is_found(z, least):
    """No mean tells it; 75% is the best there is, less and less of it with more dimensions."""
    found = told(parity(z, 2))
    assert least < found.accuracy.value < 0.75 + BY_CHANCE
    assert found.accuracy.low > 0.5
    assert 0 < found.divergence.low < math.log(2)


def test_a_parity_of_three_is_found_among_few_dimensions_alone():
    """Neither mean nor covariance tells it. Of 48 dimensions 2,000 draws are too few to see it."""
    few, many = told(parity(8, 3)), told(parity(48, 3))
    assert few.accuracy.low > 0.55
    assert few.divergence.low > 0
    assert many.accuracy.low < 0.5 < many.accuracy.high


@pytest.mark.parametrize(
    ("z", "least"), list(zip(DIMENSIONS, (0.88, 0.9, 0.97, 0.97), strict=True))
)
def test_a_sheet_that_has_the_moments_of_the_prior_is_found(z, least):
    found = told(sheet(z))
    assert found.accuracy.value > least
    assert found.divergence.low > 1.4


@pytest.mark.parametrize("z", [2, 8])
def test_turned_draws_are_told_as_well(z):
    ours, theirs, axes = half_space(z), normal(z, 7), turn(z, 8)
    as_is, turned = (
        two_sample(*pair, rng()) for pair in ((ours, theirs), (ours @ axes, theirs @ axes))
    )
    assert turned.accuracy.value == pytest.approx(as_is.accuracy.value, abs=0.002)
    assert turned.divergence.value == pytest.approx(as_is.divergence.value, abs=0.01)


def test_the_same_seed_gives_the_same():
    ours = normal(3, n=60)
    assert told(ours) == told(ours)


def test_no_more_than_six_nats_are_shown():
    found = told(normal(2, n=200) + 1e3)
    assert found.accuracy.value == 1
    assert found.accuracy.low < 1
    assert 3 < found.divergence.high <= 6


@pytest.mark.parametrize("ours", [normal(2, n=49), np.zeros((60, 0)), np.full((60, 2), np.nan)])
def test_what_cannot_be_told_is_refused(ours):
    with pytest.raises(UserError, match="told apart"):
        told(ours)
