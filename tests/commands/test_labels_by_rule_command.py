"""`--labels-by-rule`: a run learns with labels that are read off, and keeps to them."""

import json
from pathlib import Path

import pytest

from tests.commands.test_label_types_command import FLAGS
from tests.corpora.test_labels_by_rule import NAMES, SENTENCES
from vae.cli import main
from vae.runs.experiments import corpus_arguments
from vae.runs.launch import Text
from vae.runs.store import RunDirectory


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    folder = tmp_path_factory.mktemp("by_rule")
    path = folder / "painted.txt"
    path.write_text("\n".join(SENTENCES * 3), encoding="utf-8")
    train = ["train", str(path), "--out", str(folder / "run")]
    assert main([*train, *FLAGS, "--labels-by-rule", "english"]) == 0
    return train


def test_a_run_has_them_and_says_which_rule_made_them(command):
    run = RunDirectory(Path(command[3]))
    stored = run.read_json("config.json")["corpus"]
    assert set(stored["labels"]) == NAMES
    assert stored["source"]["labels_by_rule"] == "english"
    assert set(run.read_json("snapshots/sentences.json")["labels"]) == NAMES


def test_a_resumed_run_makes_them_again(command, capsys):
    for same in ([], ["--labels-by-rule", "english"]):
        assert main([*command, "--resume", *same]) == 2
        assert "nothing to resume" in capsys.readouterr().err


def test_another_run_of_the_same_text_asks_for_them(command):
    arguments = corpus_arguments(RunDirectory(Path(command[3])))
    assert "--labels-by-rule" in arguments
    assert Text("a.txt", labels_by_rule="english").options() == ["--labels-by-rule=english"]


def test_a_file_is_probed_for_the_labels_that_the_run_learned_with(command, capsys):
    assert main(["probe", command[3], "--data", command[1], "--json"]) == 0
    assert "tense" in json.loads(capsys.readouterr().out)


def test_the_option_is_refused_where_no_file_is_read(command, capsys):
    assert main(["probe", command[3], "--labels-by-rule", "english"]) == 2
    assert "--labels-by-rule" in capsys.readouterr().err
