"""What a label is goes with the run: from the command line to config.json, where it stays."""

from pathlib import Path

import pytest

from vae.cli import main
from vae.corpora import factors
from vae.latent.timeline import read_timeline
from vae.runs.store import RunDirectory

FLAGS = (
    *("--steps", "4", "--threads", "1", "--precision", "fp32", "--brief"),
    *("--embedding-dim", "8", "--encoder-hidden", "8", "--decoder-hidden", "8"),
    *("--latent-dim", "3"),
)


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    """A training on a file with three labels, one of them said to be a category."""
    folder = tmp_path_factory.mktemp("typed")
    rows = [
        f"{sentence};{i % 5};{'' if i % 9 == 0 else f'2021-0{i % 9 + 1}-01'};{i % 2}"
        for i, sentence in enumerate(factors.generate(150, seed=2).sentences)
    ]
    path = folder / "own.csv"
    path.write_text("\n".join(["text;class;day;paid", *rows]), encoding="utf-8")
    train = ["train", str(path), "--out", str(folder / "run")]
    assert main([*train, *FLAGS, "--label-type", "class=category"]) == 0
    return train


def test_a_run_knows_the_types_of_its_labels(command):
    run = RunDirectory(Path(command[3]))
    known = {"class": "category", "day": "date", "paid": "yes-no"}
    assert run.read_json("config.json")["corpus"]["source"]["label_types"] == known
    assert read_timeline(run).types == known


def test_a_run_of_before_does_not_know_them_and_they_are_guessed(command, tmp_path):
    run = RunDirectory(Path(command[3]))
    facts = run.read_json("config.json")
    del facts["corpus"]["source"]["label_types"]
    older = RunDirectory(tmp_path)
    older.write_json("config.json", facts)
    older.write_json("snapshots/sentences.json", run.read_json("snapshots/sentences.json"))
    for snapshot in sorted((run.path / "snapshots").glob("*.npz")):
        name = f"snapshots/{snapshot.name}"
        older.write_arrays(name, run.read_arrays(name))
    assert read_timeline(older).types == {"class": "number", "day": "date", "paid": "yes-no"}


def test_a_resumed_run_keeps_the_types_of_its_labels(command, capsys):
    assert main([*command, "--resume", "--label-type", "class=number"]) == 2
    assert "--label-type class (it is category, not number)" in capsys.readouterr().err
    for same in ([], ["--label-type", "class=category"]):
        assert main([*command, "--resume", *same]) == 2
        assert "nothing to resume" in capsys.readouterr().err
