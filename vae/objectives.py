"""What is minimised: distortion + beta * rate, in nats, summed over a sentence.

Sums run over the sentence and means over the sentences of a batch, for both terms: averaging the
distortion over tokens instead would change what beta means.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from vae.config import TrainConfig
from vae.errors import UserError
from vae.models.base import Posterior
from vae.tokenizer import BOS, UNK


def token_log_likelihood(logits: Tensor, targets: Tensor) -> Tensor:
    """(B, T) nats: log p of each target (B, T) under logits (B, T, V)."""
    flat = functional.cross_entropy(
        logits.flatten(0, -2).float(), targets.flatten(), reduction="none"
    )
    return -flat.view(targets.shape)


def distortion(logits: Tensor, targets: Tensor) -> Tensor:
    """(B,) nats: -log p(x|z), summed over the tokens of each sentence, its end included."""
    return -token_log_likelihood(logits, targets).sum(-1)


def free_bits_rate(kl_per_dimension: Tensor, free_bits: float) -> Tensor:
    """Scalar, nats: the batch mean rate in which no dimension counts for less than `free_bits`.

    Free bits per dimension (Kingma et al., 2016): a dimension whose mean rate (B, Z) -> (Z,) lies
    below the floor adds a constant, so nothing pushes it further down.
    """
    return kl_per_dimension.mean(0).clamp(min=free_bits).sum()


def objective(
    distortion_per_sentence: Tensor, posterior: Posterior, beta: float, free_bits: float = 0.0
) -> Tensor:
    """Scalar, nats a sentence: mean distortion + beta * rate (Higgins et al., 2017)."""
    rate = free_bits_rate(posterior.kl_per_dimension(), free_bits)
    return distortion_per_sentence.mean() + beta * rate


def drop_words(inputs: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """(B, T) decoder inputs with a share of the words replaced by `UNK` (Bowman et al., 2016).

    `BOS` is never replaced: it carries no word.
    """
    if share == 0:
        return inputs
    hidden = torch.rand(inputs.shape, generator=generator) < share
    return inputs.masked_fill(hidden & (inputs != BOS), UNK)


def constant_beta(step: int, total: int, beta: float) -> float:
    """The same weight from the first step on (Higgins et al., 2017)."""
    _check_step(step, total)
    return beta


def linear_beta(step: int, total: int, beta: float, warmup: float) -> float:
    """From 0 to `beta` over the first `warmup` of all steps, then constant (Bowman, 2016)."""
    _check_step(step, total)
    ramp = warmup * total
    return beta if step >= ramp else beta * step / ramp


def cyclical_beta(step: int, total: int, beta: float, cycles: int, ratio: float) -> float:
    """`cycles` equal periods, each rising over its first share `ratio`, then flat (Fu 2019)."""
    _check_step(step, total)
    position = math.modf(step * cycles / total)[0] if step < total else 1.0
    return beta if position >= ratio else beta * position / ratio


def _check_step(step: int, total: int) -> None:
    if total < 1 or step < 0:
        raise UserError(f"Step {step} of {total} does not exist: steps run from 0 to the total.")


def beta_at(step: int, total: int, config: TrainConfig) -> float:
    """The weight of the rate at an update, by the schedule that the configuration names."""
    if config.beta_schedule == "linear":
        return linear_beta(step, total, config.beta, config.beta_warmup)
    if config.beta_schedule == "cyclical":
        return cyclical_beta(step, total, config.beta, config.beta_cycles, config.beta_ratio)
    return constant_beta(step, total, config.beta)


def learning_rate_at(step: int, total: int, config: TrainConfig) -> float:
    """Linear warm-up, then a cosine down to a fiftieth of the peak (Loshchilov 2017)."""
    if step < config.warmup_steps:
        return config.learning_rate * (step + 1) / config.warmup_steps
    rest = (step - config.warmup_steps) / max(1, total - config.warmup_steps)
    floor = 0.02
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, rest)))
    return config.learning_rate * (floor + (1 - floor) * cosine)
