"""Intervals: what they cover, and where they end."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from vae.diagnostics.bootstrap import (
    bootstrap,
    bootstrap_mean,
    grouped_share_interval,
    mean_interval,
    share_interval,
)
from vae.errors import UserError


def test_a_bootstrap_interval_of_a_mean_is_that_of_the_normal_theory():
    x = np.random.default_rng(0).normal(3.0, 2.0, 2_000)
    found = bootstrap_mean(x, np.random.default_rng(1), draws=4_000)
    half = 1.96 * x.std(ddof=1) / np.sqrt(len(x))
    assert found.value == pytest.approx(x.mean())
    assert found.low == pytest.approx(x.mean() - half, abs=0.08 * half)
    assert found.high == pytest.approx(x.mean() + half, abs=0.08 * half)
    assert (found.level, found.n) == (0.95, 2_000)


def test_it_covers_the_true_mean_about_as_often_as_it_says():
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(200):
        found = bootstrap_mean(rng.exponential(1.0, 60), rng, draws=200, level=0.9)
        covered += found.low <= 1.0 <= found.high
    # Binomial(200, 0.9) lies in here but for one time in a thousand; a skewed mean costs a little.
    assert 160 <= covered <= 195


def test_the_same_seed_gives_the_same_interval():
    x = np.random.default_rng(3).normal(size=50)
    first, second = (bootstrap_mean(x, np.random.default_rng(4)) for _ in range(2))
    assert first == second


def test_any_statistic_of_rows_has_an_interval():
    x = np.random.default_rng(5).normal(size=400)
    found = bootstrap(lambda rows: float(np.median(x[rows])), 400, np.random.default_rng(6))
    assert found.low < np.median(x) < found.high
    assert found.to_dict()["value"] == np.median(x)


def test_the_bootstrap_of_a_median_is_that_of_the_closed_form():
    """Efron (1979): a median drawn again is at most the k-th of n where half of the draws are."""
    n = 51
    x = np.sort(np.random.default_rng(11).normal(size=n))
    of_rank = binom.sf(n // 2, n, np.arange(1, n + 1) / n)  # P(median* <= x_k)
    found = bootstrap(lambda rows: float(np.median(x[rows])), n, np.random.default_rng(12), 4_000)
    # A share of 0.025 of 4,000 draws errs by 0.0025: four of these on both sides of each end.
    for end, share in ((found.low, 0.025), (found.high, 0.975)):
        lowest, highest = x[np.searchsorted(of_rank, [share - 0.01, share + 0.01])]
        assert lowest <= end <= highest
    assert found.low > x[15]
    assert found.high < x[35]


@given(st.integers(1, 500), st.data())
def test_the_interval_of_a_share_holds_it_and_stays_inside_the_unit_interval(n, data):
    hits = data.draw(st.integers(0, n))
    found = share_interval(hits, n)
    assert 0 <= found.low <= found.value <= found.high <= 1 + 1e-12
    assert found.low < found.high


def test_the_interval_of_a_share_is_the_published_one():
    # Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662 by the score method.
    found = share_interval(81, 263)
    assert (found.low, found.high) == (
        pytest.approx(0.2553, abs=1e-4),
        pytest.approx(0.3662, abs=1e-4),
    )


@pytest.mark.parametrize(("small", "large"), [(0.5, 0.5), (0.7, 0.95), (0.98, 0.9)])
def test_the_mean_of_two_shares_is_covered_about_as_often_as_it_says(small, large):
    rng, covered = np.random.default_rng(9), 0
    for _ in range(400):
        shares = [share_interval(rng.binomial(n, p), n) for n, p in ((20, small), (300, large))]
        found = mean_interval(shares)
        covered += found.low <= (small + large) / 2 <= found.high
        assert 0 <= found.low <= found.value <= found.high <= 1
    # Binomial(400, 0.95) is below 366 about one time in a thousand.
    assert covered >= 366


def test_the_mean_of_one_share_is_that_share():
    share = share_interval(7, 9)
    assert mean_interval([share]).to_dict() == pytest.approx(share.to_dict())
    with pytest.raises(UserError, match="needs a share"):
        mean_interval([])


@given(st.integers(1, 300), st.integers(1, 6), st.data())
def test_copies_of_a_sentence_say_no_more_than_the_sentence(n, copies, data):
    hits = np.arange(n) < data.draw(st.integers(0, n))
    found = grouped_share_interval(copies * hits, np.full(n, copies))
    plain = share_interval(int(hits.sum()), n)
    assert (found.value, found.low, found.high, found.n) == (
        pytest.approx(plain.value),
        pytest.approx(plain.low),
        pytest.approx(plain.high),
        n,
    )


@pytest.mark.parametrize("truth", [0.5, 0.9, 0.995])
def test_the_share_of_grouped_rows_is_covered_near_one_too(truth):
    rng, covered = np.random.default_rng(7), 0
    for _ in range(300):
        sizes = np.minimum(rng.geometric(0.25, 200), 12)
        found = grouped_share_interval(sizes * (rng.random(200) < truth), sizes)
        covered += found.low <= truth <= found.high
    # Binomial(300, 0.95) is below 274 about one time in a hundred.
    assert covered >= 274


def test_rows_that_are_independent_within_a_group_count_one_by_one():
    rng = np.random.default_rng(8)
    found = grouped_share_interval(rng.binomial(5, 0.7, 400), np.full(400, 5))
    plain = share_interval(1_400, 2_000)
    assert found.high - found.low == pytest.approx(plain.high - plain.low, rel=0.15)


@pytest.mark.parametrize(("hits", "sizes"), [([], []), ([2], [1]), ([0], [0]), ([-1], [2])])
def test_a_share_of_groups_that_cannot_be_is_said(hits, sizes):
    with pytest.raises(UserError, match="no more hits"):
        grouped_share_interval(hits, sizes)


@pytest.mark.parametrize("values", [[], [1.0, float("nan")], [[1.0], [2.0]]])
def test_what_has_no_interval_is_said(values):
    with pytest.raises(UserError, match="finite values"):
        bootstrap_mean(values, np.random.default_rng(0))


@pytest.mark.parametrize(("hits", "n"), [(0, 0), (3, 2), (-1, 2)])
def test_a_share_that_cannot_be_is_said(hits, n):
    with pytest.raises(UserError, match="no more hits"):
        share_interval(hits, n)
