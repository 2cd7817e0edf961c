"""Probes of sentences that they have not seen, with what chance would give beside them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vae.diagnostics.probes import LENGTH, Target, folds_of, probe_target
from vae.errors import UserError


def category(values, rows=None):
    values = np.asarray(values, dtype=np.str_)
    rows = np.arange(len(values)) if rows is None else rows
    return Target("label", "categorical", rows, values, len(np.unique(values)))


def number(values):
    values = np.asarray(values, dtype=float)
    return Target(LENGTH, "numeric", np.arange(len(values)), values, len(np.unique(values)))


def probed(codes, target, groups=None, seed=0):
    groups = np.arange(len(codes)) if groups is None else groups
    return probe_target(codes, target, groups, np.random.default_rng(seed))


def test_a_code_that_holds_the_label_is_read_without_a_mistake():
    rng = np.random.default_rng(0)
    which = rng.integers(0, 4, 400)
    codes = 8 * np.eye(4)[which] + rng.normal(size=(400, 4))
    found = probed(codes, category(which))
    for probe in (found.linear, found.neighbours):
        assert probe.value == probe.high == 1.0
        assert 0.98 < probe.low < 1.0
    assert (found.metric, found.classes, found.n) == ("accuracy", 4, 400)


def test_a_code_that_knows_nothing_gives_the_majority_and_no_more():
    rng = np.random.default_rng(1)
    labels = rng.choice(["often", "seldom"], 1_500, p=[0.7, 0.3])
    found = probed(rng.normal(size=(1_500, 5)), category(labels))
    assert found.majority == pytest.approx(0.7, abs=0.05)
    assert found.linear.low <= found.majority <= found.linear.high
    assert found.shuffled.low <= found.majority <= found.shuffled.high
    assert found.neighbours.value < found.majority


def test_where_values_are_dealt_out_anew_a_perfect_code_helps_no_more():
    rng = np.random.default_rng(2)
    which = rng.integers(0, 2, 600)
    found = probed((2 * which - 1)[:, None] + 0.1 * rng.normal(size=(600, 2)), category(which))
    assert found.linear.value == 1.0
    # Binomial(600, 1/2) lies in here but for one time in a thousand.
    assert found.shuffled.value == pytest.approx(0.5, abs=0.07)


def linear_gaussian(n, seed):
    """y = w z + e with unit normals: R^2 = |w|^2 / (|w|^2 + sigma^2) = 5 / (5 + 2.5)."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(n, 3))
    return z, number(z @ [1.0, 2.0, 0.0] + np.sqrt(2.5) * rng.normal(size=n))


def test_r2_of_a_linear_gaussian_case_is_that_of_the_closed_form():
    found = probed(*linear_gaussian(4_000, seed=3))
    # Three of its standard errors, of 0.009 each.
    assert found.linear.value == pytest.approx(5 / 7.5, abs=0.027)
    assert 0.5 < found.neighbours.value < found.linear.value
    assert found.majority == pytest.approx(0.0, abs=0.01)
    assert found.shuffled.high < 0.02


def test_the_interval_of_r2_covers_the_closed_form_about_as_often_as_it_says():
    found = [probed(*linear_gaussian(400, seed)).linear for seed in range(24)]
    # Binomial(24, 0.95) is below 19 about one time in a thousand.
    assert sum(f.low <= 5 / 7.5 <= f.high for f in found) >= 19
    assert np.mean([f.value for f in found]) == pytest.approx(5 / 7.5, abs=0.02)


def test_an_independent_code_explains_nothing_of_a_number():
    rng = np.random.default_rng(4)
    found = probed(rng.normal(size=(1_000, 4)), number(rng.normal(size=1_000)))
    assert found.linear.value < 0.01
    assert found.neighbours.value < 0.0
    assert found.majority < 0.01


@given(st.lists(st.integers(0, 30), min_size=1, max_size=120), st.integers(2, 6))
@settings(max_examples=60, deadline=None)
def test_the_same_sentence_is_never_on_both_sides(groups, folds):
    groups = np.array(groups)
    if len(set(groups.tolist())) < folds:
        with pytest.raises(UserError, match="cannot be divided"):
            folds_of(groups, folds, np.random.default_rng(0))
        return
    fold = folds_of(groups, folds, np.random.default_rng(0))
    assert set(fold.tolist()) == set(range(folds))
    for group in set(groups.tolist()):
        assert len(set(fold[groups == group].tolist())) == 1


def test_a_label_cannot_leak_through_a_sentence_that_occurs_twice():
    # Each sentence has a code and a label of chance, and stands there four times.
    rng = np.random.default_rng(5)
    which = np.repeat(np.arange(200), 4)
    codes, labels = rng.normal(size=(200, 3))[which], rng.integers(0, 2, 200)[which]
    told = probed(codes, category(labels), groups=which)
    leaked = probed(codes, category(labels))
    assert leaked.neighbours.value > 0.6
    assert told.neighbours.low < 0.5 < told.neighbours.high
    # Two hundred sentences, not eight hundred, are what the interval rests on.
    assert told.neighbours.n == 200
    assert told.neighbours.high - told.neighbours.low > 0.1


def test_a_sentence_that_stands_twice_makes_no_probe_certain():
    rng = np.random.default_rng(8)
    which = np.repeat(rng.integers(0, 2, 150), 2)
    codes = 20.0 * which[:, None] + np.repeat(rng.normal(size=(150, 1)), 2, axis=0)
    found = probed(codes, category(which), groups=np.repeat(np.arange(150), 2)).linear
    assert (found.value, found.n) == (1.0, 150)
    assert 0.95 < found.low < 0.99


def test_sentences_without_the_label_take_no_part():
    rng = np.random.default_rng(6)
    which = rng.integers(0, 2, 300)
    codes = np.vstack([6.0 * which[:, None] + rng.normal(size=(300, 1)), np.full((50, 1), 1e6)])
    found = probed(codes, category(which, np.arange(300)))
    assert found.n == 300
    assert found.linear.value > 0.99


def test_the_same_seed_gives_the_same_probe():
    rng = np.random.default_rng(7)
    codes, labels = rng.normal(size=(120, 2)), rng.integers(0, 3, 120)
    assert probed(codes, category(labels), seed=1) == probed(codes, category(labels), seed=1)


def test_a_class_that_is_all_in_one_fold_counts_as_mistakes():
    groups = np.r_[np.arange(60), np.full(20, 60)]
    codes = np.r_[np.zeros(60), np.full(20, 5.0)][:, None]
    found = probed(codes, category(["a"] * 60 + ["b"] * 20), groups=groups)
    assert found.linear.value == pytest.approx(0.75)
