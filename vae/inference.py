"""Inference over many sentences: posteriors, scores of tokens, and importance weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from vae.batching import Encoded, ordered_batches
from vae.errors import UserError
from vae.i18n import message
from vae.models.base import Posterior, SentenceVAE, TrainableVAE, decoder_inputs
from vae.models.explorable import Explorable
from vae.objectives import word_log_likelihood
from vae.progress import Progress, silent

# Latents that are scored in one call: enough for a batch of each length.
_AT_ONCE = 4_096
# Numbers in the covariances of proposals that are held at a time.
_NUMBERS = 10_000_000
_LOG_2PI = math.log(2 * math.pi)


@dataclass(frozen=True)
class Proposal:
    """What draws of z are made from: (1 - a) N(m, S) + a N(0, I) for each of N sentences.

    N(m, S) is the posterior with its spread widened, but the prior along `free` directions. An
    importance weight divides by the density of the whole mixture, so its mean is p(x) whatever the
    settings are (Hesterberg, 1995; Owen and Zhou, 2000). By itself it is the posterior.

    Attributes:
        posterior: (N, Z).
        widening: what each standard deviation of the posterior is multiplied by.
        defence: a, the share of the prior.
        free: (D, Z) directions of length 1 at right angles to each other; None for none.
    """

    posterior: Posterior
    widening: float = 1.0
    defence: float = 0.0
    free: Tensor | None = None

    def __len__(self) -> int:
        return len(self.posterior)

    def rows(self, rows: Tensor | slice) -> Proposal:
        """The proposals of some of the sentences."""
        return replace(self, posterior=self.posterior.rows(rows))

    def draws(self, samples: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """(N, K, Z) independent draws, and (N, K) nats: their log density."""
        drawn = [part._draws(samples, generator) for part in self._parts()]
        return torch.cat([z for z, _ in drawn]), torch.cat([density for _, density in drawn])

    def log_density(self, z: Tensor) -> Tensor:
        """(N, K) nats at points (N, K, Z)."""
        parts = self._parts()
        at = z.split([len(part) for part in parts])
        return torch.cat(
            [p._log_density(x, *p._gaussian()) for p, x in zip(parts, at, strict=True)]
        )

    def _parts(self) -> list[Proposal]:
        """Proposals of so few sentences each that their covariances fit in memory."""
        step = max(1, _NUMBERS // max(1, self.posterior.mean.shape[1]) ** 2)
        starts = range(0, max(1, len(self)), step)
        return [self.rows(slice(start, start + step)) for start in starts]

    def _draws(self, samples: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        n, latent = self.posterior.mean.shape
        noise = torch.randn(n, samples, latent, generator=generator)
        mean, factor = self._gaussian()
        spread = noise.double() * factor if self.free is None else noise.double() @ factor.mT
        z = (mean + spread).float()
        if self.defence:
            from_prior = torch.rand(n, samples, 1, generator=generator) < self.defence
            z = torch.where(from_prior, noise, z)
        return z, self._log_density(z, mean, factor)

    def _gaussian(self) -> tuple[Tensor, Tensor]:
        """(N, 1, Z) m, and a root of S in double precision: standard deviations (N, 1, Z), or where
        directions are free the lower Cholesky factor (N, Z, Z).
        """
        mean = self.posterior.mean.double()[:, None]
        scale = self.widening * (0.5 * self.posterior.logvar.double()).exp()
        if self.free is None:
            return mean, scale[:, None]
        free = self.free.double().T @ self.free.double()  # (Z, Z) onto the free directions
        kept = torch.eye(len(free), dtype=torch.double) - free
        root = kept * scale[:, None]
        return mean @ kept, torch.linalg.cholesky(root @ root.mT + free)

    def _log_density(self, z: Tensor, mean: Tensor, factor: Tensor) -> Tensor:
        """(N, K) nats at z (N, K, Z), of means and a root as `_gaussian` gives them."""
        away = z.double() - mean
        if self.free is None:
            away, scales = away / factor, factor.squeeze(1)
        else:
            away = torch.linalg.solve_triangular(factor, away.mT, upper=False).mT
            scales = factor.diagonal(dim1=-2, dim2=-1)
        own = log_prior(away) - scales.log().sum(-1, keepdim=True)
        if not self.defence:
            return own
        other = math.log(self.defence) + log_prior(z.double())
        return torch.logaddexp(math.log1p(-self.defence) + own, other)


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
    model: TrainableVAE, encoded: Encoded, z: Tensor, tokens_per_batch: int = 8_192
) -> list[Tensor]:
    """log p of every token in nats, given latents (N, Z): N tensors of (T,)."""
    out: list[Tensor] = [torch.zeros(0)] * len(encoded)
    for rows, tokens in ordered_batches(encoded, tokens_per_batch):
        outputs = model.outputs(decoder_inputs(tokens), z[rows])
        for row, values in zip(rows, word_log_likelihood(model, outputs, tokens), strict=True):
            out[row] = values
    return out


def log_likelihoods(model: TrainableVAE, encoded: Encoded, z: Tensor) -> Tensor:
    """(N,) nats: log p(x|z) of every sentence, given latents (N, Z)."""
    scores = token_scores(model, encoded, z)
    return torch.stack([s.sum() for s in scores]) if scores else torch.zeros(0)


def importance_weights(
    model: Explorable,
    sentences: Sequence[str],
    posterior: Posterior | Proposal,
    samples: int,
    generator: torch.Generator,
    progress: Progress = silent,
) -> Tensor:
    """(N, K) nats: log p(x, z_k) / q(z_k|x), K `samples` of each posterior (Burda et al., 2016).

    Each sentence was read once, for its posterior (N, Z), or a proposal in its place. With no
    latent dimension it is log p(x) itself, (N, 1): K plays no part.

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


@torch.inference_mode()
def log_importance_weights(
    model: TrainableVAE,
    encoded: Encoded,
    posterior: Posterior | Proposal,
    samples: int,
    generator: torch.Generator,
    tokens_per_batch: int = 4_096,
    progress: Progress = silent,
) -> Tensor:
    """(N, K) nats: log p(x, z_k) / q(z_k|x), K `samples` of each posterior (Burda et al., 2016).

    As `importance_weights`, for a model of ours: sentences of one length
    stand together, and the decoder reads many draws at a time.

    Args:
        posterior: (N, Z), of the same sentences: the encoder has read each once; or a proposal.

    Raises:
        UserError: K is below 1.
    """
    k = draws_of(model.config.latent_dim, samples)
    out = torch.zeros(len(encoded), k, dtype=torch.double)
    done = 0
    for rows, tokens in ordered_batches(encoded, max(tokens_per_batch // k, 1)):
        z, log_ratio = weighted_draws(posterior.rows(torch.as_tensor(rows)), k, generator)
        repeated = tokens.repeat_interleave(k, 0)  # (b * K, T)
        outputs = model.outputs(decoder_inputs(repeated), z.flatten(0, 1))
        log_p = word_log_likelihood(model, outputs, repeated).sum(-1).view(len(rows), k)
        out[rows] = log_p.double() + log_ratio
        done += len(rows)
        progress(done, len(encoded), message("Importance-weighted likelihood, K = {k}", k=k))
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
    posterior: Posterior | Proposal, samples: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """(N, K, Z) draws from N posteriors or proposals, and (N, K) nats: log p(z) - log q(z|x)."""
    if isinstance(posterior, Proposal):
        z, log_density = posterior.draws(samples, generator)
        return z, log_prior(z.double()) - log_density
    mean, logvar = posterior.mean[:, None], posterior.logvar[:, None]  # (N, 1, Z)
    noise = torch.randn(len(posterior), samples, mean.shape[-1], generator=generator)
    z = mean + (0.5 * logvar).exp() * noise
    return z, log_prior(z).double() - log_normal(z, mean, logvar).double()


def totals(scores: Sequence[Tensor]) -> Tensor:
    """(N,) nats: the sum of each of N tensors (T,) of log-likelihoods, in double precision."""
    if not len(scores):
        return torch.zeros(0).double()
    # A sum for each of a hundred thousand short tensors would cost more than some decoders do.
    ends = torch.tensor([len(s) for s in scores]).cumsum(0)
    running = torch.cat([torch.zeros(1).double(), torch.cat(list(scores)).double().cumsum(0)])
    return running[ends].diff(prepend=running[:1])


def log_normal(z: Tensor, mean: Tensor, logvar: Tensor) -> Tensor:
    """(...,) nats: log density of a diagonal Gaussian, summed over the last axis."""
    return -0.5 * (_LOG_2PI + logvar + (z - mean).square() / logvar.exp()).sum(-1)


def log_prior(z: Tensor) -> Tensor:
    """(...,) nats: log N(z; 0, I)."""
    return -0.5 * (_LOG_2PI + z.square()).sum(-1)
