"""How a value is written in a link, and read back: numbers, choices, texts, points."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vae.errors import UserError
from vae.i18n import Message, enumeration

LONGEST_TEXT = 2_000
_MOST_DIGITS = 10


class UnfitError(UserError):
    """What a link holds is not what it should be; the message says what is needed."""


@dataclass(frozen=True)
class Kind:
    """How a value is written in a link, and read back."""

    default: Any
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


def between(low: float, high: float) -> Callable[[str], float]:
    """Reads a number."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise UnfitError("a number from {low:g} to {high:g}", low=low, high=high)
        return value

    return read


def short(value: float) -> str:
    """Writes a number with up to three digits, no more than it needs."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def whole(low: int, high: int, needed: Message | None = None) -> Callable[[str], int]:
    """Reads a whole number; `needed` says what it is, where it is not just that."""

    def read(text: str) -> int:
        digits = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
        if not digits or not low <= int(text) <= high:
            if needed is not None:
                raise UnfitError(needed)
            raise UnfitError("a whole number from 0 to {most:,}", most=high)
        return int(text)

    return read


def flag(text: str) -> bool:
    """Reads yes or no."""
    if text not in ("0", "1"):
        raise UnfitError("0 or 1")
    return text == "1"


def chosen(text: str, choices: Sequence[str]) -> str:
    """One of some choices.

    Raises:
        UnfitError: it is none of them.
    """
    if text not in choices:
        # Words of the link, which are the same in every language.
        raise UnfitError("one of {choices}", choices=enumeration(tuple(choices), "or"))
    return text


def one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """Reads one of some choices."""
    return lambda text: chosen(text, choices)


def some_of(choices: Sequence[str]) -> Callable[[str], list[str]]:
    """Reads some of the choices, in their order."""

    def read(text: str) -> list[str]:
        found = [] if text == "none" else text[:LONGEST_TEXT].split(",")
        if not set(found) <= set(choices):
            raise UnfitError(
                "some of {choices} with commas between, or none",
                choices=enumeration(tuple(choices)),
            )
        return [choice for choice in choices if choice in found]

    return read


def matching(pattern: str, needed: Message) -> Callable[[str], str]:
    """Reads a text that fits a pattern; `needed` says what it is."""
    compiled = re.compile(pattern, re.DOTALL)

    def read(text: str) -> str:
        if not compiled.fullmatch(text):
            raise UnfitError(needed)
        return text

    return read


def sentence(text: str) -> str:
    """Reads a sentence, or what somebody typed for one."""
    if len(text) > LONGEST_TEXT or not text.strip():
        raise UnfitError("a sentence")
    return text


def point(text: str) -> tuple[float, ...]:
    """Reads a point (Z,) of a latent space."""
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
        values = np.frombuffer(raw, dtype="<f2").astype(float)
    except (binascii.Error, ValueError):
        values = np.empty(0)
    if not len(values) or not np.isfinite(values).all():
        raise UnfitError("a point of the latent space")
    return tuple(values.tolist())


def point_text(values: tuple[float, ...]) -> str:
    """Writes a point (Z,)."""
    # Half precision keeps three digits: 32 dimensions are 86 characters.
    return base64.b64encode(np.asarray(values, dtype="<f2").tobytes(), altchars=b"-_").decode()
