"""What a dimension seems to stand for."""

import numpy as np
import pytest

from vae.latent.naming import between_groups, name_dimensions

RNG = np.random.default_rng(0)
TENSE = np.array(["past", "present", "future"] * 200)
MOOD = np.array(["statement", "question"] * 300)


def latents():
    """Dimension 0 is tense, 1 is mood with noise, 2 is nothing."""
    tense = np.select([TENSE == "past", TENSE == "future"], [-1.0, 1.0])
    mood = (MOOD == "question") * 2.0 + RNG.normal(size=600)
    return np.stack([tense, mood, RNG.normal(size=600)], axis=1)


def test_a_dimension_that_is_a_label_has_share_one():
    share, means, names = between_groups(latents(), TENSE)
    assert share[0] == pytest.approx(1.0)
    assert share[2] < 0.05
    assert names == ["future", "past", "present"]
    assert means[:, 0] == pytest.approx([1.0, -1.0, 0.0])


def test_share_is_one_minus_the_variance_within():
    x = latents()
    share, _, _ = between_groups(x, MOOD)
    groups = [
        x[rows]
        for rows in (np.flatnonzero(MOOD == "question"), np.flatnonzero(MOOD == "statement"))
    ]
    within = sum(((g - g.mean(0)) ** 2).sum(0) for g in groups)
    total = ((x - x.mean(0)) ** 2).sum(0)
    assert share == pytest.approx(1 - within / total)


def test_each_dimension_gets_its_label_and_its_ends():
    first, second, third = name_dimensions(latents(), {"tense": TENSE, "mood": MOOD})
    assert (first.column, first.low, first.high, first.values) == ("tense", "past", "future", 3)
    assert (second.column, second.low, second.high) == ("mood", "statement", "question")
    assert third is None


def test_labels_that_cannot_name_are_left_out():
    x = latents()
    labels = {
        "split": TENSE,
        "constant": np.array(["x"] * 600),
        "serial": np.arange(600).astype(str),
    }
    assert name_dimensions(x, labels) == [None, None, None]


def test_a_collapsed_dimension_has_no_name():
    assert name_dimensions(np.zeros((600, 2)), {"tense": TENSE}) == [None, None]
    assert name_dimensions(np.zeros((0, 2)), {"tense": TENSE[:0]}) == [None, None]
