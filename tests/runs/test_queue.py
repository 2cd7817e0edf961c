"""The queue: one run after the other, whatever dies meanwhile."""

import json
import os
import subprocess
import sys
import threading
import time

import psutil
import pytest

from vae.errors import UserError
from vae.i18n import Message
from vae.runs import queue
from vae.runs.catalogue import new_directory
from vae.runs.control import read_control, request_command
from vae.runs.failure import failure
from vae.runs.process import REPOSITORY, SILENCE, ProcessRecord, kill
from vae.runs.request import read_request
from vae.runs.store import RunDirectory

# A training process as the queue sees it: it beats, goes on until it is let go, and has finished.
STAND_IN = """
import json, os, sys, time
from pathlib import Path
from vae.cache import cache_dir, locked, write_bytes
from vae.runs.process import ProcessRecord
run = Path(sys.argv[sys.argv.index("--out") + 1])
def beat(state):
    status = {"format_version": 1, "state": state, "phase": "training", "step": 3, "message": "",
              "total_steps": 9, **ProcessRecord.mine().to_json()}
    write_bytes(run / "status.json", json.dumps(status).encode())
(run / "seen.json").write_text(json.dumps(
    {"arguments": sys.argv[1:], "where": os.getcwd(), "threads": os.environ["OMP_NUM_THREADS"],
     "runs": os.environ["LATENT_LENS_RUNS"], "session": os.getsid(0) == os.getpid()}))
print("here", flush=True)
with locked(cache_dir() / "queue.json"):  # await_start, without a second of torch
    pass
beat("running")
while not (run / "let go").exists():
    time.sleep(0.01)
beat("finished")
"""
CRASH = "import sys; sys.exit('error: There is no file \\'a.txt\\'. Check the name.')"


def stand_in(arguments):
    return [sys.executable, "-c", STAND_IN, *arguments]


def crash(arguments):
    return [sys.executable, "-c", CRASH]


def wait_for(condition, seconds=30):
    end = time.time() + seconds
    while not condition():
        assert time.time() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """Runs and a cache of its own; no process is left behind."""
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    yield tmp_path
    for path in tmp_path.glob("*/*/status.json"):
        process = ProcessRecord.of_json(json.loads(path.read_text()))
        if process is not None and process.pid != os.getpid():
            kill(process)


def process_of(run):
    return ProcessRecord.of_json(json.loads((run.path / "status.json").read_text()))


def words_of(run):
    return str(Message.of_json(run.read_json("status.json")["message"]))


def ask(title="run", command=stand_in):
    run = new_directory(title)
    queue.submit(run, ["train", "factors", "--out", str(run.path)], title, command)
    return run


def seen(run):
    """What the process of a run found, once it beats."""
    wait_for(lambda: "heartbeat" in run.read_json("status.json"))
    return json.loads((run.path / "seen.json").read_text())


def let_go(run):
    (run.path / "let go").touch()
    wait_for(lambda: run.state() == "finished")


def begun(run):
    return run.state() == "running"


# -- one after the other ---------------------------------------------------------------------------


def test_the_first_run_starts_at_once_and_the_others_wait_in_order():
    runs = [ask() for _ in range(3)]
    assert [r.state() for r in runs] == ["running", "queued", "queued"]
    assert [queue.position(r) for r in runs] == [None, 1, 2]
    assert [r.path for r in queue.waiting()] == [r.path for r in runs[1:]]
    assert queue.advance(command=stand_in) == []
    seen(runs[0])
    let_go(runs[0])
    assert [r.path for r in queue.advance(command=stand_in)] == [runs[1].path]
    assert [r.state() for r in runs] == ["finished", "running", "queued"]
    assert queue.position(runs[2]) == 1


def test_a_run_starts_as_it_was_asked_for(place):
    run = ask("My reviews")
    found = seen(run)
    assert found["arguments"] == ["train", "factors", "--out", str(run.path)]
    assert found["where"] == str(REPOSITORY)
    assert found["runs"] == str(place / "runs")
    assert found["session"]
    assert int(found["threads"]) == max(1, (os.cpu_count() or 1) - 1)
    assert psutil.Process(run.read_json("status.json")["pid"]).nice() == 10
    assert "here" in (run.path / "train.log").read_text()
    assert run.read_json("request.json")["title"] == "My reviews"
    assert "seconds" not in run.read_json("status.json")


def test_what_a_process_says_of_itself_waits_until_its_start_is_noted(monkeypatch):
    seen_early = []

    def slowly(pid):
        time.sleep(1.0)
        run = queue.training()[0]
        seen_early.append("heartbeat" in run.read_json("status.json"))

    monkeypatch.setattr(queue, "lower_priority", slowly)
    run = ask()
    noted = run.read_json("status.json")["pid"]
    assert seen_early == [False]
    seen(run)
    assert run.read_json("status.json")["pid"] == noted


def test_a_command_waits_until_its_start_is_noted():
    thread = threading.Thread(target=queue.await_start)
    with queue.queue_lock():
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(10)
    assert not thread.is_alive()


def test_a_command_starts_where_no_cache_can_be_written(place, monkeypatch):
    (place / "file").write_text("")
    monkeypatch.setenv("LATENT_LENS_CACHE", str(place / "file" / "cache"))
    with pytest.raises((OSError, UserError)), queue.queue_lock():
        pass
    queue.await_start()


def test_threads_that_were_chosen_are_kept(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    assert seen(ask())["threads"] == "7"


def test_more_slots_let_more_runs_train():
    runs = [ask() for _ in range(3)]
    queue.set_slots(2)
    assert [r.path for r in queue.advance(command=stand_in)] == [runs[1].path]
    assert [r.state() for r in runs] == ["running", "running", "queued"]
    assert len(queue.advance(slots=3, command=stand_in)) == 1


@pytest.mark.parametrize("n", [0, 9, -1, True, 1.5, "2", None])
def test_a_number_of_slots_that_cannot_be_is_refused(n):
    with pytest.raises(UserError, match="choose from 1 to 8"):
        queue.set_slots(n)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"slots": 0}', '{"slots": "2"}', '{"slots": 99}'])
def test_a_damaged_setting_is_one_slot(place, text):
    (place / "cache").mkdir()
    (place / "cache" / "queue.json").write_text(text)
    assert queue.slots() == 1
    queue.set_slots(3)
    assert queue.slots() == 3


@pytest.mark.parametrize("state", ["paused", "stopping"])
def test_a_run_that_pauses_or_stops_keeps_its_place(state):
    first, second = ask(), ask()
    seen(first)
    status = {**first.read_json("status.json"), "state": state}
    first.write_json("status.json", status)
    assert queue.advance(command=stand_in) == []
    assert second.state() == "queued"


def test_a_run_of_the_shell_takes_no_slot(place):
    shell = RunDirectory(place / "runs" / "shell")
    shell.write_json("config.json", {})
    living = {"state": "running", **ProcessRecord.mine().to_json()}
    shell.write_json("status.json", living)
    assert begun(ask())


def test_two_who_look_at_once_start_one_run():
    runs = [ask() for _ in range(4)]
    seen(runs[0])
    let_go(runs[0])
    started, gate = [], threading.Barrier(4)

    def look():
        gate.wait()
        started.extend(queue.advance(command=stand_in))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [r.path for r in started] == [runs[1].path]


def test_two_processes_that_look_at_once_start_one_run():
    runs = [ask() for _ in range(3)]
    seen(runs[0])
    let_go(runs[0])
    code = (
        "import sys; from vae.runs import queue; from tests.runs.test_queue import stand_in;"
        "print(len(queue.advance(command=stand_in)))"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=REPOSITORY)
        for _ in range(2)
    ]
    counts = [int(p.communicate(timeout=60)[0]) for p in processes]
    assert sorted(counts) == [0, 1]
    # The one that started it has ended, and the run goes on.
    assert begun(runs[1])
    assert runs[2].state() == "queued"


# -- what dies -------------------------------------------------------------------------------------


def test_a_run_that_dies_at_the_start_has_failed_and_the_next_one_starts():
    first = ask(command=crash)
    wait_for(lambda: first.state() == "failed")
    second = ask()
    assert begun(second)
    assert first.read_json("status.json")["state"] == "failed"
    assert words_of(first).startswith("There is no file 'a.txt'")
    assert failure(first).log[-1].startswith("error: There is no file")


def test_a_run_that_is_killed_is_lost_and_frees_its_place():
    first, second = ask(), ask()
    seen(first)
    kill(process_of(first))
    wait_for(lambda: first.state() == "lost")
    assert len(queue.advance(command=stand_in)) == 1
    assert begun(second)
    wait_for(lambda: "memory ran out" in failure(first).advice)


def test_a_number_that_another_process_has_now_is_no_run():
    first, second = ask(), ask()
    seen(first)
    kill(process_of(first))
    began = ProcessRecord.of_pid().pid_started - 100
    reused = {"state": "running", "heartbeat": time.time(), "pid": os.getpid()}
    first.write_json("status.json", {**reused, "pid_started": began})
    queue.advance(command=stand_in)
    assert begun(second)


def test_a_command_that_cannot_be_started_has_failed_and_the_next_one_starts(place):
    first = ask(command=lambda arguments: [str(place / "nothing")])
    assert first.state() == "failed"
    assert "cannot be started" in words_of(first)
    assert begun(ask())


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format_version": 1, "arguments": [1]}'])
def test_a_damaged_request_does_not_hold_up_the_others(content):
    first, second, third = ask(), ask(), ask()
    (second.path / "request.json").write_text(content)
    seen(first)
    let_go(first)
    queue.advance(command=stand_in)
    assert second.state() == "failed"
    assert begun(third)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format_version": 9}'])
def test_a_damaged_status_does_not_hold_up_the_others(content):
    first, second = ask(), ask()
    seen(first)
    (first.path / "status.json").write_text(content)
    queue.advance(command=stand_in)
    assert begun(second)
    kill(process_of(second))
    (first.path / "let go").touch()
    (first.path / "status.json").unlink()


def test_a_full_disk_leaves_the_queue_as_it_was(monkeypatch):
    first, second = ask(), ask()
    seen(first)
    let_go(first)

    def full(self, file, value):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(RunDirectory, "write_json", full)
        assert queue.advance(command=stand_in) == []
    assert second.state() == "queued"
    assert len(queue.advance(command=stand_in)) == 1


def test_a_queue_that_is_held_for_long_is_left_to_its_holder(monkeypatch):
    def refuse():
        raise UserError("being changed by another process")

    first = ask()
    ask()
    seen(first)
    let_go(first)
    with monkeypatch.context() as patch:
        patch.setattr(queue, "queue_lock", refuse)
        assert queue.advance(command=stand_in) == []
    assert len(queue.advance(command=stand_in)) == 1


# -- asking ----------------------------------------------------------------------------------------


def test_a_directory_is_asked_for_once():
    run = ask()
    with pytest.raises(UserError, match="holds a run already"):
        queue.submit(run, ["train"], "again", stand_in)


def test_only_so_many_runs_wait(monkeypatch):
    monkeypatch.setattr(queue, "MOST_WAITING", 2)
    runs = [ask() for _ in range(3)]
    refused = new_directory("one more")
    with pytest.raises(UserError, match="2 runs wait already"):
        queue.submit(refused, ["train"], "one more", stand_in)
    assert list(refused.path.iterdir()) == []
    assert [queue.position(r) for r in runs] == [None, 1, 2]


def test_a_run_that_waits_can_be_taken_out_and_put_back():
    _, second, third = ask(), ask(), ask()
    queue.cancel(second)
    assert second.state() == "stopped"
    assert queue.position(third) == 1
    queue.resume(second, stand_in)
    assert queue.position(second) == 2
    assert read_request(second).arguments[:2] == ("train", "factors")
    assert "--resume" not in read_request(second).arguments


def test_only_a_run_that_waits_can_be_taken_out():
    run = ask()
    with pytest.raises(UserError, match="does not wait"):
        queue.cancel(run)


def test_a_run_elsewhere_is_found_by_the_queue(place):
    first = ask()
    far = RunDirectory(place / "far" / "away")
    far.path.mkdir(parents=True)
    queue.submit(far, ["train", "factors", "--out", str(far.path)], "away", stand_in)
    seen(first)
    let_go(first)
    queue.advance(command=stand_in)
    assert begun(far)


# -- resuming --------------------------------------------------------------------------------------


def left(place, name="left", state="stopped", source=None, **status):
    """A run that was left."""
    run = RunDirectory(place / "runs" / name)
    source = source or {"kind": "factors", "n": 60, "seed": 0}
    run.write_json("config.json", {"corpus": {"source": source}})
    run.write_json("status.json", {"state": state, "step": 40, "total_steps": 90, **status})
    return run


def gone():
    return {"pid": 2**22 + 1, "pid_started": 1.0, "heartbeat": time.time()}


@pytest.mark.parametrize("state", ["stopped", "failed", "running"])
def test_a_run_that_was_stopped_failed_or_lost_goes_on(place, state):
    run = left(place, state=state, **gone())
    (run.path / f".weights.safetensors.{2**22 + 1}-0123abcd.tmp").touch()
    request_command(run, "stop")
    queue.resume(run, stand_in)
    assert begun(run)
    assert seen(run)["arguments"] == ["train", "factors", "--out", str(run.path), "--resume"]
    assert read_control(run).command == "run"
    assert not list(run.path.glob(".*.tmp"))


def test_a_resumed_run_waits_with_the_progress_it_made(place):
    ask()
    run = left(place)
    queue.resume(run, stand_in)
    assert run.state() == "queued"
    status = run.read_json("status.json")
    assert (status["step"], status["total_steps"]) == (40, 90)
    with pytest.raises(UserError, match="waits for its turn already"):
        queue.resume(run, stand_in)


def test_a_run_whose_process_hangs_is_ended_before_it_is_resumed(place):
    run = ask()
    seen(run)
    old = run.read_json("status.json")
    run.write_json("status.json", {**old, "heartbeat": time.time() - SILENCE - 1})
    psutil.Process(old["pid"]).suspend()
    assert run.state() == "lost"
    queue.resume(run, stand_in)
    wait_for(lambda: not psutil.pid_exists(old["pid"]))
    assert begun(run)
    assert run.read_json("status.json")["pid"] != old["pid"]


def test_a_run_that_trains_is_not_started_twice():
    run = ask()
    with pytest.raises(UserError, match="trains already"):
        queue.resume(run, stand_in)


def test_a_finished_run_and_one_that_ships_are_not_resumed(place, monkeypatch):
    with pytest.raises(UserError, match="nothing to resume"):
        queue.resume(left(place, state="finished"), stand_in)
    with pytest.raises(UserError, match="ships with the app"):
        queue.resume(RunDirectory(REPOSITORY / "assets" / "runs" / "factors"), stand_in)


def test_a_run_without_a_status_is_resumed(place):
    run = left(place)
    (run.path / "status.json").unlink()
    queue.resume(run, stand_in)
    assert begun(run)


def test_the_text_of_a_run_is_found_where_it_was_or_where_the_run_is_now(place):
    text = place / "reviews.txt"
    text.write_text("x")
    source = {"kind": "file", "name": "reviews.txt", "path": str(text)}
    run = left(place, source=source)
    queue.resume(run, stand_in)
    assert read_request(run).arguments[1] == str(text)
    moved = left(place, "moved", source={**source, "path": "/old/place/corpus/reviews.txt"})
    (moved.path / "corpus").mkdir()
    (moved.path / "corpus" / "reviews.txt").write_text("x")
    queue.resume(moved, stand_in)
    assert read_request(moved).arguments[1] == str(moved.path / "corpus" / "reviews.txt")


@pytest.mark.parametrize(
    "source",
    [
        {"kind": "file", "name": "reviews.txt", "path": "/old/place/reviews.txt"},
        {"kind": "file", "name": "reviews.txt"},
        {"kind": "text", "name": "pasted text"},
        {"kind": "file", "name": "queue.py", "path": "vae/runs/queue.py"},
        {"kind": 5},
    ],
)
def test_a_run_whose_text_is_gone_says_how_to_give_it(place, source):
    run = left(place, source=source)
    with pytest.raises(UserError, match=r"not on this machine any more.*--resume"):
        queue.resume(run, stand_in)
    assert run.state() == "stopped"
    assert not run.has("request.json")


def test_a_moved_run_is_started_where_it_is(place):
    first, second = ask(), ask("before")
    os.rename(second.path, place / "runs" / "after")
    seen(first)
    let_go(first)
    moved = queue.advance(command=stand_in)[0]
    assert seen(moved)["arguments"][-1] == str(place / "runs" / "after")


def test_a_process_can_be_ended():
    run = ask()
    seen(run)
    queue.end(run)
    assert run.state() == "stopped"
    queue.end(run)
