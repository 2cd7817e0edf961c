"""The softmax by chunks is the softmax, and never holds the whole of it."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode

from tests.fakes import seeded
from vae.models import words


def inputs(n: int, vocabulary: int, width: int, spread: float = 1.0, seed: int = 0) -> tuple:
    """Outputs, weight, bias and targets of a model that is surer the larger the spread is."""
    draw = seeded(seed)
    outputs = spread * torch.randn(n, width, generator=draw)
    weight = torch.randn(vocabulary, width, generator=draw) * width**-0.5
    bias = torch.randn(vocabulary, generator=draw)
    return outputs, weight, bias, torch.randint(vocabulary, (n,), generator=draw)


def plain(outputs, weight, bias, targets):
    """(N,) nats with the whole matrix of logits."""
    logits = functional.linear(outputs, weight, bias)
    return functional.cross_entropy(logits, targets, reduction="none")


def gradients(function, tensors, scale: float) -> tuple[torch.Tensor, ...]:
    leaves = [t.detach().clone().requires_grad_() for t in tensors[:3]]
    (scale * function(*leaves, tensors[3])).backward()
    return tuple(leaf.grad for leaf in leaves)


def by_chunks(*tensors):
    return words.summed_nats(*tensors)[0]


@settings(max_examples=25, deadline=None)
@given(
    n=st.integers(1, 300),
    vocabulary=st.integers(2, 4_000),
    width=st.integers(1, 24),
    spread=st.sampled_from([0.0, 1.0, 30.0]),
)
def test_nats_and_gradients_are_those_of_the_plain_path(n, vocabulary, width, spread):
    made = inputs(n, vocabulary, width, spread)
    exact = plain(*(t.double() if t.is_floating_point() else t for t in made))
    total, each = words.summed_nats(*made)
    assert torch.allclose(each.double(), exact, atol=1e-5, rtol=1e-6)
    assert float(total) == pytest.approx(float(exact.sum()), rel=1e-5, abs=1e-5)
    assert torch.allclose(words.nats(*made).double(), exact, atol=1e-5, rtol=1e-6)
    doubles = [t.double() if t.is_floating_point() else t for t in made]
    expected = gradients(lambda *t: plain(*t).sum(), doubles, 0.3)
    for found, right in zip(gradients(by_chunks, made, 0.3), expected, strict=True):
        assert torch.allclose(found.double(), right, atol=1e-5 * max(1.0, spread), rtol=1e-4)


def test_a_sentence_costs_the_same_within_a_ten_thousandth_of_a_nat():
    """At the size of a real model, sentences of twelve words."""
    made = inputs(12 * 40, 9_800, 128)
    _, each = words.summed_nats(*made)
    away = (each - plain(*made)).view(40, 12).sum(1)
    assert float(away.abs().max()) < 1e-4


def test_half_precision_has_no_bias():
    """The mean error over many tokens is none; a gradient is the exact one and noise."""
    made = inputs(4_000, 3_000, 64)
    low = (made[0].bfloat16(), *made[1:])
    _, each = words.summed_nats(*low)
    away = (each - plain(*made)).double()
    assert 0 < float(away.abs().max()) < 0.1
    assert abs(float(away.mean())) < 4 * float(away.std()) / math.sqrt(len(away))
    exact = gradients(by_chunks, made, 1.0)
    for found, right in zip(gradients(by_chunks, low, 1.0), exact, strict=True):
        along = (found.double() * right).sum() / right.square().sum()
        assert float(along) == pytest.approx(1.0, abs=1e-3)
        assert float((found - right).norm() / right.norm()) < 0.02


def test_words_of_no_chance_and_logits_of_any_size_leave_numbers():
    outputs, weight, bias, targets = inputs(5, 50, 4)
    bias[targets] = -1e4
    made = outputs, weight, bias + 1e4, targets
    _, each = words.summed_nats(*made)
    assert each.isfinite().all()
    assert (each > 9_000).all()
    assert all(g.isfinite().all() for g in gradients(by_chunks, made, 1.0))


class Largest(TorchDispatchMode):
    """The most numbers that any tensor made in it has."""

    most = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        if isinstance(made, torch.Tensor):
            self.most = max(self.most, made.numel())
        return made


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_logits_of_a_batch_are_never_held_together(dtype):
    outputs, weight, bias, targets = inputs(2_048, 4_000, 16)
    leaf = outputs.to(dtype).requires_grad_()
    with Largest() as seen:
        words.summed_nats(leaf, weight.requires_grad_(), bias, targets)[0].backward()
    assert weight.numel() <= seen.most <= words._NUMBERS < 2_048 * 4_000
    with Largest() as seen, torch.no_grad():
        words.nats(outputs, weight, bias, targets)
    assert seen.most <= words._NUMBERS
