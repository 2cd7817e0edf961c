"""Directions that a person asked for, with what is known of them, made once for all sessions."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.common import links, resources
from vae import corpora
from vae.diagnostics.label_reader import GRAMMAR, PROBES, grammar_reader
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent.directions import Direction, Told
from vae.latent.picked import Picked, picked
from vae.latent.steering import Counted, Curve, Steered, steer
from vae.studies.by_hand import Tried, tried
from vae.studies.directions_read import RANDOM, DirectionsStudy

_STOPS = 16
GRID = tuple(i * links.MOST_STRENGTH / _STOPS for i in range(-_STOPS, _STOPS + 1))
"""Strengths that the slider can stand at."""


@dataclass(frozen=True)
class Chosen:
    """A direction that a person asked for.

    Attributes:
        label: whose value changes; None for sets picked by hand.
        names: of its source and target, for a person.
        told: how well it tells the two apart on held-out sentences; None where not measured.
        told_by: what these sentences are.
        reads: "grammar" where the value in a sentence can be parsed.
    """

    direction: Direction
    label: str | None
    names: tuple[str, str]
    told: Told | None
    told_by: str
    reads: str


@dataclass(frozen=True)
class Effects:
    """What moving many sentences does.

    Attributes:
        curves: by kind of direction.
        moved: which sentences.
        read_by: who read them: "grammar" or "probes".
        rightly: how often the probe of the label is right on held-out sentences; None where the
            grammar reads, which errs never, or no label is asked for.
    """

    curves: dict[str, Curve]
    moved: str
    read_by: str
    rightly: float | None = None


def steered(explorer: Explorer, direction: Direction, sentence: str) -> tuple[Steered, ...]:
    """A sentence at every strength of `GRID`.

    Raises:
        UserError: as `vae.latent.steering.steer`.
    """
    version = resources.version(explorer.run)
    step = tuple(direction.step.tolist())
    return _steered(str(explorer.run.path), version, step, direction, sentence, explorer)


@st.cache_resource(max_entries=128, show_spinner=False)
def _steered(
    path: str,
    version: str,
    step: tuple[float, ...],
    _direction: Direction,
    sentence: str,
    _explorer: Explorer,
) -> tuple[Steered, ...]:
    return tuple(steer(_explorer, _direction, sentence, GRID))


def from_sets(
    explorer: Explorer, a: tuple[str, ...], b: tuple[str, ...], how: str, seed: int
) -> Chosen:
    """The direction from set A to set B.

    Raises:
        UserError: as `vae.latent.picked.picked`.
    """
    version = resources.version(explorer.run)
    one = _picked(str(explorer.run.path), version, a, b, seed, explorer)[how]
    return Chosen(
        direction=one.direction,
        label=None,
        names=("set A", "set B"),
        told=one.told,
        told_by=f"{len(a) + len(b):,} sentences of both sets, which count alike, each placed by a "
        f"direction made without it ({one.folds} folds)",
        reads=PROBES,
    )


@st.cache_resource(max_entries=32, show_spinner="Finding the direction")
def _picked(
    path: str,
    version: str,
    a: tuple[str, ...],
    b: tuple[str, ...],
    seed: int,
    _explorer: Explorer,
) -> dict[str, Picked]:
    return picked(_explorer, a, b, seed)


def tried_by_hand(
    explorer: Explorer, chosen: Chosen, given: tuple[str, ...], seed: int
) -> Effects | None:
    """What a direction between two sets does to other sentences of the map; None without one.

    Raises:
        UserError: as `vae.studies.by_hand.tried`.
    """
    step = tuple(chosen.direction.step.tolist())
    version = resources.version(explorer.run)
    found = _tried(str(explorer.run.path), version, step, given, seed, chosen.direction, explorer)
    if found is None:
        return None
    return Effects(
        dict(found.curves), f"{found.n:,} other sentences on the side of set A", found.read_by
    )


@st.cache_resource(max_entries=32, show_spinner="Moving other sentences along it")
def _tried(
    path: str,
    version: str,
    step: tuple[float, ...],
    given: tuple[str, ...],
    seed: int,
    _direction: Direction,
    _explorer: Explorer,
) -> Tried | None:
    return tried(_explorer, _direction, given, seed)


def from_study(study: DirectionsStudy, label: str, source: str, target: str, how: str) -> Chosen:
    """A direction of the study "directions", with what was measured of it.

    Raises:
        UserError: there is no such label or value, or no way from the one to the other.
    """
    found = study.of(label)
    if found is None:
        raise UserError(f"The study has no directions of '{label}'. Choose another label.")
    return Chosen(
        direction=found.direction(target, source, how),
        label=label,
        names=(source, target),
        told=found.how_told(target, source, how),
        told_by=f"of {study.n_held_out:,} held-out sentences as many of the one as of the other",
        reads=study.read_by,
    )


def measured(study: DirectionsStudy, label: str, how: str) -> Effects | None:
    """What the study found that moving along directions of a label does; None where not known."""
    found = study.of(label)
    curves = {k: c for k in (how, RANDOM) if found and (c := found.curve(k))}
    if not curves:
        return None
    n = next(iter(curves.values())).flips.n
    said = f"{n:,} held-out sentences, each from its own value to another drawn at random"
    rightly = next((probe.accuracy for probe in study.probes if probe.label == label), None)
    return Effects(curves, said, study.read_by, rightly)


def reads_as(explorer: Explorer, chosen: Chosen, steps: tuple[Steered, ...]) -> list[str]:
    """What each sentence is read as: the label's value by the grammar, else the side it is on."""
    known = corpora.origin(explorer.facts()["corpus"]["source"])
    if chosen.label and chosen.reads == GRAMMAR and known and known.grammar:
        found = grammar_reader(known.grammar).read([step.sentence for step in steps])
        return [values[chosen.label] if values else "" for values in found]
    return [chosen.names[step.beyond] if step.place is not None else "" for step in steps]


def curve_table(effects: Effects) -> pd.DataFrame:
    """One row for each kind of direction, strength and figure, as drawn and downloaded."""
    rows = []
    for kind, curve in effects.curves.items():
        every = [curve.flips, *([curve.all_stay, curve.both] if curve.stays else [])]
        for what, counted in zip(("flips", "all else stays", "both"), every, strict=False):
            rows += _counted(kind, what, "", counted, curve)
        for counted in curve.stays:
            rows += _counted(kind, "stays", counted.name, counted, curve)
        for counted in curve.by_target:
            rows += _counted(kind, "flips to", counted.name, counted, curve)
    return pd.DataFrame(rows)


def _counted(
    kind: str, what: str, label: str, counted: Counted, curve: Curve
) -> list[dict[str, object]]:
    rows = []
    for at, strength in enumerate(curve.strengths):
        share = counted.share(at)
        rows.append(
            {
                "direction": kind,
                "strength": strength,
                "figure": what,
                "label": label,
                "share": round(share.value, 4),
                "low (95%)": round(share.low, 4),
                "high (95%)": round(share.high, 4),
                "sentences": share.n,
            }
        )
    return rows
