"""Batch-normalised posterior means: what holds them, and that no posterior can collapse."""

import copy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from tests.fakes import encoded, seeded, tiny
from vae.batching import ordered_batches
from vae.inference import encode_all
from vae.models import Posterior
from vae.models.normalisation import MeanNorm

scales = st.floats(0.1, 2.0)


def means(rows: int = 64, latent: int = 3, *, seed: int = 0, at: float = 0.0, spread: float = 1.0):
    """(rows, Z) what an encoder may say before its means are held."""
    return at + spread * torch.randn(rows, latent, generator=seeded(seed))


def after(batches: list[torch.Tensor], scale: float = 0.5) -> MeanNorm:
    """A normalisation that was trained on these batches."""
    norm = MeanNorm(batches[0].shape[1], scale).train()
    with torch.no_grad():
        for batch in batches:
            norm(batch)
    return norm


def weighted(norm: MeanNorm, x: torch.Tensor) -> torch.Tensor:
    """A scalar that every output has its own part in."""
    out = norm(x)
    return (out * torch.randn(out.shape, generator=seeded(9), dtype=out.dtype)).sum()


@given(scale=scales, at=st.floats(-5, 5), spread=st.floats(0.1, 50), seed=st.integers(0, 99))
def test_training_and_evaluation_give_the_same_under_the_same_moments(scale, at, spread, seed):
    norm = after([means(seed=s, at=at, spread=spread) for s in range(3)], scale)
    x = means(20, seed=seed, at=at, spread=2 * spread)
    trained = norm.train()(x)  # the moments take x in before they are used
    evaluated = norm.eval()(x)
    assert torch.allclose(trained, evaluated, atol=1e-4)


def test_evaluation_leaves_the_moments_alone_and_treats_each_row_by_itself():
    norm = after([means()]).eval()
    before, x = copy.deepcopy(norm.state_dict()), means(8, seed=1, at=4.0)
    together = norm(x)
    assert all(torch.equal(value, before[name]) for name, value in norm.state_dict().items())
    for i in range(8):
        assert torch.equal(norm(x[i : i + 1])[0], together[i])


@given(scale=scales, at=st.floats(-10, 10), spread=st.floats(0.1, 100), seed=st.integers(0, 99))
def test_the_means_of_a_corpus_have_the_standard_deviation_asked_for(scale, at, spread, seed):
    x = means(200, seed=seed, at=at, spread=spread)
    held = after([x], scale).eval()(x)
    assert torch.allclose(held.std(0, unbiased=False), torch.tensor(scale), rtol=0.01)
    assert held.mean(0).abs().max() < 0.01 * scale


def test_running_moments_find_those_of_the_corpus():
    lengths = [means(200, seed=s, at=3.0 + s, spread=1.0 + s) for s in range(4)]
    draw = seeded()
    batches = [
        length[torch.randint(200, (32,), generator=draw)] for _ in range(100) for length in lengths
    ]
    held = after(batches, 0.5).eval()(torch.cat(lengths))
    assert torch.allclose(held.std(0), torch.tensor(0.5), rtol=0.1)
    assert held.mean(0).abs().max() < 0.1


def test_what_the_length_of_a_sentence_says_is_kept():
    short, long = means(seed=1, at=-1.0), means(seed=2, at=1.0)
    norm = after([short, long] * 50, 0.5)
    ours = [norm(batch).mean() for batch in (short, long)]
    assert ours[0] < -0.2
    assert ours[1] > 0.2
    # Ordinary batch normalisation puts every batch, and so every length, at zero.
    theirs = [functional.batch_norm(x, None, None, training=True).mean() for x in (short, long)]
    assert max(t.abs() for t in theirs) < 1e-6


@given(
    scale=scales,
    rows=st.integers(2, 40),
    latent=st.integers(1, 6),
    spread=st.floats(0.1, 100),
    at=st.floats(-10, 10),
    shift=st.floats(-3, 3),
    logvar=st.floats(-12, 6),
    seed=st.integers(0, 999),
)
def test_no_weights_bring_the_rate_below_its_bound(
    scale, rows, latent, spread, at, shift, logvar, seed
):
    x = means(rows, latent, seed=seed, spread=spread, at=at)
    norm = after([x], scale).eval()
    torch.nn.init.constant_(norm.shift, shift)
    with torch.no_grad():
        held = norm(x)
    uncertain = logvar + torch.randn(x.shape, generator=seeded(seed + 1))
    rate = Posterior(held, uncertain).kl().mean()
    assert rate >= 0.99 * latent * scale**2 / 2


@pytest.mark.parametrize("architecture", ["recurrent", "transformer"])
@pytest.mark.parametrize("spread", [1.0, 3.0, 20.0])
@pytest.mark.parametrize("scale", [0.3, 1.0])
def test_the_rate_of_a_model_stays_above_its_bound_whatever_the_weights(
    architecture, spread, scale
):
    model = tiny(architecture=architecture, mean_scale=scale, spread=spread).train()
    tokens = encoded().tokens[1]
    with torch.no_grad():
        model.encode(tokens)
        posterior = model.eval().encode(tokens)
    assert torch.allclose(posterior.mean.std(0, unbiased=False), torch.tensor(scale), rtol=0.05)
    assert posterior.kl().mean() >= 0.95 * 4 * scale**2 / 2


def test_a_model_without_the_norm_has_no_such_bound():
    model = tiny(spread=0.01)
    assert encode_all(model, encoded(100)).kl().mean() < 0.01


def test_over_a_corpus_of_many_lengths_a_model_holds_its_means():
    model = tiny(architecture="transformer", mean_scale=0.7, spread=2.0).train()
    with torch.no_grad():
        for _ in range(20):
            for _, tokens in ordered_batches(encoded(), 256):
                model.encode(tokens)
    mean = encode_all(model.eval(), encoded()).mean
    assert torch.allclose(mean.std(0), torch.tensor(0.7), rtol=0.25)


def test_the_gradient_is_that_of_batch_normalisation_where_the_moments_agree():
    x = means(16, at=2.0, spread=3.0).double().requires_grad_()
    norm = MeanNorm(3, 0.5).double().train()
    (ours,) = torch.autograd.grad(weighted(norm, x), x)  # the first batch sets the moments
    theirs = functional.batch_norm(x, None, None, training=True, eps=1e-10) * 0.5
    assert torch.allclose(norm.eval()(x), theirs)
    weights = torch.randn(theirs.shape, generator=seeded(9), dtype=theirs.dtype)
    (expected,) = torch.autograd.grad((theirs * weights).sum(), x)
    assert torch.allclose(ours, expected)
    # The gradient of evaluation is another: it takes the moments for constants.
    (constant,) = torch.autograd.grad(weighted(norm, x), x)
    assert not torch.allclose(ours, constant)


def test_a_training_gradient_moves_neither_the_mean_nor_the_scale_of_a_batch():
    norm = after([means(seed=s) for s in range(5)])
    x = means(16, seed=7, at=1.0).requires_grad_()
    (gradient,) = torch.autograd.grad(weighted(norm, x), x)
    centred = x - x.mean(0)
    assert gradient.sum(0).abs().max() < 1e-5
    assert (gradient * centred).sum(0).abs().max() < 1e-3 * gradient.abs().max()


def test_gradients_agree_with_finite_differences():
    x = means(5, seed=2).double().requires_grad_()
    assert torch.autograd.gradcheck(after([means(seed=1)]).double().eval(), (x,))
    # The first batch is its own moments, so that what the gradient leaves out is nothing.
    assert torch.autograd.gradcheck(lambda x: MeanNorm(3, 0.5).double().train()(x), (x,))


def test_the_moments_are_saved_and_the_shift_alone_is_learned():
    norm = after([means(seed=s, at=2.0) for s in range(30)])
    assert set(norm.state_dict()) == {"mean", "variance", "seen", "shift"}
    assert [name for name, _ in norm.named_parameters()] == ["shift"]
    other = MeanNorm(3, 0.5)
    other.load_state_dict(norm.state_dict())
    x = means(seed=50)
    assert torch.equal(other.eval()(x), norm.eval()(x))
    assert torch.equal(other.train()(x), norm.train()(x))
    assert torch.equal(other.mean, norm.mean)


def test_a_shift_moves_all_means_alike():
    norm, x = after([means()]).eval(), means(6, seed=3)
    plain = norm(x)
    with torch.no_grad():
        norm.shift += torch.tensor([1.0, 0.0, -2.0])
    assert torch.allclose(norm(x) - plain, torch.tensor([1.0, 0.0, -2.0]), atol=1e-6)


@pytest.mark.parametrize("at", [0.0, 5.0])
def test_one_sentence_alone_and_means_that_are_all_equal_stay_finite(at):
    for x in (means(1, at=at), torch.full((8, 3), at)):
        norm, x = MeanNorm(3, 0.5).train(), x.requires_grad_()
        out = norm(x)
        out.sum().backward()
        assert out.isfinite().all()
        assert x.grad is not None
        assert x.grad.isfinite().all()
