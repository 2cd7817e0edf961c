"""Turning the latent space to independent components, and cutting its dead directions off.

The prior N(0, I) and the decoder's likelihood know no axes: turn z and every weight that reads it,
and the model says what it said before. Only the posterior, whose dimensions are independent, has
axes, and which ones training leaves it with is chance where free bits hold all of them up.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from vae.batching import Batches
from vae.config import TrainConfig
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD, principal_axes, principal_units
from vae.models import Posterior, TrainableVAE

_SENTENCES = 10_000
_ITERATIONS = 400


def turning_step(total: int, config: TrainConfig) -> int | None:
    """The update before which the axes are turned; None where they are left as they are."""
    return round(config.turn_axes * total) if config.turn_axes else None


@dataclass(frozen=True)
class Turn:
    """Other axes for a latent space, and what of it they leave out.

    Attributes:
        axes: (L, Z) orthonormal: row d is the axis, in the old ones, that becomes dimension d.
        rest: (Z,) where the means lie in the directions that are cut off; zero where none is.
        logvar: (L,) log variances of posteriors along the axes.
    """

    axes: Tensor
    rest: Tensor
    logvar: Tensor


def found_turn(model: TrainableVAE, batches: Batches, config: TrainConfig) -> Turn:
    """The turn that a training makes: see `turn_of`."""
    return turn_of(sample_posteriors(model, batches, config.seed), config.cut_below, config.seed)


def turn_of(posterior: Posterior, cut_below: float, seed: int) -> Turn:
    """Independent axes for N posteriors (N, Z), the dead directions cut off where that is asked.

    Args:
        cut_below: variance of the means; directions along which they vary less are left out. With 0
            none is, and a space in which nothing varies keeps all of them.
    """
    axes = independent_axes(posterior.mean, seed, cut_below or ACTIVE_UNIT_THRESHOLD)
    kept = principal_units(posterior.mean, cut_below) if cut_below else 0
    # One that is alone among the live has no turn, and none of the axes is it.
    axes = principal_axes(posterior.mean)[0].float() if kept == 1 else axes
    axes = axes[: kept or None]
    middle = posterior.mean.double().mean(0)
    over = axes.double()
    rest = middle - over.T @ (over @ middle) if len(axes) < axes.shape[1] else 0 * middle
    return Turn(axes, rest.float(), turned_logvar(posterior, axes))


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


def independent_axes(mean: Tensor, seed: int, threshold: float = ACTIVE_UNIT_THRESHOLD) -> Tensor:
    """(Z, Z) orthogonal: row d is the axis, in the old ones, that becomes dimension d.

    First the L live directions of posterior means (N, Z), those along which they vary by more than
    the threshold: turned among themselves by the orthogonal matrix that is nearest to the unmixing
    matrix of FastICA (Hyvärinen and Oja, 2000), each towards where the means have their longer
    tail. Then the dead ones, widest first. FastICA whitens what it is given, and in a direction of
    next to no variance it would find noise, and spread it over all. A space with fewer than two
    live directions keeps its axes.
    """
    from sklearn.decomposition import FastICA

    axes, variances = principal_axes(mean)
    live = int((variances > threshold).sum())
    if live < 2:
        return torch.eye(mean.shape[1])
    centred = (mean.double() - mean.double().mean(0)).numpy()
    kept = axes[:live].numpy()
    with warnings.catch_warnings():
        # Where two components are alike no turn of them is the best; any of them will do.
        warnings.simplefilter("ignore")
        ica = FastICA(
            live, whiten="unit-variance", max_iter=_ITERATIONS, random_state=seed % 2**32
        ).fit(centred)
    # It whitens the directions of most variance, which are the live ones. It is given the old axes,
    # since a principal axis may point either way by chance, and would begin elsewhere.
    unmixing = ica.components_ @ kept.T
    unmixing /= np.linalg.norm(unmixing, axis=1, keepdims=True)
    left, _, right = np.linalg.svd(unmixing)
    turn = left @ right
    tails = ((centred @ kept.T @ turn.T) ** 3).sum(0)
    turn *= np.where(tails < 0, -1.0, 1.0)[:, None]
    return torch.cat([torch.from_numpy(turn) @ axes[:live], axes[live:]]).float()


def turned_logvar(posterior: Posterior, axes: Tensor) -> Tensor:
    """(Z,) log of the mean variance of N posteriors along new axes (Z, Z)."""
    return (axes.square() @ posterior.logvar.exp().mean(0)).log()
