"""A vector VAE learns, the same each time, in as many pieces as one likes."""

import math

import numpy as np
import pytest
import torch

from vae.corpora.vectors import Vectors, binary_digits, digits
from vae.errors import UserError
from vae.models.vector import VectorConfig
from vae.training.vector import VectorTrainConfig, VectorTraining, train_vectors


def few(n: int = 200, found: Vectors | None = None) -> Vectors:
    found = found or digits()
    rows = np.r_[:n, found.n_train : found.n_train + 100]
    return Vectors(found.kind, found.values[rows], n, tuple(found.labels[i] for i in rows), (8, 8))


def figures(training):
    return [(e.epoch, e.distortion, e.rate) for e in training.history]


def test_its_defaults_are_those_of_the_article():
    config = VectorTrainConfig()
    assert (config.epochs, config.learning_rate, config.beta) == (100, 1e-3, 1.0)


def test_the_same_seed_gives_the_same_weights_however_it_is_cut_into_pieces():
    whole = train_vectors(few(), VectorTrainConfig(epochs=5, seed=3))
    torch.manual_seed(99)
    pieces = VectorTraining(few(), VectorConfig(64), VectorTrainConfig(epochs=5, seed=3))
    turns = 0
    while not pieces.over:
        pieces.advance(seconds=0)
        turns += 1
    assert turns == 5  # one epoch at least, and no more than the time allows
    for name, value in whole.model.state_dict().items():
        assert torch.equal(value, pieces.model.state_dict()[name]), name
    assert figures(whole) == figures(pieces)
    other = train_vectors(few(), VectorTrainConfig(epochs=5, seed=4))
    assert figures(other) != figures(whole)


def test_it_learns_digits_that_it_has_not_seen():
    found = train_vectors(few(600), VectorTrainConfig(epochs=25))
    first, last = found.history[0], found.history[-1]
    assert last.distortion + last.rate < first.distortion + first.rate - 80
    assert last.rate > 3
    assert math.isnan(first.loss)
    assert found.done == 25


def test_a_bernoulli_decoder_learns_black_and_white():
    found = train_vectors(
        few(600, binary_digits()), VectorTrainConfig(epochs=25), likelihood="bernoulli"
    )
    assert found.history[-1].distortion + found.history[-1].rate < 28  # 64 ln 2 = 44 at first


def test_more_weight_on_the_kl_buys_a_lower_rate_for_more_distortion():
    low = train_vectors(few(), VectorTrainConfig(epochs=20, beta=0.3)).history[-1]
    high = train_vectors(few(), VectorTrainConfig(epochs=20, beta=5)).history[-1]
    assert high.rate < low.rate
    assert high.distortion > low.distortion


def test_one_that_is_over_is_not_advanced():
    found = train_vectors(few(), VectorTrainConfig(epochs=2))
    found.advance()
    assert found.done == 2


def test_the_figures_of_an_epoch_are_those_of_the_right_form():
    found = train_vectors(few(), VectorTrainConfig(epochs=2))
    last = found.history[-1]
    assert last.without_noise == last.distortion  # its objective hands on the draw itself
    with torch.no_grad():
        rate = found.model.encode(torch.from_numpy(found.vectors.held_out)).kl().mean()
    assert last.rate == pytest.approx(float(rate), abs=1e-5)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"epochs": 0}, "`epochs` is 0"),
        ({"epochs": 10**6}, "`epochs` is 1,000,000"),
        ({"batch": 0}, "`batch` is 0"),
        ({"learning_rate": 0.0}, "`learning_rate` is 0"),
        ({"beta": -1.0}, "`beta` is .1"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_words(settings, said):
    with pytest.raises(UserError, match=said):
        VectorTrainConfig(**settings)


def test_a_bernoulli_decoder_is_not_given_grey():
    with pytest.raises(UserError, match="zeros and ones"):
        train_vectors(few(), likelihood="bernoulli")


def test_a_model_of_other_vectors_is_refused_in_words():
    with pytest.raises(UserError, match="64 values, the model reads 10"):
        VectorTraining(few(), VectorConfig(10))
