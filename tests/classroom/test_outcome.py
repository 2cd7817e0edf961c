"""Before against after, over who answered both times."""

import pytest

from vae.classroom.entry import Entry
from vae.classroom.outcome import counts, outcome


def said(pupil, step, value):
    return Entry(pupil, 0.0, "l", step, "answer", value, None)


def test_only_who_answered_a_question_both_times_counts_for_it():
    before = [said("a", "1.1", "point"), said("b", "1.1", "right"), said("a", "1.2", "right")]
    after = [said("a", "1.1", "right"), said("c", "1.1", "right"), said("a", "1.2", None)]
    found = outcome(before, after, ["1.1", "1.2", "2.1"])
    assert (found.questions["1.1"].n, found.questions["1.1"].gain) == (1, 1.0)
    assert (found.questions["1.2"].before, found.questions["1.2"].after) == (1.0, 0.0)
    assert found.questions["2.1"].n == 0
    assert (found.whole.n, found.whole.before, found.whole.after) == (1, 0.5, 0.5)


def test_the_last_answer_of_a_pupil_counts_and_not_knowing_is_not_right():
    before = [said("a", "1.1", "right"), said("a", "1.1", None)]
    after = [said("a", "1.1", "point"), said("a", "1.1", "right")]
    found = outcome(before, after, ["1.1"])
    assert (found.whole.before, found.whole.after, found.whole.gain) == (0.0, 1.0, 1.0)
    assert found.change.value == pytest.approx(1.0)


def test_a_question_that_is_asked_no_more_does_not_count():
    found = outcome([said("a", "9.9", "right")], [said("a", "9.9", "right")], ["1.1"])
    assert (found.whole.n, found.change) == (0, None)


def test_what_was_said_is_counted():
    assert counts([said("a", "1", "x"), said("b", "1", "x"), said("c", "1", None)]) == {
        "x": 2,
        None: 1,
    }
