"""The study "directions" as it is read: from this machine or somebody else's, checked whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from vae.diagnostics.bootstrap import Interval
from vae.latent.directions import Direction, Told, ValueSpace
from vae.latent.steering import Curve
from vae.studies.labelled import LeftOut, Probe
from vae.studies.shapes import damaged, read_as

RANDOM = "random"
MOST_LABELS = 30

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class ToldApart:
    """How well a direction, from one value or from all others, tells its values apart."""

    source: str
    target: str
    how: Literal["difference", "classifier"]
    told: Told


@dataclass(frozen=True)
class Steering:
    """What moving held-out sentences along one kind of direction does; random is the control."""

    how: Literal["difference", "classifier", "random"]
    curve: Curve


@dataclass(frozen=True)
class LabelDirections:
    """What the study found of one label.

    Attributes:
        label: its name.
        values: its V values; `vae.studies.directions.OTHERS` stands for those too rare to have a
            place of their own.
        counts: (V,) training sentences of each.
        means, normals: (V, Z) as in `ValueSpace`.
        targets: the values that sentences were moved to.
        told: held-out accuracy of directions.
        steering: one for each kind; None where the model cannot decode.
    """

    label: str
    values: tuple[str, ...]
    counts: tuple[float, ...]
    means: Rows
    normals: Rows
    targets: tuple[str, ...]
    told: tuple[ToldApart, ...]
    steering: tuple[Steering, ...] | None

    @property
    def space(self) -> ValueSpace:
        """Where its values lie: `space.direction(target, source, how)` is a direction."""
        return ValueSpace(
            self.values, np.array(self.counts), np.array(self.means), np.array(self.normals)
        )

    def direction(self, target: str, source: str, how: str = "difference") -> Direction:
        """As `ValueSpace.direction`."""
        return self.space.direction(target, source, how)

    def how_told(self, target: str, source: str, how: str = "difference") -> Told | None:
        """How well a direction tells its values apart, whichever of both is the target."""
        for each in self.told:
            if each.how == how and {each.source, each.target} == {source, target}:
                return each.told
        return None

    def curve(self, how: str = "difference") -> Curve | None:
        """What moving along a kind of direction does, or along `RANDOM` ones; None: unknown."""
        return next((s.curve for s in self.steering or () if s.how == how), None)


@dataclass(frozen=True)
class Factor:
    """Analogies in which one factor changes: how often the decoder says exactly what it should."""

    factor: str
    exact_match: Interval


@dataclass(frozen=True)
class Analogies:
    """As `vae.studies.analogies.measure`."""

    n: int
    exact_match: Interval
    unchanged: Interval
    ceiling: Interval
    per_factor: tuple[Factor, ...]
    never_alone: tuple[str, ...]


@dataclass(frozen=True)
class DirectionsStudy:
    """What the study "directions" found; see `vae.studies.directions.measure`.

    Attributes:
        n_train: sentences that directions are made of.
        n_held_out: sentences that say how well they tell values apart.
        read_by: "grammar" or "probes".
        probes: of the labels that were read by probes, how often they are right, held out.
        labels: one for each label with directions.
        left_out: those without.
        analogies: on the corpus `factors`, whose grammar knows the answers; else None.
    """

    n_train: int
    n_held_out: int
    read_by: Literal["grammar", "probes"]
    probes: tuple[Probe, ...]
    labels: tuple[LabelDirections, ...]
    left_out: tuple[LeftOut, ...]
    analogies: Analogies | None

    def of(self, label: str) -> LabelDirections | None:
        """What was found of a label."""
        return next((each for each in self.labels if each.label == label), None)


def read(result: Mapping[str, Any]) -> DirectionsStudy:
    """What a stored result says.

    Raises:
        UserError: it is not of the shape that pages read.
    """
    found = read_as(DirectionsStudy, result, "directions")
    widths = {len(row) for each in found.labels for row in (*each.means, *each.normals)}
    fits = len(found.labels) <= MOST_LABELS and len(widths) <= 1 and 0 not in widths
    for each in found.labels:
        sizes = {len(each.counts), len(each.means), len(each.normals)}
        fits &= sizes == {len(each.values)} and set(each.targets) <= set(each.values)
        fits &= len(set(each.values)) == len(each.values) >= 2 and min(each.counts) > 0
    if not fits:
        raise damaged("directions")
    return found
