"""A journal of one year that nobody kept: sentences of our own, with dates and temperatures.

What is done goes by how warm it is, and how warm it is goes by the day of the year, so that a map
of it has something to show in the colours of a number and of a date.
"""

from __future__ import annotations

import csv
import io
import math
import random
from datetime import date, timedelta

_BEGIN, _DAYS = date(2024, 1, 1), 366
_WHO = ("we", "my sister", "the neighbours", "grandfather", "the children", "our teacher")
_WHEN = ("morning", "afternoon", "evening")
# From the coldest to the warmest: up to so many degrees, how it is called, what is done.
_WEATHER = (
    (-2, ("icy", "snowy"), ("shovelled the snow", "skated on the pond", "stayed by the stove")),
    (5, ("frosty", "grey"), ("drank hot tea", "fed the sparrows", "wore two pairs of socks")),
    (11, ("wet", "windy"), ("lost an umbrella", "baked plum cake", "swept up the leaves")),
    (17, ("mild", "bright"), ("planted onions", "walked in the woods", "painted the fence")),
    (23, ("warm", "sunny"), ("picked cherries", "rode a bicycle", "ate lunch on the lawn")),
    (99, ("hot", "sultry"), ("swam in the lake", "slept on the balcony", "sold lemonade")),
)


def rows(n: int = 1_500, seed: int = 0) -> list[tuple[str, str, str]]:
    """(sentence, temperature in degrees, date) of n different days and doings, by date."""
    draw = random.Random(seed)
    found: dict[str, tuple[str, str, str]] = {}
    while len(found) < n:
        day = draw.randrange(_DAYS)
        degrees = round(10 - 13 * math.cos(2 * math.pi * (day - 20) / _DAYS) + draw.gauss(0, 2), 1)
        when = _BEGIN + timedelta(day)
        _, names, doings = next(kind for kind in _WEATHER if degrees < kind[0])
        sentence = (
            f"On {_article(name := draw.choice(names))} {name} {draw.choice(_WHEN)} in "
            f"{when:%B} {draw.choice(_WHO)} {draw.choice(doings)}."
        )
        found.setdefault(sentence, (sentence, str(degrees), when.isoformat()))
    return sorted(found.values(), key=lambda row: row[2])


def table(n: int = 1_500, seed: int = 0) -> str:
    """`rows` as a spreadsheet of Europe writes them: semicolons between, commas in numbers."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(("entry", "temperature", "day"))
    writer.writerows((said, degrees.replace(".", ","), day) for said, degrees, day in rows(n, seed))
    return out.getvalue()


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
