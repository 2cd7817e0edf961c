"""Losses and schedules against closed forms."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import draws, encoded, seeded, tiny
from vae.config import TrainConfig
from vae.errors import UserError
from vae.models import decoder_inputs
from vae.objectives import (
    autoencoder_steps,
    beta_at,
    constant_beta,
    cyclical_beta,
    delete_words,
    distortion,
    drop_words,
    free_bits_rate,
    learning_rate_at,
    linear_beta,
    mmd,
    token_log_likelihood,
)
from vae.tokenizer import BOS, EOS, UNK

totals = st.integers(1, 5_000)
shares = st.floats(0, 1)
betas = st.floats(0, 10)
# Float rounding may pass a bound by its last digit.
SLACK = 1e-12


def logits_and_targets(b: int = 3, t: int = 5, v: int = 7) -> tuple[torch.Tensor, torch.Tensor]:
    draw = seeded(2)
    logits = 3 * torch.randn(b, t, v, generator=draw)
    return logits, torch.randint(v, (b, t), generator=draw)


def test_distortion_is_the_sum_of_the_log_softmax_of_the_targets():
    logits, targets = logits_and_targets()
    expected = [
        -sum(float(logits[b, t].log_softmax(-1)[targets[b, t]]) for t in range(5)) for b in range(3)
    ]
    assert distortion(logits, targets).tolist() == pytest.approx(expected, rel=1e-5)
    each = logits.log_softmax(-1).gather(-1, targets[..., None])[..., 0]  # (B, T)
    assert torch.allclose(token_log_likelihood(logits, targets), each, atol=1e-5)


def test_distortion_of_uniform_logits_is_length_times_log_vocabulary():
    nats = distortion(torch.zeros(2, 6, 11), torch.zeros(2, 6, dtype=torch.long))
    assert nats.tolist() == pytest.approx([6 * math.log(11)] * 2)


def test_distortion_counts_the_end_of_the_sentence():
    logits, targets = logits_and_targets()
    more = logits.clone()
    more[:, -1] = 0.0
    without_end = distortion(logits[:, :-1], targets[:, :-1])
    assert torch.allclose(distortion(more, targets), without_end + math.log(7), atol=1e-5)


def test_distortion_is_computed_in_full_precision():
    logits, targets = logits_and_targets()
    low = logits.bfloat16()
    assert distortion(low, targets).dtype == torch.float32
    assert torch.allclose(distortion(low, targets), distortion(low.float(), targets))


def test_without_free_bits_the_rate_is_the_plain_rate():
    kl = torch.rand(6, 4, generator=seeded())
    assert torch.allclose(free_bits_rate(kl.mean(0), 0.0), kl.sum(-1).mean())


@given(st.floats(0, 3), st.integers(0, 100))
def test_no_dimension_counts_for_less_than_its_free_bits(floor, seed):
    kl = 2 * torch.rand(5, 4, generator=seeded(seed))
    rate = float(free_bits_rate(kl.mean(0), floor))
    assert rate >= 4 * floor - 1e-5
    assert rate >= float(kl.sum(-1).mean()) - 1e-5
    assert rate == pytest.approx(sum(max(floor, float(k)) for k in kl.mean(0)), rel=1e-5)


def test_a_dimension_below_its_free_bits_is_not_pushed_further_down():
    kl = torch.tensor([[0.1, 2.0], [0.3, 1.0]], requires_grad=True)
    free_bits_rate(kl.mean(0), 0.5).backward()
    assert kl.grad.tolist() == [[0.0, 0.5], [0.0, 0.5]]


def test_word_dropout_never_touches_the_beginning_of_a_sentence():
    inputs = decoder_inputs(encoded().tokens[1])
    hidden = drop_words(inputs, 1.0, draws())
    assert (hidden[:, 0] == BOS).all()
    assert (hidden[:, 1:] == UNK).all()


@pytest.mark.parametrize("share", [0.1, 0.3, 0.7])
def test_word_dropout_hides_its_share_of_the_words_and_keeps_the_rest(share):
    inputs = torch.randint(4, 50, (400, 60), generator=seeded())
    inputs[:, 0] = BOS
    dropped = drop_words(inputs, share, draws(1))
    hidden = dropped != inputs
    n = hidden[:, 1:].numel()
    assert float(hidden[:, 1:].float().mean()) == pytest.approx(
        share, abs=4 * math.sqrt(share * (1 - share) / n)
    )
    assert (dropped[hidden] == UNK).all()


def test_word_dropout_is_a_function_of_its_generator_and_leaves_its_input_alone():
    inputs = decoder_inputs(encoded().tokens[1])
    before = inputs.clone()
    assert torch.equal(drop_words(inputs, 0.5, draws(1)), drop_words(inputs, 0.5, draws(1)))
    assert not torch.equal(drop_words(inputs, 0.5, draws(1)), drop_words(inputs, 0.5, draws(2)))
    assert torch.equal(inputs, before)
    assert torch.equal(drop_words(inputs, 0.0, draws()), before)


def test_a_linear_beta_starts_at_zero_and_is_full_when_its_ramp_ends():
    assert linear_beta(0, 1000, 0.8, 0.25) == 0.0
    assert linear_beta(125, 1000, 0.8, 0.25) == pytest.approx(0.4)
    assert linear_beta(250, 1000, 0.8, 0.25) == 0.8
    assert linear_beta(1000, 1000, 0.8, 0.25) == 0.8


def test_a_linear_beta_without_a_ramp_is_constant():
    assert linear_beta(0, 10, 0.8, 0.0) == constant_beta(0, 10, 0.8) == 0.8


def test_a_cyclical_beta_rises_and_rests_in_every_cycle():
    at = [cyclical_beta(step, 400, 1.0, 4, 0.5) for step in range(401)]
    for cycle in range(4):
        start = 100 * cycle
        assert at[start] == 0.0
        assert at[start + 25] == pytest.approx(0.5)
        assert at[start + 50 : start + 100] == [1.0] * 50
    assert at[400] == 1.0


@given(totals, shares, betas, shares)
def test_a_linear_beta_stays_inside_its_bounds_and_never_falls(total, warmup, beta, share):
    step = int(share * total)
    now = linear_beta(step, total, beta, warmup)
    assert 0 <= now <= beta * (1 + SLACK)
    if step < total:
        assert linear_beta(step + 1, total, beta, warmup) >= now * (1 - SLACK)
    assert linear_beta(total, total, beta, warmup) == beta


@given(totals, shares, betas, st.integers(1, 12), shares)
def test_a_cyclical_beta_stays_inside_its_bounds_and_ends_full(total, ratio, beta, cycles, share):
    now = cyclical_beta(int(share * total), total, beta, cycles, ratio)
    assert 0 <= now <= beta * (1 + SLACK)
    assert cyclical_beta(total, total, beta, cycles, ratio) == beta


@pytest.mark.parametrize(("step", "total"), [(-1, 10), (0, 0), (5, -1)])
def test_a_step_that_does_not_exist_is_refused(step, total):
    for beta in (
        lambda: constant_beta(step, total, 1.0),
        lambda: linear_beta(step, total, 1.0, 0.5),
        lambda: cyclical_beta(step, total, 1.0, 4, 0.5),
    ):
        with pytest.raises(UserError, match="does not exist"):
            beta()


def test_the_configuration_names_the_schedule():
    def at(step: int, schedule: str) -> float:
        config = TrainConfig(
            beta=0.5, beta_schedule=schedule, beta_warmup=0.25, beta_cycles=4, beta_ratio=0.5
        )
        return beta_at(step, 100, config)

    assert at(0, "constant") == 0.5
    assert at(0, "linear") == 0.0
    assert at(30, "linear") == 0.5
    assert at(25, "cyclical") == 0.0
    assert at(49, "cyclical") == 0.5


def test_the_learning_rate_warms_up_to_its_peak_and_falls_to_a_fiftieth():
    config = TrainConfig(learning_rate=0.1, warmup_steps=10)
    rates = [learning_rate_at(step, 110, config) for step in range(111)]
    assert rates[0] == pytest.approx(0.01)
    assert rates[9] == rates[10] == pytest.approx(0.1)
    assert rates[60] == pytest.approx(0.1 * (0.02 + 0.98 / 2))
    assert rates[110] == pytest.approx(0.002)
    assert rates[:10] == sorted(rates[:10])
    assert rates[10:] == sorted(rates[10:], reverse=True)


@given(totals, st.integers(0, 6_000), shares)
def test_the_learning_rate_is_positive_and_never_above_its_peak(total, warmup, share):
    config = TrainConfig(learning_rate=0.1, warmup_steps=warmup)
    assert 0 < learning_rate_at(int(share * total), total, config) <= 0.1 * (1 + SLACK)


def test_a_model_can_be_trained_by_the_objective_alone():
    model, tokens = tiny(), encoded().tokens[1][:8]
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.02)
    losses = []
    for _ in range(25):
        posterior = model.encode(tokens)
        logits = model.logits(decoder_inputs(tokens), posterior.sample(seeded()))
        loss = (distortion(logits, tokens) + 0.1 * posterior.kl()).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.7 * losses[0]


def test_mmd_of_two_samples_of_the_prior_is_zero_on_average():
    values = [
        float(mmd(torch.randn(40, 3, generator=g), torch.randn(40, 3, generator=g)))
        for g in map(seeded, range(400))
    ]
    mean, error = torch.tensor(values).mean(), torch.tensor(values).std() / 20
    assert abs(float(mean)) < 4 * float(error)
    assert min(values) < 0 < max(values)


@pytest.mark.parametrize(("shift", "scale"), [(0.0, 0.0), (1.0, 1.0), (0.5, 2.0)])
def test_mmd_agrees_with_its_closed_form_for_gaussians(shift, scale):
    # E k(x, y) of a Gaussian kernel of width Z between N(a, s) and N(b, t), per dimension:
    # sqrt(Z / (Z + s^2 + t^2)) exp(-(a - b)^2 / 2(Z + s^2 + t^2)).
    z, n = 2, 4_000
    gap = shift * math.sqrt(z)

    def kernel(variance: float, distance: float) -> float:
        width = z + variance
        return (z / width) ** (z / 2) * math.exp(-(distance**2) / (2 * width))

    exact = kernel(2 * scale**2, 0) + kernel(2, 0) - 2 * kernel(scale**2 + 1, gap)
    draw = seeded(3)
    x = shift + scale * torch.randn(n, z, generator=draw)
    assert float(mmd(x, torch.randn(n, z, generator=draw))) == pytest.approx(exact, abs=0.01)


def test_mmd_pulls_a_sample_towards_the_prior():
    z = (3 + 0.1 * torch.randn(50, 4, generator=seeded())).requires_grad_()
    mmd(z, torch.randn(50, 4, generator=seeded(1))).backward()
    assert (z.grad.mean(0) > 0).all()


def test_mmd_refuses_samples_that_cannot_be_compared():
    for a, b in ((1, 1), (5, 4)):
        with pytest.raises(UserError, match="same size"):
            mmd(torch.zeros(a, 2), torch.zeros(b, 2))


@given(st.integers(2, 30), shares, st.floats(0, 0.999), st.integers(0, 99))
def test_deleted_words_leave_sentences_of_one_length_in_their_order(length, share, luck, seed):
    tokens = torch.arange(10, 10 + length).repeat(4, 1)
    tokens[:, -1] = EOS
    left = delete_words(tokens, share, luck, draws(seed))
    lost = length - left.shape[1]
    assert lost == min(int(share * (length - 1) + luck), length - 2)
    assert (left[:, -1] == EOS).all()
    words = left[:, :-1]
    assert (words[:, 1:] > words[:, :-1]).all()
    assert torch.isin(words, tokens).all()


def test_each_sentence_loses_words_of_its_own_and_every_word_is_as_likely_to_go():
    tokens = torch.arange(10, 21).repeat(4_000, 1)
    left = delete_words(tokens, 0.3, 0.0, draws())[:, :-1]
    kept = torch.bincount(left.flatten() - 10, minlength=10)[:10] / 4_000
    assert torch.allclose(kept, torch.full((10,), 0.7), atol=0.03)


def test_pretraining_as_an_autoencoder_has_no_rate_and_then_the_schedule_begins():
    config = TrainConfig(
        autoencoder=0.25, beta=1.0, beta_warmup=0.5, learning_rate=0.1, warmup_steps=10
    )
    assert autoencoder_steps(400, config) == 100
    assert {beta_at(step, 400, config) for step in range(101)} == {0.0}
    assert beta_at(175, 400, config) == pytest.approx(0.5)
    assert beta_at(250, 400, config) == 1.0
    rates = [learning_rate_at(step, 400, config) for step in range(401)]
    assert rates[9] == rates[109] == pytest.approx(0.1)
    assert rates[99] < 0.003
    assert rates[100] == pytest.approx(0.01)
