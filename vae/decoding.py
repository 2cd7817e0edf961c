"""From latents to tokens: greedy, sampled and beam search; batched and seeded.

A row that has ended leaves the batch, so a long sentence never makes the others pay, and each row
ends at its own end of sentence.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vae.errors import UserError
from vae.models.base import SentenceVAE
from vae.tokenizer import BOS, EOS, PAD, UNK

METHODS = ("greedy", "sample", "beam")


@torch.inference_mode()
def greedy(model: SentenceVAE, z: Tensor, max_length: int | None = None) -> list[list[int]]:
    """The most probable token at every step: (B, Z) -> B lists of token ids, without `EOS`.

    Greedy text is the decoder's first choice, not its distribution: see `sample` for that.
    """
    return _unroll(model, z, lambda logits, rows, step: logits.argmax(-1), max_length)


@torch.inference_mode()
def sample(
    model: SentenceVAE,
    z: Tensor,
    generator: torch.Generator,
    temperature: float = 1.0,
    max_length: int | None = None,
) -> list[list[int]]:
    """A draw from p(x|z) at a temperature: (B, Z) -> B lists of token ids, without `EOS`.

    Row b uses the b-th row of one table of uniform numbers drawn from the generator before the
    first step, so no row's text depends on when another row ends.

    Raises:
        UserError: the temperature is not a finite number above 0.
    """
    if not 0 < temperature < float("inf"):
        raise UserError(
            (
                "The temperature is {temperature:g}; it must be a number above 0. For t"
                "he most probable words choose greedy decoding."
            ),
            temperature=temperature,
        )
    length = max_length or model.config.max_length
    uniform = torch.rand(z.shape[0], length, generator=generator, dtype=torch.float64)

    def choose(logits: Tensor, rows: Tensor, step: int) -> Tensor:
        # The best is moved to 0 first, so that no temperature is too small to divide by.
        below = logits.double() - logits.amax(-1, keepdim=True)
        cumulative = (below / temperature).softmax(-1).cumsum(-1)  # (b, V)
        # Scaled by the last value, which rounding can leave below 1.
        threshold = uniform[rows, step, None] * cumulative[:, -1:]
        return (
            torch.searchsorted(cumulative, threshold, right=True)
            .squeeze(-1)
            .clamp(max=cumulative.shape[-1] - 1)
        )

    return _unroll(model, z, choose, length)


def _unroll(
    model: SentenceVAE,
    z: Tensor,
    choose: Callable[[Tensor, Tensor, int], Tensor],
    max_length: int | None,
) -> list[list[int]]:
    length = max_length or model.config.max_length
    out: list[list[int]] = [[] for _ in range(z.shape[0])]
    rows = torch.arange(z.shape[0])
    state = model.start(z)
    token = torch.full((z.shape[0],), BOS)
    for step in range(length):
        if not len(rows):
            break
        logits, state = model.step(token, z, state)
        token = choose(_speakable(logits), rows, step)  # (b,)
        going = token != EOS
        for row, word in zip(rows[going].tolist(), token[going].tolist(), strict=True):
            out[row].append(word)
        if not bool(going.all()):
            rows, token, z = rows[going], token[going], z[going]
            state = tuple(s[going] for s in state)
    return out


def _speakable(logits: Tensor) -> Tensor:
    """Logits in which the tokens that stand for no word cannot be chosen."""
    logits = logits.float().clone()
    logits[..., [PAD, UNK, BOS]] = float("-inf")
    return logits


@torch.inference_mode()
def beam(
    model: SentenceVAE, z: Tensor, width: int = 5, max_length: int | None = None
) -> list[list[int]]:
    """The best of `width` hypotheses by total log-likelihood: (B, Z) -> B lists of token ids.

    Scores are sums of log p, without a length bonus, so with `width=1` this is greedy search.

    Raises:
        UserError: the width is below 1.
    """
    if width < 1:
        raise UserError("The beam is {width} wide; it must be at least 1.", width=width)
    length, batch = max_length or model.config.max_length, z.shape[0]
    state = model.start(z.repeat_interleave(width, 0))
    z = z.repeat_interleave(width, 0)  # (B * W, Z)
    token = torch.full((batch * width,), BOS)
    score = torch.full((batch, width), float("-inf"))
    score[:, 0] = 0.0  # all hypotheses of a row start equal: keep one
    tokens = torch.full((batch, width, length), PAD)
    ended = torch.zeros(batch, width, dtype=torch.bool)
    for step in range(length):
        logits, state = model.step(token, z, state)
        log_p = _speakable(logits).log_softmax(-1).unflatten(0, (batch, width))  # (B, W, V)
        # An ended hypothesis has one continuation, padding, which costs nothing.
        log_p = log_p.masked_fill(ended[..., None], float("-inf"))
        log_p[..., PAD] = torch.where(ended, 0.0, float("-inf"))
        total = (score[..., None] + log_p).flatten(1)
        score, flat = total.topk(width, dim=-1)  # (B, W)
        parent, word = flat // log_p.shape[-1], flat % log_p.shape[-1]
        tokens = tokens.gather(1, parent[..., None].expand(-1, -1, length)).clone()
        ended = ended.gather(1, parent) | (word == EOS)
        tokens[:, :, step] = torch.where(word == EOS, PAD, word)
        chosen = (parent + torch.arange(batch)[:, None] * width).flatten()
        state = tuple(s[chosen] for s in state)
        token = word.flatten()
        if bool(ended[:, 0].all()):
            break  # scores only fall, so an ended best hypothesis stays the best
    best = tokens[torch.arange(batch), score.argmax(-1)]  # (B, length)
    return [[t for t in row if t != PAD] for row in best.tolist()]
