"""The VAE of vectors: its likelihoods, its loss, its gradients, its seed."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import distributions

from tests.fakes import seeded
from vae.errors import UserError
from vae.models import Posterior
from vae.models.vector import (
    LEAST_STD,
    Bernoulli,
    Gaussian,
    VectorConfig,
    VectorVAE,
    vector_loss,
)

numbers = st.floats(-4, 4, width=32)


def tiny(likelihood="gaussian", **sizes) -> VectorVAE:
    return VectorVAE(VectorConfig(5, 7, 3, likelihood, **sizes))


def vectors(n=4, likelihood="gaussian"):
    values = torch.rand(n, 5, generator=seeded(2))
    return values.round() if likelihood == "bernoulli" else values


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=6))
def test_a_gaussian_output_is_as_likely_as_the_library_of_distributions_says(values):
    x, mean, logvar = torch.tensor(values).T[:, None]
    expected = distributions.Normal(mean, (logvar / 2).exp()).log_prob(x).sum(-1)
    assert torch.allclose(Gaussian(mean, logvar).log_likelihood(x), expected, rtol=1e-4, atol=1e-3)


@given(st.lists(st.tuples(numbers, st.booleans()), min_size=1, max_size=6))
def test_a_bernoulli_output_is_as_likely_as_the_library_of_distributions_says(values):
    logits, x = torch.tensor([[float(v) for v in row] for row in values]).T[:, None]
    expected = distributions.Bernoulli(logits=logits).log_prob(x).sum(-1)
    assert torch.allclose(Bernoulli(logits).log_likelihood(x), expected, rtol=1e-4, atol=1e-4)


def test_a_gaussian_density_integrates_to_one_and_a_bernoulli_sums_to_one():
    at = torch.linspace(-8, 8, 4001)[:, None]
    n = len(at)
    density = Gaussian(torch.full((n, 1), 0.4), torch.full((n, 1), -0.7)).log_likelihood(at).exp()
    assert float(torch.trapezoid(density, at[:, 0])) == pytest.approx(1, abs=1e-4)
    both = torch.tensor([[0.0], [1.0]])
    assert float(Bernoulli(torch.full((2, 1), 0.9)).log_likelihood(both).exp().sum()) == (
        pytest.approx(1, abs=1e-6)
    )


@pytest.mark.parametrize("likelihood", ["gaussian", "bernoulli"])
def test_draws_of_the_decoder_have_its_mean(likelihood):
    output = tiny(likelihood).decode(torch.randn(1, 3, generator=seeded(1)).expand(40_000, -1))
    with torch.no_grad():
        assert torch.allclose(output.sample(seeded()).mean(0), output.mean[0], atol=0.02)


def test_the_closed_kl_of_what_it_encodes_agrees_with_monte_carlo():
    with torch.no_grad():
        posterior = tiny().encode(4 * vectors(1))
        z = posterior.mean + (posterior.logvar / 2).exp() * torch.randn(
            200_000, 3, generator=seeded()
        )
        q = distributions.Normal(posterior.mean, (posterior.logvar / 2).exp())
        ratio = (q.log_prob(z) - distributions.Normal(0.0, 1.0).log_prob(z)).sum(-1)
        assert abs(float(ratio.mean() - posterior.kl())) < 4 * float(ratio.std()) / math.sqrt(2e5)


@pytest.mark.parametrize("likelihood", ["gaussian", "bernoulli"])
def test_the_terms_add_up_to_the_loss(likelihood):
    model, x = tiny(likelihood), vectors(likelihood=likelihood)
    noise = torch.randn(4, 3, generator=seeded(3))
    loss = vector_loss(model, x, noise, beta=0.5)
    posterior = model.encode(x)
    z = posterior.mean + (posterior.logvar / 2).exp() * noise
    by_hand = -model.decode(z).log_likelihood(x) + 0.5 * posterior.kl_per_dimension().sum(-1)
    assert torch.allclose(loss.total, by_hand, atol=1e-5)
    assert torch.allclose(loss.total, loss.distortion + 0.5 * loss.rate, atol=1e-6)


@pytest.mark.parametrize("likelihood", ["gaussian", "bernoulli"])
def test_gradients_of_the_loss_are_those_of_finite_differences(likelihood):
    model, x = tiny(likelihood).double(), vectors(3, likelihood).double()
    noise = torch.randn(3, 3, generator=seeded(3)).double()
    names, values = zip(*model.named_parameters(), strict=True)

    def of(*weights):
        named = dict(zip(names, weights, strict=True))
        inside = {f"model.{name}": values for name, values in named.items()}
        return torch.func.functional_call(_Loss(model), inside, (x, noise))

    assert torch.autograd.gradcheck(of, values, atol=1e-5)


class _Loss(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x, noise):
        return vector_loss(self.model, x, noise, beta=0.7).total.mean()


def test_the_gradient_of_the_kl_is_its_closed_form():
    mean = torch.randn(2, 3, generator=seeded(), requires_grad=True)
    logvar = torch.randn(2, 3, generator=seeded(1), requires_grad=True)
    Posterior(mean, logvar).kl().sum().backward()
    assert torch.allclose(mean.grad, mean)
    assert torch.allclose(logvar.grad, (logvar.exp() - 1) / 2, atol=1e-6)


def test_a_seed_gives_the_same_weights_whatever_else_is_drawn():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    one = tiny().state_dict()
    assert torch.equal(before, torch.get_rng_state())  # nobody else's draws are moved
    torch.manual_seed(2)
    other = tiny().state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)
    third = VectorVAE(VectorConfig(5, 7, 3), seed=1).state_dict()
    assert not any(torch.equal(one[name], third[name]) for name in one)


def test_weights_are_drawn_as_torch_draws_those_of_a_layer():
    drawn = VectorVAE(VectorConfig(64)).read.weight.detach()
    assert float(drawn.abs().max()) == pytest.approx(1 / 8, rel=0.01)
    assert float(drawn.std()) == pytest.approx(1 / 8 / math.sqrt(3), rel=0.02)


def test_its_defaults_are_the_sizes_of_the_article():
    config = VectorConfig(784)
    assert (config.hidden, config.latent_dim, config.likelihood) == (256, 20, "gaussian")


def test_a_gaussian_decoder_says_a_variance_for_every_value_and_never_below_its_floor():
    with torch.no_grad():
        output = tiny().decode(50 * torch.randn(200, 3, generator=seeded()))
    assert output.logvar.shape == output.mean.shape == (200, 5)
    assert float((output.logvar / 2).exp().min()) >= LEAST_STD * (1 - 1e-5)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"data_dim": 0}, "`data_dim` is 0"),
        ({"data_dim": 5, "latent_dim": 0}, "`latent_dim` is 0"),
        ({"data_dim": 5, "hidden": 10**9}, "weights"),
        ({"data_dim": 5, "likelihood": "poisson"}, "no likelihood 'poisson'"),
    ],
)
def test_settings_that_no_model_can_have_are_refused_in_words(settings, said):
    with pytest.raises(UserError, match=said):
        VectorConfig(**settings)
