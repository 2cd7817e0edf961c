"""Turning the latent space in mid-training, so that each axis is an independent component.

The prior N(0, I) and the decoder's likelihood know no axes: turn z and every weight that reads it,
and the model says what it said before. Only the posterior, whose dimensions are independent, has
axes, and which ones training leaves it with is chance where free bits hold all of them up.
"""

from __future__ import annotations

import warnings

import numpy as np
import torch
from torch import Tensor

from vae.batching import Batches
from vae.config import TrainConfig
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD, unit_variances
from vae.models import Posterior, TrainableVAE

_SENTENCES = 10_000
_ITERATIONS = 400
# Beside the widest direction, one that is so narrow is rounding of single precision.
_FLAT = 1e-5


def turning_step(total: int, config: TrainConfig) -> int | None:
    """The update before which the axes are turned; None where they are left as they are."""
    return round(config.turn_axes * total) if config.turn_axes else None


def found_axes(model: TrainableVAE, batches: Batches, seed: int) -> tuple[Tensor, Tensor]:
    """(axes (Z, Z), log variances (Z,) along them) for `TrainableVAE.turn`."""
    posterior = sample_posteriors(model, batches, seed)
    axes = independent_axes(posterior.mean, seed)
    return axes, turned_logvar(posterior, axes)


@torch.no_grad()
def sample_posteriors(model: TrainableVAE, batches: Batches, seed: int) -> Posterior:
    """Posteriors of 10,000 training sentences or a few more, some of them twice; (N, Z).

    They are drawn with numbers of their own, so that training goes on as it would have.
    """
    generator = torch.Generator().manual_seed(seed)
    found: list[Posterior] = []
    while sum(map(len, found)) < _SENTENCES:
        found.append(model.encode(batches.draw(generator)))
    return Posterior(torch.cat([q.mean for q in found]), torch.cat([q.logvar for q in found]))


def independent_axes(mean: Tensor, seed: int) -> Tensor:
    """(Z, Z) orthogonal: row d is the axis, in the old ones, that becomes dimension d.

    The orthogonal matrix that is nearest to the unmixing matrix of FastICA (Hyvärinen and Oja,
    2000) of posterior means (N, Z). Dimensions that are not active keep their axes; all do where
    the means fill fewer dimensions than are active, as those of a handful of sentences. Each axis
    points to where the means have their longer tail.
    """
    from sklearn.decomposition import FastICA

    z = mean.shape[1]
    axes = torch.eye(z, dtype=torch.double)
    active = (unit_variances(mean) > ACTIVE_UNIT_THRESHOLD).nonzero()[:, 0]
    if len(active) < 2:
        return axes.float()
    seen = mean[:, active].double().numpy()
    centred = seen - seen.mean(0)
    if np.linalg.matrix_rank(centred, tol=_FLAT * np.linalg.norm(centred, 2)) < len(active):
        return axes.float()
    with warnings.catch_warnings():
        # Where two components are alike no turn of them is the best; any of them will do.
        warnings.simplefilter("ignore")
        ica = FastICA(
            len(active), whiten="unit-variance", max_iter=_ITERATIONS, random_state=seed % 2**32
        ).fit(seen)
    unmixing = ica.components_ / np.linalg.norm(ica.components_, axis=1, keepdims=True)
    left, _, right = np.linalg.svd(unmixing)
    turn = left @ right
    tails = ((centred @ turn.T) ** 3).sum(0)
    turn *= np.where(tails < 0, -1.0, 1.0)[:, None]
    axes[active[:, None], active] = torch.from_numpy(turn)
    return axes.float()


def turned_logvar(posterior: Posterior, axes: Tensor) -> Tensor:
    """(Z,) log of the mean variance of N posteriors along new axes (Z, Z)."""
    return (axes.square() @ posterior.logvar.exp().mean(0)).log()
