"""What a representation must be, and what its factors tell of each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.diagnostics.disentanglement.calibration import independent, made
from vae.diagnostics.contingency import entropy, joint_counts, table_information
from vae.diagnostics.disentanglement import Representation
from vae.errors import UserError


@given(st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_entropy_lies_between_certainty_and_the_uniform(counts):
    assert -1e-12 <= entropy(counts) <= np.log(len(counts)) + 1e-12
    assert entropy(counts) == pytest.approx(stats.entropy(counts))
    assert entropy([7] * len(counts)) == pytest.approx(np.log(len(counts)))


def test_information_of_a_table_is_that_of_two_by_hand():
    # A fair coin seen through a channel that errs one time in four: ln 2 - H(1/4).
    table = np.array([[3, 1], [1, 3]])
    assert table_information(table) == pytest.approx(np.log(2) - entropy([3, 1]))
    a, b = np.array([0, 0, 1, 1, 1]), np.array([2, 2, 0, 1, 0])
    assert joint_counts(a, b).tolist() == [[0, 0, 2], [2, 1, 0]]


def test_a_factor_that_follows_from_another_is_said_to_depend_on_it():
    rng = np.random.default_rng(0)
    topic, tense = rng.integers(0, 4, 5_000), rng.integers(0, 3, 5_000)
    thing = 4 * topic + rng.integers(0, 4, 5_000)
    found = made(rng.normal(size=(5_000, 2)), topic, thing, tense).dependent()
    assert found["factor 0"] == {"factor 1": pytest.approx(1.0, abs=0.01)}
    # Half of the entropy of ln 16 is that of the topic.
    assert found["factor 1"] == {"factor 0": pytest.approx(0.5, abs=0.01)}
    assert "factor 2" not in found


def test_some_rows_are_numbered_anew():
    rep = Representation.of([[0.0, 1], [1, 0], [2, 5]], {"a": "xyz", "b": "uuv"})
    part = rep.rows(np.array([0, 2]))
    assert part.factors.tolist() == [[0, 0], [1, 1]]
    assert part.values == (2, 2)


@pytest.mark.parametrize(
    ("codes", "columns", "said"),
    [
        (np.ones((4, 2)) * np.arange(4)[:, None], {"a": "xyxy"}, "Two factors"),
        (np.ones((4, 2)) * np.arange(4)[:, None], {"a": "xyx", "b": "xyx"}, "Row i"),
        (np.ones((4, 2)) * np.arange(4)[:, None], {"a": "xxxx", "b": "xyxy"}, "1 value;"),
        (np.ones((4, 2)), {"a": "xyxy", "b": "xyxy"}, "Fewer than two dimensions"),
        ([[0.0, np.nan]] * 4, {"a": "xyxy", "b": "xyxy"}, "not a finite"),
        (np.ones((4, 2)), {"a": "xyxy", "b": "xyx"}, "differ"),
    ],
)
def test_what_cannot_be_measured_is_said(codes, columns, said):
    with pytest.raises(UserError, match=said):
        Representation.of(codes, columns)


def test_a_factor_of_too_many_values_is_no_factor():
    rng = np.random.default_rng(0)
    with pytest.raises(UserError, match="has 201 values"):
        made(rng.normal(size=(201, 2)), np.arange(201), np.arange(201) % 2)
    assert independent().values == (4, 4)
