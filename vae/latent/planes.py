"""Planes through a latent space: every place of such a picture has one latent, exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vae.errors import UserError
from vae.latent.projection import Projection, different_rows, nearest_rows

Floats = npt.NDArray[np.floating]

_FLAT = 1e-6


@dataclass(frozen=True)
class Plane:
    """A plane z = origin + x axes[0] + y axes[1].

    Attributes:
        origin: (Z,) the latent of the place (0, 0), and with it all that the plane does not show.
        axes: (2, Z) orthonormal, so that a distance in the picture is one in the space. An axis
            of zeros shows nothing: the space has fewer directions.
    """

    origin: Floats
    axes: Floats

    def place(self, z: Floats) -> Floats:
        """(N, 2) the shadow of latents (N, Z), straight onto the plane."""
        placed: Floats = (z - self.origin) @ self.axes.T
        return placed

    def latent(self, xy: Floats) -> Floats:
        """(N, Z) the latents of places (N, 2)."""
        found: Floats = self.origin + xy @ self.axes
        return found

    def through(self, z: Floats) -> Plane:
        """The parallel plane on which a latent (Z,) lies: every shadow falls where it fell, and
        all that the picture does not show is as in z."""
        away = np.asarray(z, dtype=np.float64) - self.origin
        across = away - (away @ self.axes.T) @ self.axes
        return Plane(np.asarray(self.origin + across, dtype=np.float32), self.axes)

    def covariance(self, variance: Floats) -> Floats:
        """(N, 2, 2) of posteriors with variances (N, Z), independent by dimension, as the plane
        shows them."""
        seen: Floats = np.einsum("iz,nz,jz->nij", self.axes, variance, self.axes)
        return seen

    def share(self, z: Floats) -> float:
        """The share of the variance of latents (N, Z) that the picture shows, 0 to 1."""
        whole = float(z.var(0).sum())
        return float(self.place(z).var(0).sum()) / whole if whole > 0 else 0.0


def drawn_latent(mean: Floats, logvar: Floats | None, seed: int) -> Floats:
    """(Z,) a draw from the aggregated posterior of N sentences with means and log-variances (N, Z):
    a sentence at random, then from its posterior; its code where a model keeps a point."""
    rng = np.random.default_rng(seed)
    row = int(rng.integers(len(mean)))
    if logvar is None:
        return np.asarray(mean[row])
    noise = rng.standard_normal(mean.shape[1])
    return np.asarray(mean[row] + np.exp(0.5 * logvar[row]) * noise, dtype=np.float32)


def pca_plane(projection: Projection) -> Plane:
    """The two widest directions of a map, the rest at its mean."""
    return Plane(projection.pca_mean, projection.pca_components)


def dimension_plane(first: int, second: int, centre: Floats) -> Plane:
    """Two dimensions as the model numbers them; the rest at a centre (Z,).

    Raises:
        UserError: they are one, or the space has no such dimension.
    """
    size = len(centre)
    if first == second or not (0 <= first < size and 0 <= second < size):
        raise UserError(
            "A plane needs two different dimensions from 0 to {most}, not {first} and {second}.",
            most=size - 1,
            first=first,
            second=second,
        )
    axes = np.zeros((2, size), dtype=np.float32)
    axes[0, first] = axes[1, second] = 1.0
    origin = np.array(centre, dtype=np.float32)
    origin[[first, second]] = 0.0
    return Plane(origin, axes)


def plane_through(a: Floats, b: Floats, c: Floats) -> Plane:
    """The plane on which three latents (Z,) lie: a is (0, 0), b lies on the first axis.

    Raises:
        UserError: they lie on one line.
    """
    along, across = b - a, c - a
    length = float(np.linalg.norm(along))
    first = along / length if length > 0 else along
    across = across - (across @ first) * first
    height = float(np.linalg.norm(across))
    if not length or height <= _FLAT * max(float(np.linalg.norm(c - a)), length):
        raise UserError(
            "These three sentences lie on one line, so there is no plane through them. Choose "
            "another for one of them."
        )
    return Plane(np.asarray(a), np.stack([first, across / height]))


def plane_around(z: Floats, means: Floats, k: int) -> Plane:
    """The two directions in which the k different latents nearest to z (Z,) among means (N, Z)
    vary most; z is (0, 0)."""
    near, asked = means[:0], k
    while len(near) < k and asked < 2 * len(means):
        around = means[nearest_rows(z[None], means, asked)[0][0]]
        near, asked = around[different_rows(around)[0]][:k], 2 * asked
    _, _, directions = np.linalg.svd(near - near.mean(0), full_matrices=False)
    axes = np.zeros((2, len(z)), dtype=np.float32)
    axes[: min(2, len(directions))] = directions[:2]
    return Plane(np.asarray(z), axes)
