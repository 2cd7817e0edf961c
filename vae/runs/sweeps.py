"""The grid of a sweep: one or two settings, some values of each, every combination once."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import Field, dataclass, fields, replace
from typing import Any

from vae.config import ModelConfig, RunConfig, TrainConfig
from vae.errors import UserError
from vae.i18n import Message, enumeration, message

MOST_CELLS = 25

_PARTS = {"model": ModelConfig, "train": TrainConfig}
# Sizes that follow from the text, and what changes no result.
_NOT = {"vocabulary_size", "max_length", "threads", "snapshots", "validate_every"}


@dataclass(frozen=True)
class Axis:
    """A setting and the values that it takes, in order."""

    setting: str
    values: tuple[float, ...]


def sweepable() -> dict[str, Field[Any]]:
    """The numeric settings of model and training, by name."""
    return {
        f.name: f
        for part in _PARTS.values()
        for f in fields(part)
        if str(f.type) in ("int", "float") and f.name not in _NOT
    }


def read_axis(setting: str, text: str) -> Axis:
    """The values that a person has written, "0.1, 0.4, 1".

    Raises:
        UserError: no such setting, no number, too many, or one twice.
    """
    if setting not in sweepable():
        raise UserError("'{setting}' is no setting that can be swept.", setting=setting)
    words = [w for w in re.split(r"[,;\s]+", text.strip()) if w]
    if not words:
        raise UserError(
            "Give some values for {setting}, with commas between them.", setting=setting
        )
    if len(words) > MOST_CELLS:
        raise UserError(
            "{n} values of {setting} are too many; {most} at most.",
            n=len(words),
            setting=setting,
            most=MOST_CELLS,
        )
    whole = str(sweepable()[setting].type) == "int"
    values: list[float] = []
    for word in words:
        try:
            value = int(word) if whole else float(word)
        except (ValueError, OverflowError):
            values_of = {"word": word[:20], "setting": setting}
            if whole:
                raise UserError(
                    "'{word}' is no whole number, and {setting} needs one.", **values_of
                ) from None
            raise UserError(
                "'{word}' is no number, and {setting} needs one.", **values_of
            ) from None
        if value in values:
            raise UserError(
                "{setting} has the value {value:g} twice; one run of it is enough.",
                setting=setting,
                value=value,
            )
        values.append(value)
    return Axis(setting, tuple(values))


def cells(axes: Sequence[Axis], base: RunConfig) -> list[dict[str, float]]:
    """Every combination of the values, the first setting outermost; each can be trained.

    Raises:
        UserError: no or more than two settings, one twice, more than 25 combinations, or a
            combination that the configuration refuses.
    """
    if not 1 <= len(axes) <= 2:
        raise UserError("A sweep is over one setting or two.")
    if len({axis.setting for axis in axes}) < len(axes):
        raise UserError(
            "Choose another second setting: {setting} is the first already.",
            setting=axes[0].setting,
        )
    names = [axis.setting for axis in axes]
    grid = list(itertools.product(*(axis.values for axis in axes)))
    if len(grid) > MOST_CELLS:
        raise UserError(
            "{n} runs are too many for one sweep; {most} at most. Take some values out.",
            n=len(grid),
            most=MOST_CELLS,
        )
    found = [dict(zip(names, values, strict=True)) for values in grid]
    for cell in found:
        apply(base, cell)
    return found


def apply(base: RunConfig, cell: dict[str, float]) -> RunConfig:
    """A configuration with the values of one cell.

    Raises:
        UserError: a value out of its range, or values that do not go together.
    """

    def of(part: str) -> dict[str, Any]:
        return {n: v for n, v in cell.items() if n in {f.name for f in fields(_PARTS[part])}}

    return RunConfig(
        base.data, replace(base.model, **of("model")), replace(base.train, **of("train"))
    )


def arguments(cell: dict[str, float]) -> tuple[str, ...]:
    """The values of a cell as options of the command line."""
    return tuple(
        word
        for name, value in cell.items()
        for word in (f"--{name.replace('_', '-')}", repr(value))
    )


def slug(cell: dict[str, float]) -> str:
    """The values of a cell as names of files have them: the same in every language."""
    return " ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in cell.items())


def label(cell: dict[str, float]) -> Message:
    """The values of a cell, one setting or two."""
    return enumeration(
        message("{setting} {value:g}", setting=name.replace("_", " "), value=value)
        for name, value in cell.items()
    )
