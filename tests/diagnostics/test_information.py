"""Rate, mutual information and active units, against the truth."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributions import Normal

from tests.fakes import corpus, encoded, seeded, tiny, tokenizer
from vae.batching import group_by_length
from vae.diagnostics.information import (
    active_units,
    bound_or_estimate,
    live_directions,
    log_aggregated_posterior,
    lower_bound,
    mutual_information,
    principal_axes,
    principal_units,
    unit_variances,
)
from vae.inference import encode_all, log_likelihoods, log_normal, log_prior, token_scores
from vae.models import Posterior, decoder_inputs
from vae.tokenizer import EOS


def scattered(n: int, latent: int, spread: float, logvar: float = 0.0, seed: int = 0) -> Posterior:
    """n posteriors whose means lie `spread` apart from the origin, all equally wide."""
    mean = spread * torch.randn(n, latent, generator=seeded(seed))
    return Posterior(mean, torch.full((n, latent), logvar))


def test_log_densities_equal_those_of_the_library_of_distributions():
    draw = seeded()
    z, mean, logvar = (torch.randn(5, 3, generator=draw) for _ in range(3))
    expected = Normal(mean, (0.5 * logvar).exp()).log_prob(z).sum(-1)
    assert torch.allclose(log_normal(z, mean, logvar), expected, atol=1e-5)
    assert torch.allclose(log_prior(z), Normal(0.0, 1.0).log_prob(z).sum(-1), atol=1e-5)


@given(st.integers(1, 30), st.integers(1, 5), st.integers(0, 99), st.floats(-12, 6))
def test_the_aggregated_posterior_equals_the_naive_mixture(n, latent, seed, logvar):
    q = scattered(n, latent, 1.5, logvar, seed)
    z = q.sample(seeded(seed))
    mean, width = q.mean.double(), (0.5 * q.logvar.double()).exp()
    pairs = Normal(mean[None], width[None]).log_prob(z.double()[:, None]).sum(-1)  # (M, N)
    naive = pairs.logsumexp(-1) - math.log(n)
    assert torch.allclose(log_aggregated_posterior(z, q, chunk=7), naive, atol=1e-6, rtol=1e-8)


def test_no_point_has_no_density():
    assert log_aggregated_posterior(torch.zeros(0, 2), scattered(3, 2, 1.0)).shape == (0,)


def test_equal_posteriors_carry_no_information():
    q = Posterior(torch.full((200, 3), 0.7), torch.full((200, 3), -1.0))
    information, error = mutual_information(q, seeded())
    assert information == pytest.approx(0.0, abs=1e-5)
    assert error == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize("n", [2, 32, 500])
def test_well_separated_posteriors_reach_the_ceiling(n):
    q = Posterior(20.0 * torch.arange(n)[:, None].float(), torch.zeros(n, 1))
    information, _ = mutual_information(q, seeded())
    assert information == pytest.approx(math.log(n), abs=1e-4)


@given(st.integers(2, 60), st.integers(1, 6), st.floats(0, 30), st.floats(-12, 6))
def test_information_lies_between_nothing_and_its_ceiling(n, latent, spread, logvar):
    information, error = mutual_information(scattered(n, latent, spread, logvar), seeded(n))
    assert 0 <= information <= math.log(n)
    assert error >= 0


def test_information_of_gaussian_means_agrees_with_the_channel_capacity():
    # x -> z = mean(x) + noise with Gaussian means is the additive Gaussian channel:
    # I = 1/2 ln(1 + signal / noise) nats per dimension, here with few enough nats for N sentences.
    signal, noise, latent, n = 1.5, 1.0, 2, 4_000
    q = scattered(n, latent, math.sqrt(signal), math.log(noise), seed=1)
    information, error = mutual_information(q, seeded())
    exact = latent / 2 * math.log(1 + signal / noise)
    assert information == pytest.approx(exact, abs=4 * error + 0.02)


def test_the_rate_is_information_plus_the_mismatch_of_the_aggregated_posterior():
    # Hoffman and Johnson (2016): mean KL(q(z|x) || p) = I_q(x; z) + KL(q(z) || p).
    draw = seeded(3)
    q = Posterior(torch.randn(60, 2, generator=draw), -torch.rand(60, 2, generator=draw))
    information, error = mutual_information(q, seeded(1), samples=400)
    many = q.rows(torch.arange(60).repeat(400))
    z = many.sample(seeded(2))
    mismatch = log_aggregated_posterior(z, q) - log_prior(z.double())
    tolerance = 4 * (error / 20 + float(mismatch.std()) / math.sqrt(len(mismatch))) + 1e-3
    assert information + float(mismatch.mean()) == pytest.approx(
        float(q.kl().mean()), abs=tolerance
    )


def test_from_half_of_its_ceiling_on_an_information_is_said_to_be_at_least_that():
    assert lower_bound("3.80", 3.8, 7.6) == "3.80"
    assert lower_bound("3.81", 3.81, 7.6) == "at least 3.81"
    assert bound_or_estimate(3.8, 7.6) == "estimate; ceiling 7.60"
    assert bound_or_estimate(7.6, 7.6) == "at least; ceiling 7.60"


def test_more_samples_estimate_the_same_information():
    q = scattered(300, 2, 1.0)
    once, error = mutual_information(q, seeded(1))
    often, _ = mutual_information(q, seeded(2), samples=30)
    assert once == pytest.approx(often, abs=4 * error)


@pytest.mark.parametrize("q", [scattered(1, 3, 1.0), scattered(5, 0, 1.0), scattered(0, 3, 1.0)])
def test_one_sentence_or_no_dimension_carries_no_information(q):
    assert mutual_information(q, seeded()) == (0.0, 0.0)


def test_a_unit_is_active_when_its_mean_varies_by_more_than_the_threshold():
    steps = torch.linspace(-1, 1, 101)
    unit = steps / steps.std()
    mean = torch.stack([0.0 * unit + 5, 0.09 * unit, 0.11 * unit, unit], dim=1)
    assert unit_variances(mean).tolist() == pytest.approx([0, 0.0081, 0.0121, 1], abs=1e-6)
    assert active_units(mean) == 2
    assert active_units(mean, threshold=0.005) == 3
    assert active_units(mean, threshold=0.2) == 1
    assert active_units(1000 + mean) == 2


@pytest.mark.parametrize("mean", [torch.ones(1, 3), torch.zeros(0, 3), torch.zeros(5, 0)])
def test_no_unit_is_active_where_nothing_can_vary(mean):
    assert active_units(mean) == 0
    assert len(unit_variances(mean)) == mean.shape[1]


def test_encoding_a_corpus_keeps_its_order():
    model, words, sentences = tiny(), tokenizer(), corpus().sentences[:60]
    seen = []
    together = encode_all(
        model,
        group_by_length(words.encode_batch(sentences)),
        tokens_per_batch=64,
        progress=lambda done, total, what: seen.append((done, total)),
    )
    for i, sentence in enumerate(sentences):
        alone = model.encode(torch.tensor([words.encode(sentence)]))
        assert torch.allclose(alone.mean[0], together.mean[i], atol=1e-6)
    assert seen[-1] == (60, 60)
    assert seen == sorted(seen)


def test_posteriors_can_be_edited_and_used_to_train():
    # What is handed out is ordinary tensors: a slider sets a coordinate, a lesson takes a gradient.
    model, sentences = tiny(), encoded(5)
    mean = encode_all(model, sentences).mean
    mean[0, 0] = 2.0
    assert (mean.requires_grad_() ** 2).sum().backward() is None


def test_every_token_is_scored_in_place():
    model, sentences = tiny(), encoded(40)
    z = torch.randn(40, 4, generator=seeded())
    scores = token_scores(model, sentences, z, tokens_per_batch=50)
    sums = log_likelihoods(model, sentences, z)
    for i, sentence in enumerate(corpus().sentences[:40]):
        tokens = torch.tensor([tokenizer().encode(sentence)])
        log_p = model.logits(decoder_inputs(tokens), z[i : i + 1]).log_softmax(-1)
        expected = log_p[0].gather(-1, tokens[0][:, None])[:, 0]
        assert torch.allclose(scores[i], expected, atol=1e-5)
        assert torch.allclose(sums[i], expected.sum(), atol=1e-4)
    assert tokens[0, -1] == EOS


def test_measures_of_no_sentence_are_empty():
    nothing = group_by_length([])
    assert encode_all(tiny(), nothing).mean.shape == (0, 4)
    assert log_likelihoods(tiny(), nothing, torch.zeros(0, 4)).shape == (0,)


def spread_over_all(n: int, latent: int, live: int, seed: int = 0) -> torch.Tensor:
    """Means that fill `live` dimensions, turned so that every axis has a part of each."""
    mean = torch.zeros(n, latent, dtype=torch.double)
    mean[:, :live] = torch.randn(n, live, generator=seeded(seed), dtype=torch.double)
    return mean @ torch.linalg.qr(torch.randn(latent, latent, generator=seeded(1)).double())[0]


def test_directions_that_the_means_fill_are_counted_whatever_turned_them():
    mean = spread_over_all(500, 12, 3)
    assert active_units(mean) == 12
    assert principal_units(mean) == 3
    axes, variances = live_directions(mean)
    assert axes.shape == (3, 12)
    assert torch.allclose((mean - mean.mean(0)) @ axes.T @ axes, mean - mean.mean(0))
    assert torch.allclose(variances.sum(), mean.var(0).sum())


@given(st.integers(2, 60), st.integers(1, 8), st.integers(0, 99))
def test_principal_axes_are_orthonormal_and_their_variances_those_along_them(n, latent, seed):
    mean = torch.randn(n, latent, generator=seeded(seed)).double()
    axes, variances = principal_axes(mean)
    assert torch.allclose(axes @ axes.T, torch.eye(latent).double(), atol=1e-10)
    assert torch.allclose((mean @ axes.T).var(0), variances, atol=1e-10)
    assert bool((variances.diff() <= 1e-12).all())
    assert torch.allclose(variances.sum(), unit_variances(mean).sum())


def test_one_sentence_or_no_dimension_fills_nothing():
    assert principal_units(torch.zeros(1, 3)) == 0
    assert principal_units(torch.zeros(5, 0)) == 0
    assert live_directions(torch.zeros(5, 3))[0].shape == (0, 3)
