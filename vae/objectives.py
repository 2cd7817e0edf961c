"""What is minimised: distortion + beta * rate (+ mmd * MMD), in nats, summed over a sentence.

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
from vae.models import words
from vae.models.base import Draw, TrainableVAE
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


def word_log_likelihood(model: TrainableVAE, outputs: Tensor, targets: Tensor) -> Tensor:
    """(B, T) nats, as `token_log_likelihood`, of what the decoder put out (B, T, E); to measure.

    Over a large vocabulary no logits are held, and no gradient flows.
    """
    weight, bias = model.embedding.weight, model.output_bias
    if len(weight) < words.LARGE:
        return token_log_likelihood(model.to_logits(outputs), targets)
    return -words.nats(outputs.flatten(0, 1), weight, bias, targets.flatten()).view(targets.shape)


def summed_distortion(
    model: TrainableVAE, outputs: Tensor, targets: Tensor
) -> tuple[Tensor, Tensor]:
    """Nats, as `distortion`: their sum, to train on, and (B,) of each sentence, to report.

    As `word_log_likelihood`, with a gradient of the sum.
    """
    weight, bias = model.embedding.weight, model.output_bias
    if len(weight) < words.LARGE:
        nats = distortion(model.to_logits(outputs), targets)
        return nats.sum(), nats
    total, each = words.summed_nats(outputs.flatten(0, 1), weight, bias, targets.flatten())
    return total, each.view(targets.shape).sum(-1)


def free_bits_rate(mean_kl: Tensor, free_bits: float) -> Tensor:
    """Scalar, nats: the mean rate in which no dimension counts for less than `free_bits`.

    Free bits per dimension (Kingma et al., 2016): a dimension whose mean rate over the batch (Z,)
    lies below the floor adds a constant, so nothing pushes it further down.
    """
    return mean_kl.clamp(min=free_bits).sum()


def mmd(z: Tensor, prior: Tensor) -> Tensor:
    """Scalar: squared maximum mean discrepancy between two samples (B, Z), by a U-statistic.

    Gaussian kernel exp(-|a - b|^2 / 2Z), a width at which two draws of N(0, I) are e^-1 alike. Its
    expectation is zero when z follows the prior, so estimates may be below zero (Gretton 2012).
    Weighted and added to the loss it is the MMD variant of InfoVAE (Zhao et al., 2017), which
    holds the aggregated posterior to the prior and leaves the posteriors apart.

    Raises:
        UserError: the samples differ in shape or hold fewer than two draws.
    """
    if z.shape != prior.shape or len(z) < 2:
        raise UserError("MMD compares two samples of the same size, of two draws or more.")
    n, width = len(z), 2.0 * z.shape[1]

    def kernel(a: Tensor, b: Tensor) -> Tensor:
        square = a.square().sum(1)[:, None] + b.square().sum(1)[None] - 2 * a @ b.T
        return torch.exp(-square.clamp(min=0) / width)  # (B, B)

    within = sum((kernel(s, s).sum() - n) / (n * (n - 1)) for s in (z, prior))
    return within - 2 * kernel(z, prior).mean()


def drop_words(inputs: Tensor, share: float, draw: Draw) -> Tensor:
    """(B, T) decoder inputs with a share of the words replaced by `UNK` (Bowman et al., 2016).

    `BOS` is never replaced: it carries no word.
    """
    if share == 0:
        return inputs
    hidden = draw(tuple(inputs.shape)) < share
    return inputs.masked_fill(hidden & (inputs != BOS), UNK)


def delete_words(tokens: Tensor, share: float, luck: float, draw: Draw) -> Tensor:
    """(B, T) sentences with a share of their words deleted, (B, T - k) (Shen et al., 2020).

    Every sentence of the batch loses k words, each its own, so that all keep one length; `luck` in
    [0, 1) decides whether the broken part of share * (T - 1) is one more. The end of the sentence
    and one word stay.
    """
    words = tokens.shape[1] - 1
    count = min(int(share * words + luck), words - 1)
    if count < 1:
        return tokens
    order = draw((len(tokens), words)).argsort(dim=1)  # (B, T - 1)
    kept = order[:, count:].sort(dim=1).values
    return torch.cat([tokens.gather(1, kept), tokens[:, -1:]], dim=1)


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
        raise UserError(
            "Step {step} of {total} does not exist: steps run from 0 to the total.",
            step=step,
            total=total,
        )


def autoencoder_steps(total: int, config: TrainConfig) -> int:
    """Updates that are spent as a plain autoencoder first (Li et al., 2019)."""
    return min(round(config.autoencoder * total), total - 1)


def beta_at(step: int, total: int, config: TrainConfig) -> float:
    """The weight of the rate at an update, by the schedule that the configuration names.

    It is zero while the model is pre-trained as an autoencoder; the schedule takes up the rest.
    """
    first = autoencoder_steps(total, config)
    if step < first:
        return 0.0
    step, total = step - first, total - first
    if config.beta_schedule == "linear":
        return linear_beta(step, total, config.beta, config.beta_warmup)
    if config.beta_schedule == "cyclical":
        return cyclical_beta(step, total, config.beta, config.beta_cycles, config.beta_ratio)
    return constant_beta(step, total, config.beta)


def learning_rate_at(step: int, total: int, config: TrainConfig) -> float:
    """Linear warm-up, then a cosine down to a fiftieth of the peak (Loshchilov 2017).

    Pre-training as an autoencoder has a course of its own before it.
    """
    first = autoencoder_steps(total, config)
    step, total = (step, first) if step < first else (step - first, total - first)
    if step < config.warmup_steps:
        return config.learning_rate * (step + 1) / config.warmup_steps
    rest = (step - config.warmup_steps) / max(1, total - config.warmup_steps)
    floor = 0.02
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, rest)))
    return config.learning_rate * (floor + (1 - floor) * cosine)
