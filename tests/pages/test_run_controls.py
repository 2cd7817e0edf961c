"""How a run stands on the page Training, and what a person can ask of it."""

import json
import shlex

import pytest

from pages.train._training.run_controls import shell_command
from tests import fakes
from tests.pages.support import assert_calm, open_app, said
from vae.config import RunConfig
from vae.runs.control import read_control
from vae.runs.process import ProcessRecord
from vae.runs.store import RunDirectory
from vae.training.adjustments import Adjustment, current_settings, write_adjustments

PAGE = "pages/train/training.py"


@pytest.fixture
def run(tmp_path, monkeypatch) -> RunDirectory:
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))
    found = fakes.store_run(tmp_path / "runs" / "own")
    for step in (20, 40):
        found.append_metric(
            {"event": "step", "step": step, "distortion": 9.0, "rate": 1.0, "beta": 0.5}
        )
    return found


def stands(run: RunDirectory, state: str, phase: str = "training", **more: object) -> None:
    """As a process would have written it that lives as long as this one."""
    status = {"step": 40, "total_steps": 400, "seconds": 8.0, "epoch": 0}
    mine = ProcessRecord.mine().to_json()
    run.write_json(
        "status.json",
        {**status, **mine, "state": state, "phase": phase, "message": "", **more},
    )


def page():
    return open_app(PAGE, run="own")


def button(app, label: str):
    return next(b for b in app.button if b.label == label)


def labels(app) -> set[str]:
    return {b.label for b in app.button}


def test_a_run_in_training_can_be_paused_stopped_and_adjusted(run):
    stands(run, "running")
    app = page()
    assert_calm(app)
    assert {"Pause", "Stop and keep", "Apply"} <= labels(app)
    assert {s.label for s in app.slider} >= {"Beta at full strength", "Word dropout"}
    button(app, "Pause").click().run()
    assert read_control(run).command == "pause"
    assert button(app, "Pausing").disabled


def test_a_paused_run_goes_on(run):
    stands(run, "paused")
    app = page()
    assert_calm(app)
    button(app, "Go on").click().run()
    assert read_control(run).command == "run"


def test_to_stop_is_asked_once(run):
    stands(run, "running")
    app = page()
    button(app, "Stop and keep").click().run()
    assert read_control(run).command == "stop"
    assert "Asked to stop" in said(app)
    assert "Stop and keep" not in labels(app)


def test_a_slider_that_was_moved_becomes_a_request_and_others_are_left_alone(run):
    stands(run, "running")
    app = page()
    assert button(app, "Apply").disabled
    next(s for s in app.slider if s.label.startswith("Beta")).set_value(0.3).run()
    button(app, "Apply").click().run()
    assert dict(read_control(run).changes) == {"beta": 0.3}
    assert next(s for s in app.slider if s.label.startswith("Beta")).value == 0.3
    assert button(app, "Apply").disabled


def test_sliders_stand_where_earlier_changes_left_them(run):
    stands(run, "running")
    write_adjustments(
        run, [Adjustment(10, {"beta": 0.7}), Adjustment(20, {"beta": 0.4, "free_bits": 0.1})]
    )
    assert current_settings(run).beta == 0.4
    app = page()
    values = {s.label: s.value for s in app.slider}
    assert values["Beta at full strength"] == 0.4
    assert values["Free bits, nats a dimension"] == 0.1
    assert values["Word dropout"] == RunConfig().train.word_dropout


def test_a_setting_out_of_the_sliders_range_is_shown_as_it_is(run):
    stands(run, "running")
    write_adjustments(run, [Adjustment(10, {"beta": 20.0})])
    assert_calm(page())


@pytest.mark.parametrize("phase", ["evaluating", "mapping", "starting"])
def test_a_run_that_does_not_train_yet_or_any_more_is_not_adjusted(run, phase):
    stands(run, "running", phase)
    app = page()
    assert_calm(app)
    assert not {"Pause", "Apply"} & labels(app)


def test_a_run_that_is_measured_says_how_far_that_is_and_is_open_by_then(run):
    stands(run, "running", "evaluating", message="Likelihood", share=0.25)
    app = page()
    assert_calm(app)
    assert "Likelihood" in said(app)
    assert "walk through it" in said(app)
    assert {"Open its map", "Walk between two sentences"} <= {
        link.proto.label for link in app.get("page_link")
    }
    (bar,) = app.get("progress")
    assert bar.proto.value == 25


def test_a_lost_run_says_so_and_offers_to_resume(run):
    stands(run, "running", pid=2**22 - 7, pid_started=1.0)
    app = page()
    assert "process is gone" in said(app)
    assert "Resume" in labels(app)


def test_a_failed_run_says_why_what_to_do_and_the_end_of_its_log(run):
    stands(run, "failed", message="[Errno 28] No space left on device")
    (run.path / "train.log").write_text("one\nerror: No space left on device\n", encoding="utf-8")
    app = page()
    assert not app.exception
    assert "disk is full" in said(app)
    assert any("error: No space" in c.value for c in app.code)


def test_a_run_that_diverged_says_what_to_lower_and_offers_no_resume(run):
    said_last = "Training diverged at update 100. Lower learning_rate, now 5."
    stands(run, "failed", message=said_last, cause="divergence")
    app = page()
    assert not app.exception
    assert said_last in app.error[0].value.replace("\\", "")
    assert "lower learning rate" in said(app)
    assert "Resume" not in labels(app)


def test_what_resumes_it_in_a_shell_can_be_pasted(run, tmp_path):
    text = tmp_path / "my own `text`.txt"
    text.write_text("a line\n", encoding="utf-8")
    moved = RunDirectory(run.path.rename(run.path.with_name("own text")))
    stored = moved.read_json("config.json")
    stored["corpus"]["source"] = {"kind": "file", "path": str(text)}
    moved.write_json("config.json", stored)
    want = ["python", "-m", "vae", "train", str(text), "--out", str(moved.path), "--resume"]
    assert shlex.split(shell_command(moved)) == want
    text.unlink()
    assert shlex.split(shell_command(moved))[4] == "CORPUS"


def test_a_run_that_cannot_be_resumed_says_why(run):
    stands(run, "stopped")
    stored = run.read_json("config.json")
    stored["corpus"]["source"] = {"kind": "text", "name": "pasted text"}
    run.write_json("config.json", stored)
    app = page()
    button(app, "Resume").click().run()
    assert not app.exception
    assert any("pasted" in e.value or "text" in e.value for e in app.error)


def test_a_run_that_waits_says_so_and_can_be_taken_out(tmp_path, run):
    stands(run, "running")
    run.write_json("request.json", {"arguments": ["train", "x"], "submitted": 1.0, "title": "own"})
    waiting = RunDirectory(tmp_path / "runs" / "next")
    arguments = ["train", "factors", "--out", str(waiting.path)]
    waiting.write_json("request.json", {"arguments": arguments, "submitted": 2.0, "title": "next"})
    waiting.write_json("status.json", {"state": "queued", "phase": "", "message": ""})
    app = open_app(PAGE, run="next")
    assert_calm(app)
    assert "waits" in said(app)
    button(app, "Take it out of the queue").click().run()
    assert waiting.state() == "stopped"


@pytest.mark.parametrize("damage", ["{", "[]", json.dumps({"serial": "x"}), ""])
@pytest.mark.parametrize("file", ["control.json", "status.json", "metrics.jsonl", "steering.json"])
def test_damaged_files_of_a_run_are_never_a_traceback(run, file, damage):
    stands(run, "running")
    (run.path / file).write_text(damage, encoding="utf-8")
    assert not page().exception
