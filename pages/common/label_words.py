"""Labels and their values on a page: in the reader's language, where their meaning is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from vae.corpora.label_names import label_name, value_name
from vae.explorer import Explorer
from vae.latent.naming import DimensionName


def names(explorer: Explorer) -> Callable[[str], str]:
    """What the labels of a run's corpus are called."""
    source = _source(explorer)
    return lambda name: label_name(name, source)


def values(explorer: Explorer) -> Callable[[str, str], str]:
    """What the values of its labels are called: of (label, value)."""
    source = _source(explorer)
    return lambda label, value: value_name(label, value, source)


def of_dimension(name: DimensionName, explorer: Explorer) -> DimensionName:
    """What a dimension tells of, in words."""
    valued = values(explorer)
    return replace(
        name,
        column=names(explorer)(name.column),
        low=valued(name.column, name.low),
        high=valued(name.column, name.high),
    )


def _source(explorer: Explorer) -> Mapping[str, Any]:
    found: Mapping[str, Any] = explorer.facts().get("corpus", {}).get("source") or {}
    return found
