"""Kinds of JSON values: what a file from elsewhere may hold."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from vae.corpora.label_types import TYPES

_MOST_TEXT = 10_000
_MOST_EXAMPLES = 100
_DEEPEST = 10


def is_number(value: Any) -> bool:
    """Whether a value of JSON is a number that a float can hold."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18


def is_text(value: Any) -> bool:
    """A text that is not too long."""
    return isinstance(value, str) and len(value) <= _MOST_TEXT


def is_count(value: Any) -> bool:
    """A whole number from 0 that 64 bits hold."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def are_texts(value: Any) -> bool:
    """A list of texts, not too many."""
    return isinstance(value, list) and len(value) <= _MOST_EXAMPLES and all(map(is_text, value))


def are_types(value: Any) -> bool:
    """Labels with their types."""
    return (
        isinstance(value, dict)
        and all(map(is_text, value))
        and all(kind in TYPES for kind in value.values())
    )


def are_numbers(value: Any) -> bool:
    """An object whose values are numbers."""
    values: Iterable[Any] = value.values() if isinstance(value, dict) else [None]
    return all(map(is_number, values))


def is_plain(value: Any, depth: int = 0) -> bool:
    """Texts, numbers, and lists and objects of them, not deep."""
    if isinstance(value, list | dict) and depth < _DEEPEST:
        inner = value.values() if isinstance(value, dict) else value
        return all(is_plain(v, depth + 1) for v in inner)
    return (
        value is None
        or isinstance(value, bool)
        or is_text(value)
        or (isinstance(value, float) and not math.isfinite(value))
        or is_number(value)
    )
