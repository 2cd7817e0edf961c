"""A setting of a run: its words, its kind, choices and range, and how it is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field, fields, replace
from typing import Any, TypeVar

from vae.errors import UserError
from vae.i18n import Message, enumeration, message

T = TypeVar("T")


def setting(default: Any, text: Message, *, source: str = "", choices: tuple[str, ...] = ()) -> Any:
    """A dataclass field with the words that the command line and the pages show."""
    return field(default=default, metadata={"help": text, "source": source, "choices": choices})


_KINDS = {
    "int": ((int,), message("{name} is {value}; it must be a whole number.")),
    "float": ((int, float), message("{name} is {value}; it must be a finite number.")),
    "str": ((str,), message("{name} is {value}; it must be text.")),
}


def check_kinds(config: Any) -> None:
    """Raises `UserError` where a value is not of its field's kind, or none of its choices."""
    for f in fields(config):
        choices = f.metadata.get("choices")
        value = getattr(config, f.name)
        types, other = _KINDS[str(f.type)]
        finite = not isinstance(value, float) or math.isfinite(value)
        if not isinstance(value, types) or isinstance(value, bool) or not finite:
            raise UserError(replace(other, values={"name": f.name, "value": repr(value)}))
        if choices and value not in choices:
            raise UserError(
                "{name} is '{value}'; choose one of {names}.",
                name=f.name,
                value=value,
                names=enumeration(choices, "or"),
            )


def check_range(config: Any, name: str, low: float, high: float = float("inf")) -> None:
    """Raises `UserError` where a value lies outside of what its field may be."""
    value = getattr(config, name)
    if not low <= value <= high:
        if high == float("inf"):
            raise UserError(
                "{name} is {value}; it must be at least {low:g}.",
                name=name,
                value=str(value),
                low=low,
            )
        raise UserError(
            "{name} is {value}; it must be between {low:g} and {high:g}.",
            name=name,
            value=str(value),
            low=low,
            high=high,
        )


def from_mapping(cls: type[T], values: Mapping[str, Any], where: str) -> T:
    """A configuration read from JSON.

    Raises:
        UserError: a field that this version does not know, or a value that is not allowed.
    """
    if not isinstance(values, Mapping):
        raise UserError("{where} holds no settings where they should be.", where=str(where))
    known = {f.name for f in fields(cls)}  # type: ignore[arg-type]
    unknown = sorted(str(name) for name in set(values) - known)
    if unknown:
        raise UserError(
            "{where} has settings that this version does not know: {names}. It was "
            "written by another version of Latent Lens.",
            where=str(where),
            names=enumeration(unknown),
        )
    try:
        return cls(**values)
    except UserError as error:
        raise UserError(
            "{where} cannot be used: {reason}", where=str(where), reason=error.message
        ) from error
