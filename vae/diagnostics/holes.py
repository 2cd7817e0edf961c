"""Does the aggregated posterior fill the prior? Its densities, and the holes a prior draw falls in.

A hole is a place that the prior thinks likely and no sentence is near: what the decoder says there
it was never taught (Rezende and Viola, 2018; Dai and Wipf, 2019).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import torch

from vae.diagnostics.bootstrap import Floats, Interval, bootstrap, share_interval
from vae.diagnostics.information import mixture_parts
from vae.errors import UserError
from vae.i18n import Message, message
from vae.inference import log_normal
from vae.models.base import Posterior
from vae.progress import Progress, silent

QUANTILE = 0.01
"""Below this quantile of log q at its own draws a place counts as a hole."""
THIN = 0.1
"""Where q is less than this share of the prior's density, the densities show a hole."""


@dataclass(frozen=True)
class Holes:
    """How often a draw of the prior falls where hardly any sentence would.

    Attributes:
        share: of prior draws where q is thinner than at the lowest `quantile` of its own draws. If
            q were the prior it would be `quantile`.
        quantile: of log q at draws of each posterior, under the posteriors of all others.
        threshold: log q there, nats.
        median_own, median_prior: of log q at its own draws and at the prior's, nats; None, as the
            threshold, where they were not kept.
    """

    share: Interval
    quantile: float
    threshold: float | None = None
    median_own: float | None = None
    median_prior: float | None = None


def prior_holes(
    posterior: Posterior,
    generator: torch.Generator,
    rng: np.random.Generator,
    quantile: float = QUANTILE,
    progress: Progress = silent,
) -> Holes:
    """The share of prior draws that fall into holes of q(z), from N posteriors (N, Z).

    q(z) is the mixture of N - 1 posteriors at every draw: of all others at a sentence's own, since
    its own posterior would make that place look filled. The interval draws both kinds of draws
    again, q held, and is never narrower than that of the share alone (Wilson, 1927): where all
    draws fall into holes, or none does, drawing again knows no doubt.

    Raises:
        UserError: there are fewer than two sentences, or no dimension.
    """
    n, latent = posterior.mean.shape
    if n < 2 or not latent:
        raise UserError("Holes can be looked for between two sentences or more, in one dimension.")
    own = _density(
        posterior.sample(generator), posterior, message("Looking for holes, own draws"), progress
    )
    prior = _density(
        torch.randn(n, latent, generator=generator),
        posterior,
        message("Looking for holes, draws of the prior"),
        progress,
    )

    def share(rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> float:
        return float((prior[rows] < np.quantile(own[rows], quantile)).mean())

    again, alone = bootstrap(share, n, rng), share_interval(round(share(np.arange(n)) * n), n)
    return Holes(
        share=replace(again, low=min(again.low, alone.low), high=max(again.high, alone.high)),
        quantile=quantile,
        threshold=float(np.quantile(own, quantile)),
        median_own=float(np.median(own)),
        median_prior=float(np.median(prior)),
    )


def _density(z: torch.Tensor, posterior: Posterior, what: Message, progress: Progress) -> Floats:
    """(N,) log of the mixture of all posteriors but the i-th, at the i-th of N points (N, Z)."""
    n, found = len(posterior), []
    done = 0
    for log_q in mixture_parts(z, posterior):  # (m, N)
        log_q[torch.arange(len(log_q)), torch.arange(done, done + len(log_q))] = float("-inf")
        found.append(log_q.logsumexp(1) - np.log(n - 1))
        done += len(log_q)
        progress(done, n, what)
    return np.asarray(torch.cat(found).numpy())


def dimension_density(posterior: Posterior, dimension: int, grid: Floats) -> Floats:
    """(G,) density of q(z_d), the mixture of N posteriors, along a grid (G,)."""
    return np.asarray(_columns(posterior, dimension, grid).mean(0), dtype=np.float64)


def pair_density(posterior: Posterior, first: int, second: int, grid: Floats) -> Floats:
    """(G, G) density of q(z_a, z_b): rows run over the second dimension, columns over the first."""
    across, up = (_columns(posterior, d, grid) for d in (first, second))
    return np.asarray(up.T @ across / len(posterior), dtype=np.float64)


def _columns(posterior: Posterior, dimension: int, grid: Floats) -> Floats:
    """(N, G) density of each posterior along one dimension."""
    if not len(posterior):
        raise UserError("There is no sentence whose posterior could be drawn.")
    mean, logvar = (
        t[:, dimension].double()[:, None, None] for t in (posterior.mean, posterior.logvar)
    )
    points = torch.as_tensor(grid, dtype=torch.double)[None, :, None]
    return np.asarray(log_normal(points, mean, logvar).exp().numpy())


def normal_density(z: Floats) -> Floats:
    """The prior's density N(z; 0, 1) of one dimension."""
    return np.asarray(np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi))


def hole_mass(density: Floats, prior: Floats, thin: float = THIN) -> float:
    """Share of the prior's mass on a grid where q has less than `thin` of its density."""
    return float(prior[density < thin * prior].sum()) / float(prior.sum())
