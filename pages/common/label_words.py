"""Labels and their values on a page: in the reader's language, where their meaning is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vae.corpora.label_names import label_name, value_name
from vae.explorer import Explorer


def names(explorer: Explorer) -> Callable[[str], str]:
    """What the labels of a run's corpus are called."""
    source = _source(explorer)
    return lambda name: label_name(name, source)


def values(explorer: Explorer) -> Callable[[str, str], str]:
    """What the values of its labels are called: of (label, value)."""
    source = _source(explorer)
    return lambda label, value: value_name(label, value, source)


def _source(explorer: Explorer) -> Mapping[str, Any]:
    found: Mapping[str, Any] = explorer.facts().get("corpus", {}).get("source") or {}
    return found
