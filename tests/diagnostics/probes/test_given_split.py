"""Linear probes: what can be read off the posterior mean."""

import math

import numpy as np
import pytest

from vae.diagnostics.bootstrap import share_interval
from vae.diagnostics.probes import linear_probe, probe_labels


def blobs(n: int, classes: int, seed: int, distance: float = 8.0, scale: float = 1.0):
    """n points about `classes` centres that lie on the axes, and their labels."""
    rng = np.random.default_rng(seed)
    which = rng.integers(classes, size=n)
    points = distance * np.eye(classes)[which] + rng.normal(size=(n, classes))
    return (scale * points).astype(np.float32), tuple(f"kind {i}" for i in which)


def test_linearly_separable_labels_are_named_without_a_mistake():
    result = linear_probe(*blobs(300, 4, 0), *blobs(100, 4, 1))
    assert result.accuracy == 1.0
    assert result.standard_error == 0.0
    assert (result.low, result.high) == (pytest.approx(0.963, abs=5e-4), 1.0)  # and yet in doubt
    assert (result.classes, result.n_train, result.n_test) == (4, 300, 100)


def test_shuffled_labels_are_named_no_better_than_the_majority():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(3_000, 3))
    labels = rng.choice(["often", "seldom"], size=3_000, p=[0.7, 0.3]).tolist()
    result = linear_probe(points[:2_000], labels[:2_000], points[2_000:], labels[2_000:])
    assert result.majority == pytest.approx(0.7, abs=0.05)
    assert result.accuracy == pytest.approx(result.majority, abs=0.03)


def test_the_standard_error_is_binomial():
    result = linear_probe(*blobs(400, 2, 0, distance=1.0), *blobs(400, 2, 1, distance=1.0))
    p = result.accuracy
    assert 0.5 < p < 1.0
    assert result.standard_error == pytest.approx(math.sqrt(p * (1 - p) / 400))


def test_its_interval_is_wilsons():
    result = linear_probe(*blobs(400, 2, 0, distance=1.0), *blobs(400, 2, 1, distance=1.0))
    sure = share_interval(round(400 * result.accuracy), 400)
    assert (result.low, result.high) == (sure.low, sure.high)
    assert result.low < result.accuracy < result.high


def test_the_scale_of_the_latents_makes_no_difference():
    small = linear_probe(*blobs(300, 3, 0, 3.0, 1e-3), *blobs(200, 3, 1, 3.0, 1e-3))
    large = linear_probe(*blobs(300, 3, 0, 3.0, 1e3), *blobs(200, 3, 1, 3.0, 1e3))
    assert small.accuracy == pytest.approx(large.accuracy, abs=0.01)


def test_a_dimension_that_never_varies_does_no_harm():
    (train, labels), (test, expected) = blobs(200, 2, 0), blobs(100, 2, 1)
    still = np.full((1, 3), 2.5, dtype=np.float32)
    result = linear_probe(
        np.hstack([train, still.repeat(200, 0)]),
        labels,
        np.hstack([test, still.repeat(100, 0)]),
        expected,
    )
    assert result.accuracy == 1.0


def test_the_majority_is_that_of_the_training_labels():
    points = np.zeros((4, 1))
    result = linear_probe(points, ["a", "a", "a", "b"], points, ["b", "b", "b", "a"])
    assert result.majority == 0.25


def test_a_label_unseen_in_training_counts_as_a_mistake():
    (train, labels), (test, expected) = blobs(200, 2, 0), blobs(100, 2, 1)
    new = ("never seen",) * 50 + expected[50:]
    assert linear_probe(train, labels, test, new).accuracy == 0.5


def test_every_label_column_of_two_to_two_hundred_classes_is_probed():
    (train, kinds), (test, expected) = blobs(300, 3, 0), blobs(60, 3, 1)
    columns = {
        "kind": kinds,
        "same": ("x",) * 300,
        "name": tuple(f"number {i}" for i in range(300)),
    }
    held_out = {"kind": expected, "same": ("x",) * 60, "name": ("number 1",) * 60}
    seen = []
    results = probe_labels(train, columns, test, held_out, lambda *step: seen.append(step[:2]))
    assert list(results) == ["kind"]
    assert results["kind"].accuracy == 1.0
    assert seen[-1] == (3, 3)


def test_nothing_is_probed_without_held_out_sentences():
    train, labels = blobs(50, 2, 0)
    assert probe_labels(train, {"kind": labels}, train[:0], {"kind": ()}) == {}


def test_a_label_of_almost_as_many_values_as_sentences_is_probed_in_silence(recwarn):
    train, _ = blobs(150, 2, 0)
    labels = tuple(f"number {i % 100}" for i in range(150))
    assert linear_probe(train, labels, train[:20], labels[:20]).classes == 100
    assert not recwarn.list
