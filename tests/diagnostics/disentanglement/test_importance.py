"""Disentanglement, completeness, informativeness (Eastwood and Williams, 2018)."""

import numpy as np
import pytest

from tests.diagnostics.disentanglement import calibration
from tests.diagnostics.disentanglement.calibration import independent, made, perfect
from vae.diagnostics.disentanglement.importance import (
    completeness,
    disentanglement,
    importance,
    importance_scores,
)


def test_scores_of_matrices_by_hand():
    ideal = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    assert disentanglement(ideal) == pytest.approx(1.0)
    assert completeness(ideal) == pytest.approx(1.0)
    # One dimension does for both factors: complete, and not disentangled.
    both = np.array([[1.0, 1.0], [0.0, 0.0]])
    assert disentanglement(both) == pytest.approx(0.0)
    assert completeness(both) == pytest.approx(1.0)
    # Half of the weight is on a dimension that serves two alike, half on one that serves one.
    assert disentanglement(np.array([[0.5, 0.5], [1.0, 0.0]])) == pytest.approx(0.5)
    assert disentanglement(np.zeros((2, 2))) == completeness(np.zeros((2, 2))) == 0.0


def test_a_perfect_code_is_disentangled_complete_and_informative():
    found = importance_scores(importance(perfect(), np.random.default_rng(0)))
    assert found["dci_disentanglement_held_out"] == pytest.approx(1.0)
    assert found["dci_completeness_held_out"] == pytest.approx(1.0)
    assert found["dci_informativeness"] > 0.99
    # By impurity the dimension of noise takes a share, as unpruned trees divide to the last row.
    assert 0.6 < found["dci_disentanglement"] < 0.9


def test_nothing_that_held_out_rows_would_miss_is_in_an_independent_code():
    found = importance(independent(), np.random.default_rng(0))
    assert found.held_out.max() == 0.0
    assert importance_scores(found)["dci_disentanglement_held_out"] == 0.0
    assert found.accuracies == pytest.approx(np.full(2, 0.25), abs=0.1)
    # An unpruned forest finds something in anything, spread about evenly.
    assert found.impurity.sum(0) == pytest.approx(np.ones(2))
    assert importance_scores(found)["dci_disentanglement"] < 0.01


def test_a_turned_code_is_informative_and_not_disentangled():
    part = perfect()
    turned = made(part.codes @ np.array([[1, 1, 0], [1, -1, 0], [0, 0, 1]]), *part.factors.T)
    found = importance_scores(importance(turned, np.random.default_rng(0)))
    assert found["dci_informativeness"] > 0.9
    assert found["dci_disentanglement_held_out"] < 0.1


@calibration.needed
@pytest.mark.parametrize(
    ("name", "published", "near"), [("toy", 0.0107, 0.006), ("toy_ideal1", 0.6647, 0.06)]
)
def test_the_impurity_of_forests_gives_the_published_score(name, published, near):
    found = importance_scores(importance(calibration.published(name), np.random.default_rng(0)))
    # A forest of ten trees varies from seed to seed: its deviation is a third of what is allowed.
    assert found["dci_disentanglement"] == pytest.approx(published, abs=near)
