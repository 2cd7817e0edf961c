"""Normalised gain is that of its sources, and its interval holds the truth as often as it says."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.classroom.gain import FEWEST, normalised_change, normalised_gain


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_half_of_what_was_left_is_a_gain_of_one_half(rng):
    found = normalised_gain([0.2, 0.6] * 5, [0.6, 0.8] * 5, rng)
    assert found.n == 10
    assert (found.before, found.after) == (pytest.approx(0.4), pytest.approx(0.7))
    assert found.gain == pytest.approx(0.5)
    assert found.low <= found.gain <= found.high


def test_it_is_of_the_means_of_the_class_not_the_mean_of_the_pupils(rng):
    # Pupils gain 1 and 0; the class (0.25 to 0.5)/(1 - 0.25): a third.
    assert normalised_gain([0.5, 0.0], [1.0, 0.0], rng).gain == pytest.approx(1 / 3)


def test_a_loss_is_negative_and_what_was_known_by_all_has_no_gain(rng):
    assert normalised_gain([0.5] * 4, [0.25] * 4, rng).gain == pytest.approx(-0.5)
    full = normalised_gain([1.0] * 9, [1.0] * 9, rng)
    assert (full.gain, full.low, full.high) == (None, None, None)


def test_few_pupils_have_a_gain_without_an_interval_and_none_has_none(rng):
    few = normalised_gain([0.0] * (FEWEST - 1), [1.0] * (FEWEST - 1), rng)
    assert (few.gain, few.low) == (1.0, None)
    nobody = normalised_gain([], [], rng)
    assert (nobody.n, nobody.gain) == (0, None)
    assert math.isnan(nobody.before)


def test_where_the_gain_is_often_undefined_no_interval_is_claimed(rng):
    before = [1.0] * 6 + [0.0]
    assert normalised_gain(before, [1.0] * 7, rng).low is None


@given(
    pairs=st.lists(
        st.tuples(st.sampled_from([0, 0.5, 1]), st.sampled_from([0, 0.5, 1])), min_size=1
    ),
)
def test_a_gain_is_at_most_one_and_pupils_have_no_order(pairs):
    x, y = map(list, zip(*pairs, strict=True))
    found = normalised_gain(x, y, np.random.default_rng(0))
    back = normalised_gain(x[::-1], y[::-1], np.random.default_rng(0))
    assert found.gain is None or found.gain <= 1 + 1e-9
    assert found.gain == (None if back.gain is None else pytest.approx(back.gain))
    if found.low is not None:
        assert found.low <= found.high <= 1 + 1e-9


def test_the_change_of_marx_and_cummings(rng):
    # Half of what was left; half of what was there lost; equal; all wrong and all right left out.
    found = normalised_change([0.5, 0.5, 0.5, 0.0, 1.0], [0.75, 0.25, 0.5, 0.0, 1.0], rng)
    assert found.n == 3
    assert found.value == pytest.approx((0.5 - 0.5 + 0.0) / 3)
    assert normalised_change([0.0, 1.0], [0.0, 1.0], rng) is None


def test_the_interval_holds_the_true_gain_of_a_class_of_thirty():
    rng = np.random.default_rng(1)
    learned, questions, held, trials = 0.5, 20, 0, 300
    for _ in range(trials):
        # Pupils differ; the mean over all of them is what is to be found.
        skill = rng.beta(4, 6, 30)
        before = rng.binomial(questions, skill) / questions
        after = rng.binomial(questions, skill + learned * (1 - skill)) / questions
        found = normalised_gain(before, after, rng, draws=400)
        held += found.low <= learned <= found.high
    assert 0.90 <= held / trials <= 0.985
