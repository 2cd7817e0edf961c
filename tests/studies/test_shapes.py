"""Stored results become dataclasses again, or a sentence."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.errors import UserError
from vae.studies.shapes import LONGEST_NAME, MOST_ITEMS, MOST_NAMES, read_as


@dataclass(frozen=True)
class Inner:
    n: int
    value: float


@dataclass(frozen=True)
class Outer:
    name: str
    kind: Literal["a", "b"]
    items: tuple[Inner, ...]
    maybe: Inner | None
    numbers: tuple[float, ...]


GOOD = Outer("x", "a", (Inner(1, 0.5), Inner(2, 3.0)), None, (1.0, 2.5))
finite = st.floats(-1e9, 1e9)


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(-99, 99), finite)), st.lists(finite))
def test_what_was_written_is_read_again(name, inner, numbers):
    made = Outer(name, "b", tuple(Inner(*i) for i in inner), Inner(3, 0.1), tuple(numbers))
    assert read_as(Outer, json.loads(json.dumps(asdict(made))), "s") == made


def test_whole_numbers_are_read_where_any_is_allowed_and_fields_beyond_are_left():
    stored = json.loads(json.dumps(asdict(GOOD))) | {"numbers": [1, 2], "newer": True}
    assert read_as(Outer, stored, "s").numbers == (1.0, 2.0)


@pytest.mark.parametrize(
    "change",
    [
        {"name": 3},
        {"name": "x" * 3_000},
        {"kind": "c"},
        {"items": {}},
        {"items": [{"n": 1}]},
        {"items": [{"n": 1.5, "value": 1}]},
        {"items": [{"n": True, "value": 1}]},
        {"maybe": 5},
        {"numbers": [1, "2"]},
        {"numbers": [float("nan")]},
        {"numbers": [float("inf")]},
        {"numbers": [10**400]},
        {"numbers": [1.0] * (MOST_ITEMS + 1)},
        {"numbers": None},
    ],
)
def test_what_does_not_fit_is_a_sentence(change):
    with pytest.raises(UserError, match="vae study RUN thing"):
        read_as(Outer, asdict(GOOD) | change, "thing")


@dataclass(frozen=True)
class Named:
    """Maps by name."""

    shares: Mapping[str, Mapping[str, float]]
    inner: Mapping[str, Inner]


def test_maps_by_name_are_read_whole():
    good = Named({"a": {"b": 0.5}, "c": {}}, {"x": Inner(1, 2.0)})
    assert read_as(Named, json.loads(json.dumps(asdict(good))), "thing") == good


@pytest.mark.parametrize(
    "shares",
    [
        [],
        None,
        {"a": 0.5},
        {"a": {"b": "0.5"}},
        {3: {}},
        {"x" * (LONGEST_NAME + 1): {}},
        {str(i): {} for i in range(MOST_NAMES + 1)},
    ],
)
def test_a_map_that_does_not_fit_is_a_sentence(shares):
    with pytest.raises(UserError, match="vae study RUN thing"):
        read_as(Named, {"shares": shares, "inner": {}}, "thing")


@pytest.mark.parametrize("stored", [None, [], "x", {}])
def test_what_is_no_result_is_a_sentence(stored):
    with pytest.raises(UserError, match="cannot be shown"):
        read_as(Outer, stored, "thing")
