"""Training: what was recorded, live or not, whole or not."""

import json

import pytest

from tests import fakes
from tests.pages.support import assert_calm, open_app, said
from tests.snapshots import keep_snapshots
from vae.runs.catalogue import remember, shipped_runs
from vae.runs.history import history
from vae.runs.process import ProcessRecord

PAGE = "pages/train/training.py"


@pytest.fixture
def run(tmp_path):
    """A run that a trainer of a tiny model has recorded, without a status."""
    run = fakes.store_run(tmp_path / "recorded")
    record(run, fakes.recorded())
    remember(run.path)
    return run


def record(run, events) -> None:
    for event in events:
        run.append_metric(event)


def status(run, state: str, **more: object) -> None:
    run.write_json(
        "status.json",
        {
            "state": state,
            "step": 10,
            "total_steps": 40,
            "seconds": 5.0,
            "message": "",
            **ProcessRecord.mine().to_json(),
            **more,
        },
    )


@pytest.mark.parametrize("name", shipped_runs())
def test_every_shipped_run_shows_how_it_learned(name):
    app = open_app(PAGE, run=name)
    assert_calm(app)
    assert "validation ELBO" in said(app)


def test_the_slider_goes_back_to_what_the_model_said_at_first():
    # A run that kept no points of its snapshots.
    app = open_app(PAGE, run="docstrings")
    assert "come back word for word" in said(app)
    app.get_by_key("watch_step").set_value(0).run()
    assert_calm(app)
    assert "**0 of" in said(app)


@pytest.fixture
def watched(run):
    """The same run with the points of its snapshots, as training keeps them."""
    steps = [s["step"] for s in history(run.read_metrics()).snapshots]
    keep_snapshots(run, steps)
    return run


def test_a_run_that_kept_its_points_is_replayed_and_can_be_taken_along(watched):
    app = open_app(PAGE, run="recorded")
    assert_calm(app)
    assert "two fixed axes" in said(app)
    assert "come back word for word" not in said(app)
    assert app.get("download_button")


def test_a_run_in_training_can_be_replayed_so_far(watched):
    status(watched, "running")
    app = open_app(PAGE, run="recorded")
    assert_calm(app)
    assert "two fixed axes" in said(app)


def test_snapshots_that_are_all_damaged_leave_the_sentences(watched):
    for path in (watched.path / "snapshots").glob("*.npz"):
        path.write_bytes(b"no archive")
    app = open_app(PAGE, run="recorded")
    assert_calm(app)
    assert "come back word for word" in said(app)


def test_the_figures_behind_every_curve_can_be_opened(run):
    app = open_app(PAGE, run="recorded")
    for key in ("training-steps", "validations", "rate-by-dimension", "information"):
        app.session_state[f"{key}_data"] = True
    app.run()
    assert_calm(app)
    assert len(app.dataframe) == 4


def test_a_run_that_is_being_trained_shows_how_far_it_is(run):
    status(run, "running")
    app = open_app(PAGE, run="recorded")
    assert_calm(app)
    text = said(app)
    assert "15 s left" in text
    assert "sign of life" in text


def test_a_run_whose_process_is_gone_says_how_to_resume(run):
    status(run, "running", pid=2**22 + 1)
    app = open_app(PAGE, run="recorded")
    assert_calm(app)
    assert "--resume" in said(app)


@pytest.mark.parametrize(("state", "word"), [("stopped", "stopped"), ("failed", "failed")])
def test_a_run_that_ended_early_says_how_to_resume(run, state, word):
    status(run, state, message="The disk is full.")
    app = open_app(PAGE, run="recorded")
    assert not app.exception
    assert word in said(app)
    assert "--resume" in said(app)


def test_a_damaged_status_leaves_the_charts_standing(run):
    (run.path / "status.json").write_text("{")
    app = open_app(PAGE, run="recorded")
    assert_calm(app)
    assert "cannot be read" in said(app)


def test_a_run_without_a_recording_says_what_will_be_here(unmapped):
    app = open_app(PAGE, run=unmapped)
    assert_calm(app)
    assert "Nothing has been recorded" in said(app)


def test_a_torn_last_line_is_passed_over(run):
    with (run.path / "metrics.jsonl").open("a") as handle:
        handle.write(json.dumps({"event": "step", "step": 99})[:-4])
    assert_calm(open_app(PAGE, run="recorded"))


def test_a_plain_language_model_has_no_rate(tmp_path):
    model = fakes.tiny(latent_dim=0)
    run = fakes.store_run(tmp_path / "words-only", model)
    record(run, fakes.recorded(latent_dim=0))
    remember(run.path)
    app = open_app(PAGE, run="words-only")
    assert_calm(app)
    assert "no latent space" in said(app)
