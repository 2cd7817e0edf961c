"""The importance-weighted likelihood of sentences, for any model that scores tokens given z."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vae.diagnostics.information import log_normal, log_prior
from vae.errors import UserError
from vae.i18n import message
from vae.models.base import Posterior
from vae.models.explorable import Explorable
from vae.progress import Progress, silent

Floats = npt.NDArray[np.float64]

# Latents that are scored in one call: enough for a batch of each length.
_AT_ONCE = 4_096

_MOST_PERPLEXITY = 1e12


def importance_weights(
    model: Explorable,
    sentences: Sequence[str],
    posterior: Posterior,
    samples: int,
    generator: torch.Generator,
    progress: Progress = silent,
) -> Tensor:
    """(N, K) nats: log p(x, z_k) / q(z_k|x), K `samples` of each posterior (Burda et al., 2016).

    Each sentence was read once, for its posterior (N, Z). With no latent dimension it is log p(x)
    itself, (N, 1): K plays no part.

    Raises:
        UserError: K is below 1.
        NotAvailableError: the model does not score tokens.
    """
    k, n = draws_of(model.latent_dim, samples), len(sentences)
    out = torch.zeros(n, k, dtype=torch.double)
    step = max(1, _AT_ONCE // k)
    for start in range(0, n, step):
        part = slice(start, min(start + step, n))
        z, log_ratio = weighted_draws(posterior.rows(part), k, generator)
        repeated = [s for s in sentences[part] for _ in range(k)]
        scores = model.log_likelihood(repeated, z.flatten(0, 1))
        out[part] = totals(scores).view(-1, k) + log_ratio
        progress(part.stop, n, message("Importance-weighted likelihood, K = {k}", k=k))
    return out


def draws_of(latent_dim: int, samples: int) -> int:
    """K: as many draws as asked for, but one where there is nothing to draw.

    Raises:
        UserError: K is below 1.
    """
    if samples < 1:
        raise UserError(
            "The likelihood bound needs at least 1 sample, not {samples}.", samples=samples
        )
    return samples if latent_dim else 1


def weighted_draws(
    posterior: Posterior, samples: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """(N, K, Z) draws from posteriors (N, Z), and (N, K) nats: log p(z) - log q(z|x) at each."""
    mean, logvar = posterior.mean[:, None], posterior.logvar[:, None]  # (N, 1, Z)
    noise = torch.randn(len(posterior), samples, mean.shape[-1], generator=generator)
    z = mean + (0.5 * logvar).exp() * noise
    return z, log_prior(z).double() - log_normal(z, mean, logvar).double()


def bound(log_weights: Tensor, k: int) -> Floats:
    """(N,) nats: -log 1/k sum of k weights, the mean over disjoint groups of the draws (N, K).

    An upper bound of -log p(x) in expectation that tightens as k grows: always state k. Each group
    is a bound of k draws by itself, so their mean has the expectation of one (Burda et al., 2016).
    Draws beyond the last whole group are left out.

    Raises:
        UserError: k is below 1 or above K.
    """
    if not 1 <= k <= log_weights.shape[1]:
        raise UserError(
            "A bound of {k} draws needs that many; there are {most}.",
            k=k,
            most=log_weights.shape[1],
        )
    groups = log_weights.shape[1] // k
    grouped = log_weights[:, : groups * k].reshape(len(log_weights), groups, k)
    bounds = -(grouped.logsumexp(-1) - math.log(k)).mean(1)
    return np.asarray(bounds.numpy(), dtype=np.float64)


def perplexity(nats: float, tokens: float) -> float:
    """exp(nats / tokens), at most 1e12: a model of another make may find text next to impossible.

    The nats are of whole sentences, so the tokens count their ends too.
    """
    return min(math.exp(min(nats / tokens, 100.0)), _MOST_PERPLEXITY)


def totals(scores: Sequence[Tensor]) -> Tensor:
    """(N,) nats: the sum of each of N tensors (T,) of log-likelihoods, in double precision."""
    if not len(scores):
        return torch.zeros(0).double()
    # A sum for each of a hundred thousand short tensors would cost more than some decoders do.
    ends = torch.tensor([len(s) for s in scores]).cumsum(0)
    running = torch.cat([torch.zeros(1).double(), torch.cat(list(scores)).double().cumsum(0)])
    return running[ends].diff(prepend=running[:1])
