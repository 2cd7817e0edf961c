"""The button that gives the report of a run: there where there is something to report."""

import pytest

from pages.common.report_button import report_html
from tests import fakes
from tests.pages.support import assert_calm, open_app
from tests.report.support import Markup
from vae import report
from vae.explorer import Explorer
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
