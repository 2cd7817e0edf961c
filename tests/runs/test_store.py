"""The run directory: whole files or none, and a clear word on every damaged one."""

import json
import os
import subprocess
import sys
import threading
import time
import zipfile

import numpy as np
import psutil
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import store_run, tiny
from vae.cache import replacing
from vae.errors import UserError
from vae.explorer import Explorer
from vae.runs.process import SILENCE, ProcessRecord
from vae.runs.store import (
    FORMAT_VERSION,
    RunDirectory,
)

READERS = {
    "config.json": RunDirectory.read_json,
    "status.json": RunDirectory.read_json,
    "evaluation.json": RunDirectory.read_json,
    "weights.safetensors": RunDirectory.read_tensors,
    "checkpoint.safetensors": RunDirectory.read_tensors,
    "latents.npz": RunDirectory.read_arrays,
    "projection.npz": RunDirectory.read_arrays,
}
every_file = pytest.mark.parametrize("file", READERS)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that has every file."""
    run = store_run(tmp_path_factory.mktemp("runs") / "whole")
    run.write_json("status.json", {"state": "finished", "text": "naïve “quotes”"})
    run.write_json("evaluation.json", {"nll_iw": 12.5})
    run.write_tensors("checkpoint.safetensors", {"a": torch.arange(4)}, {"step": 7, "best": 0.1})
    arrays = {"keys": np.arange(5, dtype=np.uint64), "mean": np.ones((5, 2), np.float16)}
    run.write_arrays("latents.npz", arrays)
    run.write_arrays("projection.npz", {"umap": np.zeros((5, 2))})
    return run


@pytest.fixture
def run(tmp_path):
    return RunDirectory(tmp_path / "run")


def test_what_is_written_is_read_back(whole):
    assert whole.read_json("status.json")["text"] == "naïve “quotes”"
    tensors, metadata = whole.read_tensors("checkpoint.safetensors")
    assert tensors["a"].tolist() == [0, 1, 2, 3]
    assert metadata == {"step": 7, "best": 0.1}
    arrays = whole.read_arrays("latents.npz")
    assert arrays["keys"].dtype == np.uint64
    assert arrays["mean"].dtype == np.float16


def test_weights_survive_bit_for_bit(run):
    state = tiny("lstm").state_dict()
    run.write_tensors("weights.safetensors", state)
    again, metadata = run.read_tensors("weights.safetensors")
    assert metadata == {}
    assert all(torch.equal(again[k], v) for k, v in state.items())


def test_odd_numbers_survive_json(run):
    run.write_tensors("checkpoint.safetensors", {}, {"best": -float("inf"), "third": 1 / 3})
    _, metadata = run.read_tensors("checkpoint.safetensors")
    assert metadata == {"best": -float("inf"), "third": 1 / 3}


@every_file
def test_a_missing_file_is_named_with_what_to_do(file, run):
    assert not run.has(file)
    assert run.version(file) == ""
    with pytest.raises(UserError) as error:
        READERS[file](run, file)
    assert file in str(error.value)
    assert str(run.path) in str(error.value)
    assert len(str(error.value).split(": ", 1)[1]) > 20  # the remedy


@given(st.data())
@every_file
def test_a_truncated_file_is_refused_by_name(file, whole, tmp_path_factory, data):
    content = (whole.path / file).read_bytes()
    run = RunDirectory(tmp_path_factory.mktemp("cut"))
    cut = data.draw(st.integers(0, len(content) - 1))
    (run.path / file).write_bytes(content[:cut])
    with pytest.raises(UserError, match=file.replace(".", r"\.")):
        READERS[file](run, file)


@given(st.data())
@every_file
def test_a_file_with_flipped_bytes_is_read_or_refused_and_never_crashes(
    file, whole, tmp_path_factory, data
):
    content = bytearray((whole.path / file).read_bytes())
    run = RunDirectory(tmp_path_factory.mktemp("flip"))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, min(len(content), 600) - 1))] ^= data.draw(
            st.integers(1, 255)
        )
    (run.path / file).write_bytes(bytes(content))
    try:
        READERS[file](run, file)
    except UserError as error:
        assert file in str(error)  # noqa: PT017 - both outcomes are right


FOREIGN = {
    "empty": b"",
    "text": b"Dear diary, today I trained a model.",
    "zeros": bytes(2_000),
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "list": b"[1, 2, 3]",
    "number": b"5",
    "latin": '{"a": "é"}'.encode("latin-1"),
    "deep": b"[" * 100_000,
    "digits": b'{"format_version": ' + b"9" * 10_000 + b"}",
}


@every_file
@pytest.mark.parametrize("kind", FOREIGN)
def test_a_foreign_file_is_refused_by_name(file, kind, run):
    run.path.mkdir()
    (run.path / file).write_bytes(FOREIGN[kind])
    with pytest.raises(UserError, match=file.replace(".", r"\.")):
        READERS[file](run, file)


@every_file
def test_a_directory_in_the_place_of_a_file_is_refused(file, run):
    (run.path / file).mkdir(parents=True)
    with pytest.raises(UserError, match=file.replace(".", r"\.")):
        READERS[file](run, file)


def test_an_array_file_of_another_kind_is_refused(run):
    run.path.mkdir()
    np.save(run.path / "x.npy", np.arange(3))
    (run.path / "x.npy").rename(run.path / "latents.npz")
    with pytest.raises(UserError, match=r"latents\.npz"):
        run.read_arrays("latents.npz")
    with zipfile.ZipFile(run.path / "latents.npz", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(UserError, match=r"latents\.npz"):
        run.read_arrays("latents.npz")


def test_nothing_is_ever_unpickled(run):
    run.path.mkdir()
    trap = np.array([{"a": 1}], dtype=object)
    np.savez(run.path / "latents.npz", trap, allow_pickle=True)
    with pytest.raises(UserError, match=r"latents\.npz"):
        run.read_arrays("latents.npz")


@pytest.mark.parametrize("version", [None, 0, FORMAT_VERSION + 1, "1", [1]])
def test_another_format_version_says_what_to_do(version, run):
    run.path.mkdir()
    value = {"state": "finished"} if version is None else {"format_version": version}
    (run.path / "config.json").write_text(json.dumps(value))
    with pytest.raises(UserError, match=r"(?s)config\.json has format .*Train the run again"):
        run.read_json("config.json")


def test_weights_of_another_model_are_refused_with_both_names(tmp_path):
    run = store_run(tmp_path / "run")
    run.write_tensors("weights.safetensors", tiny("lstm").state_dict())
    with pytest.raises(UserError, match=r"weights\.safetensors.*config\.json"):
        Explorer.load(run)


@pytest.mark.parametrize("file", ["config.json", "tokenizer.json", "weights.safetensors"])
def test_a_run_without_one_of_its_files_does_not_open(file, tmp_path):
    run = store_run(tmp_path / "run")
    (run.path / file).unlink()
    with pytest.raises(UserError, match=file.replace(".", r"\.")):
        Explorer.load(run)


def test_a_configuration_that_is_none_is_refused(tmp_path):
    run = store_run(tmp_path / "run")
    for config in ({}, [], None, 5, {"data": 1, "model": 2, "train": 3}):
        run.write_json("config.json", {"config": config})
        with pytest.raises(UserError, match=r"config\.json"):
            Explorer.load(run)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(run):
    run.write_json("status.json", {"state": "running"})
    with pytest.raises(TypeError):
        run.write_json("status.json", {"state": object()})
    with pytest.raises(AttributeError):
        run.write_tensors("weights.safetensors", {"a": "no tensor"})  # type: ignore[dict-item]
    with pytest.raises(ZeroDivisionError), replacing(run.path / "latents.npz") as temporary:
        _ = temporary.write_bytes(b"half") // 0
    assert run.read_json("status.json")["state"] == "running"
    assert [p.name for p in run.path.iterdir()] == ["status.json"]


def test_a_reader_never_sees_half_a_file(run):
    run.write_json("status.json", {"n": 0, "padding": "x" * 50_000})
    done = threading.Event()

    def write() -> None:
        for n in range(1, 150):
            run.write_json("status.json", {"n": n, "padding": "x" * (n % 7) * 20_000})
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    seen = []
    while not done.is_set():
        seen.append(run.read_json("status.json")["n"])
    thread.join()
    assert seen == sorted(seen)
    assert [p.name for p in run.path.iterdir()] == ["status.json"]


def test_the_version_of_a_file_changes_with_the_file(run):
    run.write_json("status.json", {"state": "running"})
    before = run.version("status.json")
    assert before == run.version("status.json") != ""
    run.write_json("status.json", {"state": "stopped!"})
    assert run.version("status.json") != before


# -- metrics -------------------------------------------------------------------------------------


def step(n: int, **more: object) -> dict[str, object]:
    return {"event": "step", "step": n, **more}


def test_events_are_read_in_the_order_they_were_appended(run):
    run.path.mkdir()
    assert run.read_metrics() == []
    events = [step(n, text="“ü”\u2028\x85 line\nbreak") for n in range(5)]
    for event in events:
        run.append_metric(event)
    assert run.read_metrics() == events


@given(st.data())
def test_a_torn_last_line_is_left_out_and_ended_by_the_next_event(tmp_path_factory, data):
    run = RunDirectory(tmp_path_factory.mktemp("torn"))
    for n in range(3):
        run.append_metric(step(n, text="naïve"))
    path = run.path / "metrics.jsonl"
    content = path.read_bytes()
    last = content.rstrip(b"\n").rfind(b"\n") + 1
    cut = data.draw(st.integers(last, len(content)))
    path.write_bytes(content[:cut])
    whole = [0, 1, 2] if cut >= len(content) - 1 else [0, 1]
    assert [e["step"] for e in run.read_metrics()] == whole
    run.append_metric(step(9))
    assert [e["step"] for e in run.read_metrics()] == [*whole, 9]


def test_what_a_resume_went_back_on_is_left_out(run):
    run.path.mkdir()
    for event in (step(10), step(20), step(30), {"event": "resume", "step": 20}, step(30, b=2)):
        run.append_metric(event)
    assert [(e["event"], e["step"]) for e in run.read_metrics()] == [
        ("step", 10),
        ("step", 20),
        ("resume", 20),
        ("step", 30),
    ]
    assert run.read_metrics()[-1]["b"] == 2


def test_an_end_that_was_resumed_from_was_none(run):
    run.path.mkdir()
    for event in (step(10), {"event": "end", "step": 10}, {"event": "resume", "step": 10}):
        run.append_metric(event)
    assert [e["event"] for e in run.read_metrics()] == ["step", "resume"]


def test_a_resume_from_the_beginning_leaves_nothing_of_before(run):
    run.path.mkdir()
    for event in (step(0), step(10), {"event": "resume", "step": -1}, step(0)):
        run.append_metric(event)
    assert [e["event"] for e in run.read_metrics()] == ["resume", "step"]


@given(st.lists(st.binary(max_size=30), max_size=8))
def test_foreign_lines_are_skipped_and_never_crash(tmp_path_factory, lines):
    run = RunDirectory(tmp_path_factory.mktemp("foreign"))
    odd = [b'{"event": "resume"}', b'{"event": "step", "step": null}', b"[]", b"5", b'{"step": 1}']
    (run.path / "metrics.jsonl").write_bytes(b"\n".join([*lines, *odd, b'{"event": "x"}\n']))
    assert run.read_metrics()[-1] == {"event": "x"}


# -- is it alive? --------------------------------------------------------------------------------


def status(**changes: object) -> dict[str, object]:
    return {"state": "running", **ProcessRecord.mine().to_json(), **changes}


def alive(stored):
    process = ProcessRecord.of_json(stored)
    return process is not None and process.alive


def test_a_process_that_runs_and_beats_is_alive():
    assert alive(status())


def test_another_process_with_the_same_pid_is_not_the_one():
    started = psutil.Process().create_time()
    assert not alive(status(pid_started=started - 100))


def test_a_process_that_does_not_beat_is_not_alive():
    assert not alive(status(heartbeat=time.time() - SILENCE - 1))


@pytest.mark.parametrize(
    "changes",
    [
        {"pid": 2**22 + 1},
        {"pid": -1},
        {"pid": None},
        {"pid": "many"},
        {"pid": float("inf")},
        {"pid": 10**30},
        {"pid_started": None},
        {"pid_started": "then"},
        {"heartbeat": None},
        {"heartbeat": float("nan")},
    ],
)
def test_a_status_that_makes_no_sense_is_not_alive(changes):
    assert not alive(status(**changes))


def test_a_process_that_was_killed_is_not_alive_even_before_its_parent_notices(run):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    known = {
        "pid": child.pid,
        "pid_started": psutil.Process(child.pid).create_time(),
        "heartbeat": time.time(),
    }
    run.write_json("status.json", {"state": "running", **known})
    assert run.state() == "running"
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # a zombie now: nobody has asked
    assert run.state() == "lost"
    child.wait()
    assert run.state() == "lost"


@pytest.mark.parametrize("state", ["finished", "stopped", "failed"])
def test_a_run_that_has_ended_is_in_the_state_it_was_left_in(state, run):
    run.write_json("status.json", status(state=state))
    assert run.state() == state


live = pytest.mark.parametrize("state", ["running", "paused", "stopping"])


@live
def test_a_run_that_beats_is_in_the_state_it_says(state, run):
    run.write_json("status.json", status(state=state))
    assert run.state() == state
    assert run.busy()


@live
def test_a_run_whose_process_is_gone_is_lost(state, run):
    for gone in ({"pid": 2**22 + 1}, {"pid_started": psutil.Process().create_time() - 100}):
        run.write_json("status.json", status(state=state, **gone))
        assert run.state() == "lost"
        assert not run.busy()


@live
def test_a_run_whose_process_is_silent_is_lost_but_still_busy(state, run):
    silent = status(state=state, heartbeat=time.time() - SILENCE - 1)
    run.write_json("status.json", silent)
    assert run.state() == "lost"
    assert run.busy()


@pytest.mark.parametrize("state", ["queued", "finished", "stopped", "failed"])
def test_a_run_that_no_process_works_on_is_not_busy(state, run):
    assert not run.busy()
    run.write_json("status.json", status(state=state))
    assert not run.busy()


def test_a_run_that_waits_is_never_lost(run):
    run.write_json("status.json", {"state": "queued"})
    assert run.state() == "queued"


def starting(**changes: object) -> dict[str, object]:
    identity = ProcessRecord.of_pid().to_json()
    return {"state": "running", "phase": "starting", **identity, **changes}


def test_a_process_that_starts_is_not_asked_for_signs_of_life(run):
    run.write_json("status.json", starting(since=time.time() - 10_000))
    assert run.state() == "running"


def test_a_process_that_ended_before_its_first_sign_of_life_has_failed(run):
    run.write_json("status.json", starting(pid=2**22 + 1))
    assert run.state() == "failed"


def test_a_start_that_was_cut_off_before_there_was_a_process_has_failed(run):
    before = {"state": "running", "phase": "starting"}
    run.write_json("status.json", {**before, "since": time.time()})
    assert run.state() == "running"
    for since in (time.time() - 60, None, "then", float("nan")):
        run.write_json("status.json", {**before, "since": since})
        assert run.state() == "failed"


def test_a_process_is_not_told_that_it_is_busy_with_its_own_start(run):
    run.write_json("status.json", starting())
    assert not run.busy()
    run.write_json("status.json", starting(**ProcessRecord.of_pid(os.getppid()).to_json()))
    assert run.busy()
