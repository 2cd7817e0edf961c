"""`python -m vae survey`: for a person, for a pipe, and as a job of the app."""

import json
import subprocess
import sys

import pytest

from vae.cli import main
from vae.corpora import factors
from vae.corpora.survey import Survey
from vae.runs import jobs
from vae.training.estimate import Estimate
from vae.training.presets import OFFERED

SMALL = ["--embedding-dim", "6", "--encoder-hidden", "5", "--decoder-hidden", "7", "--steps", "20"]


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "a.csv"
    rows = "\n".join(f"{s},{i % 3}" for i, s in enumerate(factors.generate(120).sentences))
    path.write_text(f"said,kind\n{rows}\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def small_presets(monkeypatch):
    """The same names with models that take no time to try."""
    from vae.commands import settings, survey
    from vae.config import ModelConfig, RunConfig, TrainConfig

    model = ModelConfig(embedding_dim=6, encoder_hidden=5, decoder_hidden=7, latent_dim=3)
    small = RunConfig(model=model, train=TrainConfig(steps=20, precision="fp32"))
    for module in (settings, survey):
        monkeypatch.setattr(module, "preset", lambda name, sentences=None: small)


def test_it_tells_a_person_what_there_is_and_how_long_it_takes(text, small_presets, capsys):
    assert main(["survey", text]) == 0
    told = capsys.readouterr().out
    assert "120 sentences of 120 rows" in told
    assert "Label 'kind' (number): 3 values" in told
    for name in OFFERED:
        assert f"{name}: about" in told


WITHOUT_TORCH = """
import sys
from vae.cli import main
print(main(["survey", sys.argv[1], "--progress-file", sys.argv[2]]), "torch" in sys.modules)
"""


def test_a_text_that_cannot_be_used_is_told_of_without_waiting_for_torch(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("One line.", encoding="utf-8")
    command = [sys.executable, "-c", WITHOUT_TORCH, str(path), str(tmp_path / "job.json")]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "1 different usable sentence" in told.stderr
    assert told.stdout == "2 False\n"


def test_it_says_the_type_of_every_label_and_takes_another(tmp_path, capsys):
    path = tmp_path / "stars.csv"
    rows = [f"This is sentence {i % 60}.;{i % 3 + 1};2021-05-0{i % 7 + 1}" for i in range(120)]
    path.write_text("\n".join(["text;stars=5;day", *rows]))
    asked = ["survey", str(path), "--preset", "quick", *SMALL, "--json"]
    assert main(asked) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)["survey"]
    assert found["types"] == {"stars=5": "number", "day": "date"}
    assert found["conflicting"] == 60
    assert "stars=5 (number), day (date)" in printed.err
    assert main([*asked, "--label-type", "stars=5=category", "--label-type", "day=category"]) == 0
    found = json.loads(capsys.readouterr().out)["survey"]
    assert found["types"] == {"stars=5": "category", "day": "category"}


def test_with_settings_it_estimates_those_alone(text, capsys):
    arguments = ["survey", text, "--labels", "--preset", "quick", *SMALL, "--json"]
    assert main(arguments) == 0
    said = json.loads(capsys.readouterr().out)
    assert Survey.from_dict(said["survey"]).labels == {}
    (made,) = said["estimates"].values()
    assert Estimate.from_dict(made).updates == 20


def test_as_a_job_it_leaves_its_result_and_says_when_it_is_done(text, tmp_path):
    progress, out = tmp_path / "jobs" / "survey.json", tmp_path / "out" / "survey.json"
    arguments = ["survey", text, *SMALL, "--out", str(out), "--progress-file", str(progress)]
    assert main(arguments) == 0
    assert json.loads(out.read_text())["survey"]["sentences"] == 120
    assert json.loads(progress.read_text())["state"] == "finished"


def test_what_is_wrong_with_a_text_reaches_who_follows_the_job(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path))
    few = tmp_path / "few.txt"
    few.write_text("One sentence.\n" * 80)
    assert main(["survey", str(few), "--progress-file", str(jobs.job_file("few"))]) == 2
    job = jobs.read("few")
    assert job.state == "failed"
    assert "80 are needed" not in str(job.message)
    assert "1 different usable sentences, and 50 are needed" in str(job.message)
    assert str(job.message) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--max-words", "0"], "--max-words is 0"),
        (["--preset", "enormous"], "no preset 'enormous'"),
        (["--heads", "3", "--architecture", "transformer"], "do not divide"),
        (["--text", "nope"], "no column 'nope'"),
        (["--label-type", "kind"], "--label-type is 'kind'; write the name of a label"),
        (["--label-type", "kind=colour"], "There is no type 'colour' of labels"),
        (["--label-type", "kind=date"], "none of its values is one"),
        (["--label-type", "mood=number"], "'mood', which is no label here"),
    ],
)
def test_bad_options_are_refused_in_a_sentence(text, wrong, said, capsys):
    assert main(["survey", text, *wrong]) == 2
    assert said in capsys.readouterr().err
