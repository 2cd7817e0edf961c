"""Linear probes: what can be read off the posterior mean."""

import numpy as np
import pytest

from vae.diagnostics.bootstrap import share_interval
from vae.diagnostics.probes import LinearProbe, Target, linear_probe


def blobs(n: int, classes: int, seed: int, distance: float = 8.0, scale: float = 1.0):
    """n points about `classes` centres that lie on the axes, and their labels."""
    rng = np.random.default_rng(seed)
    which = rng.integers(classes, size=n)
    points = distance * np.eye(classes)[which] + rng.normal(size=(n, classes))
    return (scale * points).astype(np.float32), tuple(f"kind {i}" for i in which)


def probed(points: np.ndarray, labels, folds: int = 5) -> LinearProbe:
    n = len(points)
    target = Target("kind", "categorical", np.arange(n), np.array(labels), len(set(labels)))
    return linear_probe(points, target, np.arange(n), np.random.default_rng(0), folds)


def test_linearly_separable_labels_are_named_without_a_mistake():
    result = probed(*blobs(100, 4, 1))
    assert result.linear.value == 1.0
    low, high = result.linear.low, result.linear.high
    assert (low, high) == (pytest.approx(0.963, abs=5e-4), 1.0)  # and yet in doubt
    assert (result.classes, result.n) == (4, 100)


def test_shuffled_labels_are_named_no_better_than_the_majority():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(3_000, 3))
    labels = rng.choice(["often", "seldom"], size=3_000, p=[0.7, 0.3]).tolist()
    result = probed(points, labels)
    assert result.majority == pytest.approx(0.7, abs=0.05)
    assert result.linear.value == pytest.approx(result.majority, abs=0.03)


def test_its_interval_is_wilsons():
    result = probed(*blobs(400, 2, 0, distance=1.0)).linear
    sure = share_interval(round(400 * result.value), 400)
    assert (result.low, result.high) == pytest.approx((sure.low, sure.high), abs=2e-3)
    assert result.low < result.value < result.high


def test_the_scale_of_the_latents_makes_no_difference():
    small, large = (probed(*blobs(300, 3, 0, 3.0, scale)) for scale in (1e-3, 1e3))
    assert small.linear.value == pytest.approx(large.linear.value, abs=0.01)


def test_a_dimension_that_never_varies_does_no_harm():
    points, labels = blobs(200, 2, 0)
    still = np.full((200, 1), 2.5, dtype=np.float32)
    assert probed(np.hstack([points, still]), labels).linear.value == 1.0


def test_a_label_of_one_sentence_alone_counts_as_a_mistake():
    points, labels = blobs(200, 2, 0)
    new = tuple(f"alone {i}" for i in range(100)) + labels[100:]
    assert probed(points, new).linear.value <= 0.5


def test_a_label_of_almost_as_many_values_as_sentences_is_probed_in_silence(recwarn):
    points, _ = blobs(150, 2, 0)
    assert probed(points, [f"number {i % 100}" for i in range(150)]).classes == 100
    assert not recwarn.list
