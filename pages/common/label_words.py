"""Labels and their values on a page: in the reader's language, where their meaning is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from vae.corpora.label_names import label_name, value_name
from vae.explorer import Explorer
from vae.latent.naming import DimensionName
from vae.studies.dimensions import Changed, DimensionStudy, Told
from vae.studies.labelled import LeftOut, Probe

_Labelled = TypeVar("_Labelled", Told, LeftOut, Changed, Probe)


def names(explorer: Explorer) -> Callable[[str], str]:
    """What the labels of a run's corpus are called."""
    source = _source(explorer)
    return lambda name: label_name(name, source)


def values(explorer: Explorer) -> Callable[[str, str], str]:
    """What the values of its labels are called: of (label, value)."""
    source = _source(explorer)
    return lambda label, value: value_name(label, value, source)


def of_study(study: DimensionStudy, explorer: Explorer) -> DimensionStudy:
    """A study of the dimensions whose labels have the names that a reader knows."""
    named, valued = names(explorer), values(explorer)

    def told(columns: Iterable[_Labelled]) -> tuple[_Labelled, ...]:
        return tuple(replace(column, label=named(column.label)) for column in columns)

    def proposed(name: DimensionName) -> DimensionName:
        ends = {end: valued(name.column, getattr(name, end)) for end in ("low", "high")}
        return replace(name, column=named(name.column), **ends)

    moved = study.moved
    return replace(
        study,
        told=told(study.told),
        left_out=told(study.left_out),
        proposed=tuple(name and proposed(name) for name in study.proposed),
        moved=replace(moved, labels=told(moved.labels), accuracy=told(moved.accuracy)),
    )


def _source(explorer: Explorer) -> Mapping[str, Any]:
    found: Mapping[str, Any] = explorer.facts().get("corpus", {}).get("source") or {}
    return found
