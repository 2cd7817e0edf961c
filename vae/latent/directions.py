"""Which way is another value? Steps in latent space that turn one value of a label into another.

Two are made of the same sentences. The *difference* goes from the mean of the one value to the
mean of the other (Larsen et al., 2016). The *classifier*'s goes along the normal of a logistic
classifier, as far as the difference goes along it: of all steps that move the classifier from mean
to mean it is the shortest, in the metric of the prior N(0, I). Weighed by the covariance S within
the values instead, the shortest step of a linear discriminant is the difference d itself, since
S (S^-1 d) = d: there is no third one. What separates best is not what a decoder follows best (Marks
and Tegmark, 2024), so both are measured, beside random steps of the same length.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from vae.diagnostics.bootstrap import Interval, share_of
from vae.diagnostics.information import live_directions
from vae.errors import UserError
from vae.i18n import enumeration

Floats = npt.NDArray[np.float64]

HOWS = ("difference", "classifier")
REST = "the rest"
CONTROLS = 20
"""Random directions that the control averages over."""


@dataclass(frozen=True)
class Direction:
    """A step from one value to another.

    Attributes:
        source, target: the values; the source may be `REST`: every other value.
        how: "difference" of means, or "classifier".
        step: (Z,) what to add to a latent at strength 1.
        start: where the mean of the source lies along the step: step @ mean.
    """

    source: str
    target: str
    how: str
    step: Floats
    start: float

    @property
    def length(self) -> float:
        """Euclidean length of the step at strength 1."""
        return float(np.linalg.norm(self.step))

    def place(self, z: npt.ArrayLike) -> Floats:
        """(N,) where latents (N, Z) lie along it: 0 at the source's mean, 1 at the target's."""
        along: Floats = np.asarray(z, np.float64) @ self.step
        return (along - self.start) / self.length**2


@dataclass(frozen=True)
class Told:
    """How well the place along a direction tells its two values apart, on held-out sentences.

    Attributes:
        accuracy: share of sentences on the right side of the middle between both means.
        majority: accuracy of always naming the value that more of them have.
        control: mean accuracy of `CONTROLS` random directions, each with its own middle.
    """

    accuracy: Interval
    majority: float
    control: float


@dataclass(frozen=True)
class ValueSpace:
    """Where the V values of a label lie in latent space, and what separates them.

    Attributes:
        values: their names.
        counts: (V,) sentences of each.
        means: (V, Z) mean latent of each.
        normals: (V, Z) weights of a multinomial logistic regression; the normal between two values
            is the difference of theirs.
    """

    values: tuple[str, ...]
    counts: Floats
    means: Floats
    normals: Floats

    def direction(self, target: str, source: str = REST, how: str = "difference") -> Direction:
        """The step from a value, or from all the others together, to another value.

        Raises:
            UserError: there is no such value or kind, or no step, since both means are the same.
        """
        if how not in HOWS:
            raise UserError(
                "There is no direction '{how}'; choose one of {hows}.",
                how=how,
                hows=enumeration(HOWS, "or"),
            )
        to, mean, normal = self._index(target), *self._source(source, target)
        step = self.means[to] - mean
        if how == "classifier":
            normal = self.normals[to] - normal
            size = float(normal @ normal)
            step = normal * (normal @ step) / size if size else np.zeros_like(step)
        if not float(step @ step) > 0:
            raise UserError(
                "The latents of '{target}' and of '{source}' have the same mean: there is no "
                "direction from the one to the other.",
                target=target,
                source=source,
            )
        return Direction(source, target, how, step, float(mean @ step))

    def ends(self, direction: Direction) -> tuple[Floats, Floats]:
        """Means (Z,) of a direction's source and of its target."""
        mean, _ = self._source(direction.source, direction.target)
        return mean, self.means[self._index(direction.target)]

    def _source(self, source: str, target: str) -> tuple[Floats, Floats]:
        """Mean and weights (Z,) of a value, or of all values but the target."""
        if source != REST:
            at = self._index(source)
            return self.means[at], self.normals[at]
        others = np.arange(len(self.values)) != self._index(target)
        share = self.counts[others] / self.counts[others].sum()
        return share @ self.means[others], self.normals[others].mean(0)

    def _index(self, value: str) -> int:
        if value not in self.values:
            raise UserError(
                "There is no value '{value}'; choose one of {values}.",
                value=value,
                values=enumeration(self.values, "or"),
            )
        return self.values.index(value)


def value_space(z: npt.ArrayLike, labels: Sequence[str]) -> ValueSpace:
    """The space of a label's values, in alphabetical order, from latents (N, Z) and N labels.

    The logistic regression (Cox, 1958) has a unit ridge and weighs the values alike. It sees the
    latents as they are, not standardised: the prior gives them their scale.

    Raises:
        UserError: there are not two values, no dimension, or a latent is not finite.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    x, y = np.asarray(z, np.float64), np.asarray(labels, dtype=str)
    if x.ndim != 2 or not x.shape[1] or len(x) != len(y) or not np.isfinite(x).all():
        raise UserError("A direction needs finite latents (N, Z) and one label for each.")
    values, codes, counts = np.unique(y, return_inverse=True, return_counts=True)
    if len(values) < 2:
        raise UserError("A direction needs sentences of two values at least.")
    fit = LogisticRegression(C=1.0, max_iter=300, class_weight="balanced")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        normals = np.asarray(fit.fit(x, codes).coef_, np.float64)
    if len(values) == 2:
        normals = np.vstack([-normals / 2, normals / 2])
    means = np.stack([x[codes == k].mean(0) for k in range(len(values))])
    return ValueSpace(tuple(map(str, values)), counts.astype(np.float64), means, normals)


def hits(direction: Direction, z: npt.ArrayLike, is_target: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """(N,) whether each latent lies on the side of the middle that its value (N,) says."""
    found: npt.NDArray[np.bool_] = (direction.place(z) > 0.5) == np.asarray(is_target, bool)
    return found


def random_hits(
    space: ValueSpace,
    direction: Direction,
    z: npt.ArrayLike,
    is_target: npt.ArrayLike,
    rng: np.random.Generator,
) -> float:
    """Mean accuracy of random directions in place of one: the control of `hits`.

    Each is drawn where the means vary (`random_steps`), turned towards the target, and has its own
    middle between the means.
    """
    start, end = space.ends(direction)
    steps = random_steps(np.repeat(direction.step[None], CONTROLS, 0), z, rng)  # (CONTROLS, Z)
    steps *= np.where(steps @ (end - start) < 0, -1.0, 1.0)[:, None]
    beyond = np.asarray(z, np.float64) @ steps.T > steps @ (start + end) / 2  # (N, CONTROLS)
    return float((beyond == np.asarray(is_target, bool)[:, None]).mean())


def random_steps(steps: npt.ArrayLike, means: npt.ArrayLike, rng: np.random.Generator) -> Floats:
    """(N, Z) steps in random directions, each as long as the one of (N, Z) in its place.

    They are drawn uniformly where the posterior means (M, Z) vary (`live_directions`): in the dead
    directions no sentence lies anywhere else, and a step that goes there is no control of one that
    does not. Where the means vary nowhere, all directions are alike.
    """
    x = np.asarray(steps, np.float64)
    live = live_directions(torch.as_tensor(np.asarray(means, np.float64)))[0].numpy()  # (L, Z)
    drawn = rng.standard_normal((len(x), len(live) or x.shape[1]))
    drawn = drawn @ live if len(live) else drawn
    lengths = np.linalg.norm(x, axis=1, keepdims=True)
    random: Floats = drawn / np.linalg.norm(drawn, axis=1, keepdims=True) * lengths
    return random


def told_apart(
    space: ValueSpace,
    direction: Direction,
    z: npt.ArrayLike,
    labels: Sequence[str],
    rng: np.random.Generator,
) -> Told:
    """How well a direction tells held-out latents (N, Z) with N labels apart.

    As many sentences of the target as of the source are drawn, so that chance is one half.

    Raises:
        UserError: one of the two has no sentence among them.
    """
    y = np.asarray(labels, dtype=str)
    of_target = np.flatnonzero(y == direction.target)
    of_source = np.flatnonzero(
        y != direction.target if direction.source == REST else y == direction.source
    )
    n = min(len(of_target), len(of_source))
    if not n:
        raise UserError(
            "No held-out sentence has the value '{target}', or none '{source}': how well they are "
            "told apart cannot be measured.",
            target=direction.target,
            source=direction.source,
        )
    rows = np.concatenate([rng.choice(of, n, replace=False) for of in (of_target, of_source)])
    held_out, is_target = np.asarray(z, np.float64)[rows], np.arange(2 * n) < n
    control = random_hits(space, direction, held_out, is_target, rng)
    return Told(share_of(hits(direction, held_out, is_target)), 0.5, control)
