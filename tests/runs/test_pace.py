"""How far a training is, in words: from any status.json, whole or odd."""

import time

import pytest

from vae.runs.pace import STATES, pace
from vae.runs.store import STATES as KNOWN
from vae.runs.summary import UNKNOWN


def test_every_state_of_a_run_has_words():
    assert set(STATES) == {*KNOWN, UNKNOWN}


def test_a_training_says_where_it_is_and_how_long_it_still_takes():
    at = pace({"step": 25, "total_steps": 100, "seconds": 10, "heartbeat": time.time() - 5})
    assert at.share == 0.25
    assert at.where == "step 25 of 100"
    assert at.remaining == "About 30 s left."
    assert at.heartbeat == "Last sign of life 5 s ago."


@pytest.mark.parametrize(
    ("ago", "said"), [(60 * 30, "Last sign of life 30 min ago."), (10**5, "Silent for hours.")]
)
def test_a_long_silence_is_said_in_minutes_or_as_such(ago, said):
    assert pace({"heartbeat": time.time() - ago}).heartbeat == said


@pytest.mark.parametrize("odd", [None, "ten", -3, float("inf"), float("nan"), [], {"a": 1}])
def test_odd_values_are_never_more_than_not_known(odd):
    at = pace(dict.fromkeys(("step", "total_steps", "seconds", "heartbeat", "phase"), odd))
    assert (at.share, at.where) == (0.0, "step 0")
    assert at.remaining == "Time left not known yet."
    assert at.heartbeat
