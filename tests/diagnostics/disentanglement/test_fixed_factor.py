"""Naming the factor that is held fixed: Higgins et al. (2017), Kim and Mnih (2018)."""

import numpy as np
import pytest

from tests.diagnostics.disentanglement import calibration
from tests.diagnostics.disentanglement.calibration import independent, made, perfect
from vae.diagnostics.disentanglement.fixed_factor import Groups, fixed_factor_scores


def test_a_perfect_code_tells_which_factor_was_fixed():
    found = fixed_factor_scores(perfect(), np.random.default_rng(0))
    assert found == {"higgins": 1.0, "higgins_scaled": 1.0, "kim_mnih": 1.0}


def test_an_independent_code_tells_it_no_better_than_chance():
    found = fixed_factor_scores(independent(), np.random.default_rng(0))
    # Four standard errors of a share of 400 held-out votes.
    for accuracy in found.values():
        assert accuracy == pytest.approx(0.5, abs=0.1)


def test_a_dimension_that_never_varies_is_not_the_one_that_varies_least():
    part = perfect()
    still = made(np.hstack([part.codes, np.full((len(part), 1), 3.0)]), *part.factors.T)
    assert fixed_factor_scores(still, np.random.default_rng(0))["kim_mnih"] == 1.0


def test_a_batch_holds_its_factor_fixed_and_no_row_twice():
    part = perfect(600)
    groups = Groups.of(part)
    drawn = groups.draw(1, np.random.default_rng(0))
    assert drawn.shape == (1_000, 2, 64)
    values = part.factors[drawn, 1]
    assert (values == values[:, :1, :1]).all()
    assert all(len(set(side)) == 64 for pair in drawn[:50].tolist() for side in pair)


def test_small_groups_make_for_smaller_batches_and_rare_factors_are_left_out():
    rng = np.random.default_rng(0)
    n = 200
    part = made(rng.normal(size=(n, 2)), np.arange(n) % 2, np.arange(n) % 5, np.arange(n) // 4)
    groups = Groups.of(part)
    assert groups.batch == 32
    assert groups.factors == (0, 1)
    alone = made(rng.normal(size=(n, 2)), np.arange(n) // 4, np.arange(n) // 5)
    assert fixed_factor_scores(alone, rng) == {}


@calibration.needed
@pytest.mark.parametrize(
    ("name", "higgins", "kim_mnih"), [("toy", 0.5140, 0.5068), ("toy_ideal1", 1.0, 1.0)]
)
def test_the_published_accuracies_are_found(name, higgins, kim_mnih):
    found = fixed_factor_scores(calibration.published(name), np.random.default_rng(0))
    # Published from one draw of 800 held-out votes, as is this one: each errs by 0.018.
    assert found["higgins"] == pytest.approx(higgins, abs=0.05)
    assert found["kim_mnih"] == pytest.approx(kim_mnih, abs=0.05)
    assert found["higgins_scaled"] >= found["higgins"] - 0.05
