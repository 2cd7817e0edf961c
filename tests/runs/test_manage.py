"""Renaming and deleting: only what is a run, only where nobody works, and nothing half."""

import os
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.errors import UserError
from vae.runs import catalogue, manage, queue
from vae.runs.catalogue import find_run, own_runs, remember, requested_runs
from vae.runs.manage import delete, rename
from vae.runs.process import SILENCE, ProcessRecord
from vae.runs.request import read_request
from vae.runs.store import RunDirectory

GONE = {"pid": 2**22 + 1, "pid_started": 1.0, "heartbeat": 0.0}


def nothing(arguments):
    return [sys.executable, "-c", ""]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Runs, a cache and a run that ships, of its own."""
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(catalogue, "SHIPPED", tmp_path / "shipped")
    a_run(tmp_path / "shipped" / "factors")
    return tmp_path


def a_run(path, state="finished", source=None, **status):
    run = RunDirectory(path)
    source = source or {"kind": "factors", "n": 60, "seed": 0}
    run.write_json("config.json", {"name": path.name, "config": {}, "corpus": {"source": source}})
    run.write_json("status.json", {"state": state, **status})
    (path / "snapshots").mkdir()
    (path / "snapshots" / "00000000.npz").write_text("x")
    return run


def mine(place, name="mine", **more):
    return a_run(place / "runs" / name, **more)


def works(**changes):
    return {"state": "running", **ProcessRecord.mine().to_json(), **changes}


# -- rename ----------------------------------------------------------------------------------------


def test_a_renamed_run_is_found_under_its_new_name_alone(place):
    run = mine(place)
    renamed = rename(run, "better")
    assert not run.path.exists()
    assert list(own_runs()) == ["better"]
    assert renamed.read_json("config.json")["name"] == "better"
    assert renamed.has("snapshots/00000000.npz")


def test_a_run_that_is_remembered_is_followed(place):
    run = a_run(place / "elsewhere" / "far")
    remember(run.path)
    rename(run, "near")
    assert find_run("near").path == place / "elsewhere" / "near"


def test_a_renamed_run_is_as_old_as_before(place):
    run = mine(place)
    os.utime(run.path / "config.json", (1_000_000, 1_000_000))
    mine(place, "newer")
    rename(run, "zebra")
    assert list(own_runs()) == ["newer", "zebra"]


def test_the_text_of_a_renamed_run_is_named_where_it_is_now(place):
    text = place / "runs" / "mine" / "corpus" / "reviews.txt"
    run = mine(place, source={"kind": "file", "name": "reviews.txt", "path": str(text)})
    text.parent.mkdir()
    text.write_text("x")
    renamed = rename(run, "better")
    source = renamed.read_json("config.json")["corpus"]["source"]
    assert source["path"] == str(renamed.path / "corpus" / "reviews.txt")
    outside = {"kind": "file", "name": "a.txt", "path": str(place / "a.txt")}
    kept = rename(mine(place, "other", source=outside), "another")
    assert kept.read_json("config.json")["corpus"]["source"] == outside


def test_a_run_that_waits_is_renamed_with_its_request(place, monkeypatch):
    monkeypatch.setattr(queue, "slots", lambda: 0)
    run = catalogue.new_directory("mine")
    (run.path / "corpus").mkdir()
    (run.path / "corpus" / "a.txt").write_text("x")
    arguments = ["train", str(run.path / "corpus" / "a.txt"), "--out", str(run.path), "--seed", "3"]
    queue.submit(run, arguments, "mine", nothing)
    renamed = rename(run, "better")
    assert list(requested_runs()) == ["better"]
    assert queue.position(renamed) == 1
    stored = read_request(renamed)
    text = str(renamed.path / "corpus" / "a.txt")
    assert stored.arguments == ("train", text, "--out", str(renamed.path), "--seed", "3")
    assert renamed.read_json("request.json")["arguments"] == list(stored.arguments)
    assert stored.title == "better"


def test_a_run_is_renamed_to_itself_and_to_other_letters(place):
    run = mine(place)
    assert rename(run, "mine") == run
    assert rename(run, "Mine").name == "Mine"


@pytest.mark.parametrize("name", ["other", "OTHER", "factors", "far", "notes"])
def test_a_name_that_is_taken_is_refused(place, name):
    run = mine(place)
    mine(place, "other")
    remember(a_run(place / "elsewhere" / "far").path)
    (place / "runs" / "notes").touch()
    with pytest.raises(UserError, match="already"):
        rename(run, name)
    assert run.exists()


def test_a_name_that_another_run_has_in_the_same_letters_is_refused(place):
    run = mine(place)
    mine(place, "MINE")
    with pytest.raises(UserError, match="already"):
        rename(run, "MINE")


@pytest.mark.parametrize("name", ["", "..", "../other", "a/b", "/tmp/x", "a\0", ".hidden"])
def test_a_name_that_cannot_be_is_refused(place, name):
    run = mine(place)
    with pytest.raises(UserError):
        rename(run, name)
    assert run.exists()


@given(st.text(max_size=12))
def test_no_name_leads_out_of_the_folder_of_runs(tmp_path_factory, name):
    place = tmp_path_factory.mktemp("place")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_LENS_RUNS", str(place / "runs"))
        run = mine(place)
        try:
            renamed = rename(run, name)
        except UserError:
            renamed = run
    assert renamed.path.parent == place / "runs"
    assert renamed.exists()


# -- what is left alone ----------------------------------------------------------------------------

both = pytest.mark.parametrize("change", [delete, lambda run: rename(run, "new")])


@both
def test_a_run_that_ships_is_left_alone(place, change):
    run = RunDirectory(place / "shipped" / "factors")
    for same in (run, RunDirectory(place / "shipped" / "x" / ".." / "factors")):
        with pytest.raises(UserError, match="ships with the app"):
            change(same)
    assert run.exists()


@both
@pytest.mark.parametrize("state", ["running", "paused", "stopping"])
def test_a_run_that_a_process_works_on_is_left_alone(place, change, state):
    run = mine(place)
    silent = works(state=state, heartbeat=time.time() - SILENCE - 1)
    starting = {**works(phase="starting")}
    del starting["heartbeat"]
    for status in (works(state=state), silent, starting):
        run.write_json("status.json", status)
        with pytest.raises(UserError, match="Stop it before"):
            change(run)
    assert run.exists()


@both
def test_a_link_to_a_run_is_left_alone(place, change):
    run = mine(place)
    (place / "runs" / "link").symlink_to(run.path)
    with pytest.raises(UserError, match="is a link"):
        change(RunDirectory(place / "runs" / "link"))
    assert run.exists()


@both
def test_a_run_that_is_gone_is_answered(place, change):
    with pytest.raises(UserError, match="renamed or deleted"):
        change(RunDirectory(place / "runs" / "gone"))
    assert not (place / "runs" / "gone").exists()


# -- delete ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["finished", "stopped", "failed", "queued", "running"])
def test_a_deleted_run_is_gone(place, state):
    run = mine(place, state=state, **GONE)
    remember(run.path)
    delete(run)
    assert own_runs() == {}
    assert list((place / "runs").iterdir()) == []
    assert catalogue.known_directories() == []


def test_a_run_that_waits_leaves_the_queue(place, monkeypatch):
    monkeypatch.setattr(queue, "slots", lambda: 0)
    run = catalogue.new_directory("mine")
    queue.submit(run, ["train", "factors", "--out", str(run.path)], "mine", nothing)
    delete(run)
    assert queue.waiting() == []


def test_what_a_link_leads_to_stays(place):
    run = mine(place)
    (place / "precious").mkdir()
    (place / "precious" / "file").write_text("x")
    (run.path / "corpus").symlink_to(place / "precious")
    delete(run)
    assert (place / "precious" / "file").exists()


@pytest.mark.parametrize("content", ["", "{}", '{"format_version": 1}', '{"name": "a package"}'])
def test_a_directory_that_is_no_run_is_left_alone(place, content):
    folder = place / "runs" / "folder"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(content)
    (folder / "thesis.tex").write_text("x")
    with pytest.raises(UserError, match="not the directory of a run"):
        delete(RunDirectory(folder))
    assert (folder / "thesis.tex").exists()


def test_a_folder_with_nothing_of_a_run_is_left_alone(place):
    with pytest.raises(UserError, match="not the directory of a run"):
        delete(RunDirectory(place))
    assert place.exists()


def test_a_run_that_holds_other_runs_is_left_alone(place):
    a_run(place / "runs")
    inner = mine(place)
    with pytest.raises(UserError, match=r"folders that are not of a run \(mine\)"):
        delete(RunDirectory(place / "runs"))
    assert inner.exists()


@pytest.mark.parametrize("file", ["config.json", "status.json"])
def test_a_damaged_run_can_be_deleted(place, file):
    run = mine(place)
    (run.path / ".control.json.lock").touch()
    run.write_json("names.json", {})
    run.write_json("studies/probes.json", {})
    (run.path / file).write_text("{")
    delete(run)
    assert not run.path.exists()


def test_a_run_that_cannot_be_removed_is_answered(place, monkeypatch):
    run = mine(place)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(manage.os, "rename", refuse)
    with pytest.raises(UserError, match="Permission denied"):
        delete(run)
    with pytest.raises(UserError, match="Permission denied"):
        rename(run, "new")
    monkeypatch.undo()
    assert run.exists()
