"""How a path lies to the prior and to the training sentences, and what leads back to its points."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vae.errors import UserError
from vae.latent.atlas import Atlas
from vae.latent.findings import PathPoint
from vae.latent.projection import different_rows, nearest_others, nearest_rows
from vae.latent.returns import Return, returns
from vae.models.explorable import Explorable, where_available

Floats = npt.NDArray[np.float64]

YARDSTICK_SENTENCES = 500


@dataclass(frozen=True)
class Surroundings:
    """How far a point (or each of M) is from the training sentences; Euclidean, no unit.

    Attributes:
        distance: (M,) to the nearest posterior mean of a training sentence.
        row: (M,) which of the sentences that is.
        usual: distance of a training sentence to the nearest other one, its median.
        norm: distance of a training sentence to the origin, its median: posterior means lie inside
            the prior's shell, since their doubt is not in them.
        n: how many training sentences.
    """

    distance: Floats
    row: npt.NDArray[np.intp]
    usual: float
    norm: float
    n: int


@dataclass(frozen=True)
class Waypoints:
    """How M points of a path lie to the prior, the training sentences, and their own way back.

    Attributes:
        t: M places along the path, 0 to 1.
        said: what the decoder says at each.
        latent_dim: Z.
        norm, quantile: (M,) as `shell`; `quantile`, `low` and `high` mean nothing where `shelled`
            is not set: the model keeps a point, and has no prior whose shell it could be.
        low, high: as `shell_bounds`.
        around: None where the run has no map.
        nearest: the training sentence nearest to each; none where `around` is None.
        back: None where the model does not read its own words.
    """

    t: tuple[float, ...]
    said: tuple[str, ...]
    latent_dim: int
    norm: Floats
    quantile: Floats
    low: float
    high: float
    around: Surroundings | None
    nearest: tuple[str, ...]
    back: tuple[Return, ...] | None
    shelled: bool = True


def waypoints(
    model: Explorable, path: Sequence[PathPoint], atlas: Callable[[], Atlas]
) -> Waypoints:
    """All that can be said of the points of a path.

    Args:
        atlas: gives the run's atlas, or raises a `UserError` where it has none.

    Raises:
        UserError: as `returns`.
    """
    z, said = torch.stack([point.z for point in path]), tuple(point.sentence for point in path)
    try:
        known = atlas()
        rows = np.flatnonzero(np.asarray(known.labels["split"]) == "train")
        around = surroundings(z, known.mean[rows], seed=0)
        nearest = tuple(known.sentences[rows[row]] for row in around.row)
    except UserError:
        around, nearest = None, ()
    return Waypoints(
        tuple(point.t for point in path),
        said,
        z.shape[1],
        *shell(z),
        *shell_bounds(z.shape[1]),
        around,
        nearest,
        where_available(lambda: returns(model, z, said)),
        shelled=path[0].log_prior is not None,
    )


def shell(z: Tensor) -> tuple[Floats, Floats]:
    """(norms (M,), quantiles (M,)) of latents (M, Z): how they lie to the prior's shell.

    The norm of a draw from N(0, I) follows the chi distribution with Z degrees of freedom; the
    quantile is the share of draws that are nearer to the origin. Near 0 or 1 the prior hardly ever
    goes there.

    Raises:
        UserError: the latents have no dimension.
    """
    from scipy.stats import chi

    norms = z.double().norm(dim=1).numpy()
    return norms, np.asarray(chi.cdf(norms, _dimensions(z.shape[1])), dtype=np.float64)


def shell_bounds(latent_dim: int) -> tuple[float, float]:
    """(low, high) norms between which nine of ten draws from N(0, I) of Z dimensions lie.

    The 5 and 95% points of the chi distribution with Z degrees of freedom.

    Raises:
        UserError: the space has no dimension.
    """
    from scipy.stats import chi

    low, high = chi.ppf([0.05, 0.95], _dimensions(latent_dim))
    return float(low), float(high)


def prior_log_density(latent_dim: int) -> tuple[float, float]:
    """(mean, standard deviation) of log N(z; 0, I) at a draw of z from N(0, I) itself, nats.

    The mean is minus the entropy of a normal of Z dimensions; the variance is Z / 2.
    """
    entropy = 0.5 * latent_dim * (1 + math.log(2 * math.pi))
    return -entropy, math.sqrt(latent_dim / 2)


def _dimensions(latent_dim: int) -> int:
    if latent_dim < 1:
        raise UserError("A latent space without dimensions has no shell.")
    return latent_dim


def surroundings(z: Tensor, means: npt.NDArray[np.floating], seed: int) -> Surroundings:
    """How far latents (M, Z) are from training sentences with posterior means (N, Z).

    Args:
        seed: draws the sentences, 500 at most, that the usual distance is measured on.

    Raises:
        UserError: there are fewer than two training sentences.
    """
    if len(means) < 2:
        raise UserError("There is no training sentence on this run's map to compare with.")
    rows, distance = nearest_rows(z.detach().float().numpy(), means, 1)
    # Copies of a sentence are no yardstick: they lie at no distance from each other.
    different = means[different_rows(means)[0]]
    different = different if len(different) > 1 else means
    chosen = np.random.default_rng(seed).permutation(len(different))[:YARDSTICK_SENTENCES]
    _, other = nearest_others(different, chosen)
    return Surroundings(
        distance=distance[:, 0].astype(np.float64),
        row=rows[:, 0],
        usual=float(np.median(other)),
        norm=float(np.median(np.linalg.norm(means, axis=1))),
        n=len(means),
    )
