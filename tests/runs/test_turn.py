"""When a run that waits is begun: what is said of it, and that it comes so."""

import heapq

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.runs import queue, turn
from vae.runs.catalogue import new_directory
from vae.runs.process import ProcessRecord
from vae.runs.request import read_request
from vae.runs.turn import Turn


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """Runs and a cache of its own, where nothing is started."""
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(queue, "_start", lambda run, command: False)


def ask(seconds=None):
    run = new_directory("run")
    queue.submit(run, ["train", "factors", "--out", str(run.path)], "run", seconds=seconds)
    return run


def train(run, **status):
    run.write_json("status.json", {"state": "running", **ProcessRecord.mine().to_json(), **status})
    return run


def test_a_run_before_which_nobody_comes_begins_at_once():
    assert turn.next_turn() == Turn(1, 0.0)
    assert turn.turn(ask(60)) == Turn(1, 0.0)


def test_one_waits_for_what_the_run_under_way_and_all_before_still_need():
    train(ask(300), step=10, total_steps=40, seconds=30.0)  # 90 s of training, 270 s in all
    second, third = ask(120), ask(60)
    assert turn.turn(second) == Turn(1, 270.0)
    assert turn.turn(third) == Turn(2, 390.0)
    assert turn.next_turn() == Turn(3, 450.0)


def test_the_pace_counts_where_it_is_slower_than_expected():
    train(ask(60), step=10, total_steps=40, seconds=30.0)
    assert turn.next_turn() == Turn(1, 90.0)


def test_nothing_is_said_where_one_before_is_paused_or_of_unknown_length():
    train(ask(), step=10, total_steps=40, seconds=30.0, state="paused")
    assert turn.next_turn() == Turn(1, None)


def test_a_run_of_the_shell_or_of_an_earlier_version_has_no_length():
    run = ask()
    ask(60)
    assert read_request(run).seconds is None
    assert turn.next_turn() == Turn(3, None)


@pytest.mark.parametrize("odd", ["soon", -3, 0, float("inf"), None, [1]])
def test_an_odd_length_is_none(odd):
    run = ask(60)
    run.write_json("request.json", {**run.read_json("request.json"), "seconds": odd})
    assert read_request(run).seconds is None


def test_a_resumed_run_is_expected_to_take_what_is_left_of_it():
    run = ask(100)
    queue.cancel(run)
    run.write_json("status.json", {**run.read_json("status.json"), "seconds": 40.0})
    queue.resume(run)
    assert read_request(run).seconds == 100
    assert turn.next_turn() == Turn(2, 60.0)


def begins(lengths: list[float], slots: int) -> list[float]:
    """When each of a queue begins, by walking through time."""
    under_way: list[float] = []
    now, begun = 0.0, []
    for length in lengths:
        while len(under_way) >= slots:
            now = heapq.heappop(under_way)
        begun.append(now)
        heapq.heappush(under_way, now + length)
    return begun


@given(st.lists(st.integers(1, 100).map(float), max_size=8), st.integers(1, 4))
def test_the_turn_is_that_of_a_queue_walked_through_time(lengths, slots):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queue, "slots", lambda: slots)
        patch.setattr(queue, "training", list)
        patch.setattr(queue, "waiting", lambda: lengths)
        patch.setattr(turn, "_seconds_of", lambda length: length)
        assert turn.next_turn().seconds == begins([*lengths, 1.0], slots)[-1]
