"""A stored result as the dataclass that it was made of; somebody else may have written it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from vae.errors import UserError
from vae.i18n import Message, message

T = TypeVar("T")

MOST_ITEMS = 5_000
MOST_NAMES = 150
LONGEST_NAME = 220
LONGEST_TEXT = 2_000
LARGEST = 1e12
"""Beyond this no figure of ours goes."""


_APART = message("its parts do not fit together")


class UnfitError(UserError):
    """What does not fit, and where."""


def read_as(kind: type[T], value: Any, study: str) -> T:
    """A JSON value as a dataclass of numbers, texts, tuples, maps, dataclasses, or None of these.

    Every number is finite, every text, tuple and map bounded. Fields that are not of the class are
    left; those with a default may be missing.

    Raises:
        UserError: something is missing or of another type; the message says what.
    """
    try:
        return _read(kind, value, "result")  # type: ignore[no-any-return]
    except UnfitError as error:
        raise damaged(study, error.message) from None


def damaged(study: str, problem: Message = _APART) -> UserError:
    """That a stored result cannot be shown, and why."""
    return UserError(
        "What was measured of this run cannot be shown: {problem}. Measure it again with "
        "`python -m vae study RUN {study}`.",
        problem=problem,
        study=study,
    )


def rounded(value: Any, digits: int) -> Any:
    """JSON with so many decimals; tuples become lists."""
    if isinstance(value, float):
        return round(value, digits)
    if isinstance(value, Mapping):
        return {k: rounded(v, digits) for k, v in value.items()}
    return [rounded(v, digits) for v in value] if isinstance(value, list | tuple) else value


def _read(kind: Any, value: Any, where: str) -> Any:
    if hasattr(kind, "of_json"):
        return _worded(kind, value, where)
    if is_dataclass(kind):
        return _dataclass(kind, value, where)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType:
        if value is None and NoneType in arguments:
            return None
        (inner,) = (a for a in arguments if a is not NoneType)
        return _read(inner, value, where)
    if origin is tuple:
        if not isinstance(value, list | tuple) or len(value) > MOST_ITEMS:
            raise UnfitError("{where} is no list of at most {most:,}", where=where, most=MOST_ITEMS)
        return tuple(_read(arguments[0], v, f"{where}[{i}]") for i, v in enumerate(value))
    if origin is Mapping:
        return _mapping(arguments[1], value, where)
    if origin is Literal:
        if value not in arguments:
            raise UnfitError("{where} is none of {choices:unit}", where=where, choices=arguments)
        return value
    if kind is str:
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise UnfitError(
                "{where} is no text of at most {most:,} characters", where=where, most=LONGEST_TEXT
            )
        return value
    return _number(kind, value, where)


def _worded(kind: Any, value: Any, where: str) -> Any:
    """What is worded when it is shown, or was by an earlier version."""
    try:
        return kind.of_json(value)
    except ValueError:
        raise UnfitError("{where} is nothing that is known here", where=where) from None


_hints = cache(get_type_hints)


def _dataclass(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise UnfitError("{where} is no object", where=where)
    hints = _hints(kind)
    given = {}
    for f in fields(kind):
        if f.name not in value and f.default is not MISSING:
            continue
        if f.name not in value:
            raise UnfitError("{where} has no {field}", where=where, field=f.name)
        given[f.name] = _read(hints[f.name], value[f.name], f"{where}.{f.name}")
    return kind(**given)


def _mapping(kind: Any, value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping) or len(value) > MOST_NAMES:
        raise UnfitError(
            "{where} is no object of at most {most:,} fields", where=where, most=MOST_NAMES
        )
    if any(not isinstance(name, str) or len(name) > LONGEST_NAME for name in value):
        raise UnfitError(
            "{where} has a name of over {most:,} characters", where=where, most=LONGEST_NAME
        )
    return {name: _read(kind, given, f"{where}.{name}") for name, given in value.items()}


def _number(kind: Any, value: Any, where: str) -> Any:
    allowed = int if kind is int else (int, float)
    if isinstance(value, bool) or not isinstance(value, allowed):
        if kind is int:
            raise UnfitError("{where} is no whole number", where=where)
        raise UnfitError("{where} is no number", where=where)
    if abs(value) > LARGEST or not math.isfinite(value):
        raise UnfitError("{where} is no finite number", where=where)
    return kind(value)
