"""What a person chose becomes a run that trains or waits, or nothing at all."""

import shutil
import sys
from argparse import Namespace
from dataclasses import replace

import pytest

from vae.cli import build_parser
from vae.commands.settings import configuration
from vae.config import ModelConfig, RunConfig, TrainConfig
from vae.errors import UserError
from vae.runs import launch as module
from vae.runs import queue
from vae.runs.launch import Text, launch, settings_options
from vae.runs.request import read_request
from vae.training.presets import PRESETS, preset


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LATENT_LENS_RUNS", str(tmp_path / "runs"))
    return tmp_path


@pytest.fixture
def text(place):
    path = place / "reviews.csv"
    path.write_text("said,kind\nIt was good.,a\n")
    return Text(str(path), text="said", labels=("kind",))


def nothing(arguments):
    return [sys.executable, "-c", "pass"]


def parsed(arguments) -> Namespace:
    return build_parser().parse_args(arguments)


def test_the_command_says_all_that_was_chosen(text, place):
    run = launch("My reviews", text, ["--preset=quick", "--beta=0.5"], nothing)
    assert run.path == place / "runs" / "My reviews"
    asked = parsed(read_request(run).arguments)
    assert asked.corpus == str(run.path / "corpus" / "reviews.csv")
    assert (asked.out, asked.text, asked.labels) == (run.path, "said", ["kind"])
    assert (asked.preset, asked.beta, asked.sentences) == ("quick", 0.5, None)


def test_a_run_has_its_text_with_it(text, place):
    run = launch("one", text, [], nothing)
    shutil.rmtree(place / "cache", ignore_errors=True)
    (place / "reviews.csv").unlink()
    assert (run.path / "corpus" / "reviews.csv").read_text().startswith("said,kind")


def test_a_built_in_corpus_needs_no_copy():
    run = launch("two", Text("factors", sentences=500), [], nothing)
    asked = parsed(read_request(run).arguments)
    assert (asked.corpus, asked.sentences) == ("factors", 500)
    assert not (run.path / "corpus").exists()


def test_no_label_is_another_wish_than_none_said():
    assert "--labels" not in Text("factors").options()
    assert (
        parsed(["train", "a.csv", "--out", "x", *Text("a.csv", labels=()).options()]).labels == []
    )


def test_a_column_may_have_a_strange_name():
    options = Text("/a.csv", text="--out", labels=("two words", "ü")).options()
    asked = parsed(["train", "/a.csv", "--out", "x", *options])
    assert (asked.text, asked.labels) == ("--out", ["two words", "ü"])
    with pytest.raises(UserError, match="begins with a dash"):
        Text("/a.csv", labels=("-x",))


@pytest.mark.parametrize("name", PRESETS)
def test_settings_reach_the_command_as_they_are(name):
    base = preset(name)
    train = replace(base.train, learning_rate=1.23456789e-5, beta_schedule="cyclical", epochs=3)
    wanted = RunConfig(base.data, replace(base.model, latent_dim=7), train)
    options = settings_options(wanted, base)
    asked = parsed(["train", "a", "--out", "x", f"--preset={name}", *options])
    assert configuration(asked) == wanted


def test_what_is_as_in_the_preset_is_not_said():
    assert settings_options(RunConfig(), RunConfig()) == []
    changed = RunConfig(model=ModelConfig(heads=8), train=TrainConfig(seed=3))
    assert settings_options(changed, RunConfig()) == ["--heads=8", "--seed=3"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "1 to 80 signs"),
        ("x" * 200, "1 to 80 signs"),
        ("a/b", "'/'"),
        ("..", "begins with a letter"),
        ("-rf", "begins with a letter"),
        ("factors", "There is a run 'factors' already"),
        ("a\nb", "cannot have"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_is_made(text, place, name, said):
    with pytest.raises(UserError, match=said):
        launch(name, text, [], nothing)
    assert not (place / "runs").exists()


def test_a_second_run_of_one_name_is_refused_and_the_first_is_left_alone(text):
    run = launch("mine", text, [], nothing)
    with pytest.raises(UserError, match="There is a run 'mine' already"):
        launch("mine", text, [], nothing)
    with pytest.raises(UserError, match="already"):
        launch("MINE", text, [], nothing)
    assert run.has("request.json")


def test_a_text_that_is_gone_is_a_sentence_and_leaves_nothing(text, place):
    (place / "reviews.csv").unlink()
    with pytest.raises(UserError, match="no longer kept"):
        launch("mine", text, [], nothing)
    assert not list((place / "runs").iterdir())


def test_a_full_queue_is_a_sentence_and_leaves_nothing(text, place, monkeypatch):
    monkeypatch.setattr(queue, "MOST_WAITING", 0)
    with pytest.raises(UserError, match="0 runs wait already"):
        launch("mine", text, [], nothing)
    assert not list((place / "runs").iterdir())


@pytest.mark.parametrize("where", ["copy", "submit", "directory"])
def test_a_full_disk_is_a_sentence_and_leaves_nothing(text, place, monkeypatch, where):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    if where == "copy":
        monkeypatch.setattr(module.shutil, "copyfile", full)
    elif where == "submit":
        monkeypatch.setattr(queue, "submit", full)
    else:
        monkeypatch.setattr(module, "new_directory", full)
    with pytest.raises(UserError, match=r"No space left on device.*Make room"):
        launch("mine", text, [], nothing)
    assert not (place / "runs").exists() or not list((place / "runs").iterdir())
