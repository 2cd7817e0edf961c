"""What a label is: a category, a number, a date or a yes or no; guessed once, then read by it.

What has no value is "" and nothing else: "none", "None" or "NA" is a category as any other. Only
where a label is measured, as a number, a date or a yes or no, do such words mean that there is no
measure.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

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
Reader = Callable[[str], float]

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
_DIGITS = r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?"
_PLAIN = re.compile(rf"[-+−]?{_DIGITS}")
_THOUSANDS = re.compile(r"[-+−]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_COMMA = re.compile(r"[-+−]?(?:\d*|[1-9]\d{0,2}(?:\.\d{3})+),\d+")
# A code as "007" or a postal code is a name, though it is made of digits.
_CODE = re.compile(r"0\d+")

_TIME = (
    r"(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d(?:[.,]\d+)?))?"
    r"(?P<zone> ?(?:Z|UTC|[-+]\d\d:?\d\d))?"
)
_AT = rf"(?:(?:T|,? +){_TIME})?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR, _MONTH, _DAY = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
_SHORT_YEAR = r"(?P<year>\d{4}|\d\d)"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}-{_MONTH}-{_DAY}{_AT}|(?P<y>\d{{4}})-(?P<m>\d\d)",
        rf"{_YEAR}/{_MONTH}/{_DAY}{_AT}",
        rf"{_YEAR}\.{_MONTH}\.{_DAY}{_AT}",
        rf"{_YEAR}年{_MONTH}月(?:{_DAY}日?)?",
        rf"{_DAY}(?:st|nd|rd|th)?[ -]{_NAME}[ -]{_SHORT_YEAR}{_AT}",
        rf"{_NAME} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}{_AT}",
        rf"{_NAME} {_YEAR}",
        rf"{_DAY}\. ?{_MONTH}\. ?{_SHORT_YEAR}{_AT}",
        r"(?P<year>19\d\d|20\d\d)(?P<month>\d\d)(?P<day>\d\d)",
        _TIME,
    )
)
# The same signs stand for two dates: the third of April or the fourth of March.
_DAY_FIRST = re.compile(rf"{_DAY}([/-]){_MONTH}\2{_SHORT_YEAR}{_AT}")
_MONTH_FIRST = re.compile(rf"{_MONTH}([/-]){_DAY}\2{_SHORT_YEAR}{_AT}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    if any(_reads_all(reader, said) for reader in _date_readers(said)) and not _ambiguous(said):
        return "date"
    if not any(map(_CODE.fullmatch, said)) and any(_reads_all(r, said) for r in _NUMBER_READERS):
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
    readers = _NUMBER_READERS if kind == "number" else _date_readers(said)
    reader = next((r for r in readers if _reads_all(r, said)), None)
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


# -- how a value is read ------------------------------------------------------------------------


def _measurable(values: Iterable[str]) -> set[str]:
    return {text for value in set(values) if (text := value.strip()).casefold() not in _NOTHING}


def _reads_all(reader: Reader, said: Iterable[str]) -> bool:
    return not any(math.isnan(reader(value)) for value in said)


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


def _plain(value: str) -> float:
    return _finite(value) if _PLAIN.fullmatch(value) else math.nan


def _with_thousands(value: str) -> float:
    return _finite(value.replace(",", "")) if _THOUSANDS.fullmatch(value) else _plain(value)


def _with_comma(value: str) -> float:
    if _COMMA.fullmatch(value):
        return _finite(value.replace(".", "").replace(",", "."))
    return _finite(value) if "." not in value and _PLAIN.fullmatch(value) else math.nan


_NUMBER_READERS: tuple[Reader, ...] = (_plain, _with_thousands, _with_comma)


def _finite(text: str) -> float:
    number = float(text.replace("−", "-"))
    return number if math.isfinite(number) else math.nan


def _date_readers(said: set[str]) -> list[Reader]:
    """The notations of dates; where day and month could be either, the likelier comes first."""
    first = [_DAY_FIRST, _MONTH_FIRST]
    if any(map(_DAY_FIRST.fullmatch, said)):
        days, months = (
            {m["day"] for v in said if (m := pattern.fullmatch(v))} for pattern in first
        )
        if len(months) == 1 < len(days):
            first.reverse()  # the day is always the same, as in the first of every month
    return [_date_reader(pattern) for pattern in (*_DATES, *first)]


def _ambiguous(said: set[str]) -> bool:
    """Whether day and month cannot be told apart in any value, and both vary."""
    readers = [_date_reader(pattern) for pattern in (_DAY_FIRST, _MONTH_FIRST)]
    if not all(_reads_all(reader, said) for reader in readers):
        return False
    found = [m for value in said if (m := _DAY_FIRST.fullmatch(value))]
    return all(len({m[part] for m in found}) > 1 for part in ("day", "month"))


def _date_reader(pattern: re.Pattern[str]) -> Reader:
    def read(value: str) -> float:
        found = pattern.fullmatch(value)
        return math.nan if found is None else _seconds(found.groupdict())

    return read


def _seconds(parts: Mapping[str, str | None]) -> float:
    """Seconds since 1970 of what a pattern found; NaN where there is no such day."""
    year, month = parts.get("year") or parts.get("y"), parts.get("month") or parts.get("m")
    if year is None or month is None:
        year, month = "1970", "1"
    if len(year) == 2:
        year = ("20" if int(year) < 69 else "19") + year  # as POSIX reads two digits
    if month.isalpha():
        month = str(_MONTHS.index(month[:3].lower()) + 1)
    second = float((parts.get("second") or "0").replace(",", "."))
    hour, minute = int(parts.get("hour") or 0), int(parts.get("minute") or 0)
    try:
        day = datetime(int(year), int(month), int(parts.get("day") or 1), tzinfo=UTC)
    except ValueError:
        return math.nan
    zone = (parts.get("zone") or "").strip().replace(":", "")
    ahead = 0
    if zone[:1] in ("+", "-"):
        ahead = (1 if zone[0] == "+" else -1) * (3600 * int(zone[1:3]) + 60 * int(zone[3:5]))
    return (day - _EPOCH).total_seconds() + 3600 * hour + 60 * minute + second - ahead
