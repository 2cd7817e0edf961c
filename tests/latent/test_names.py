"""Names of dimensions: kept with the run, the same for everybody, bounded, and let go again."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import fakes
from vae.errors import UserError
from vae.latent import names
from vae.latent.names import give_name, read_names, reset_name
from vae.runs.store import RunDirectory

Z = 4


@pytest.fixture
def run(tmp_path):
    return fakes.store_run(tmp_path / "named")


def test_a_name_is_read_by_another_session(run):
    give_name(run, 2, "  how   loud ", Z)
    assert read_names(RunDirectory(run.path)) == {2: "how loud"}


def test_reset_goes_back_to_no_name(run):
    give_name(run, 0, "tense", Z)
    give_name(run, 3, "mood", Z)
    reset_name(run, 0, Z)
    reset_name(run, 1, Z)
    assert read_names(run) == {3: "mood"}


def test_two_sessions_at_once_lose_no_name(run):
    people = [threading.Thread(target=give_name, args=(run, d, f"name {d}", Z)) for d in range(Z)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert read_names(run) == {d: f"name {d}" for d in range(Z)}


@pytest.mark.parametrize(
    ("name", "why"),
    [("", "needs a letter"), (" \n ", "needs a letter"), ("x" * 61, "61 characters"),
     ("a\x00b", "cannot be shown"), ("\ud800", "cannot be shown")],
)  # fmt: skip
def test_a_name_that_cannot_be_shown_is_refused(run, name, why):
    with pytest.raises(UserError, match=why):
        give_name(run, 0, name, Z)
    assert read_names(run) == {}


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=60))
def test_any_other_name_comes_back_as_it_was_given(tmp_path_factory, name):
    run = RunDirectory(tmp_path_factory.mktemp("run"))
    run.write_json("config.json", {})
    if not name.split():
        return
    give_name(run, 1, name, Z)
    assert read_names(run) == {1: " ".join(name.split())}


def test_there_is_no_dimension_beyond_the_last(run):
    for d in (-1, Z):
        with pytest.raises(UserError, match="counted from 0"):
            give_name(run, d, "x", Z)


def test_a_run_trained_anew_has_no_names(run):
    give_name(run, 0, "tense", Z)
    run.write_json("config.json", {**run.read_json("config.json"), "created": "later"})
    assert read_names(run) == {}
    give_name(run, 1, "mood", Z)
    assert read_names(run) == {1: "mood"}


def test_a_run_that_cannot_be_written_to_says_so(run, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vae.runs.store.write_bytes", full)
    with pytest.raises(UserError, match="No space left"):
        give_name(run, 0, "tense", Z)


@pytest.mark.parametrize(
    "stored",
    [{}, {"of": ""}, {"of": "", "names": ["x"]}, {"of": "", "names": {"0": "x" * 61}},
     {"of": "", "names": {"-1": "x"}}, {"of": "", "names": {"0": 5}}, {"of": 1, "names": {}}],
)  # fmt: skip
def test_a_damaged_file_is_a_sentence(run, stored):
    run.write_json(names.FILE, stored)
    with pytest.raises(UserError, match="names of dimensions"):
        read_names(run)
