"""Adjusting a run: what is asked arrives, the latest counts, and nothing asked ends a run."""

import json
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.config import TrainConfig
from vae.errors import UserError
from vae.runs.control import (
    ADJUSTABLE,
    Control,
    ControlReader,
    clear_control,
    read_control,
    request_changes,
    request_command,
)
from vae.runs.store import RunDirectory


@pytest.fixture
def run(tmp_path):
    (tmp_path / "run").mkdir()
    return RunDirectory(tmp_path / "run")


def reader(run):
    return ControlReader(run, every=0)


def test_nothing_is_asked_of_a_run_at_first(run):
    assert read_control(run) is None
    assert reader(run).poll() is None
    clear_control(run)
    assert list(run.path.iterdir()) == []


def test_what_is_asked_is_read_once(run):
    asked = reader(run)
    request_command(run, "pause")
    control = asked.poll()
    assert (control.command, dict(control.changes)) == ("pause", {})
    assert asked.poll() is None
    request_command(run, "run")
    assert asked.poll().command == "run"


def test_the_serial_rises_with_every_request(run):
    serials = [
        request_command(run, "pause").serial,
        request_changes(run, {"beta": 0.5}).serial,
        request_command(run, "run").serial,
    ]
    assert serials == [1, 2, 3]
    assert read_control(run).serial == 3


def test_changes_merge_and_the_latest_value_counts(run):
    request_changes(run, {"beta": 0.5, "free_bits": 1})
    request_command(run, "pause")
    control = request_changes(run, {"beta": 0.25})
    assert control.changes == {"beta": 0.25, "free_bits": 1.0}
    assert control.command == "pause"
    assert read_control(run) == control


def test_every_setting_that_can_be_adjusted_is_one_of_training():
    assert all(isinstance(getattr(TrainConfig(), name), float) for name in ADJUSTABLE)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seed": 1}, "seed cannot be changed while a run trains; beta"),
        ({"latent_dim": 1}, "cannot be changed"),
        ({"beta": -1}, "beta is -1; it must be at least 0"),
        ({"beta": float("nan")}, "finite number"),
        ({"beta": float("inf")}, "finite number"),
        ({"beta": "0.5"}, "finite number"),
        ({"beta": True}, "finite number"),
        ({"beta": None}, "finite number"),
        ({"word_dropout": 1.5}, "between 0 and 1"),
        ({"learning_rate": 0}, "above 0"),
        ({"beta": 0.5, "free_bits": -1}, "free_bits"),
        ({3: 1}, "3 cannot be changed"),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_nothing_is_written(changes, words, run):
    with pytest.raises(UserError, match=words):
        request_changes(run, changes)
    assert not run.has("control.json")


def test_a_command_that_there_is_not_is_refused(run):
    with pytest.raises(UserError, match="choose one of run, pause, stop"):
        request_command(run, "explode")


def test_nothing_is_asked_of_a_run_that_is_gone(tmp_path):
    with pytest.raises(UserError, match="renamed or deleted"):
        request_command(RunDirectory(tmp_path / "gone"), "stop")
    assert not (tmp_path / "gone").exists()


def test_two_sessions_at_once_lose_nothing(run):
    def adjustment(name):
        for i in range(15):
            request_changes(run, {name: (i + 1) / 100})

    threads = [threading.Thread(target=adjustment, args=(name,)) for name in ADJUSTABLE]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    control = read_control(run)
    assert control.serial == 60
    assert control.changes == dict.fromkeys(ADJUSTABLE, 0.15)


def test_the_file_is_looked_at_only_now_and_then(run):
    patient = ControlReader(run, every=0.2)
    assert patient.poll() is None
    request_command(run, "stop")
    assert patient.poll() is None
    time.sleep(0.25)
    assert patient.poll().command == "stop"


def test_looking_costs_next_to_nothing(run):
    request_command(run, "run")
    patient = ControlReader(run)
    began = time.perf_counter()
    for _ in range(10_000):
        patient.poll()
    assert time.perf_counter() - began < 0.5


# -- another sitting -------------------------------------------------------------------------------


def test_a_new_sitting_obeys_nothing_old(run):
    request_changes(run, {"beta": 0.5})
    before = request_command(run, "stop")
    clear_control(run, before=time.time())
    control = read_control(run)
    assert (control.command, dict(control.changes)) == ("run", {})
    assert control.serial > before.serial


def test_what_is_asked_while_a_process_starts_is_kept(run):
    request_command(run, "stop")  # after this process began
    clear_control(run)
    assert read_control(run).command == "stop"


# -- damage ----------------------------------------------------------------------------------------

DAMAGED = [
    "",
    "{",
    "null",
    "[]",
    "5",
    "[" * 100_000,
    '{"serial": 1}',
    '{"serial": "1", "command": "stop", "changes": {}}',
    '{"serial": true, "command": "stop", "changes": {}}',
    '{"serial": 1, "command": "explode", "changes": {}}',
    '{"serial": 1, "command": ["stop"], "changes": {}}',
    '{"serial": 1, "command": "stop", "changes": []}',
    '{"serial": 1, "command": "stop", "changes": {"seed": 1}}',
    '{"serial": 1, "command": "stop", "changes": {"beta": NaN}}',
    '{"serial": 1, "command": "stop", "changes": {"beta": -1}}',
    '{"serial": 1, "command": "stop", "changes": {}, "asked": "then"}',
]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_request_is_ignored_and_replaced_by_the_next(content, run):
    asked = reader(run)
    (run.path / "control.json").write_text(content)
    assert asked.poll() is None
    assert read_control(run) is None
    control = request_command(run, "pause")
    assert control.serial > 1
    assert asked.poll() == control


def test_a_damaged_request_is_cleared(run):
    (run.path / "control.json").write_text("{")
    clear_control(run)
    assert read_control(run).command == "run"


@given(st.binary(max_size=80))
def test_no_bytes_end_a_run(tmp_path_factory, content):
    run = RunDirectory(tmp_path_factory.mktemp("run"))
    (run.path / "control.json").write_bytes(content)
    assert reader(run).poll() is None


@given(st.dictionaries(st.sampled_from(ADJUSTABLE), st.floats(0.001, 1)))
def test_a_request_is_read_back_as_it_was_made(tmp_path_factory, changes):
    run = RunDirectory(tmp_path_factory.mktemp("run"))
    control = request_changes(run, changes)
    assert read_control(run) == control == Control(1, "run", changes, control.asked)
    assert json.loads((run.path / "control.json").read_text())["serial"] == 1
