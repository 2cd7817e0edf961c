"""While a class is held, who is not its teacher reads and plays, and changes nothing."""

import pytest
import streamlit as st

from tests import fakes
from tests.pages.support import assert_calm, open_app, said
from vae.classroom import key, place
from vae.classroom.store import ClassStore
from vae.runs import manage, queue
from vae.runs.catalogue import remember
from vae.runs.experiments import experiment_names, read_experiment

RUNS, CLINIC = "pages/train/runs.py", "pages/train/clinic.py"
PREDICTIONS = {"plain": "collapses", "cured": "cured", "likelihood": "worse"}


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv(place.VARIABLE, str(tmp_path / "class.sqlite"))
    monkeypatch.setenv(key.VARIABLE, "chalk")
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(queue, "_start", lambda run, command: False)
    st.cache_data.clear()
    store = ClassStore()
    yield store
    store.close()
    st.cache_data.clear()


@pytest.fixture
def own(tmp_path):
    run = fakes.store_run(tmp_path / "mine")
    remember(run.path)
    return run


def keys(app):
    return {button.key for button in app.button}


@pytest.mark.parametrize("link", [{}, {"class": "yes"}])
def test_a_guest_can_neither_delete_nor_rename_nor_open_a_file(store, own, link):
    code = store.create()
    app = open_app(RUNS, run="mine", **({"class": code} if link else {}))
    assert_calm(app)
    assert "delete" not in keys(app)
    assert not app.get("file_uploader")
    assert "you are a guest in it" in said(app)
    # Reading stays: the run as a file, and its report.
    assert any(b.key == "download_run" for b in app.get("download_button"))


def test_what_a_page_of_before_still_offers_is_refused_by_the_server(store, own, monkeypatch):
    renamed = []
    monkeypatch.setattr(manage, "rename", lambda *given: renamed.append(given))
    app = open_app(RUNS, run="mine")
    rename = next(b for b in app.button if b.label == "Rename")
    store.create()
    st.cache_data.clear()
    rename.click().run()
    assert not renamed
    assert any("guest in it" in e.value for e in app.error)


@pytest.mark.parametrize("page", ["pages/train/lab.py", "pages/train/sweep.py"])
def test_a_guest_is_told_instead_of_asked_what_to_train(store, page):
    store.create()
    app = open_app(page)
    assert_calm(app)
    assert "guest in it" in said(app)
    assert not keys(app) & {"lab_start", "sweep_start"}


def test_where_the_store_cannot_be_read_only_the_teacher_changes_anything(store, own, tmp_path):
    (tmp_path / "class.sqlite").write_text("this is no database" * 100)
    assert "delete" not in keys(open_app(RUNS, run="mine"))


def test_when_the_class_is_over_everything_is_open_again(store, own):
    code = store.create()
    assert "delete" not in keys(open_app(RUNS, run="mine"))
    store.set_stage(code, "ended")
    st.cache_data.clear()
    assert "delete" in keys(open_app(RUNS, run="mine"))


def test_the_teacher_is_no_guest(store, own):
    store.create()
    app = open_app("pages/learn/classroom.py", run="mine")
    app.text_input[0].set_value("chalk")
    next(b for b in app.button if b.label == "Open").click().run()
    app.switch_page(RUNS).run()
    assert "delete" in keys(app)


def predict_and_start(app):
    for question, answer in PREDICTIONS.items():
        app.get_by_key(f"clinic_predict_{question}").set_value(answer)
    app.run()
    app.get_by_key("clinic_start").click().run()
    assert_calm(app)


def test_a_class_trains_each_cure_once_and_shares_it(store):
    code = store.create()
    pupils = [open_app(CLINIC, **{"class": code}) for _ in range(3)]
    for app in pupils:
        assert "trained once, for everybody" in said(app)
        predict_and_start(app)
    [name] = experiment_names("clinic")
    assert read_experiment(name).details["shared"] is True
    assert "predictions" not in read_experiment(name).details
    assert len(queue.waiting()) == 2
    # Each sees its place in the queue, and nobody can stop what all wait for.
    for app in pupils:
        assert "second in line" in "".join(bar.proto.text for bar in app.get("progress"))
        assert not any(k and k.endswith("_stop") for k in keys(app))
    entries = store.entries(code, kind="prediction")
    assert len({e.pupil for e in entries}) == 3
    assert {e.step: e.value for e in entries} == PREDICTIONS


def test_a_name_of_a_dimension_is_for_everybody_and_not_for_guests_to_give(store):
    store.create()
    app = open_app("pages/diagnose/meaning.py", run="factors", dim="0")
    assert_calm(app)
    fields = [t for t in app.text_input if t.key and t.key.startswith("name_")]
    assert fields
    assert all(t.disabled for t in fields)
