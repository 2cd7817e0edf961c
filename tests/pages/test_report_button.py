"""The button that gives the report of a run: there where there is something to report."""

import json
import re
import time

import pytest

from pages.common.report_button import report_html
from tests import fakes
from tests.pages.support import assert_calm, open_app, said
from tests.report.support import Markup
from vae import report
from vae.explorer import Explorer
from vae.runs import jobs
from vae.runs.store import RunDirectory

RUNS = "pages/train/runs.py"


@pytest.fixture
def own(tmp_path, monkeypatch) -> RunDirectory:
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))
    return fakes.store_run(tmp_path / "runs" / "mine")


def buttons(app) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]


def test_the_pages_of_runs_and_of_collapse_offer_the_report(own):
    for page in (RUNS, "pages/diagnose/collapse.py"):
        app = open_app(page, run="mine")
        assert_calm(app)
        assert buttons(app).count("Download the report") == 1


def test_a_run_without_weights_has_none_yet(own):
    (own.path / "weights.safetensors").unlink()
    assert "Download the report" not in buttons(open_app(RUNS, run="mine"))


def test_what_the_button_gives_is_what_the_command_writes(own):
    assert report_html(own) == report.make(Explorer.load(own))


def test_of_a_run_that_cannot_be_read_the_file_says_why(own):
    (own.path / "config.json").write_text("{")
    text = report_html(own)
    assert "is damaged" in Markup(text).said
    assert str(own.path) not in text


def test_what_is_missing_is_measured_by_one_button_that_says_its_time(own, monkeypatch):
    asked = []
    monkeypatch.setattr(jobs, "start", lambda key, command: asked.append(command))
    app = open_app(RUNS, run="mine")
    assert_calm(app)
    assert "6 of the 6 studies of this run have not been made yet" in said(app)
    assert re.search(r"About \d+ (s|min) on this machine", said(app))
    [button] = [b for b in app.button if b.label == "Measure all that is missing"]
    button.click().run()
    assert asked[0][1:6] == ["-m", "vae", "study", str(own.path), "--missing"]


def test_measuring_all_is_followed_after_a_reload_and_can_be_cancelled(own):
    key = jobs.study_key(own, jobs.EVERY)
    me = jobs.ProcessRecord.mine()
    jobs.job_file(key).parent.mkdir(parents=True, exist_ok=True)
    working = jobs.Job(key, me, started=time.time(), done=3, total=12)
    jobs.job_file(key).write_text(json.dumps(working.to_json()))
    for page in (RUNS, "pages/diagnose/collapse.py"):
        app = open_app(page, run="mine")
        assert_calm(app)
        assert "3 of 12." in said(app)
        assert "Cancel" in [b.label for b in app.button]
        assert not [b for b in app.button if b.label.startswith("Measure")]


def test_of_a_run_that_is_measured_nothing_is_offered():
    app = open_app(RUNS, run="factors")
    assert_calm(app)
    assert not [b for b in app.button if b.label.startswith("Measure")]
