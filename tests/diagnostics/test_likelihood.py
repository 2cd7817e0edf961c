"""The importance-weighted bound and its curve over K, against quadrature and against itself."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributions import Normal

from tests.fakes import corpus, encoded, seeded, store_run, tiny
from vae import Explorer
from vae.batching import group_by_length, ordered_batches
from vae.diagnostics.likelihood import (
    DRAWS,
    bound,
    importance_weighted_nll,
    likelihood_curve,
    perplexity,
)
from vae.errors import UserError
from vae.figures.likelihood_curve import likelihood
from vae.inference import (
    encode_all,
    importance_weights,
    log_importance_weights,
    log_likelihoods,
    log_prior,
    totals,
    weighted_draws,
)
from vae.models import Posterior, decoder_inputs, words


def one_latent():
    """A model of one latent dimension whose z matters, and a few sentences."""
    return tiny(latent_dim=1, spread=1.5), encoded(6)


def exact_nll(model, sentences) -> np.ndarray:
    """-log p(x) by quadrature over the one latent dimension."""
    grid = torch.linspace(-8, 8, 801).double()
    log_weight = log_prior(grid[:, None]) + math.log(float(grid[1] - grid[0]))
    out = np.zeros(len(sentences))
    for rows, tokens in zip(sentences.rows, sentences.tokens, strict=True):
        for row, sentence in zip(rows, tokens, strict=True):
            block = group_by_length([sentence.tolist()] * len(grid))
            log_p = log_likelihoods(model, block, grid.float()[:, None]).double()
            out[row] = -float((log_p + log_weight).logsumexp(0))
    return out


def test_the_importance_weighted_bound_is_never_below_the_exact_likelihood_and_reaches_it():
    model, sentences = one_latent()
    exact = exact_nll(model, sentences)
    bounds = {}
    for k, repeats in ((1, 40), (10, 40), (500, 10)):
        draws = [importance_weighted_nll(model, sentences, k, seeded(i)) for i in range(repeats)]
        bounds[k] = np.mean(draws, axis=0)
        error = np.std(draws, axis=0) / math.sqrt(repeats)
        assert (bounds[k] >= exact - 4 * error - 1e-3).all()
    assert bounds[1].mean() > bounds[10].mean() > bounds[500].mean()
    assert (bounds[500] <= exact + 4 * error + 0.1).all()


def test_the_elbo_is_the_bound_of_one_sample_and_lies_below_that_of_many():
    model, sentences = one_latent()
    q = encode_all(model, sentences)
    repeats = 120
    elbos = torch.stack(
        [log_likelihoods(model, sentences, q.sample(seeded(i))) - q.kl() for i in range(repeats)]
    ).double()
    error = float(elbos.mean(1).std()) / math.sqrt(repeats)
    one = np.mean([importance_weighted_nll(model, sentences, 1, seeded(i)) for i in range(repeats)])
    many = np.mean([importance_weighted_nll(model, sentences, 50, seeded(i)) for i in range(20)])
    assert -float(elbos.mean()) == pytest.approx(one, abs=6 * error + 0.01)
    assert float(elbos.mean()) <= -many + 4 * error


def test_the_bound_does_not_depend_on_how_sentences_are_batched():
    model, sentences = one_latent()
    small, large = (
        np.array(
            [
                importance_weighted_nll(model, sentences, 50, seeded(i), tokens_per_batch=budget)
                for i in range(20)
            ]
        )
        for budget in (1, 30_000)
    )
    error = np.sqrt((small.var(0) + large.var(0)) / 20)
    assert (abs(small.mean(0) - large.mean(0)) <= 5 * error + 1e-3).all()


@torch.no_grad()
@pytest.mark.parametrize("architecture", ["recurrent", "transformer"])
def test_over_a_large_vocabulary_the_weights_are_those_of_the_whole_softmax(architecture):
    """Within 1e-4 nats a sentence, each draw of each."""
    model = tiny(vocabulary_size=words.LARGE + 500, architecture=architecture, spread=2.0)
    sentences = encoded(20)
    q = encode_all(model, sentences)
    found = log_importance_weights(model, sentences, q, 30, seeded())
    weight, bias = model.embedding.weight, model.output_bias
    generator, most = seeded(), 4_096 // 30
    for rows, tokens in ordered_batches(sentences, most):
        z, log_ratio = weighted_draws(q.rows(torch.as_tensor(rows)), 30, generator)
        repeated = tokens.repeat_interleave(30, 0)
        outputs = model.outputs(decoder_inputs(repeated), z.flatten(0, 1)).double()
        log_p = (outputs @ weight.double().T + bias.double()).log_softmax(-1)
        log_p = log_p.gather(-1, repeated[..., None]).sum((1, 2)).view(-1, 30)
        assert float((found[rows] - log_p - log_ratio).abs().max()) < 1e-4


def test_the_bound_is_a_function_of_its_generator():
    model, sentences = tiny(), encoded(10)
    first = importance_weighted_nll(model, sentences, 5, seeded(1))
    assert (first == importance_weighted_nll(model, sentences, 5, seeded(1))).all()
    assert (first != importance_weighted_nll(model, sentences, 5, seeded(2))).any()


def test_a_bound_without_samples_is_refused():
    with pytest.raises(UserError, match="at least 1"):
        importance_weighted_nll(tiny(), encoded(3), 0, seeded())


def test_the_bound_of_no_sentence_is_empty():
    assert importance_weighted_nll(tiny(), group_by_length([]), 5, seeded()).shape == (0,)


def test_draws_weigh_the_prior_against_the_posterior():
    # Where the posterior is the prior every draw weighs the same: log 1.
    model, sentences = one_latent()
    q = encode_all(model, sentences)
    q = type(q)(torch.zeros_like(q.mean), torch.zeros_like(q.logvar))
    z, log_ratio = weighted_draws(q, 50, seeded())
    assert z.shape == (6, 50, 1)
    assert torch.allclose(log_ratio, torch.zeros(6, 50).double(), atol=1e-6)


def test_draws_are_weighed_by_both_densities():
    """Against the library of distributions, and E_q p(z) / q(z|x) = 1, whatever q is."""
    mean = torch.randn(5, 2, generator=seeded(1))
    q = Posterior(0.5 * mean, 0.3 * torch.randn(5, 2, generator=seeded(2)))
    z, log_ratio = weighted_draws(q, 20_000, seeded(3))
    own = Normal(q.mean[:, None], (0.5 * q.logvar[:, None]).exp()).log_prob(z).sum(-1)
    expected = Normal(0.0, 1.0).log_prob(z).sum(-1) - own
    assert torch.allclose(log_ratio.float(), expected, atol=1e-4)
    ratio = log_ratio.exp()
    assert ((ratio.mean(1) - 1).abs() < 4 * ratio.std(1) / math.sqrt(20_000)).all()


@given(st.lists(st.lists(st.floats(-1e3, 0, width=32), min_size=1, max_size=9), max_size=9))
def test_scores_are_summed_sentence_by_sentence(scores):
    found = totals([torch.tensor(s) for s in scores])
    assert found.tolist() == pytest.approx([math.fsum(s) for s in scores], abs=1e-9)


@pytest.mark.parametrize("vocabulary", [2, 50, 30_000])
def test_the_perplexity_of_a_uniform_guess_is_the_size_of_the_vocabulary(vocabulary):
    assert perplexity(17 * math.log(vocabulary), 17) == pytest.approx(vocabulary)


def weights(samples: int = 100, seed: int = 0) -> torch.Tensor:
    model, sentences = one_latent()
    return log_importance_weights(
        model, sentences, encode_all(model, sentences), samples, seeded(seed)
    )


@given(st.integers(1, 12), st.integers(1, 12))
def test_smaller_bounds_come_from_groups_of_the_same_draws(k, groups):
    log_w = torch.randn(4, k * groups, generator=seeded(k), dtype=torch.double)
    naive = np.mean(
        [-np.log(np.exp(log_w[:, i * k : (i + 1) * k].numpy()).mean(1)) for i in range(groups)],
        axis=0,
    )
    assert bound(log_w, k) == pytest.approx(naive)


@pytest.mark.parametrize("k", [0, 101])
def test_a_bound_of_draws_that_were_not_made_is_refused(k):
    with pytest.raises(UserError, match="there are 100"):
        bound(weights(), k)


def test_the_curve_falls_towards_the_exact_likelihood():
    """Each step within its interval of quadrature's -log p(x), never below it, and never rising."""
    model, sentences = one_latent()
    exact = exact_nll(model, sentences)
    log_w = torch.cat([weights(seed=i) for i in range(30)])  # 30 draws of the six sentences
    curve = likelihood_curve(log_w, np.full(180, 12), np.random.default_rng(0))
    values = [i.value for i in curve.nll]
    assert curve.draws == DRAWS
    assert values == sorted(values, reverse=True)
    repeats = np.stack([bound(weights(seed=i), 100) for i in range(30)])
    error = repeats.mean(1).std() / math.sqrt(30)
    assert exact.mean() - 4 * error <= values[-1] <= exact.mean() + 0.2
    assert curve.gap.value == pytest.approx(values[0] - values[-1])
    assert curve.perplexity.value == pytest.approx(math.exp(values[-1] / 12))
    assert curve.n_tokens == 180 * 12


@pytest.mark.parametrize("nats", [90.0, 1e5, 1e100])
def test_a_perplexity_above_the_most_is_said_to_be_above_and_not_invented(nats):
    hopeless = torch.full((5, 10), -nats, dtype=torch.double)
    curve = likelihood_curve(hopeless, [3] * 5, np.random.default_rng(0))
    assert curve.perplexity is None
    assert curve.perplexity_said == "above 10¹²"
    assert "perplexity above 10¹²" in likelihood(curve).question


def test_a_large_perplexity_below_it_is_its_value():
    curve = likelihood_curve(torch.full((5, 10), -81.0).double(), [3] * 5, np.random.default_rng(0))
    assert curve.perplexity.value == pytest.approx(math.exp(27))
    assert curve.perplexity_said == f"{math.exp(27):.2f}"


def test_what_an_earlier_version_held_at_the_most_is_above_it():
    curve = likelihood_curve(weights(), [12] * 6, np.random.default_rng(0))
    assert curve.perplexity is not None
    held = replace(curve, perplexity=replace(curve.perplexity, value=1e12, high=1e12))
    assert held.perplexity_said == "above 10¹²"


def test_the_curve_without_latents_is_one_point():
    model, sentences = tiny(latent_dim=0), encoded(6)
    log_w = log_importance_weights(model, sentences, encode_all(model, sentences), 7, seeded())
    curve = likelihood_curve(log_w, np.full(6, 10), np.random.default_rng(0))
    assert curve.draws == (1,)
    assert curve.gap.value == 0
    exact = -log_likelihoods(model, sentences, torch.zeros(6, 0)).double()
    assert curve.nll[0].value == pytest.approx(float(exact.mean()), abs=1e-5)


def test_any_explorable_model_has_the_weights_of_ours(tmp_path):
    """From its text-level methods alone; in distribution, since batches draw in another order."""
    explorer = Explorer.load(store_run(tmp_path / "run", tiny(spread=1.5)))
    sentences = corpus().sentences[:8]
    q = explorer.encode(sentences)
    ours, generic = (
        torch.stack([ask(explorer, sentences, q, 200, seeded(i)) for i in range(4)])
        for ask in (Explorer.importance_weights, importance_weights)
    )
    error = (ours.var((0, 2)) / 800 + generic.var((0, 2)) / 800).sqrt()
    assert ((ours.mean((0, 2)) - generic.mean((0, 2))).abs() <= 5 * error + 1e-3).all()
    assert not torch.equal(ours[0], ours[1])


def test_weights_need_a_posterior_for_each_sentence(tmp_path):
    explorer = Explorer.load(store_run(tmp_path / "run"))
    q = explorer.encode(corpus().sentences[:3])
    with pytest.raises(UserError, match="3 posteriors for 2 sentences"):
        explorer.importance_weights(corpus().sentences[:2], q, 5, seeded())
