"""How much a model's latent space tells: mutual information, active units."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vae.diagnostics.bootstrap import standard_error
from vae.i18n import _
from vae.inference import log_normal
from vae.models.base import Posterior

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


def principal_axes(mean: Tensor) -> tuple[Tensor, Tensor]:
    """((Z, Z) axes, (Z,) variances) of the covariance of posterior means (N, Z), widest first.

    Row i is a direction of length 1, the mean varies by variance i along it, and turning the latent
    space turns the directions and leaves the variances as they are (Pearson, 1901; Hotelling,
    1933). In double precision.
    """
    z = mean.shape[1]
    if mean.numel() == 0 or len(mean) < 2:
        return torch.eye(z, dtype=torch.double), torch.zeros(z, dtype=torch.double)
    centred = mean.double() - mean.double().mean(0)
    variances, axes = torch.linalg.eigh(centred.T @ centred / (len(mean) - 1))
    return axes.T.flip(0), variances.clamp(min=0).flip(0)


def live_directions(mean: Tensor) -> tuple[Tensor, Tensor]:
    """((L, Z) axes, (L,) variances): the principal axes along which means (N, Z) vary by more.

    Along all others the posterior is nearly the same for every sentence: whatever rate it pays
    there, it tells nothing.
    """
    axes, variances = principal_axes(mean)
    live = variances > ACTIVE_UNIT_THRESHOLD
    return axes[live], variances[live]


def principal_units(mean: Tensor, threshold: float = ACTIVE_UNIT_THRESHOLD) -> int:
    """Principal axes along which the posterior mean varies by more than the threshold.

    Active units (Burda et al., 2016) counted where no turn of the latent space can spread a few
    directions over all axes, as it can under free bits: the number of dimensions the means fill.
    """
    return int((principal_axes(mean)[1] > threshold).sum())


def tailed_axes(mean: Tensor) -> tuple[Tensor, Tensor]:
    """As `principal_axes`, each axis pointing where the means have their longer tail.

    So it points there however the latent space is turned.
    """
    axes, variances = principal_axes(mean)
    along = (mean.double() - mean.double().mean(0)) @ axes.T
    return axes * torch.where((along**3).sum(0) < 0, -1.0, 1.0)[:, None], variances


def falling(figures: npt.ArrayLike) -> list[int]:
    """(Z,) the dimensions by a figure of each, the largest first."""
    return [int(d) for d in np.argsort(-np.asarray(figures), kind="stable")]


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


def lower_bound(figure: str, information: float, ceiling: float) -> str:
    """A mutual information as it is said: "at least 7.59" where it falls short.

    Args:
        figure: it, as it is written where it stands. The ceiling stands beside it.
    """
    return _("at least {figure}", figure=figure) if falls_short(information, ceiling) else figure


def bound_or_estimate(information: float | None, ceiling: float | None) -> str | None:
    """What a mutual information is, for a column beside one of bare numbers; None where there is
    none, or no ceiling of it."""
    if information is None or ceiling is None or math.isnan(information + ceiling):
        return None
    if falls_short(information, ceiling):
        return _("at least; ceiling {ceiling:.2f}", ceiling=ceiling)
    return _("estimate; ceiling {ceiling:.2f}", ceiling=ceiling)


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
    for _each in range(samples):
        z = posterior.sample(generator).double()
        # In double precision: a narrow posterior leaves few digits in single.
        total += log_normal(z, posterior.mean.double(), posterior.logvar.double())
        total -= log_aggregated_posterior(z, posterior)
    per_sentence = total / samples
    # Rounding may pass either bound by a hair.
    information = min(max(0.0, float(per_sentence.mean())), math.log(len(posterior)))
    return information, standard_error(per_sentence.numpy())
