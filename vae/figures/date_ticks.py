"""Where a scale of time is marked: at whole years, months, days, hours, as far as it reaches."""

from __future__ import annotations

import numpy as np

_DAY = 86_400
# A unit of NumPy, its length in seconds, and how many of it may lie between two marks.
_UNITS: tuple[tuple[str, float, tuple[int, ...]], ...] = (
    ("s", 1, (1, 2, 5, 10, 15, 30)),
    ("m", 60, (1, 2, 5, 10, 15, 30)),
    ("h", 3_600, (1, 2, 3, 6, 12)),
    ("D", _DAY, (1, 2, 7, 14)),
    ("M", 30.44 * _DAY, (1, 2, 3, 6)),
    ("Y", 365.24 * _DAY, (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)),
)


def date_ticks(low: float, high: float, most: int = 5) -> tuple[list[float], list[str]]:
    """(seconds since 1970, how each is written) of at most `most` marks between two times.

    A scale within the first day of 1970 is one of times alone, and is written without a day.
    """
    unit, step = next(
        (
            (unit, step)
            for unit, seconds, steps in _UNITS
            for step in steps
            if (high - low) / (seconds * step) <= most - 1
        ),
        ("Y", 1_000),
    )
    begin, end = (np.datetime64(int(np.floor(t)), "s").astype(f"M8[{unit}]") for t in (low, high))
    # Counted from 1970, so that every second month is January, March, May ...
    first, last = (int(t.astype(np.int64)) for t in (begin, end))
    marks = np.arange(first + (-first) % step, last + 1, step).astype(f"M8[{unit}]")
    marks = marks[marks.astype("M8[s]") >= np.datetime64(int(np.floor(low)), "s")]
    at = marks.astype("M8[s]").astype(np.int64).astype(float).tolist()
    texts = [str(mark).replace("T", " ") for mark in marks]
    if low >= 0 and high <= _DAY:
        length = len("12:34:56") if unit == "s" else len("12:34")
        texts = [str(mark).split("T")[1][:length] for mark in marks.astype("M8[s]")]
    elif unit == "h":
        texts = [str(mark.astype("M8[m]")).replace("T", " ") for mark in marks]
    return at, texts
