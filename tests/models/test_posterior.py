"""The diagonal Gaussian posterior: its KL, its draws."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributions import Normal, kl_divergence

from tests.fakes import seeded
from vae.models import Posterior

numbers = st.floats(-4, 4, width=32)


def posterior(rows: int = 3, latent: int = 2) -> Posterior:
    draw = seeded(1)
    return Posterior(
        torch.randn(rows, latent, generator=draw), torch.randn(rows, latent, generator=draw)
    )


def test_kl_closed_form_agrees_with_monte_carlo():
    mean, logvar = torch.tensor([[0.7, -1.2]]), torch.tensor([[-1.0, 0.4]])
    n = 200_000
    many = Posterior(mean.expand(n, -1), logvar.expand(n, -1))
    z = many.sample(seeded())
    log_ratio = Normal(mean, (0.5 * logvar).exp()).log_prob(z) - Normal(0.0, 1.0).log_prob(z)
    error = log_ratio.std(0) / math.sqrt(n)
    assert ((log_ratio.mean(0) - many.kl_per_dimension()[0]).abs() < 4 * error).all()


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5))
def test_kl_equals_the_library_of_distributions(values):
    mean, logvar = torch.tensor(values).T
    own = Posterior(mean[None], logvar[None])
    expected = kl_divergence(Normal(mean, (0.5 * logvar).exp()), Normal(0.0, 1.0))
    assert torch.allclose(own.kl_per_dimension()[0], expected, atol=1e-4, rtol=1e-4)
    assert torch.allclose(own.kl()[0], expected.sum(), atol=1e-3, rtol=1e-4)


@given(st.lists(st.tuples(st.floats(-1e-3, 1e-3), st.floats(-1e-3, 1e-3)), min_size=1, max_size=8))
def test_kl_near_the_prior_keeps_its_digits_and_is_never_negative(values):
    mean, logvar = torch.tensor(values).T
    small = Posterior(mean[None], logvar[None]).kl_per_dimension()[0]
    exact = Posterior(mean[None].double(), logvar[None].double()).kl_per_dimension()[0]
    assert (small >= -1e-10).all()
    assert torch.allclose(small.double(), exact, rtol=1e-3, atol=1e-10)


def test_kl_is_zero_at_the_prior_and_grows_with_distance_from_it():
    prior = Posterior(torch.zeros(1, 3), torch.zeros(1, 3))
    far = Posterior(torch.full((1, 3), 2.0), torch.zeros(1, 3))
    assert prior.kl().item() == 0.0
    assert far.kl().item() == pytest.approx(3 * 2.0)  # mean^2 / 2 in each dimension


def test_kl_is_finite_at_the_ends_of_the_range_that_the_encoder_allows():
    ends = Posterior(torch.zeros(2, 1), torch.tensor([[-12.0], [6.0]]))
    assert ends.kl().isfinite().all()


def test_samples_have_the_mean_and_the_variance_of_the_posterior():
    n = 100_000
    mean, logvar = torch.tensor([1.5, -0.5]), torch.tensor([0.8, -2.0])
    z = Posterior(mean.expand(n, -1), logvar.expand(n, -1)).sample(seeded())
    assert torch.allclose(z.mean(0), mean, atol=0.02)
    assert torch.allclose(z.var(0), logvar.exp(), rtol=0.03)
    assert abs(float(torch.corrcoef(z.T)[0, 1])) < 0.02


def test_a_sample_is_a_function_of_the_generator_alone():
    q = posterior()
    torch.manual_seed(1)
    first = q.sample(seeded(5))
    torch.manual_seed(2)
    assert torch.equal(first, q.sample(seeded(5)))
    assert not torch.equal(first, q.sample(seeded(6)))


def test_gradients_flow_through_a_sample_to_mean_and_variance():
    mean = torch.zeros(1, 2, requires_grad=True)
    logvar = torch.zeros(1, 2, requires_grad=True)
    Posterior(mean, logvar).sample(seeded()).sum().backward()
    assert torch.equal(mean.grad, torch.ones(1, 2))
    assert (logvar.grad != 0).all()


def test_rows_are_picked_by_slice_and_by_index():
    q = posterior(5)
    assert len(q) == 5
    assert torch.equal(q.rows(slice(1, 3)).mean, q.mean[1:3])
    assert torch.equal(q.rows(torch.tensor([4, 0])).logvar, q.logvar[[4, 0]])


def test_a_posterior_without_dimensions_has_a_rate_of_zero():
    q = Posterior(torch.zeros(3, 0), torch.zeros(3, 0))
    assert q.kl().tolist() == [0.0, 0.0, 0.0]
    assert q.sample(seeded()).shape == (3, 0)
