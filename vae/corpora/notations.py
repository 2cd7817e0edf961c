"""Notations of numbers and dates: each reads a text as a measure, or as NaN."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

Reader = Callable[[str], float]

_DIGITS = r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?"
_PLAIN = re.compile(rf"[-+−]?{_DIGITS}")
_THOUSANDS = re.compile(r"[-+−]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_COMMA = re.compile(r"[-+−]?(?:\d*|[1-9]\d{0,2}(?:\.\d{3})+),\d+")
CODE = re.compile(r"0\d+")
"""A code as "007" or a postal code is a name, though it is made of digits."""

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


def reads_all(reader: Reader, said: Iterable[str]) -> bool:
    """Whether a notation reads every one of some texts."""
    return not any(math.isnan(reader(value)) for value in said)


def _plain(value: str) -> float:
    return _finite(value) if _PLAIN.fullmatch(value) else math.nan


def _with_thousands(value: str) -> float:
    return _finite(value.replace(",", "")) if _THOUSANDS.fullmatch(value) else _plain(value)


def _with_comma(value: str) -> float:
    if _COMMA.fullmatch(value):
        return _finite(value.replace(".", "").replace(",", "."))
    return _finite(value) if "." not in value and _PLAIN.fullmatch(value) else math.nan


NUMBER_READERS: tuple[Reader, ...] = (_plain, _with_thousands, _with_comma)
"""The notations of numbers, the likelier first."""


def _finite(text: str) -> float:
    number = float(text.replace("−", "-"))
    return number if math.isfinite(number) else math.nan


def date_readers(said: set[str]) -> list[Reader]:
    """The notations of dates; where day and month could be either, the likelier comes first."""
    first = [_DAY_FIRST, _MONTH_FIRST]
    if any(map(_DAY_FIRST.fullmatch, said)):
        days, months = (
            {m["day"] for v in said if (m := pattern.fullmatch(v))} for pattern in first
        )
        if len(months) == 1 < len(days):
            first.reverse()  # the day is always the same, as in the first of every month
    return [_date_reader(pattern) for pattern in (*_DATES, *first)]


def are_ambiguous(said: set[str]) -> bool:
    """Whether day and month cannot be told apart in any value, and both vary."""
    readers = [_date_reader(pattern) for pattern in (_DAY_FIRST, _MONTH_FIRST)]
    if not all(reads_all(reader, said) for reader in readers):
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
