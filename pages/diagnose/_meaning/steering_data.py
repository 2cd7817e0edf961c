"""Directions that a person asked for, with what is known of them, made once for all sessions."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
import torch
from torch import Tensor

from pages.common import links, resources
from vae import corpora
from vae.diagnostics.label_reader import GRAMMAR, PROBES, grammar_reader
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import Message, _, message
from vae.latent.directions import Direction, Told
from vae.latent.set_direction import set_directions
from vae.latent.steering import SteeringStep, steer
from vae.studies.by_hand import tried
from vae.studies.directions_read import DirectionsStudy
from vae.studies.effects import Effects, of_sets

_STOPS = 16
GRID = tuple(i * links.MOST_STRENGTH / _STOPS for i in range(-_STOPS, _STOPS + 1))
"""Strengths that the slider can stand at."""


_set_directions = resources.shared(max_entries=32)(set_directions)
_tried = resources.shared(max_entries=32)(tried)


@dataclass(frozen=True)
class Chosen:
    """A direction that a person asked for.

    Attributes:
        label: whose value changes; None for sets picked by hand.
        source, target: the values it leads from and to.
        told: how well it tells the two apart on held-out sentences; None where not measured.
        told_by: what these sentences are.
        reads: "grammar" where the value in a sentence can be parsed.
    """

    direction: Direction
    label: str | None
    source: str
    target: str
    told: Told | None
    told_by: Message
    reads: str


@resources.shared(max_entries=128)
def steps_along(
    explorer: Explorer, direction: Direction, sentence: str
) -> tuple[SteeringStep, ...]:
    """A sentence at every strength of `GRID`.

    Raises:
        UserError: as `vae.latent.steering.steer`.
    """
    return tuple(steer(explorer, direction, sentence, GRID))


@resources.shared(max_entries=128)
def step_at(
    explorer: Explorer, direction: Direction, sentence: str, strength: float
) -> SteeringStep:
    """A sentence at one strength, on the grid or not."""
    return steer(explorer, direction, sentence, [strength])[0]


def ends(explorer: Explorer, direction: Direction, sentence: str) -> tuple[Tensor, Tensor]:
    """(Z,) each: the sentence at the first and at the last strength of `GRID`."""
    mean, step = explorer.encode([sentence]).mean[0], torch.from_numpy(direction.step).float()
    return mean + GRID[0] * step, mean + GRID[-1] * step


def from_sets(
    explorer: Explorer, a: tuple[str, ...], b: tuple[str, ...], how: str, seed: int
) -> Chosen:
    """The direction from set A to set B.

    Raises:
        UserError: as `vae.latent.set_direction.set_directions`.
    """
    with st.spinner(_("Finding the direction")):
        one = _set_directions(explorer, a, b, seed)[how]
    return Chosen(
        direction=one.direction,
        label=None,
        source=_("set A"),
        target=_("set B"),
        told=one.told,
        told_by=message(
            "{n:,} sentences of both sets, which count alike, each placed by a direction made "
            "without it ({folds} folds)",
            n=len(a) + len(b),
            folds=one.folds,
        ),
        reads=PROBES,
    )


def tried_by_hand(
    explorer: Explorer, chosen: Chosen, given: tuple[str, ...], seed: int
) -> Effects | None:
    """What a direction between two sets does to other sentences of the map; None without one.

    Raises:
        UserError: as `vae.studies.by_hand.tried`.
    """
    with st.spinner(_("Moving other sentences along it")):
        found = _tried(explorer, chosen.direction, given, seed)
    return of_sets(found, chosen.direction.how) if found else None


def from_study(study: DirectionsStudy, label: str, source: str, target: str, how: str) -> Chosen:
    """A direction of the study "directions", with what was measured of it.

    Raises:
        UserError: there is no such label or value, or no way from the one to the other.
    """
    found = study.of(label)
    if found is None:
        raise UserError(
            "The study has no directions of '{label}'. Choose another label.", label=label
        )
    return Chosen(
        direction=found.direction(target, source, how),
        label=label,
        source=source,
        target=target,
        told=found.how_told(target, source, how),
        told_by=message(
            "of {n:,} held-out sentences as many of the one as of the other", n=study.n_held_out
        ),
        reads=study.read_by,
    )


def reads_as(explorer: Explorer, chosen: Chosen, steps: tuple[SteeringStep, ...]) -> list[str]:
    """What each sentence is read as: the label's value by the grammar, else the side it is on."""
    known = corpora.origin(explorer.facts()["corpus"]["source"])
    if chosen.label and chosen.reads == GRAMMAR and known and known.grammar:
        found = grammar_reader(known.grammar).read([step.sentence for step in steps])
        return [values[chosen.label] if values else "" for values in found]
    sides = chosen.source, chosen.target
    return [sides[step.beyond] if step.place is not None else "" for step in steps]
