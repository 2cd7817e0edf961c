"""Each of the five mistakes of the article's listing shows its symptom, the right form does not."""

import math
from functools import cache

import pytest
import torch

from tests.fakes import seeded
from tests.training.test_vector import few
from vae.models import Posterior
from vae.training.mistakes import (
    LEAST_STD,
    MISTAKES,
    MOST_STD,
    BoundedSpread,
    ComputedOnce,
    NoNoise,
    RemovedLog,
    coin_entropy,
    tf,
)
from vae.training.vector import Objective, VectorTrainConfig, VectorTraining, train_vectors


@cache
def trained(name: str = "") -> VectorTraining:
    objective = MISTAKES[name]() if name else Objective()
    return train_vectors(few(600), VectorTrainConfig(epochs=25), objective)


def posterior(training: VectorTraining) -> Posterior:
    with torch.no_grad():
        x = torch.from_numpy(training.vectors.held_out)
        return training.objective.posterior(training.model, x)


def test_there_are_five():
    assert len(MISTAKES) == 5


# -- z without noise ------------------------------------------------------------------------------


def test_without_noise_all_draws_are_one_point_and_with_it_they_have_the_posterior_s_variance():
    mean, logvar = torch.tensor([[0.7, -1.2]]), torch.tensor([[-1.0, 0.4]])
    many = Posterior(mean.expand(50_000, -1), logvar.expand(50_000, -1))
    noise = torch.randn(50_000, 2, generator=seeded())
    wrong, right = NoNoise().latent(many, noise), Objective().latent(many, noise)
    assert wrong.var(0).tolist() == [0.0, 0.0]
    assert torch.allclose(right.var(0), logvar[0].exp(), rtol=0.03)


def test_without_noise_it_is_an_autoencoder_which_real_draws_destroy():
    wrong, right = trained("noise").history[-1], trained().history[-1]
    assert wrong.without_noise < right.distortion  # what it sees is better than what can be
    assert wrong.distortion > right.distortion + 100  # what a draw of its posterior gives
    assert wrong.rate < right.rate / 2  # the digits come back, and the KL does not see how
    spread = (posterior(trained("noise")).logvar / 2).exp()
    assert float(spread.mean()) > 2 * float((posterior(trained()).logvar / 2).exp().mean())


# -- tanh on the log variance ---------------------------------------------------------------------


def test_tanh_holds_every_spread_between_two_bounds_that_the_right_form_leaves():
    bounded = (posterior(trained("tanh")).logvar / 2).exp()
    free = (posterior(trained()).logvar / 2).exp()
    assert float(bounded.min()) >= LEAST_STD - 1e-6
    assert float(bounded.max()) <= MOST_STD + 1e-6
    assert pytest.approx(math.exp(-0.5)) == LEAST_STD
    assert pytest.approx(math.exp(0.5)) == MOST_STD
    assert float(free.min()) < 0.4


def test_tanh_costs_digits():
    wrong, right = trained("tanh").history[-1], trained().history[-1]
    assert wrong.distortion + wrong.rate > right.distortion + right.rate + 1.5
    assert wrong.rate < right.rate - 2  # narrow posteriors cannot be had, so less is said


def test_tanh_takes_the_gradient_away_where_it_holds():
    raw = torch.tensor([[-6.0]], requires_grad=True)
    raw.tanh().sum().backward()
    assert float(raw.grad) < 1e-4
    assert issubclass(BoundedSpread, Objective)


# -- the KL ---------------------------------------------------------------------------------------


def test_the_kl_of_the_article_is_undefined_outside_of_0_to_1():
    assert coin_entropy(torch.tensor([-0.1, 1.1, -3.0])).isnan().all()
    assert coin_entropy(torch.tensor([0.2, 0.5])).isfinite().all()


def test_the_kl_of_the_article_is_negative_and_lowest_at_one_half_and_knows_no_spread():
    at = torch.linspace(0.01, 0.99, 99)
    assert float(at[coin_entropy(at).argmin()]) == pytest.approx(0.5)
    assert float(coin_entropy(torch.tensor(0.5))) == pytest.approx(-math.log(2))
    narrow, wide = (Posterior(torch.full((1, 2), 0.5), torch.full((1, 2), v)) for v in (-4.0, 0.0))
    assert torch.equal(MISTAKES["kl"]().rate(narrow), MISTAKES["kl"]().rate(wide))
    assert float(narrow.kl()) > float(wide.kl()) + 1


def test_the_kl_of_the_article_is_no_number_in_the_first_epoch():
    found = trained("kl")
    assert found.done == 1
    assert found.diverged
    assert math.isnan(found.history[-1].loss)
    assert posterior(found).mean.isnan().all()


# -- the logarithm ------------------------------------------------------------------------------


def test_the_logarithm_is_gone_from_where_the_article_looks_for_it():
    with pytest.raises(AttributeError, match="log"):
        RemovedLog().rate(posterior(trained()))
    assert float(tf.math.log(torch.tensor(math.e))) == pytest.approx(1)


def test_no_update_is_made_where_the_logarithm_is_gone():
    found = trained("log")
    assert found.done == 0
    assert found.over
    assert "no attribute 'log'" in found.problem


# -- losses computed once -------------------------------------------------------------------------


def test_a_number_has_no_gradient():
    training = trained("once")
    assert all(p.grad is None for p in training.model.parameters())
    with pytest.raises(RuntimeError, match="does not require grad"):
        torch.tensor(training.objective.number).backward()


def test_losses_computed_once_leave_every_weight_and_every_curve_where_it_was():
    training = trained("once")
    assert training.done == 25
    fresh = VectorTraining(few(600), training.model_config, training.config, ComputedOnce())
    for name, value in fresh.model.state_dict().items():
        assert torch.equal(value, training.model.state_dict()[name]), name
    assert len({e.distortion for e in training.history}) == 1
    assert len({e.loss for e in training.history[1:]}) == 1
    assert trained().history[-1].distortion < training.history[-1].distortion - 80
