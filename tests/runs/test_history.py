"""metrics.jsonl as tables."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.runs.history import (
    column,
    history,
    nearest_snapshot,
    rate_by_dimension,
    seconds_left,
    thinned,
)


def validation(step: int, elbo: float, rates: list[float], best: bool = False) -> dict:
    return {
        "event": "validation",
        "step": step,
        "elbo": elbo,
        "rate_per_dimension": rates,
        "best": best,
    }


def snapshot(step: int) -> dict:
    return {"event": "snapshot", "step": step, "reconstructions": [], "samples": []}


def test_events_are_sorted_by_kind_and_foreign_ones_left_out():
    step = {"event": "step", "step": 2, "distortion": 3.0, "rate": 1.0, "beta": 0.1}
    recorded = history([snapshot(0), step, {"event": "step", "step": 3}, {"event": "moon"}])
    assert recorded.steps == (step,)
    assert recorded.snapshots == (snapshot(0),)
    assert recorded.last_step == 2


def test_an_end_before_a_resume_is_no_end():
    end = {"event": "end", "step": 5, "reason": "interrupted"}
    resume = {"event": "resume", "step": 5}
    assert history([end]).end == end
    assert history([end]).last_step == 5
    assert history([end, resume]).end is None
    assert history([end, resume, end]).end == end


def test_best_is_the_last_one_whose_weights_were_kept():
    events = [validation(1, -3, [1.0], True), validation(2, -2, [1.0], True)]
    assert history([*events, validation(3, -9, [1.0])]).best["step"] == 2
    assert history([validation(1, -3, [1.0]), validation(2, -4, [1.0])]).best["step"] == 1
    assert history([]).best is None


def test_dimensions_are_ordered_by_their_final_rate():
    events = [validation(1, -3, [9.0, 0.0, 1.0]), validation(2, -2, [0.5, 2.0, 1.0])]
    steps, table, order = rate_by_dimension(history(events))
    assert list(order) == [1, 2, 0]
    assert list(table[:, -1]) == [2.0, 1.0, 0.5]
    assert list(steps) == [1, 2]


def test_a_thinned_line_keeps_the_mean_and_the_last_step():
    x = np.arange(1.0, 1025.0)
    thin, [y] = thinned(x, [x], 16)
    assert len(thin) == 16
    assert thin[-1] == 1024
    assert y.mean() == pytest.approx(x.mean())
    assert thinned(x, [x], 2000)[0] is x


@given(st.integers(1, 3000), st.integers(1, 50))
def test_a_thinned_line_is_never_longer_than_asked_and_ends_where_the_line_does(n, most):
    x = np.arange(n, dtype=float)
    thin, [y] = thinned(x, [x], most)
    assert len(thin) == len(y) <= most
    assert thin[-1] == n - 1


def test_a_line_that_grows_stands_still_but_for_its_end():
    x = np.arange(1100.0)
    values = np.sin(x)
    before, [y] = thinned(x[:1050], [values[:1050]], 400)
    after, [z] = thinned(x, [values], 400)
    np.testing.assert_array_equal(before[:-1], after[: len(before) - 1])
    np.testing.assert_array_equal(y[:-1], z[: len(y) - 1])


def test_what_is_no_number_is_left_out_of_a_mean():
    x = np.arange(4.0)
    _, [y] = thinned(x, [np.array([1.0, np.nan, np.nan, np.nan])], 2)
    assert y[0] == 1.0
    assert np.isnan(y[1])


def test_what_was_changed_in_mid_run_is_said_in_words():
    events = [
        {"event": "phase", "step": 900, "phase": "decoder reset"},
        {"event": "steer", "step": 400, "changes": {"beta": 0.5, "word_dropout": 0.25}},
        {"event": "steer", "step": 500, "changes": "all of them"},
    ]
    recorded = history(events)
    assert len(recorded.adjustments) == len(recorded.phases) == 1
    assert recorded.marks == [
        (400, "beta 0.5, word dropout 0.25 from step 400"),
        (900, "decoder reset from step 900"),
    ]


def test_a_missing_field_is_not_a_number():
    assert np.isnan(column([{"step": 1}], "rate")).all()


def test_the_snapshot_of_a_step_is_the_last_one_before_it():
    recorded = history([snapshot(0), snapshot(100), snapshot(200)])
    assert [nearest_snapshot(recorded, s) for s in (0, 150, 999)] == [0, 1, 2]


@pytest.mark.parametrize("status", [{}, {"step": 0, "total_steps": 9, "seconds": 1}])
def test_time_left_is_unknown_before_the_first_update(status):
    assert seconds_left(status) is None


def test_time_left_goes_by_the_pace_so_far():
    assert seconds_left({"step": 25, "total_steps": 100, "seconds": 10}) == 30


def test_a_change_that_a_resume_made_again_is_marked_once():
    adjustment = {"event": "steer", "step": 40, "changes": {"beta": 0.5}}
    phase = {"event": "phase", "step": 40, "phase": "decoder drawn anew"}
    other = {**adjustment, "changes": {"beta": 0.25}}
    found = history([adjustment, phase, {"event": "resume", "step": 40}, adjustment, phase, other])
    assert list(found.adjustments) == [adjustment, other]
    assert list(found.phases) == [phase]
