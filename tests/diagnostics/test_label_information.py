"""Mutual information of a dimension and a label, held against closed forms."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from vae.diagnostics.label_information import (
    bins_for,
    countable,
    information,
    quantile_bins,
)
from vae.errors import UserError


def told(x, values, seed=0, shuffles=20):
    """What one dimension (N,) or several (N, Z) tell of a label."""
    x = np.asarray(x, dtype=float)
    labels = countable({"label": values})[0]
    rng = np.random.default_rng(seed)
    return information(x if x.ndim == 2 else x[:, None], labels, rng, shuffles)["label"]


def normal_classes(distance):
    """Nats that x tells of one of two equally likely classes N(±distance / 2, 1), by quadrature."""

    def density(x):
        return 0.5 * (norm.pdf(x, -distance / 2) + norm.pdf(x, distance / 2))

    entropy = -quad(lambda x: density(x) * math.log(density(x)), -12, 12)[0]
    return entropy - 0.5 * math.log(2 * math.pi * math.e)


def two_classes(n, distance, seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n)
    return rng.normal(size=n) + distance * (y - 0.5), np.where(y == 1, "yes", "no")


@pytest.mark.parametrize("k", [2, 3, 7, 20])
def test_a_copy_of_the_label_tells_its_entropy(k):
    values = np.arange(2_000) % k
    found = told(values, values)
    # Miller and Madow's correction of an entropy adds (k - 1) / 2N.
    assert found.value[0] == pytest.approx(math.log(k), abs=1e-3 + (k - 1) / 4_000)
    assert found.entropy == pytest.approx(math.log(k), abs=1e-4)
    assert found.values == k


def test_two_normal_classes_tell_what_the_integral_says():
    for distance in (0.5, 1.0, 2.0, 4.0):
        x, values = two_classes(20_000, distance, seed=1)
        found, truth = told(x, values, shuffles=0), normal_classes(distance)
        # Twenty bins lose up to 2% of it.
        assert found.value[0] == pytest.approx(truth, rel=0.03, abs=0.004)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    truth = normal_classes(2.0)
    hits = 0
    for seed in range(100):
        x, values = two_classes(1_000, 2.0, seed)
        found = told(x, values, shuffles=0)
        hits += found.low[0] <= truth <= found.high[0]
    assert 86 <= hits <= 100


def test_an_independent_dimension_tells_nothing():
    rng = np.random.default_rng(2)
    values = rng.integers(0, 8, 2_000)
    found = told(rng.normal(size=(2_000, 200)), values, shuffles=5)
    # The correction takes the bias of (20 - 1)(8 - 1) / 2N = 0.033 nats off.
    assert found.value.mean() < 0.006
    # With 5 shuffles one dimension in 6 is above them all.
    assert 0.08 < (found.value > found.chance).mean() < 0.26


@pytest.mark.parametrize("deviation", [0.1, 0.5, 0.9, 1.0])
def test_a_draw_tells_no_more_than_its_kl(deviation):
    """I(z; label) <= I(z; x) <= KL(q(z|x) || p(z)), whatever the posterior N(+-m, s^2) is."""
    mean = 0.8
    kl = 0.5 * (mean**2 + deviation**2 - 2 * math.log(deviation) - 1)
    rng = np.random.default_rng(6)
    label = rng.integers(0, 2, 20_000)
    z = mean * (2 * label - 1) + deviation * rng.normal(size=20_000)
    found = told(z, label, shuffles=0).value[0]
    assert found == pytest.approx(normal_classes(2 * mean / deviation), rel=0.03)
    assert found <= kl


def test_what_a_dimension_tells_does_not_depend_on_its_scale_or_direction():
    x, values = two_classes(2_000, 2.0, seed=3)
    one = told(x, values).value[0]
    assert told(100 * x + 7, values).value[0] == pytest.approx(one)
    assert told(np.exp(x), values).value[0] == pytest.approx(one)
    assert told(-x, values).value[0] == pytest.approx(one, abs=0.01)


def test_a_dimension_that_never_moves_tells_nothing():
    values = np.repeat(["a", "b"], 500)  # in order: equal values must not be told apart by place
    found = told(np.zeros(1_000), values)
    assert found.value[0] == found.high[0] == 0.0


def test_same_seed_same_chance():
    x, values = two_classes(500, 1.0, seed=4)
    assert told(x, values, seed=5).chance == told(x, values, seed=5).chance


@given(st.integers(2, 30), st.integers(20, 300), st.integers(0, 2**16))
def test_bins_keep_the_order_and_part_nothing_equal(bins, n, seed):
    x = np.random.default_rng(seed).integers(0, 12, size=(n, 1)).astype(float)
    binned = quantile_bins(x, bins)[:, 0]
    order = np.argsort(x[:, 0], kind="stable")
    assert (np.diff(binned[order]) >= 0).all()
    assert all(len(set(binned[x[:, 0] == v])) == 1 for v in np.unique(x))


def test_few_sentences_have_few_bins():
    assert [bins_for(n) for n in (4, 100, 500, 9_999)] == [2, 4, 20, 20]


def test_labels_that_cannot_be_counted_are_left_out_with_a_reason():
    serial = [f"id {i}" for i in range(100)]
    kept, left_out = countable(
        {"serial": serial, "same": ["x"] * 100, "size": [str(i) for i in range(100)]}
    )
    assert "100 values" in str(left_out["serial"])
    assert "the same value" in str(left_out["same"])
    assert kept["size"].names[0] == "0 – 9"
    assert len(kept["size"].names) == 10


def test_that_a_sentence_has_no_value_is_nothing_to_tell():
    """Dimension 0 tells who has the label, dimension 1 what it is: only the second tells of it."""
    x, values = two_classes(1_000, 4.0, seed=7)
    has = np.arange(1_000) < 600
    found = told(np.stack([8.0 * has, x], 1), np.where(has, values, ""))
    alone = told(np.stack([8.0 * has, x], 1)[:600], values[:600])
    assert (found.values, found.n) == (2, 600)
    assert found.value[0] == 0.0
    assert found.value == pytest.approx(alone.value)
    assert found.entropy == pytest.approx(alone.entropy)
    few = np.where(np.arange(1_000) < 24, values, "")
    assert "24 sentences have it" in str(countable({"few": few})[1]["few"])
    sizes = [*[""] * 50, *map(str, range(100))]
    assert countable({"size": sizes})[0]["size"].names[0] == "0 – 9"


def test_a_measure_of_many_values_is_cut_into_bins_and_never_counted_one_by_one():
    thirty = [str(i % 30) for i in range(900)]
    (binned, as_names) = (
        countable({"n": thirty}, {"n": k})[0]["n"] for k in ("number", "category")
    )
    assert (len(binned.names), len(as_names.names)) == (10, 30)
    days = [f"2021-{i % 12 + 1:02}-{i % 28 + 1:02}" for i in range(900)]
    assert countable({"day": days})[0]["day"].names[0].startswith("2021-01-01 – 2021-02-")
    stars = countable({"stars": ["3", "10", " 3", "nan", "3.0", ""] * 30})[0]["stars"]
    assert stars.names == ("3", "10")
    assert (stars.codes[:6]).tolist() == [0, 1, 0, -1, 0, -1]
    paid = countable({"paid": ["yes", "Yes", "no", "yes", ""] * 30})[0]["paid"]
    assert paid.names == ("no", "yes")


def test_what_a_number_tells_is_near_to_the_information_of_two_normals():
    """I = -log(1 - r^2) / 2 of a normal pair with correlation r; ten bins lose a part of it."""
    rng = np.random.default_rng(3)
    for r in (0.3, 0.6, 0.9):
        x, noise = rng.normal(size=(2, 20_000))
        y = r * x + math.sqrt(1 - r**2) * noise
        found = told(x, [f"{v:.6f}" for v in y], shuffles=3)
        truth = -0.5 * math.log(1 - r**2)
        assert 0.8 * truth < found.value[0] < 1.02 * truth
        assert found.chance[0] < 0.01


def test_a_label_for_each_sentence():
    labels = countable({"mood": ["x", "y", "x"]})[0]
    with pytest.raises(UserError, match="'mood' has 3 values for 9 sentences"):
        information(np.zeros((9, 1)), labels, np.random.default_rng(0))
