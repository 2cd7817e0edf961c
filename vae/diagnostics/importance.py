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
from vae.models.base import Posterior
from vae.models.explorable import Explorable
from vae.progress import Progress, silent

Floats = npt.NDArray[np.float64]

# Latents that are scored in one call: enough for a batch of each length.
_AT_ONCE = 4_096


def importance_nll(
    model: Explorable,
    sentences: Sequence[str],
    posterior: Posterior,
    samples: int,
    generator: torch.Generator,
    progress: Progress = silent,
) -> Floats:
    """(N,) nats: -log 1/K sum_k p(x, z_k) / q(z_k|x) with K `samples` (Burda et al., 2016).

    An upper bound of -log p(x) in expectation that tightens as K grows: always state K. With no
    latent dimension it is -log p(x) itself, and K plays no part. Each sentence was read once, for
    its posterior (N, Z); checked against an exact likelihood in tests/models/test_own_model.py.

    Raises:
        UserError: K is below 1.
        NotAvailableError: the model does not score tokens.
    """
    if samples < 1:
        raise UserError(f"The likelihood bound needs at least 1 sample, not {samples}.")
    k, n = samples if model.latent_dim else 1, len(sentences)
    out = np.zeros(n)
    step = max(1, _AT_ONCE // k)
    for start in range(0, n, step):
        part = range(start, min(start + step, n))
        q = posterior.rows(slice(part.start, part.stop))
        mean, logvar = q.mean[:, None], q.logvar[:, None]  # (b, 1, Z)
        noise = torch.randn(len(part), k, mean.shape[-1], generator=generator)
        z = mean + (0.5 * logvar).exp() * noise  # (b, K, Z)
        repeated = [sentences[i] for i in part for _ in range(k)]
        scores = model.log_likelihood(repeated, z.flatten(0, 1))
        log_p = totals(scores).view(len(part), k)
        weights = log_p + log_prior(z).double() - log_normal(z, mean, logvar).double()
        out[part.start : part.stop] = -(weights.logsumexp(-1) - math.log(k)).numpy()
        progress(part.stop, n, f"Importance-weighted likelihood, K = {k}")
    return out


def totals(scores: Sequence[Tensor]) -> Tensor:
    """(N,) nats: the sum of each of N tensors (T,) of log-likelihoods, in double precision."""
    # A sum for each of a hundred thousand short tensors would cost more than some decoders do.
    ends = torch.tensor([len(s) for s in scores]).cumsum(0)
    running = torch.cat([torch.zeros(1).double(), torch.cat(list(scores)).double().cumsum(0)])
    return running[ends].diff(prepend=running[:1]) if len(scores) else torch.zeros(0).double()
