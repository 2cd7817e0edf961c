"""The study "dimensions" as it is read: from this machine or somebody else's, checked whole."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vae.errors import UserError
from vae.latent.naming import DimensionName

_MOST_DIMENSIONS = 10_000
_MOST_LABELS = 1_000
_MOST_TEXT = 10_000
_MOST_KEYS = 20

Column = tuple[float | None, ...]


@dataclass(frozen=True)
class Told:
    """What Z dimensions tell of one label, in nats (`label_information.LabelInformation`)."""

    value: Column
    low: Column
    high: Column
    chance: Column
    entropy: float
    values: int


@dataclass(frozen=True)
class Changed:
    """How often something differs between both ends of Z dimensions, each with its interval.

    Attributes:
        value, low, high: (Z,) shares; None where nothing could be read.
        random: (value, low, high) along a random direction of the same length, or None.
    """

    value: Column
    low: Column
    high: Column
    random: tuple[float, float, float] | None


@dataclass(frozen=True)
class DimensionStudy:
    """What the study "dimensions" found; see `vae.studies.dimensions.measure`.

    Attributes:
        n: sentences of the information, and of the KL.
        shuffles: times that the labels were shuffled for the control.
        kl: (value, low, high), each (Z,), nats.
        information: label to what each dimension tells of it.
        left_out: label to why it could not be counted.
        proposed: (Z,) names.
        ends: (Z,) of keys at "low", "middle" and "high"; nothing where the run has no map.
        moved: sentences moved from `start` to `end`.
        read_by: "grammar" or "probes"; `accuracy` is that of the probes, held out.
        readable: (Z,) how many sentences could be read at both ends.
        same: how often nothing changed at all.
        changed: label to how often it changed.
    """

    n: int
    shuffles: int
    kl: tuple[Column, Column, Column]
    information: Mapping[str, Told]
    left_out: Mapping[str, str]
    proposed: tuple[DimensionName | None, ...]
    ends: tuple[Mapping[str, tuple[str, ...]], ...]
    moved: int
    start: float
    end: float
    read_by: str
    accuracy: Mapping[str, float]
    readable: tuple[int, ...]
    same: Changed
    changed: Mapping[str, Changed]

    @property
    def latent_dim(self) -> int:
        """Z."""
        return len(self.proposed)

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> DimensionStudy:
        """What a stored result says.

        Raises:
            UserError: it is not of the shape that pages read.
        """
        try:
            return _study(result)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise UserError(
                f"The study of the dimensions is damaged ({error}). Measure it again with "
                "`python -m vae study RUN dimensions`."
            ) from error


def _study(result: Mapping[str, Any]) -> DimensionStudy:
    z = len(result["proposed"])
    if not 0 < z <= _MOST_DIMENSIONS:
        raise ValueError(f"{z} dimensions")
    told = _few(result["information"])
    changes = result["changes"]
    kl = result["kl"]
    ends = tuple(_keys(place) for place in result["sentences"])
    if len(ends) not in (0, z):
        raise ValueError("sentences of other dimensions")
    return DimensionStudy(
        n=_count(result["n"]),
        shuffles=_count(result["shuffles"]),
        kl=(_column(kl["value"], z), _column(kl["low"], z), _column(kl["high"], z)),
        information={_text(k): _told(v, z) for k, v in told.items()},
        left_out={_text(k): _text(v) for k, v in _few(result["left_out"]).items()},
        proposed=tuple(None if name is None else _name(name) for name in result["proposed"]),
        ends=ends,
        moved=_count(changes["sentences"]),
        start=_number(changes["from"]),
        end=_number(changes["to"]),
        read_by=_text(changes["read_by"]),
        accuracy={_text(k): _number(v) for k, v in _few(changes["accuracy"]).items()},
        readable=_counts(changes["readable"], z),
        same=_changed(changes["same"], z),
        changed={_text(k): _changed(v, z) for k, v in _few(changes["labels"]).items()},
    )


def _told(value: Mapping[str, Any], z: int) -> Told:
    columns = (_column(value[k], z) for k in ("value", "low", "high", "chance"))
    return Told(*columns, entropy=_number(value["entropy"]), values=_count(value["values"]))


def _changed(value: Mapping[str, Any], z: int) -> Changed:
    random = value["random"]
    return Changed(
        *(_gaps(value[k], z) for k in ("value", "low", "high")),
        random=None
        if random is None
        else (_number(random["value"]), _number(random["low"]), _number(random["high"])),
    )


def _name(value: Mapping[str, Any]) -> DimensionName:
    return DimensionName(
        column=_text(value["column"]),
        bits=_number(value["bits"]),
        share=_number(value["share"]),
        low=_text(value["low"]),
        high=_text(value["high"]),
        values=_count(value["values"]),
    )


def _keys(place: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    out = {}
    for end in ("low", "middle", "high"):
        found = place[end]
        if not isinstance(found, list) or len(found) > _MOST_KEYS:
            raise ValueError("too many sentences")
        if not all(isinstance(k, str) and re.fullmatch(r"[0-9a-f]{16}", k) for k in found):
            raise ValueError("a sentence without a key")
        out[end] = tuple(found)
    return out


def _few(value: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or len(value) > _MOST_LABELS:
        raise ValueError("too many labels")
    return value


def _column(values: Any, z: int) -> Column:
    found = _gaps(values, z)
    if None in found:
        raise ValueError("a gap")
    return found


def _gaps(values: Any, z: int) -> Column:
    if not isinstance(values, list) or len(values) != z:
        raise ValueError(f"a list that is not of {z} numbers")
    return tuple(None if v is None else _number(v) for v in values)


def _counts(values: Any, z: int) -> tuple[int, ...]:
    if not isinstance(values, list) or len(values) != z:
        raise ValueError(f"a list that is not of {z} numbers")
    return tuple(_count(v) for v in values)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("what should be a number is none")
    return float(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise ValueError("what should be a count is none")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MOST_TEXT:
        raise ValueError("what should be a text is none")
    return value
