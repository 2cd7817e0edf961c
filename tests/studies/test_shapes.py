"""Stored results become dataclasses again, or a sentence."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.errors import UserError
from vae.studies.shapes import MOST_ITEMS, read_as


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


@pytest.mark.parametrize("stored", [None, [], "x", {}])
def test_what_is_no_result_is_a_sentence(stored):
    with pytest.raises(UserError, match="cannot be shown"):
        read_as(Outer, stored, "thing")
