"""What lies at a place of a map: its latent, and how much of what is said there was learned.

`vae/browser/map/places.js` has the latent of a place too, so that a browser need not ask.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from vae.inference import log_prior
from vae.latent.planes import Plane
from vae.latent.projection import Projection, Rows, different_rows, nearest_others, nearest_rows
from vae.latent.returns import returns
from vae.models.explorable import Explorable

Floats = npt.NDArray[np.floating]

FEW = 5
"""Sentences between whose latents a place of UMAP lies."""

NEIGHBOURHOOD = 15
"""Neighbours whose distances are the unit of a sentence's own neighbourhood."""

_USUAL = 0.99
_SAMPLE = 1_000


def nearest_inverse(xy: Floats, picture: Floats, means: Floats) -> Floats:
    """(M, Z) latents for places (M, 2) of a picture (N, 2) of means (N, Z), by the nearest few.

    UMAP has no inverse of its own. This is approximate: the mean of the latents of the `FEW`
    sentences whose places are nearest, each by ((R - d) / (R d))^2 for its distance d and the
    distance R of the one after them (Shepard, 1968; Franke and Nielson, 1980). It is continuous,
    and exact at a sentence.
    """
    rows, distance = nearest_different(xy, picture, FEW + 1)
    beyond = distance[:, -1:] if rows.shape[1] > FEW else np.full((len(xy), 1), np.inf)
    distance = np.maximum(distance[:, :FEW], 1e-9)
    weight = np.maximum(1 / distance - 1 / np.maximum(beyond, 1e-9), 1e-9) ** 2
    weight = weight / weight.sum(1, keepdims=True)
    found: Floats = (weight[..., None] * means[rows[:, :FEW]]).sum(1)
    return found


def nearest_different(z: Floats, points: Floats, k: int) -> tuple[Rows, Floats]:
    """As `nearest_rows`, of copies one: the k different points (N, D) that are nearest to z (M, D),
    without a look at which of all N are copies."""
    asked = k
    while True:
        asked *= 4
        rows, distances = nearest_rows(z, points, asked)
        kept = [different_rows(points[near])[0] for near in rows]
        if asked >= len(points) or all(len(one) >= k for one in kept):
            break
    most = min((*map(len, kept), k))
    at = np.array([one[:most] for one in kept], dtype=np.intp).reshape(len(kept), most)
    return np.take_along_axis(rows, at, 1), np.take_along_axis(distances, at, 1)


def inverse_error(xy: Floats, projection: Projection, means: Floats) -> Floats:
    """(M,) how far from places (M, 2) of UMAP the latents of `nearest_inverse` are placed, in units
    of the picture; 0 where the inverse is exact."""
    latents = nearest_inverse(xy, projection.umap, means)
    again = projection.place(latents, means, "umap")
    return np.asarray(np.linalg.norm(again - xy, axis=1))


def neighbours_kept(xy: Floats, picture: Floats, z: Floats, means: Floats) -> tuple[int, int]:
    """(how many, of how many): of the 15 different sentences whose means (N, Z) are nearest to the
    latent z (Z,) of a place xy (2,), those that are among the 15 nearest to it in the picture
    (N, 2): the precision of a neighbourhood (Venna and Kaski, 2001), at a place."""
    near, _ = nearest_different(z[None], means, NEIGHBOURHOOD)
    seen, _ = nearest_different(xy[None], picture, NEIGHBOURHOOD)
    # Of copies either may have been found: they have one latent.
    in_space, in_picture = ({means[row].tobytes() for row in found[0]} for found in (near, seen))
    return len(in_space & in_picture), near.shape[1]


def between_sentences(picture: Floats, seed: int = 0, n: int = 300) -> Floats:
    """(n, 2) places halfway from a sentence of a picture (N, 2) to one of its nearest few."""
    different = picture[different_rows(picture)[0]]
    rng = np.random.default_rng(seed)
    rows = rng.integers(len(different), size=n)
    near, _ = nearest_rows(different[rows], different, FEW + 1)
    other = near[np.arange(n), rng.integers(near.shape[1], size=n)]
    middle: Floats = (different[rows] + different[other]) / 2
    return middle


def inverse_share(projection: Projection, means: Floats) -> float:
    """The median of `inverse_error` of places between sentences, as a share of the map's width."""
    errors = inverse_error(between_sentences(projection.umap), projection, means)
    return float(np.median(errors)) / max(float(np.ptp(projection.umap, axis=0)[0]), 1e-9)


@dataclass(frozen=True)
class Neighbourhoods:
    """How near a latent is to what was read, where sentences lie dense and where they lie apart.

    The distance to the nearest sentence, divided by that sentence's own mean distance to its 15
    nearest: a nearest-neighbour description of the data (Tax and Duin, 1998).

    Attributes:
        means: (N, Z) of the different sentences.
        usual: the ratio that 99 of 100 sentences keep to, each measured against all others.
    """

    means: Floats
    usual: float

    @classmethod
    def of(cls, means: Floats, seed: int = 0) -> Neighbourhoods:
        """Of latents (N, Z) that were read; `usual` from at most 1,000 of them, by the seed."""
        different = means[different_rows(means)[0]]
        rows = np.random.default_rng(seed).permutation(len(different))[:_SAMPLE]
        found = cls(different, float("nan"))
        if len(different) < 3:
            return found
        near, distance = nearest_others(different, rows)
        return cls(different, float(np.quantile(distance / found.units(near), _USUAL)))

    def units(self, rows: npt.NDArray[np.intp]) -> Floats:
        """(M,) mean distances of sentences to their 15 nearest others."""
        _, distance = nearest_rows(self.means[rows], self.means, NEIGHBOURHOOD + 1)
        return np.asarray(np.maximum(distance[:, 1:].mean(1), 1e-12))

    def ratios(self, z: Floats) -> Floats:
        """(M,) the distance of latents (M, Z) to the nearest sentence, in units of that sentence's
        own neighbourhood."""
        if len(self.means) < 2:
            return np.full(len(z), np.nan)
        rows, distance = nearest_rows(z, self.means, 1)
        found: Floats = distance[:, 0] / self.units(rows[:, 0])
        return found


@dataclass(frozen=True)
class Answer:
    """What a model says at a latent, and how far it can be trusted.

    Attributes:
        z: (Z,) the latent.
        sentence: the greedy decode.
        log_prior: log N(z; 0, I) in nats; None where the model has no prior.
        denser: share of the prior's draws that lie where its density is lower; None without one.
        ratio: as `Neighbourhoods.ratios`.
        extrapolates: whether that is more than 99 of 100 sentences keep to.
        again: what the sentence is decoded to when it is encoded again; None where the model ended
            at once, which leaves nothing to encode.
        moved: distance from z to where encoding puts the sentence; None with `again`.
    """

    z: Floats
    sentence: str
    log_prior: float | None
    denser: float | None
    ratio: float
    extrapolates: bool
    again: str | None
    moved: float | None


def answer(model: Explorable, z: Floats, known: Neighbourhoods, *, prior: bool) -> Answer:
    """What a model says at a latent (Z,).

    Args:
        prior: whether the model has the prior N(0, I).

    Raises:
        UserError: as `Explorable.decode` and `encode`.
    """
    from scipy.stats import chi2

    at = torch.tensor(z, dtype=torch.float32)[None]
    sentence = model.decode(at)[0]
    (back,) = returns(model, at, [sentence])
    silent = back.distance is None
    ratio = float(known.ratios(z[None])[0])
    return Answer(
        z=z,
        sentence=sentence,
        log_prior=float(log_prior(at)[0]) if prior else None,
        # |z|^2 of the prior's draws is chi-squared, and the density falls with it.
        denser=float(chi2.sf(float((z**2).sum()), len(z))) if prior else None,
        ratio=ratio,
        extrapolates=bool(ratio > known.usual),
        again=None if silent else back.again,
        moved=back.distance,
    )


def latents_at(xy: Floats, shown: Plane | Projection, means: Floats) -> Floats:
    """(M, Z) the latents of places (M, 2): of a plane exactly, of UMAP by the nearest few."""
    if isinstance(shown, Plane):
        return shown.latent(xy)
    return nearest_inverse(xy, shown.umap, means)
