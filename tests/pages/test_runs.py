"""The page of all runs: what it lists, renames, deletes, gives away and takes in."""

import io

import pytest

from tests import fakes
from tests.pages.support import assert_calm, open_app, said
from vae import sharing
from vae.runs.catalogue import all_runs, find_run, remember, shipped_runs
from vae.runs.process import ProcessRecord
from vae.runs.store import RunDirectory
from vae.studies.summary import figures_of

PAGE = "pages/train/runs.py"


@pytest.fixture
def own(tmp_path, monkeypatch) -> RunDirectory:
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))
    return fakes.store_run(tmp_path / "runs" / "mine", atlas=60)


def listed(app) -> dict[str, dict]:
    frame = app.dataframe[0].value
    return {row["run"]: row for row in frame.to_dict("records")}


def test_every_run_is_listed_with_its_figures_and_what_they_rest_on(own):
    app = open_app(PAGE)
    assert_calm(app)
    rows = listed(app)
    assert {"factors", "factors-collapsed", "docstrings", "mine (yours)"} <= set(rows)
    measured = figures_of(find_run("factors"))
    for name, figure in {
        "active units": "active_units",
        "principal units": "principal_units",
        "K": "iw_samples",
    }.items():
        assert rows["factors"][name] == measured[figure] > 1
    assert rows["factors"]["MI is"].startswith("at least")
    assert rows["factors-collapsed"]["MI is"].startswith("estimate")
    assert rows["factors"]["sentences"] == 2000
    assert "threshold of 0.01" in said(app)


def test_a_damaged_run_is_listed_with_what_is_wrong(own):
    (own.path / "status.json").write_text("{", encoding="utf-8")
    (own.path / "evaluation.json").write_text("[]", encoding="utf-8")
    app = open_app(PAGE)
    assert_calm(app)
    assert listed(app)["mine (yours)"]["state"] == "cannot be read"
    assert any("mine" in w.value for w in app.warning)


def test_a_run_that_diverged_is_listed_as_such(own):
    own.write_json("status.json", {"state": "failed", "cause": "divergence"})
    assert listed(open_app(PAGE))["mine (yours)"]["state"] == "diverged"
    own.write_json("status.json", {"state": "failed", "cause": "disk"})
    assert listed(open_app(PAGE))["mine (yours)"]["state"] == "failed"


def test_a_run_is_renamed_and_stays_chosen(own):
    app = open_app(PAGE, run="mine")
    app.text_input(key=f"rename:{own.path}").set_value("yours")
    next(b for b in app.button if b.label == "Rename").click().run()
    assert_calm(app)
    assert "yours" in all_runs()
    assert not own.path.exists()
    assert "This run: yours" in said(app)


@pytest.mark.parametrize("name", ["", "a/b", "..", "x" * 200, "factors"])
def test_a_name_that_cannot_be_is_refused_and_nothing_moves(own, name):
    app = open_app(PAGE, run="mine")
    app.text_input(key=f"rename:{own.path}").set_value(name)
    next(b for b in app.button if b.label == "Rename").click().run()
    assert len(app.error) == 1
    assert not app.exception
    assert own.exists()


def test_a_run_that_ships_offers_neither_a_new_name_nor_its_end():
    app = open_app(PAGE, run="factors")
    assert_calm(app)
    assert not [b for b in app.button if "Delete" in b.label or "Rename" in b.label]


def test_a_run_that_trains_is_not_renamed(own):
    status = {"state": "running", **ProcessRecord.mine().to_json()}
    own.write_json("status.json", {**status, "phase": "training"})
    app = open_app(PAGE, run="mine")
    app.text_input(key=f"rename:{own.path}").set_value("other")
    next(b for b in app.button if b.label == "Rename").click().run()
    assert "Stop it before" in app.error[0].value
    assert own.exists()


def test_a_run_that_was_sent_appears_and_is_chosen(own, tmp_path):
    file = io.BytesIO()
    sharing.export(own, file)
    app = open_app(PAGE)
    app.file_uploader[0].set_value(("sent.latentlens.zip", file.getvalue(), "application/zip"))
    next(b for b in app.button if b.label == "Open it").click().run()
    assert_calm(app)
    assert len(all_runs()) == len(shipped_runs()) + 2
    assert any("is here" in s.value for s in app.success)


def test_a_file_that_is_no_run_is_refused_in_a_sentence(own):
    app = open_app(PAGE)
    app.file_uploader[0].set_value(("holiday.zip", b"PK\x03\x04 nothing", "application/zip"))
    next(b for b in app.button if b.label == "Open it").click().run()
    assert len(app.error) == 1
    assert "holiday" in app.error[0].value
    assert not app.exception


def test_to_open_nothing_is_answered(own):
    app = open_app(PAGE)
    next(b for b in app.button if b.label == "Open it").click().run()
    assert any("Choose a file" in w.value for w in app.warning)


def test_a_run_of_another_folder_is_listed_too(tmp_path, own):
    remember(fakes.store_run(tmp_path / "elsewhere" / "theirs").path)
    assert "theirs (yours)" in listed(open_app(PAGE))
