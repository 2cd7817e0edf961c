"""How much a model's latent space carries: rate, mutual information, active units."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from vae.batching import Encoded, ordered_batches
from vae.i18n import message
from vae.models.base import Posterior, SentenceVAE, decoder_inputs
from vae.objectives import token_log_likelihood
from vae.progress import Progress

ACTIVE_UNIT_THRESHOLD = 0.01
"""Variance of the posterior mean above which a dimension is active (Burda et al., 2016)."""

ESTIMATED_SHARE = 0.5
"""Share of its ceiling ln N up to which mutual information is an estimate. From there on it falls
short, by a fifth of a nat at half of the ceiling and by half a nat or more at three quarters
(Gaussian channels of 1 to 48 dimensions, 100 to 5,000 sentences): it is a lower bound."""

_LOG_2PI = math.log(2 * math.pi)


def unit_variances(mean: Tensor) -> Tensor:
    """(Z,) variance over the sentences of the posterior mean (N, Z): Var_x(E_q[z])."""
    if mean.numel() == 0 or len(mean) < 2:
        return torch.zeros(mean.shape[1], dtype=torch.double)
    return mean.double().var(0, unbiased=True)


def active_units(mean: Tensor, threshold: float = ACTIVE_UNIT_THRESHOLD) -> int:
    """Dimensions whose posterior mean varies by more than the threshold (Burda et al., 2016)."""
    return int((unit_variances(mean) > threshold).sum())


def log_normal(z: Tensor, mean: Tensor, logvar: Tensor) -> Tensor:
    """(...,) nats: log density of a diagonal Gaussian, summed over the last axis."""
    return -0.5 * (_LOG_2PI + logvar + (z - mean).square() / logvar.exp()).sum(-1)


def log_prior(z: Tensor) -> Tensor:
    """(...,) nats: log N(z; 0, I)."""
    return -0.5 * (_LOG_2PI + z.square()).sum(-1)


def mixture_parts(z: Tensor, posterior: Posterior, chunk: int = 256) -> Iterator[Tensor]:
    """log q(z_m|x_n) in nats, (m, N), for a `chunk` m of the points z (M, Z) at a time."""
    mean, logvar = posterior.mean.double(), posterior.logvar.double()
    precision = (-logvar).exp()
    constant = -0.5 * (_LOG_2PI + logvar + mean.square() * precision).sum(-1)  # (N,)
    for part in torch.split(z.double(), chunk):
        # The square is multiplied out, so that no (M, N, Z) tensor is ever made.
        yield constant + part @ (mean * precision).T - 0.5 * part.square() @ precision.T


def log_aggregated_posterior(z: Tensor, posterior: Posterior, chunk: int = 256) -> Tensor:
    """(M,) nats: log of q(z) = 1/N sum_n q(z|x_n), at points z (M, Z)."""
    out = [part.logsumexp(-1) for part in mixture_parts(z, posterior, chunk)]
    return torch.cat(out) - math.log(len(posterior)) if out else torch.zeros(0).double()


def falls_short(information: float, ceiling: float) -> bool:
    """Whether mutual information, in nats, is so near to its ceiling that it is a lower bound."""
    return information > ESTIMATED_SHARE * ceiling


def mutual_information(
    posterior: Posterior, generator: torch.Generator, samples: int = 1
) -> tuple[float, float]:
    """(nats, standard error) of I_q(x; z) = E log q(z|x) - E log q(z) (Hoffman & Johnson, 2016).

    q(z) is the mixture of the N posteriors given, so the estimate cannot exceed ln N, its ceiling,
    and falls short well before (`falls_short`): report both. One draw of z per sentence and sample;
    the standard error is over sentences.
    """
    if posterior.mean.shape[1] == 0 or len(posterior) < 2:
        return 0.0, 0.0
    total = torch.zeros(len(posterior), dtype=torch.double)
    for _ in range(samples):
        z = posterior.sample(generator).double()
        # In double precision: a narrow posterior leaves few digits in single.
        total += log_normal(z, posterior.mean.double(), posterior.logvar.double())
        total -= log_aggregated_posterior(z, posterior)
    per_sentence = total / samples
    error = per_sentence.std() / math.sqrt(len(per_sentence))
    # Rounding may pass either bound by a hair.
    return min(max(0.0, float(per_sentence.mean())), math.log(len(posterior))), float(error)


@torch.no_grad()  # and no inference mode: its tensors could not be edited or trained on
def encode_all(
    model: SentenceVAE,
    encoded: Encoded,
    tokens_per_batch: int = 16_384,
    progress: Progress | None = None,
) -> Posterior:
    """Posteriors of N sentences in their original order, (N, Z), batched by length."""
    n, latent = len(encoded), model.config.latent_dim
    mean, logvar = torch.zeros(n, latent), torch.zeros(n, latent)
    done = 0
    for rows, tokens in ordered_batches(encoded, tokens_per_batch):
        posterior = model.encode(tokens)
        mean[rows], logvar[rows] = posterior.mean, posterior.logvar
        done += len(rows)
        if progress:
            progress(done, n, message("Encoding sentences"))
    return Posterior(mean, logvar)


@torch.no_grad()
def token_scores(
    model: SentenceVAE, encoded: Encoded, z: Tensor, tokens_per_batch: int = 8_192
) -> list[Tensor]:
    """log p of every token in nats, given latents (N, Z): N tensors of (T,)."""
    out: list[Tensor] = [torch.zeros(0)] * len(encoded)
    for rows, tokens in ordered_batches(encoded, tokens_per_batch):
        logits = model.logits(decoder_inputs(tokens), z[rows])
        for row, values in zip(rows, token_log_likelihood(logits, tokens), strict=True):
            out[row] = values
    return out


def log_likelihoods(model: SentenceVAE, encoded: Encoded, z: Tensor) -> Tensor:
    """(N,) nats: log p(x|z) of every sentence, given latents (N, Z)."""
    scores = token_scores(model, encoded, z)
    return torch.stack([s.sum() for s in scores]) if scores else torch.zeros(0)
