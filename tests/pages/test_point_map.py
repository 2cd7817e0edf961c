"""What the map of a browser is told, and what it may tell."""

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.common.components.point_map import Picked, picked, size_of


def bits(rows: list[int], n: int) -> str:
    marks = np.zeros(n, dtype=bool)
    marks[rows] = True
    return base64.b64encode(np.packbits(marks, bitorder="little").tobytes()).decode()


@given(st.sets(st.integers(0, 99)), st.integers(1, 100))
def test_a_selection_is_read_as_the_rows_that_it_marks_and_none_beyond_the_cloud(rows, n):
    found = picked({"bits": bits(sorted(rows), 100)}, n, 0)
    assert found.rows == [row for row in sorted(rows) if row < n]
    assert found.place is None


@pytest.mark.parametrize(
    ("told", "rows"),
    [
        ({"row": 3, "x": 1, "y": 2}, [3]),
        ({"row": -2, "x": 1, "y": 2}, [-2]),
        ({"row": -3}, []),
        ({"row": 10}, []),
        ({"row": True}, []),
        ({"bits": "%%%"}, []),
        ({"bits": 7}, []),
        ("row", []),
        (None, []),
    ],
)
def test_what_a_browser_tells_is_checked(told, rows):
    assert picked(told, 10, 2) == Picked(rows)


def test_a_place_is_two_finite_numbers():
    assert picked({"row": None, "x": 1, "y": -2.5}, 10, 0).place == (1.0, -2.5)
    for x in (float("nan"), float("inf"), "1", None, [1]):
        assert picked({"row": None, "x": x, "y": 0}, 10, 0) == Picked()


def test_points_are_smaller_the_more_there_are():
    sizes = [size_of(n) for n in (0, 1, 100, 10_000, 100_000, 10**6, 10**9)]
    assert sizes == sorted(sizes, reverse=True)
    assert 1 <= sizes[-1] < sizes[0] <= 11
