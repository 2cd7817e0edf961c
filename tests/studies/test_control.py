"""Steering and analogies as evaluation.json holds them."""

import json

import pytest

from tests.latent.onehot import OneHot
from vae.corpora import factors
from vae.studies.control import STEERED_LABELS, measure
from vae.studies.sentences import drawn


@pytest.fixture(scope="module")
def found():
    return json.loads(json.dumps(measure(OneHot(), factors.generate(700), most=44)))


def test_where_factors_have_their_own_numbers_all_is_steered(found):
    assert tuple(found["steering"]) == STEERED_LABELS
    for each in found["steering"].values():
        assert (each["flips"], each["stays_worst"], each["all_stay"], each["both"]) == (1,) * 4
        assert (each["strength"], each["how"]) == (1.0, "difference")
        assert each["random_flips"] < 0.2
        low, high = each["flips_interval"]
        assert 0.9 < low < high == 1.0
        assert each["stays_worst_factor"] in each["stays"]
    assert found["analogies"]["exact_match"] == 1.0
    assert found["analogies"]["n"] == sum(found["analogies"]["n_per_factor"].values()) == 44


def test_what_the_model_does_not_hear_does_not_flip_and_is_found_out():
    deaf = measure(OneHot(deaf=("mood",)), factors.generate(700), most=44)
    mood = deaf["steering"]["mood"]
    moods = drawn(factors.generate(700), "test", 44, 0).labels["mood"]
    assert mood["flips"] == moods.count("question") / 44  # it says a statement, whatever is done
    tense = deaf["steering"]["tense"]
    assert tense["stays_worst_factor"] == "mood"
    assert tense["flips"] == 1.0
    assert 0.2 < tense["stays_worst"] < 0.8


def test_a_model_that_cannot_write_has_no_figure():
    mute = measure(OneHot(silent=True), factors.generate(300), most=20)
    assert mute == {"steering": dict.fromkeys(STEERED_LABELS), "analogies": None}


def test_the_same_seed_gives_the_same_figures(found):
    again = measure(OneHot(), factors.generate(700), most=44)
    assert json.loads(json.dumps(again)) == found
