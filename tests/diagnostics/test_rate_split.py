"""The rate in two parts: against the Gaussian channel, against Monte Carlo, and for coverage."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.distributions import Normal

from tests.fakes import seeded
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.rate_split import bounded, rate_split, split_terms
from vae.errors import UserError
from vae.inference import log_normal, log_prior
from vae.models import Posterior


def channel(n: int, signal: float, noise: float, latent: int = 1, seed: int = 0) -> Posterior:
    """n sentences of the additive Gaussian channel: means N(0, signal), all as wide as `noise`."""
    mean = math.sqrt(signal) * torch.randn(n, latent, generator=seeded(seed)).double()
    return Posterior(mean, torch.full((n, latent), math.log(noise)).double())


def split(posterior: Posterior, seed: int = 0, draws: int = 1):
    return rate_split(posterior, seeded(500 + seed), np.random.default_rng(seed), draws)


def test_the_split_of_the_gaussian_channel_is_known_in_closed_form():
    # q(z) is N(0, signal + noise): its information and its KL to the prior are closed forms.
    signal, noise, latent = 1.2, 0.5, 2
    found = split(channel(3_000, signal, noise, latent, seed=1), draws=2)
    total = signal + noise
    information = latent / 2 * math.log(total / noise)
    mismatch = latent / 2 * (total - math.log(total) - 1)
    assert found.information.value == pytest.approx(information, abs=0.06)
    assert found.mismatch.value == pytest.approx(mismatch, abs=0.06)
    assert found.rate.value == pytest.approx(information + mismatch, abs=0.06)


def test_sentences_with_one_posterior_have_no_information_and_all_of_the_rate_is_mismatch():
    found = split(Posterior(torch.full((400, 2), 1.5), torch.full((400, 2), -1.0)), draws=50)
    rate = float(Posterior(torch.full((1, 2), 1.5), torch.full((1, 2), -1.0)).kl())
    assert found.information.value == pytest.approx(0, abs=1e-6)
    assert found.upper.value == pytest.approx(0, abs=1e-6)
    assert found.mismatch.value == pytest.approx(rate, rel=1e-5)
    assert found.residual.value == pytest.approx(0, abs=0.05)


def test_a_posterior_infinitely_far_from_all_others_leaves_the_rate_as_the_bound(
    monkeypatch,
):
    posterior = channel(60, 1.0, 0.5)
    terms = split_terms(posterior, seeded())
    without = terms.without_own.copy()
    without[7] = np.inf
    monkeypatch.setattr(
        "vae.diagnostics.rate_split.split_terms",
        lambda *asked: replace(terms, without_own=without),
    )
    found = split(posterior)
    assert found.upper == found.rate


def test_both_parts_add_up_to_the_rate():
    found = split(channel(300, 2.0, 0.1, 3))
    assert found.information.value + found.mismatch.value == pytest.approx(found.rate.value)


@pytest.mark.parametrize("seed", range(5))
def test_a_part_is_never_more_than_the_whole_where_the_information_is_but_noise(seed):
    # Few sentences, all but alike: by chance the estimate of the information falls below 0.
    mean = 0.6 + 0.02 * torch.randn(24, 16, generator=seeded(seed))
    found = split(Posterior(mean, torch.full((24, 16), -0.1)), seed)
    assert found.mismatch.value <= found.rate.value
    assert found.mismatch.low <= found.rate.low
    assert found.mismatch.high <= found.rate.high


def test_the_mismatch_that_is_left_over_agrees_with_monte_carlo():
    """KL(q(z) || p(z)) by draws of the mixture itself, its density summed the plain way."""
    posterior = channel(60, 1.0, 0.2, 2, seed=3)
    found = split(posterior, draws=200)
    draws = posterior.rows(torch.randint(60, (40_000,), generator=seeded(8))).sample(seeded(9))
    pairs = log_normal(draws[:, None], posterior.mean[None], posterior.logvar[None])  # (M, N)
    terms = pairs.logsumexp(1) - math.log(60) - log_prior(draws)
    error = float(terms.std()) / 200
    assert found.mismatch.value == pytest.approx(float(terms.mean()), abs=4 * error + 0.01)
    assert abs(found.residual.value) < 0.05


@given(st.integers(2, 40), st.integers(1, 4), st.floats(0.01, 20), st.floats(0.01, 3))
def test_each_draw_is_split_without_remainder(n, latent, signal, noise):
    posterior = channel(n, signal, noise, latent, seed=n)
    terms = split_terms(posterior, seeded(n))
    z = posterior.sample(seeded(n))
    whole = log_normal(z, posterior.mean, posterior.logvar) - log_prior(z)
    assert terms.information + terms.mismatch == pytest.approx(whole.numpy(), abs=1e-6)
    assert terms.pull.sum() == pytest.approx(0, abs=1e-6)


def test_each_sentence_has_its_part_as_summed_pair_by_pair():
    posterior = channel(7, 2.0, 0.3, 2, seed=4)
    terms, z = split_terms(posterior, seeded(6)), posterior.sample(seeded(6))
    each = Normal(posterior.mean[None], (0.5 * posterior.logvar).exp()[None])
    pairs = each.log_prob(z[:, None]).sum(-1).exp()  # (draws, sentences)
    own, others = pairs.diagonal(), ~torch.eye(7, dtype=torch.bool)
    mixture = pairs.mean(1)
    prior = Normal(0.0, 1.0).log_prob(z).sum(-1).exp()
    without = (pairs * others).sum(1) / 6
    assert terms.rate == pytest.approx(posterior.kl().numpy())
    assert terms.information == pytest.approx((own / mixture).log().numpy())
    assert terms.mismatch == pytest.approx((mixture / prior).log().numpy())
    assert terms.without_own == pytest.approx((own / without).log().numpy())
    assert terms.pull == pytest.approx((pairs / mixture[:, None]).mean(0).numpy() - 1)


@settings(max_examples=15)
@given(st.integers(2, 40), st.floats(0, 50), st.floats(0.001, 10))
def test_the_parts_keep_to_their_bounds(n, signal, noise):
    found = split(channel(n, signal, noise, 2, seed=n))
    assert 0 <= found.information.low <= found.information.high <= found.ceiling
    assert found.mismatch.low >= 0
    assert found.upper.value <= found.rate.value + 1e-9


def test_more_information_than_the_ceiling_is_bracketed():
    """Twenty sentences of a channel of six nats: the truth lies between both bounds."""
    signal, noise, latent = 1.0, 0.05, 4
    truth = latent / 2 * math.log((signal + noise) / noise)
    found = split(channel(20, signal, noise, latent, seed=5), draws=50)
    assert truth > found.ceiling
    assert found.falls_short
    assert found.information.high <= found.ceiling <= truth <= found.upper.value


@pytest.mark.parametrize("truth", [1.0, 2.0, 3.0, 4.5, 5.5, 8.0])
def test_information_is_an_estimate_or_is_called_a_lower_bound(truth):
    """A channel of so many nats: where it is not found, that is said, and both bounds hold it."""
    noise = math.exp(-2 * truth / 8)
    found = split(channel(1_000, 1 - noise, noise, 8, seed=6), draws=2)
    if found.falls_short:
        assert truth >= 3.0
        assert found.information.value < truth < found.upper.value + 0.15
    else:
        assert truth <= 4.0
        assert found.information.value == pytest.approx(truth, abs=0.15)


def test_intervals_cover_what_other_sentences_would_give():
    """Their width is that of the estimates of many samples, the pull on q(z) included."""
    estimates, widths, naive = [], [], []
    for i in range(40):
        posterior = channel(150, 3.0, 1.0, 1, seed=100 + i)
        found = split(posterior, seed=i, draws=3)
        estimates.append(found.information.value)
        widths.append(found.information.high - found.information.low)
        terms = split_terms(posterior, seeded(i), 3).information
        naive.append(2 * 1.96 * terms.std() / math.sqrt(150))
    spread = 2 * 1.96 * np.std(estimates)
    assert np.mean(widths) == pytest.approx(spread, rel=0.3)
    assert abs(np.mean(widths) - spread) < abs(np.mean(naive) - spread)


def test_intervals_cover_the_closed_form_about_as_often_as_they_say():
    """A channel of so little information that a hundred sentences estimate it without bias."""
    signal, noise = 0.5, 1.5
    total = signal + noise
    information, mismatch = 0.5 * math.log(total / noise), 0.5 * (total - math.log(total) - 1)
    truth = {"rate": information + mismatch, "information": information, "mismatch": mismatch}
    covered = dict.fromkeys(truth, 0)
    for i in range(100):
        found = split(channel(100, signal, noise, seed=1_000 + i), seed=i)
        for name, value in truth.items():
            interval = getattr(found, name)
            covered[name] += interval.low <= value <= interval.high
    # Binomial(100, 0.95) is below 88 one time in two hundred, and at 100 as seldom.
    assert all(88 <= hits <= 99 for hits in covered.values()), covered


def test_the_same_seed_splits_alike():
    posterior = channel(50, 1.0, 0.3)
    assert split(posterior, 4) == split(posterior, 4)
    assert split(posterior, 4) != split(posterior, 5)


def test_hardly_any_rate_is_split_without_noise():
    """Near a collapse what a draw adds to both parts is chance: it is taken out."""
    posterior = channel(1_000, 0.02, 0.98, 4, seed=2)
    found, exact = split(posterior, draws=1), 4 / 2 * math.log(1 / 0.98)
    assert found.information.value == pytest.approx(exact, abs=0.01)
    assert found.information.high <= found.rate.high + 0.01
    assert (
        split_terms(posterior, seeded(), 1).information.std() / math.sqrt(1_000)
        > (found.information.high - found.information.low) / 4
    )


def test_no_latent_space_has_nothing_to_split():
    found = split(Posterior(torch.zeros(5, 0), torch.zeros(5, 0)))
    assert found.rate.value == found.information.value == found.mismatch.value == 0


def test_one_sentence_cannot_be_split():
    with pytest.raises(UserError, match="two sentences"):
        split(channel(1, 1.0, 1.0))


def nats(value: float) -> Interval:
    return Interval(value, value - 0.1, value + 0.1, 0.95, 400)


def test_the_least_bound_of_the_information_is_the_one_that_is_said():
    found = split(channel(400, 30.0, 0.05, latent=12))
    rate, told = found.rate.value, found.information.value
    assert bounded(found, None, None).upper.value <= rate
    assert bounded(found, nats(told + 1), None).upper.value == pytest.approx(told + 1)
    moments = bounded(found, nats(rate), nats(rate - told - 2)).upper
    assert moments.value == pytest.approx(told + 2)
    assert moments.low <= moments.value <= moments.high
    # Both are estimates of the same sentences, and what was told is told.
    assert bounded(found, nats(0.5 * told), nats(2 * rate)).upper.value == told


def test_the_mismatch_of_a_gaussian_channel_is_all_in_its_moments():
    # q(z) is Gaussian, so that the bound by its moments is the information itself.
    signal, noise, latent = 1.2, 0.5, 2
    found = split(channel(3_000, signal, noise, latent, seed=1), draws=2)
    total = signal + noise
    mismatch = latent / 2 * (total - math.log(total) - 1)
    information = latent / 2 * math.log(total / noise)
    assert bounded(found, None, nats(mismatch)).upper.value == pytest.approx(information, abs=0.06)
