"""A run in a line of a table, whole or damaged."""

import json
import os
import time

import pytest

from tests import fakes
from vae.runs.catalogue import find_run, shipped_runs
from vae.runs.request import TrainRequest, write_request
from vae.runs.store import RunDirectory
from vae.runs.summary import UNKNOWN, summarise
from vae.studies.summary import figures_of


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))


@pytest.mark.parametrize("name", shipped_runs())
def test_a_run_that_ships_is_told_with_all_its_figures(name):
    run = find_run(name)
    told = summarise(name, run, figures_of)
    measured = figures_of(run)
    assert told.shipped
    assert not told.live
    assert told.state == "finished"
    assert (told.nll, told.iw_samples) == (measured["nll_iw"], measured["iw_samples"])
    assert (told.rate, told.active_units) == (measured["rate"], measured["active_units"])
    assert told.minutes == pytest.approx(run.read_json("status.json")["seconds"] / 60)
    assert time.gmtime(told.begun).tm_year >= 2024
    assert told.problem is None


def test_a_run_that_waits_has_its_name_its_text_and_its_time(tmp_path):
    run = RunDirectory(tmp_path / "runs" / "mine")
    arguments = ("train", "/a/b/reviews.csv", "--out", str(run.path))
    write_request(run, TrainRequest(arguments, time.time(), "mine"))
    run.write_json("status.json", {"state": "queued"})
    told = summarise("mine", run, figures_of)
    assert told.state == "queued"
    assert told.corpus == "reviews.csv"
    assert told.begun == pytest.approx(time.time(), abs=60)
    assert told.nll is None


@pytest.mark.parametrize("damage", ["{", "[]", '{"format_version": 1}', "null", "\x00"])
@pytest.mark.parametrize("file", ["config.json", "status.json", "evaluation.json", "request.json"])
def test_whatever_is_damaged_the_rest_is_told(tmp_path, file, damage):
    run = fakes.store_run(tmp_path / "hurt")
    run.write_json("status.json", {"state": "stopped", "seconds": 90.0, "step": 3})
    run.write_json("evaluation.json", {"rate": 4.0, "nll_iw": 30.0, "iw_samples": 100})
    run.write_json("request.json", {"arguments": ["train"], "submitted": 5.0, "title": "hurt"})
    (run.path / file).write_text(damage)
    told = summarise("hurt", run, figures_of)
    assert told.name == "hurt"
    if file == "status.json":
        assert told.state == UNKNOWN
    else:
        assert told.state == "stopped"
        assert told.minutes == 1.5
    if file in ("config.json", "status.json", "evaluation.json") and "version" not in damage:
        assert file in str(told.problem)


def test_figures_that_are_no_numbers_are_left_out(tmp_path):
    run = fakes.store_run(tmp_path / "odd")
    stored = {"format_version": 1, "rate": "x", "nll_iw": float("nan"), "active_units": True}
    (run.path / "evaluation.json").write_text(json.dumps(stored))
    told = summarise("odd", run, figures_of)
    assert (told.rate, told.nll, told.active_units) == (None, None, None)


def test_a_run_without_a_status_is_finished_where_it_has_weights(tmp_path):
    run = fakes.store_run(tmp_path / "old")
    assert summarise("old", run, figures_of).state == "finished"
    os.unlink(run.path / "weights.safetensors")
    assert summarise("old", run, figures_of).state == UNKNOWN
