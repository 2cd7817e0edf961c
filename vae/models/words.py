"""The softmax over a large vocabulary, some tokens at a time.

Logits of 2,048 tokens over 10,000 words are 80 MB, and log-softmax, its gradient and the copies
between bf16 and fp32 each pass over all of them. Here they are made for a few tokens, used while
they are in cache, and gone: the gradient is made beside the value (as in Cut your losses: Wijmans
et al., 2024). torch's own `linear_cross_entropy` (2.13) does so too, but on a CPU it is slower, and
in bf16 it sums the loss in bf16.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

LARGE = 2_000
"""Words from which on chunks pay. Below it the arithmetic is the plain one, to the bit: runs that
ship are made again by their commands."""
# Logits at a time: 5 MB in fp32, some of it in the cache of a core, all of it in what cores share.
_NUMBERS = 1_250_000
_FEWEST_ROWS = 32


def summed_nats(
    outputs: Tensor, weight: Tensor, bias: Tensor, targets: Tensor
) -> tuple[Tensor, Tensor]:
    """-log p of N words: their sum, with a gradient, and each of them (N,), without one.

    Products are made in the precision of the outputs, all else in fp32. In bf16 logits and
    probabilities are rounded to the nearest, without bias, as in the plain path.

    Args:
        outputs: (N, E), fp32 or bf16.
        weight, bias: (V, E) and (V,), fp32.
        targets: (N,) numbers of words.
    """
    total, nats = _SummedNats.apply(outputs, weight, bias, targets)  # type: ignore[no-untyped-call]
    return total, nats


def nats(outputs: Tensor, weight: Tensor, bias: Tensor, targets: Tensor) -> Tensor:
    """(N,) nats: -log p of N words, all fp32, as `summed_nats` has them; no gradient flows."""
    # The same products by oneDNN took half of MKL's time on the AMD machine that we measured on.
    fast = torch.backends.mkldnn.is_available()
    found = [torch.zeros(0)]
    with torch.no_grad():
        for rows in _chunks(len(targets), len(weight)):
            read = outputs[rows].to_mkldnn() if fast else outputs[rows]
            logits = functional.linear(read, weight, bias)  # (n, V)
            logits = logits.to_dense() if fast else logits
            found.append(functional.cross_entropy(logits, targets[rows], reduction="none"))
    return torch.cat(found)


class _SummedNats(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, outputs: Tensor, weight: Tensor, bias: Tensor, targets: Tensor
    ) -> tuple[Tensor, Tensor]:
        words, shift = weight.to(outputs.dtype), bias.to(outputs.dtype)
        to_outputs = torch.empty_like(outputs)
        to_weight, to_bias = torch.zeros_like(weight), torch.zeros_like(bias)
        each = []
        for rows in _chunks(len(targets), len(weight)):
            read, target = outputs[rows], targets[rows, None]
            logits = torch.addmm(shift, read, words.T)  # (n, V)
            p = logits.float()
            mass, nats = _mass(p, target)
            each.append(nats)
            # The gradient of a token's nats in its logits: probabilities less the word itself.
            p.div_(mass).scatter_add_(1, target, torch.full_like(mass, -1.0))
            to_bias += p.sum(0)
            low = logits.copy_(p)  # in fp32 they are one
            torch.mm(low, words, out=to_outputs[rows])
            to_weight += torch.mm(low.T, read)
        ctx.save_for_backward(to_outputs, to_weight, to_bias)
        nats = torch.cat(each)
        ctx.mark_non_differentiable(nats)
        return nats.sum(), nats

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        return (*(saved * gradients[0] for saved in ctx.saved_tensors), None)


def _mass(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """(n, 1) sums of what logits (n, V) become: each one's share of the likeliest; (n,) nats."""
    at, top = logits.gather(1, targets), logits.amax(1, keepdim=True)
    mass = logits.sub_(top).exp_().sum(1, keepdim=True)
    return mass, (mass.log() + top - at)[:, 0]


def _chunks(n: int, vocabulary: int) -> Iterator[slice]:
    step = max(_FEWEST_ROWS, _NUMBERS // vocabulary)
    return (slice(i, min(i + step, n)) for i in range(0, n, step))
