"""What a dimension seems to stand for."""

import math

import numpy as np
import pytest

from vae.diagnostics.label_information import countable
from vae.latent.naming import group_means, name_dimensions

RNG = np.random.default_rng(0)
TENSE = np.array(["past", "present", "future"] * 200)
MOOD = np.array(["statement", "question"] * 300)


def latents():
    """Dimension 0 is tense, 1 is mood with noise, 2 is nothing."""
    tense = np.select([TENSE == "past", TENSE == "future"], [-1.0, 1.0])
    mood = (MOOD == "question") * 4.0 + RNG.normal(size=600)
    return np.stack([tense, mood, RNG.normal(size=600)], axis=1)


def test_group_means_are_the_means_of_the_groups():
    x = latents()
    label = countable({"mood": MOOD})[0]["mood"]
    assert label.names == ("question", "statement")
    means = [x[name == MOOD].mean(0) for name in label.names]
    assert group_means(x, label) == pytest.approx(np.stack(means))


def test_each_dimension_gets_its_label_and_its_ends():
    first, second, third = name_dimensions(latents(), {"tense": TENSE, "mood": MOOD})
    assert (first.column, first.low, first.high, first.values) == ("tense", "past", "future", 3)
    assert (second.column, second.low, second.high) == ("mood", "statement", "question")
    assert third is None


def test_a_copy_of_a_label_is_named_with_all_its_bits():
    first, *_ = name_dimensions(latents(), {"tense": TENSE})
    assert first.bits == pytest.approx(math.log2(3), abs=0.01)
    assert first.share == pytest.approx(1.0, abs=0.01)
    assert first.said == f"tense, {first.nats:.2f} nats"


def test_a_dimension_that_tells_who_has_a_label_is_not_named_after_it():
    has = np.arange(600) < 300
    x = np.stack([8.0 * has + RNG.normal(size=600), latents()[:, 0]], axis=1)
    first, second = name_dimensions(x, {"tense": np.where(has, TENSE, "")})
    assert first is None
    assert (second.column, second.low, second.high) == ("tense", "past", "future")


def test_a_label_wins_over_a_finer_one_that_contains_it():
    finer = np.array([f"{tense} {i % 5}" for i, tense in enumerate(TENSE)])
    first, *_ = name_dimensions(latents(), {"time": finer, "tense": TENSE})
    assert first.column == "tense"


def test_labels_that_cannot_name_are_left_out():
    x = latents()
    labels = {
        "split": TENSE,
        "constant": np.array(["x"] * 600),
        "serial": np.array([f"row {i}" for i in range(600)]),
    }
    assert name_dimensions(x, labels) == [None, None, None]


def test_a_draw_from_a_collapsed_posterior_has_no_name_though_its_mean_tells_all():
    mean = 0.01 * np.select([TENSE == "past", TENSE == "future"], [-1.0, 1.0])[:, None]
    (of_mean,) = name_dimensions(mean, {"tense": TENSE})
    (of_draw,) = name_dimensions(mean + RNG.normal(size=(600, 1)), {"tense": TENSE})
    assert of_mean.column == "tense"
    assert of_draw is None


def test_a_collapsed_dimension_has_no_name():
    assert name_dimensions(np.zeros((600, 2)), {"tense": TENSE}) == [None, None]
    assert name_dimensions(np.zeros((0, 2)), {"tense": TENSE[:0]}) == [None, None]
