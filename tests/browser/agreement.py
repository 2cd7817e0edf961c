"""How far the sentences that a browser decoded are from what a model in PyTorch says there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tests.fakes import seeded
from vae.decoding import greedy
from vae.explorer import Explorer
from vae.latent.interpolation import path
from vae.models import TrainableVAE
from vae.tokenizer import BOS, EOS, PAD, UNK


@dataclass(frozen=True)
class Agreement:
    """Of B sentences, decoded greedily.

    Attributes:
        same: the share of them that is the same to the last token.
        tokens: how many tokens were compared, each after what the browser had said before it.
        worst_gap: logits by which a token that the browser chose is below the best, at most.
        worst_nats: by which log p of a token differs, at most.
    """

    same: float
    tokens: int
    worst_gap: float
    worst_nats: float


def places(explorer: Explorer, n: int, seed: int = 0) -> Tensor:
    """(n, Z): in equal parts means of sentences, draws of the prior, points between, far points."""
    generator, part = seeded(seed), n // 4
    stored = torch.from_numpy(explorer.run.read_arrays("latents.npz")["mean"]).float()
    means = stored[torch.randperm(len(stored), generator=generator)[:part]]
    prior = explorer.sample_prior(part, generator)
    ends = zip(means[::2], means.flip(0)[::2], strict=True)
    between = torch.cat([path(a, b, 4, "slerp")[1][1:3] for a, b in ends])
    far = explorer.sample_prior(part, generator)
    far *= 2 + 6 * torch.rand(part, 1, generator=generator)
    return torch.cat([means, prior, between, far])


def rounded(model: TrainableVAE) -> TrainableVAE:
    """The model with its weights as they are packed."""
    copy = deepcopy(model)
    with torch.no_grad():
        for weight in copy.parameters():
            weight.copy_(weight.half().float())
    return copy


@torch.no_grad()
def agreement(model: TrainableVAE, z: Tensor, said: Sequence[dict[str, Any]]) -> Agreement:
    """What a browser said at latents (B, Z), against a model."""
    ours = greedy(model, z)
    gaps, nats, n = [0.0], [0.0], 0
    # Sentences of one length go through the model together: padding would cost as much as it saves.
    ended = [one["tokens"] + [EOS] * one["ended"] for one in said]
    assert len(ended) == len(z)
    for rows in _of_one_length(ended):
        chosen = torch.tensor([ended[row] for row in rows])  # (b, T)
        inputs = torch.cat([torch.full_like(chosen[:, :1], BOS), chosen[:, :-1]], 1)
        logits = model.logits(inputs, z[rows])  # (b, T, V)
        picked = logits.gather(2, chosen[..., None])[..., 0]
        log_p = picked - logits.logsumexp(2)
        logits[..., [PAD, UNK, BOS]] = float("-inf")
        gaps.append(float((logits.amax(2) - picked).max()))
        theirs = torch.tensor([said[row]["logp"] for row in rows])
        nats.append(float((log_p - theirs).abs().max()))
        n += chosen.numel()
    same = sum(a == b["tokens"] for a, b in zip(ours, said, strict=True)) / max(1, len(ours))
    return Agreement(same, n, max(gaps), max(nats))


def _of_one_length(lines: Sequence[list[int]], most: int = 32) -> Iterator[list[int]]:
    """The numbers of the lines that are as long as each other, a few at a time."""
    by_length: dict[int, list[int]] = {}
    for row, line in enumerate(lines):
        if line:
            by_length.setdefault(len(line), []).append(row)
    for rows in by_length.values():
        yield from (rows[at : at + most] for at in range(0, len(rows), most))
