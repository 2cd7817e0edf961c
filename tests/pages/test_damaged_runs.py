"""A run whose files are damaged harms nobody: not its own page, not the list, not the lab."""

import json

import pytest

from tests import fakes
from tests.pages.support import open_app, said
from vae.runs import queue
from vae.runs.request import TrainRequest, write_request
from vae.runs.store import RunDirectory

PAGES = ("pages/train/training.py", "pages/train/runs.py", "pages/train/lab.py")
VERSION = {"format_version": 1}
NO_JSON = ("", "{", "\x00\xff", "[]", "null", '"text"', json.dumps({"format_version": 99}))
ODD = {
    "status.json": (
        {"state": "running", "step": "x", "total_steps": None, "heartbeat": "y", "pid": "z"},
        {"state": "running", "phase": "starting", "since": "never"},
        {"state": "paused", "step": -3, "total_steps": 1e400, "seconds": [], "heartbeat": 1},
        {"state": "dancing"},
        {"state": None},
    ),
    "config.json": (
        {"config": 3, "corpus": []},
        {"config": {"model": {"latent_dim": "many"}}, "corpus": {"name": 7, "examples": 5}},
        {},
    ),
    "request.json": (
        {"arguments": "train", "submitted": "x"},
        {"arguments": [], "submitted": 1e400, "title": None},
        {"arguments": ["train"]},
    ),
    "control.json": ({"serial": "x"}, {"serial": 1, "command": "fly", "changes": {"beta": "x"}}),
    "evaluation.json": ({"rate": "x", "nll_iw": None}, {"active_units": []}),
}
EVENTS = (
    {"event": "step", "step": 10, "distortion": "x", "rate": None, "beta": []},
    {"event": "validation", "step": 10, "elbo": "x", "rate_per_dimension": "y"},
    {"event": "snapshot", "step": 10, "reconstructions": 5, "samples": None},
    {"event": "steer", "step": 10, "changes": {"beta": "x"}},
)


@pytest.fixture
def run(tmp_path, monkeypatch) -> RunDirectory:
    """A run of the app that was stopped, with something recorded."""
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))
    made = fakes.store_run(tmp_path / "runs" / "hurt")
    made.write_json("status.json", {"state": "stopped", "step": 10, "total_steps": 20})
    made.append_metric({"event": "step", "step": 5, "distortion": 9.0, "rate": 1.0, "beta": 0.5})
    write_request(made, TrainRequest(("train", "factors", "--out", str(made.path)), 1.0, "hurt"))
    return made


def calm(app) -> None:
    assert not app.exception, [e.message for e in app.exception]
    assert "fault of Latent Lens" not in " ".join(e.value for e in app.error)


def every_page(name: str = "hurt") -> None:
    for page in PAGES:
        calm(open_app(page, run=name))


@pytest.mark.parametrize("file", [*ODD, "metrics.jsonl", "steering.json"])
def test_a_file_that_cannot_be_read_leaves_every_page_standing(run, file):
    for damage in NO_JSON:
        (run.path / file).write_text(damage, encoding="latin-1")
        every_page()


@pytest.mark.parametrize("file", ODD)
def test_a_file_with_odd_values_leaves_every_page_standing(run, file):
    for odd in ODD[file]:
        (run.path / file).write_text(json.dumps({**VERSION, **odd}))
        every_page()


def test_odd_events_leave_every_page_standing(run):
    for event in EVENTS:
        (run.path / "metrics.jsonl").write_text(json.dumps(event) + "\n")
        every_page()


def test_a_run_that_waits_and_cannot_be_read_does_not_stop_the_others(run, tmp_path, monkeypatch):
    monkeypatch.setattr(queue, "spawn", lambda *_: (_ for _ in ()).throw(OSError(2, "no")))
    odd = RunDirectory(tmp_path / "runs" / "odd")
    odd.write_json("request.json", {"arguments": 5, "submitted": 2.0})
    odd.write_json("status.json", {"state": "queued"})
    every_page("odd")
    assert odd.state() == "failed"
    app = open_app(PAGES[0], run="odd")
    calm(app)
    assert "Training failed" in " ".join(e.value for e in app.error) + said(app)


@pytest.mark.parametrize("missing", ["config.json", "tokenizer.json", "weights.safetensors"])
def test_a_run_that_lost_a_file_leaves_every_page_standing(run, missing):
    (run.path / missing).unlink()
    every_page()
