"""What a label is: a category, a number, a date or a yes or no; guessed once, then read by it.

What has no value is "" and nothing else: "none", "None" or "NA" is a category as any other. Only
where a label is measured, as a number, a date or a yes or no, do such words mean that there is no
measure.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from vae.corpora.notations import CODE, NUMBER_READERS, are_ambiguous, date_readers, reads_all
from vae.errors import UserError
from vae.i18n import Message, enumeration, message

LabelType = Literal["category", "number", "date", "yes-no"]
TYPES: tuple[LabelType, ...] = get_args(LabelType)
TYPE_NAMES: Mapping[str, Message] = {
    "category": message("category"),
    "number": message("number"),
    "date": message("date"),
    "yes-no": message("yes or no"),
}
NO_VALUE = message("— no value")
"""What stands where a sentence has no value of a label."""

MEASURED: tuple[LabelType, ...] = ("number", "date")
"""Types whose values lie on a scale."""

Floats = npt.NDArray[np.float64]

# Of a measure, these say that there is none. Beside yes and no "none" may be an answer, unless a
# person says that the label is a yes or no.
_NOTHING = {"", "nan", "na", "n/a", "#n/a", "nat", "null", "none", "-", "–", "—", "?"}
_NO_ANSWER = {"", "nan"}
_MOST_SPELLINGS = 50  # of yes and no, in any case of their letters
_SIDES: tuple[tuple[set[str], set[str]], ...] = (
    ({"yes", "y"}, {"no", "n"}),
    ({"true", "t"}, {"false", "f"}),
    ({"1", "1.0"}, {"0", "0.0"}),
    ({"ja"}, {"nein"}),
    ({"oui"}, {"non"}),
    ({"sí", "si"}, {"no"}),
    ({"是"}, {"否"}),
)


def guess_type(values: Iterable[str]) -> LabelType:
    """The type of a label, judged by all its values: a measure only where every one can be read.

    A yes or no has no values but such a pair ("true" and "false", "1" and "0" ...). Numbers may
    have thousands commas or a decimal comma, as long as all values agree. "007" is a code, so a
    category. Dates are ISO 8601, or year, month and day in a usual order, with or without a time,
    or a time alone; where day and month cannot be told apart, the label stays a category.
    """
    values = set(values)
    said = _measurable(values)
    if not said:
        return "category"
    if _side_of({v for value in values if (v := value.strip()).casefold() not in _NO_ANSWER}):
        return "yes-no"
    if any(reads_all(reader, said) for reader in date_readers(said)) and not are_ambiguous(said):
        return "date"
    if not any(map(CODE.fullmatch, said)) and any(reads_all(r, said) for r in NUMBER_READERS):
        return "number"
    return "category"


def types_of(
    labels: Mapping[str, Sequence[str]], stated: Mapping[str, str] | None = None
) -> dict[str, LabelType]:
    """The type of each label: as stated, else guessed."""
    told = stated or {}
    return {
        name: kind if (kind := told.get(name)) in TYPES else guess_type(values)
        for name, values in labels.items()
    }


def stated_types(
    labels: Mapping[str, Sequence[str]], stated: Mapping[str, str] | None
) -> dict[str, LabelType]:
    """The type of each label: as a person stated it, else guessed.

    Raises:
        UserError: a type is stated of a column that is no label here, or as `check_type`.
    """
    for name in stated or {}:
        if name not in labels:
            raise UserError(
                "A type is given for '{name}', which is no label here. Name it among the labels.",
                name=name,
            )
    return {
        name: check_type(name, stated[name], values)
        if stated and name in stated
        else guess_type(values)
        for name, values in labels.items()
    }


def check_type(name: str, kind: str, values: Sequence[str]) -> LabelType:
    """A type that a person gave to a label.

    Raises:
        UserError: there is no such type, or none of the label's values can be read so.
    """
    if kind not in TYPES:
        raise UserError(
            "There is no type '{kind}' of labels; choose one of {types}.",
            kind=kind,
            types=enumeration(TYPES, "or"),
        )
    known = [value for value in values if value.strip().casefold() not in _NOTHING]
    if kind == "yes-no" and known and _side_of(set(known)) is None:
        other = next((v for v in known if _side_of({v}) is None), known[0])
        raise UserError(
            "Label '{name}' is no yes or no: it has the value '{value}' beside others. Choose "
            "another type.",
            name=name,
            value=other[:40],
        )
    if kind in MEASURED and known and not np.isfinite(measures(known, kind)).any():
        raise UserError(
            "Label '{name}' cannot be read as a {kind}: none of its values is one, such as "
            "'{value}'. Choose another type.",
            name=name,
            kind=TYPE_NAMES[kind],
            value=known[0][:40],
        )
    return kind


def measures(values: Sequence[str], kind: LabelType) -> Floats:
    """(N,) the values of a label on its scale; NaN where one is missing or cannot be read.

    Args:
        kind: "number", or "date": seconds since 1970-01-01 UTC, of a time alone since midnight.
    """
    different = {value: value.strip() for value in dict.fromkeys(values)}
    said = _measurable(different)
    readers = NUMBER_READERS if kind == "number" else date_readers(said)
    reader = next((r for r in readers if reads_all(r, said)), None)
    if reader is None:  # the notation that reads most of them; of equals the first
        reader = max(readers, key=lambda r: sum(not math.isnan(r(v)) for v in said))
    read = {value: reader(text) for value, text in different.items()}
    return np.array([read[value] for value in values], dtype=np.float64)


def categories(values: Sequence[str], kind: LabelType) -> tuple[str, ...]:
    """The values of a label as categories, "" where there is none.

    Of a yes or no these are two, each spelled as it is spelled most often; of all else as they are.
    """
    if kind != "yes-no" or (sides := _side_of(_measurable(values))) is None:
        return tuple(values)
    of = {value: side for value in set(values) if (side := sides(value.strip())) is not None}
    spelled = Counter(value.strip() for value in values if value in of)
    names: dict[bool, str] = {}
    for value, _ in sorted(spelled.items(), key=lambda item: (-item[1], item[0])):
        side = sides(value)
        if side is not None:
            names.setdefault(side, value)
    return tuple(names[of[value]] if value in of else "" for value in values)


def exactly(number: float) -> str:
    """A number with as many digits as tell it from others: 1 and 1.0 are one, 1000.1 is itself."""
    return f"{number:.15g}"


def written(measure: float, kind: LabelType) -> str:
    """A measure as a person reads it, in no language: a number to four digits, or an ISO date."""
    if not math.isfinite(measure):
        return ""
    if kind == "number":
        return f"{measure:.4g}" if abs(measure) < 1e4 else f"{measure:.10g}"
    seconds = np.datetime64(round(measure), "s")
    day, time = str(seconds).split("T")
    time = time.removesuffix(":00")
    if 0 <= measure < 86_400:  # of a time alone
        return time
    return day if time == "00:00" else f"{day} {time}"


def _measurable(values: Iterable[str]) -> set[str]:
    return {text for value in set(values) if (text := value.strip()).casefold() not in _NOTHING}


def _side_of(said: set[str]) -> Callable[[str], bool | None] | None:
    """What tells yes from no, where all values are of one pair; else None."""
    if len(said) > _MOST_SPELLINGS:
        return None
    low = {value.casefold() for value in said}
    for yes, no in _SIDES:
        # One number alone, 0 or 1, is no answer to anything.
        if low and low <= yes | no and (not low <= {"0", "1", "0.0", "1.0"} or len(low) > 1):
            return lambda value, yes=yes, no=no: (  # type: ignore[misc]
                True if value.casefold() in yes else False if value.casefold() in no else None
            )
    return None
