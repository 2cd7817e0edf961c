"""What a bound is drawn from: against closed forms of a linear Gaussian model."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributions import MultivariateNormal

from tests.fakes import seeded
from vae import inference
from vae.diagnostics.likelihood import bound, effective_samples, grown, likelihood_curve
from vae.diagnostics.proposals import (
    DEFENCES,
    WIDENINGS,
    affordable,
    candidates,
    choose,
    effective_share,
    unused_directions,
)
from vae.diagnostics.samples import Sample
from vae.inference import Proposal, importance_weights, weighted_draws
from vae.models import Posterior


class LinearGaussian:
    """p(z) = N(0, I), p(x|z) = N(x; A z, s^2 I): what is said of x, and of z given x, is known.

    A sentence is its numbers, as text. The last direction is read by nobody.
    """

    latent_dim, noise = 4, 0.8

    def __init__(self) -> None:
        self.loadings = torch.randn(3, self.latent_dim, generator=seeded(1)).double()
        self.loadings[:, -1] = 0
        covariance = self.loadings @ self.loadings.T + self.noise**2 * torch.eye(3)
        self.marginal = MultivariateNormal(torch.zeros(3).double(), covariance)
        precision = torch.eye(self.latent_dim) + self.loadings.T @ self.loadings / self.noise**2
        self.covariance = precision.inverse()

    def sentences(self, n: int) -> list[str]:
        drawn = self.marginal.mean + torch.randn(n, 3, generator=seeded(2)).double() @ (
            self.marginal.scale_tril.T
        )
        return [" ".join(map(repr, row)) for row in drawn.tolist()]

    def numbers(self, sentences) -> torch.Tensor:
        rows = {s: row for row, s in enumerate(dict.fromkeys(sentences))}
        known = torch.tensor([[float(v) for v in s.split()] for s in rows]).double()
        return known[torch.tensor([rows[s] for s in sentences])]

    def exact(self, sentences) -> torch.Tensor:
        return self.marginal.log_prob(self.numbers(sentences))

    def encode(self, sentences, spread: float = 0.9) -> Posterior:
        """The exact posterior but for its correlations, and narrower by a factor."""
        mean = self.numbers(sentences) @ (self.covariance @ self.loadings.T / self.noise**2).T
        logvar = (spread**2 * self.covariance.diag()).log().expand_as(mean)
        return Posterior(mean.float(), logvar.float())

    def log_likelihood(self, sentences, z) -> list[torch.Tensor]:
        away = self.numbers(sentences) - z.double() @ self.loadings.T
        constant = 3 * math.log(self.noise * math.sqrt(2 * math.pi))
        return list((-away.square().sum(1) / (2 * self.noise**2) - constant)[:, None])


MODEL = LinearGaussian()
SENTENCES = MODEL.sentences(60)
EVERY = range(2 * len(WIDENINGS) * len(DEFENCES))


def proposal(i: int) -> Proposal:
    q = MODEL.encode(SENTENCES)
    return candidates(q, unused_directions(q.mean))[i]


def by_hand(p: Proposal, row: int, z: torch.Tensor) -> torch.Tensor:
    """Log density of one sentence's mixture, by the library of distributions."""
    mean = p.posterior.mean[row].double()
    covariance = torch.diag(p.widening**2 * p.posterior.logvar[row].double().exp())
    if p.free is not None:
        free = p.free.T @ p.free
        kept = torch.eye(len(mean)).double() - free
        mean, covariance = kept @ mean, kept @ covariance @ kept + free
    own = MultivariateNormal(mean, covariance).log_prob(z)
    other = MultivariateNormal(torch.zeros_like(mean), torch.eye(len(mean)).double()).log_prob(z)
    a = torch.tensor(p.defence).double()
    return torch.logaddexp((1 - a).log() + own, a.log() + other)


def test_a_direction_that_the_means_do_not_fill_is_free():
    (free,) = unused_directions(MODEL.encode(SENTENCES).mean)
    assert free.abs().tolist() == pytest.approx([0, 0, 0, 1], abs=1e-6)


@pytest.mark.parametrize("i", EVERY)
def test_the_density_of_a_proposal_is_that_of_its_mixture(i):
    p = proposal(i)
    z, density = p.draws(7, seeded())
    assert torch.allclose(p.log_density(z), density)
    for row in (0, 31):
        assert torch.allclose(density[row], by_hand(p, row, z[row].double()), atol=1e-6)


@pytest.mark.parametrize("i", EVERY)
def test_weights_have_the_likelihood_as_their_mean_whatever_is_drawn_from(i):
    """E w = p(x), and the bound lies above -log p(x), lower the more draws there are."""
    p, exact = proposal(i), MODEL.exact(SENTENCES)
    w = importance_weights(MODEL, SENTENCES, p, 4_000, seeded(i))
    ratio = (w - exact[:, None]).exp()
    error = ratio.std(1) / math.sqrt(4_000)
    assert ((ratio.mean(1) - 1).abs() <= 5 * error + 1e-3).all()
    bounds = [bound(w, k).mean() for k in (1, 10, 100, 1_000)]
    assert bounds == sorted(bounds, reverse=True)
    assert -0.01 < bounds[-1] + float(exact.mean()) < 0.02


def test_a_proposal_that_is_the_posterior_weighs_as_it_does():
    q = MODEL.encode(SENTENCES)
    plain, same = (weighted_draws(of, 50, seeded()) for of in (q, Proposal(q)))
    assert torch.allclose(plain[0], same[0], atol=1e-5)
    assert torch.allclose(plain[1], same[1], atol=1e-3)


@pytest.mark.parametrize("i", [5, 20])
def test_what_is_drawn_does_not_depend_on_how_many_sentences_are_at_hand(i, monkeypatch):
    p = proposal(i)
    z, density = p.draws(2_000, seeded())
    for rows in (slice(3, 4), torch.tensor([3])):
        assert torch.allclose(p.rows(rows).log_density(z[3:4]), density[3:4])
    monkeypatch.setattr(inference, "_NUMBERS", 16)  # one sentence at a time
    assert torch.allclose(p.log_density(z), density)
    apart, _ = p.draws(2_000, seeded(1))
    assert (apart.mean(1) - z.mean(1)).abs().max() < 6 * float(z.std(1).max()) * math.sqrt(2 / 2e3)
    assert torch.allclose(apart.std(1), z.std(1), rtol=0.15)


def test_no_sentence_has_no_draw():
    z, density = Proposal(Posterior(torch.zeros(0, 4), torch.zeros(0, 4)), 1.3, 0.1).draws(
        5, seeded()
    )
    assert z.shape == (0, 5, 4)
    assert density.shape == (0, 5)


# -- effective sample size ------------------------------------------------------------------------


@given(st.integers(1, 40), st.floats(-500, 500))
def test_equal_weights_are_worth_as_many_draws_as_there_are(k, level):
    assert effective_samples(torch.full((2, k), level).double()) == pytest.approx([k, k])


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=30), st.floats(-1e3, 1e3))
def test_an_effective_sample_is_between_one_and_all_and_has_no_unit(logs, more):
    w = torch.tensor([logs]).double()
    (found,) = effective_samples(w)
    assert 1 - 1e-6 <= found <= len(logs) + 1e-6
    assert effective_samples(w + more) == pytest.approx([found], rel=1e-6)


class Unread:
    """A decoder that reads no z: the true posterior is the prior."""

    latent_dim = 3

    def log_likelihood(self, sentences, z):
        return [torch.tensor([-2.0])] * len(sentences)


@pytest.mark.parametrize("variance", [0.8, 1.0, 1.5, 2.5])
def test_the_effective_share_of_gaussians_is_that_of_the_closed_form(variance):
    """Of p = N(0, I) drawn from N(0, v I): E w = 1 and E w^2 = (v / sqrt(2 v - 1))^Z."""
    n, z = 400, Unread.latent_dim
    q = Posterior(torch.zeros(n, z), torch.full((n, z), math.log(variance)))
    expected = (math.sqrt(2 * variance - 1) / variance) ** z
    w = importance_weights(Unread(), [""] * n, q, 1_000, seeded())
    assert effective_samples(w).mean() / 1_000 == pytest.approx(expected, rel=0.05)
    (pooled,) = effective_share(Unread(), [""] * n, [Proposal(q)], seeded())
    assert math.exp(pooled) == pytest.approx(expected, rel=0.05)


# -- the choice -----------------------------------------------------------------------------------


def effective(p) -> float:
    return float(
        np.median(effective_samples(importance_weights(MODEL, SENTENCES, p, 200, seeded())))
    )


def test_a_posterior_that_is_too_narrow_is_widened_and_its_free_direction_given_to_the_prior():
    class Narrow(LinearGaussian):
        def encode(self, sentences):
            return super().encode(sentences, spread=0.6)

    model, which = Narrow(), Sample("validation", 60, of="numbers")
    q = model.encode(SENTENCES)
    chosen, choice = choose(model, SENTENCES, which, q, seeded())
    assert choice.widening > 1
    assert choice.free == 1
    assert choice.chosen_on == which
    assert effective(chosen) > 2 * effective(q)
    assert "60 validation sentences of numbers" in choice.sentence
    assert f"spread times {choice.widening:g}" in choice.sentence
    assert "Along 1 direction" in choice.sentence


def test_where_the_posterior_is_the_prior_it_stays_what_is_drawn_from():
    class Collapsed(Unread):
        def encode(self, sentences):
            return Posterior(*torch.zeros(2, len(sentences), self.latent_dim))

    model, which = Collapsed(), Sample("all", 30)
    chosen, choice = choose(model, [""] * 30, which, model.encode([""] * 30), seeded())
    assert (choice.widening, choice.defence, choice.free) == (1, 0, 0)
    w = importance_weights(model, [""] * 30, chosen, 20, seeded())
    assert w.numpy() == pytest.approx(-2.0, abs=1e-6)
    assert choice.sentence.startswith("Draws are of the posterior itself.")


@given(st.integers(1, 5_000), st.integers(1, 1_000))
def test_choosing_takes_no_more_than_a_tenth_of_the_draws(n, k):
    few = affordable(n, k)
    assert few * 16 * (2 * len(WIDENINGS) + 1) <= 0.1 * n * k
    assert few == 0 or 10 <= few <= min(n, 100)
    assert affordable(2_000, 100) == 100


def test_without_sentences_to_choose_on_draws_are_of_the_posterior():
    q = MODEL.encode(SENTENCES)
    chosen, choice = choose(MODEL, [], Sample("part"), q, seeded())
    assert chosen == Proposal(q)
    assert choice.chosen_on is None
    assert choice.sentence == "Draws are of the posterior itself."


# -- how many draws -------------------------------------------------------------------------------


def weights(spread: float):
    """Log-weights of 200 sentences, normal with a spread."""
    g = seeded()
    return lambda k: spread * torch.randn(200, k, generator=g).double() - spread**2 / 2


@pytest.mark.parametrize(("spread", "k"), [(0.1, 100), (1.8, 200), (3.0, 800)])
def test_draws_double_until_the_bound_is_level_or_there_are_no_more(spread, k):
    found = grown(weights(spread), 100, 1_000)
    curve = likelihood_curve(found, np.full(200, 10), np.random.default_rng(0))
    assert found.shape == (200, k)
    assert curve.level == (k < 800)
    assert ("The bound is level" in curve.ending) == curve.level
    assert ("still falls" in curve.ending) != curve.level
    assert f"K = {k} draws" in curve.drawn


def test_where_nothing_is_drawn_once_is_enough():
    curve = likelihood_curve(
        grown(lambda k: torch.zeros(5, 1).double(), 100, 1_000), [3] * 5, np.random.default_rng(0)
    )
    assert curve.draws == (1,)
    assert curve.exact
    assert curve.level
    assert curve.drawn == ""


def test_what_importance_weights_take_off_is_told_of_the_negative_elbo():
    log_weights = weights(1.0)(100)
    curve = likelihood_curve(
        log_weights, np.full(200, 10), np.random.default_rng(0), elbo=np.full(200, -9.0)
    )
    assert curve.negative_elbo == pytest.approx(9)
    assert curve.gap.value == pytest.approx(9 - bound(log_weights, 100).mean())
