"""Long work as a process of its own."""

import json
import sys
import time
from dataclasses import replace

import psutil
import pytest

from vae.errors import UserError
from vae.i18n import message
from vae.runs import jobs
from vae.runs.process import ProcessRecord
from vae.runs.store import RunDirectory

KEY = "prepare-a run/with: odd signs"


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path))


def command(code):
    return [sys.executable, "-c", f"from pathlib import Path; from vae.runs import jobs\n{code}"]


def wait_for(condition, seconds=30):
    end = time.time() + seconds
    while time.time() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def test_a_job_reports_and_finishes():
    code = f"""
path = jobs.job_file({KEY!r})
progress = jobs.report(path)
progress(3, 12, "Reading numpy")
jobs.finish(path)
"""
    started = jobs.start(KEY, command(code))
    assert started.running
    wait_for(lambda: (job := jobs.read(KEY)) is not None and job.state == "finished")
    job = jobs.read(KEY)
    assert (job.done, job.total, str(job.what)) == (3, 12, "Reading numpy")
    assert job.ended > 0
    assert jobs.finished_at(KEY) == str(job.ended)


def test_a_second_start_gives_the_job_that_runs():
    sleeper = command("import time; time.sleep(60)")
    first = jobs.start(KEY, sleeper)
    try:
        assert jobs.start(KEY, sleeper).process.pid == first.process.pid
    finally:
        jobs.cancel(KEY)


def test_cancel_ends_the_process_and_its_children():
    code = f"""
import subprocess, sys, time
jobs.report(jobs.job_file({KEY!r}))
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
jobs.report(jobs.job_file({KEY!r}))(1, 2, "with a child")
time.sleep(60)
"""
    job = jobs.start(KEY, command(code))
    wait_for(lambda: str(jobs.read(KEY).what) == "with a child")
    children = psutil.Process(job.process.pid).children()
    assert children
    jobs.cancel(KEY)
    assert jobs.read(KEY).state == "cancelled"
    psutil.wait_procs([psutil.Process(job.process.pid), *children], timeout=10)
    assert not any(c.is_running() and c.status() != psutil.STATUS_ZOMBIE for c in children)


def test_what_finishes_after_a_cancel_stays_cancelled():
    path = jobs.job_file(KEY)
    jobs.report(path)
    jobs._write(path, replace(jobs.read(KEY), state="cancelled"))
    jobs.report(path)(1, 2, "still at it")
    jobs.finish(path)
    assert jobs.read(KEY).state == "cancelled"


def test_a_failure_keeps_its_sentence():
    path = jobs.job_file(KEY)
    jobs.report(path)
    jobs.finish(path, UserError("{path} is full. Make room and try again.", path="/tmp"))
    job = jobs.read(KEY)
    assert (job.state, str(job.message)) == ("failed", "/tmp is full. Make room and try again.")
    assert job.message.text == "{path} is full. Make room and try again."  # data, and no words
    assert jobs.finished_at(KEY) == ""


def test_work_that_ends_well_or_not_says_so():
    path = jobs.job_file(KEY)
    with jobs.working(path) as progress:
        progress(1, 2, message("Reading {name}", name="numpy"))
        assert jobs.read(KEY).what == message("Reading {name}", name="numpy")
    assert jobs.read(KEY).state == "finished"
    with pytest.raises(KeyError), jobs.working(path):
        raise KeyError("x")
    assert (jobs.read(KEY).state, str(jobs.read(KEY).message)) == ("failed", "'x'")


def test_the_file_of_an_older_version_still_opens():
    path = jobs.job_file(KEY)
    jobs.report(path)
    stored = json.loads(path.read_text(encoding="utf-8"))
    older = {**stored, "state": "failed", "what": "Reading {numpy}", "message": "No room."}
    path.write_text(json.dumps(older), encoding="utf-8")
    job = jobs.read(KEY)
    assert (str(job.what), str(job.message)) == ("Reading {numpy}", "No room.")


def test_a_process_that_died_is_lost():
    job = jobs.start(KEY, command("import os; os._exit(3)"))
    wait_for(lambda: jobs.read(KEY).state == "lost")
    # A process number that another process has now is no sign of life.
    mine = ProcessRecord.mine()
    reused = replace(mine, pid_started=mine.pid_started - 100)
    jobs._write(jobs.job_file(KEY), replace(job, process=reused))
    assert jobs.read(KEY).state == "lost"


def test_a_lost_job_can_be_started_again():
    jobs.start(KEY, command("import os; os._exit(3)"))
    wait_for(lambda: jobs.read(KEY).state == "lost")
    again = jobs.start(KEY, command("import time; time.sleep(60)"))
    assert again.running
    jobs.cancel(KEY)


def test_progress_is_written_at_most_five_times_a_second():
    path = jobs.job_file(KEY)
    progress = jobs.report(path)
    progress(0, 10_000, "Encoding")
    seen = set()
    for i in range(1, 2_000):
        progress(i, 10_000, "Encoding")
        seen.add(path.stat().st_mtime_ns)
    assert len(seen) < 20
    progress(10_000, 10_000, "Encoding")
    assert jobs.read(KEY).done == 10_000


def test_time_left_follows_the_pace():
    now = 1_000.0
    job = jobs.Job(KEY, ProcessRecord(1, 0.0, now), started=now - 10, done=20, total=80)
    assert job.seconds_left(now) == pytest.approx(30)
    assert replace(job, done=0).seconds_left(now) is None
    assert replace(job, state="finished").seconds_left(now) is None


def test_the_pace_starts_anew_with_each_count():
    progress = jobs.report(jobs.job_file(KEY))
    progress(1, 80, "Reading numpy")
    first = jobs.read(KEY).started
    time.sleep(0.25)
    progress(2, 80, "Reading scipy")
    assert jobs.read(KEY).started == first
    progress(1, 10_000, "Encoding")
    assert jobs.read(KEY).started > first


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"key": 1}'])
def test_a_damaged_file_is_no_job(text):
    path = jobs.job_file(KEY)
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert jobs.read(KEY) is None


def test_the_file_of_a_job_stays_in_its_folder(tmp_path):
    path = jobs.job_file("../../etc/passwd")
    assert path.parent == tmp_path / "jobs"
    stored = jobs.Job(KEY, ProcessRecord(1, 0.0, 0.0), 0.0, state="failed")
    jobs._write(path, stored)
    assert jobs.Job.of_json(json.loads(path.read_text(encoding="utf-8"))) == stored


def test_preparing_names_its_run(tmp_path):
    assert jobs.prepare_key(RunDirectory(tmp_path / "docstrings")) == "prepare-docstrings"
