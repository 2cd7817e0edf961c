"""Processes: the very one that is meant, and no other that has its number now."""

import os
import signal
import sys
import threading
import time

import psutil
import pytest

from vae.cache import locked, replacing, temporary_beside, temporary_owner
from vae.errors import UserError
from vae.runs import process
from vae.runs.process import ProcessRecord, kill, spawn, sweep, terminate

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def wait_for(condition, seconds=30):
    end = time.time() + seconds
    while not condition():
        assert time.time() < end, "it did not happen in time"
        time.sleep(0.02)


def test_this_process_runs():
    assert ProcessRecord.of_pid().running
    assert ProcessRecord.of_pid(os.getpid()) == ProcessRecord.of_pid()


@pytest.mark.parametrize(
    "changes",
    [
        {"pid_started": ProcessRecord.of_pid().pid_started - 100},
        {"pid_started": None},
        {"pid_started": float("nan")},
        {"pid": 2**22 + 1},
        {"pid": -1},
        {"pid": 10**30},
        {"pid": float("inf")},
        {"pid": "many"},
        {"pid": None},
    ],
)
def test_another_start_or_no_number_is_not_the_process(changes):
    record = ProcessRecord.of_json({**ProcessRecord.of_pid().to_json(), **changes})
    assert record is None or not record.running
    if record is not None:
        assert kill(record)  # nothing to end, and nobody ended
        terminate(record)


def test_an_identity_that_is_missing_is_no_process():
    assert ProcessRecord.of_json({}) is None


def test_a_process_writes_to_its_file_and_is_gone_when_it_has_ended(tmp_path):
    log = tmp_path / "log"
    started = spawn([sys.executable, "-c", "print('hello')"], log.open("ab"))
    wait_for(lambda: not psutil.pid_exists(started.pid))  # nobody asked, and no zombie stays
    assert log.read_text() == "hello\n"
    assert not started.running


def test_a_signal_that_ended_a_process_is_said_in_its_file(tmp_path):
    log = tmp_path / "log"
    started = spawn(SLEEP, log.open("ab"))
    assert started.running
    assert kill(started)
    wait_for(lambda: "signal 9 (SIGKILL)" in log.read_text())


def test_a_process_that_ignores_the_asking_is_ended(tmp_path):
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True)"
    log = tmp_path / "log"
    started = spawn([sys.executable, "-c", f"{deaf}; time.sleep(60)"], log.open("ab"))
    wait_for(lambda: log.read_text())
    terminate(started)
    assert started.running
    assert kill(started)


def test_a_process_has_a_session_of_its_own_and_lower_priority(tmp_path):
    started = spawn(SLEEP, (tmp_path / "log").open("ab"))
    try:
        assert os.getsid(started.pid) == started.pid
        process.lower_priority(started.pid)
        assert psutil.Process(started.pid).nice() == 10
    finally:
        kill(started)
    process.lower_priority(started.pid)  # gone: nothing to do


def test_a_command_that_does_not_exist_leaves_no_file_open(tmp_path):
    output = (tmp_path / "log").open("ab")
    with pytest.raises(FileNotFoundError):
        spawn([str(tmp_path / "nothing")], output)
    assert output.closed


# -- temporary files and locks -------------------------------------------------------------------


def test_a_temporary_name_tells_its_owner(tmp_path):
    name = temporary_beside(tmp_path / "weights.safetensors")
    assert temporary_owner(name) == os.getpid()
    with replacing(tmp_path / "a") as temporary:
        assert temporary_owner(temporary) == os.getpid()
        temporary.write_text("x")
    for other in (".x.tmp", "x.1-00000000.tmp", ".git", ".x.1-xyz.tmp", "notes.tmp"):
        assert temporary_owner(tmp_path / other) is None


def test_only_what_dead_processes_left_is_swept(tmp_path):
    child = spawn([sys.executable, "-c", ""], (tmp_path / "log").open("ab"))
    wait_for(lambda: not psutil.pid_exists(child.pid))
    stale = tmp_path / f".weights.safetensors.{child.pid}-0123abcd.tmp"
    folder = tmp_path / f".run.{child.pid}-0123abcd.tmp"
    # This process has the number, but began long after the file was last written.
    reused = tmp_path / f".config.json.{os.getpid()}-0123abcd.tmp"
    mine = tmp_path / f".config.json.{os.getpid()}-0123abce.tmp"
    foreign = tmp_path / ".cache.tmp"
    folder.mkdir()
    for path in (stale, folder / "inside", reused, mine, foreign):
        path.write_text("x")
    os.utime(reused, (1_000_000, 1_000_000))
    sweep(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([foreign.name, mine.name, "log"])
    sweep(tmp_path / "nowhere")


def test_sweeping_never_follows_a_link(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("x")
    link = tmp_path / f".run.{2**22 + 1}-0123abcd.tmp"
    link.symlink_to(tmp_path / "kept")
    sweep(tmp_path)
    assert not link.is_symlink()
    assert (tmp_path / "kept" / "file").exists()


def test_a_lock_keeps_the_others_out(tmp_path):
    path = tmp_path / "file"
    count = []

    def work():
        for _ in range(20):
            with locked(path):
                n = int(path.read_text()) if path.exists() else 0
                time.sleep(0.0005)
                path.write_text(str(n + 1))
        count.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(count) == 4
    assert path.read_text() == "80"


def test_a_lock_that_is_held_for_long_is_answered_with_a_sentence(tmp_path):
    held, done = threading.Event(), threading.Event()

    def hold():
        with locked(tmp_path / "file"):
            held.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    short = locked(tmp_path / "file", seconds=0.05)
    with pytest.raises(UserError, match="being changed by another process"), short:
        pass
    done.set()
    thread.join()


def test_the_lock_of_a_killed_process_is_free(tmp_path):
    code = f"""
import time
from pathlib import Path
from vae.cache import locked
with locked(Path({str(tmp_path / "file")!r})):
    print("held", flush=True)
    time.sleep(60)
"""
    log = tmp_path / "log"
    holder = spawn([sys.executable, "-c", code], log.open("ab"))
    wait_for(lambda: log.read_text() == "held\n")
    os.kill(holder.pid, signal.SIGKILL)
    with locked(tmp_path / "file"):
        pass
