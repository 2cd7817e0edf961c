"""`python -m vae diagnose`, as a person and as a script meet it."""

import json

import pytest

from tests import fakes
from vae import studies
from vae.cli import main
from vae.corpora import factors
from vae.runs.store import RunDirectory
from vae.studies import diagnosis


@pytest.fixture
def run(tmp_path) -> RunDirectory:
    """A tiny run whose corpus can be made again."""
    made = fakes.store_run(tmp_path / "run")
    stored = made.read_json("config.json")
    stored["corpus"]["source"] = dict(factors.generate(300).source)
    made.write_json("config.json", stored)
    return made


@pytest.fixture
def sentences(tmp_path):
    file = tmp_path / "mine.txt"
    file.write_text("\n".join(factors.generate(60, seed=4).sentences))
    return file


def diagnose(capsys, *arguments) -> tuple[int, str, str]:
    status = main(["diagnose", *map(str, arguments)])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_run_is_measured_once_and_then_shown(run, capsys):
    status, first, _ = diagnose(capsys, run.path)
    assert status == 0
    kept = run.read_json("studies/diagnosis.json")
    assert "sentence" not in kept["result"]["diagnosis"]
    assert diagnosis.read(kept["result"]).diagnosis.sentence in first
    status, second, _ = diagnose(capsys, run.path)
    assert (status, second) == (0, first)
    assert run.read_json("studies/diagnosis.json") == kept


def test_verdict_split_intervals_and_gains_are_printed(run, capsys):
    _, said, _ = diagnose(capsys, run.path)
    for words in (
        "95% intervals",
        "mutual information",
        "; ceiling ",
        "KL(q(z) || p(z))",
        "NLL at most, K = 100",
        "active units",
        "gain over another's",
        "Gain by position",
        "Gain by frequency",
        "Gain by factor",
        "principal units",
    ):
        assert words in said, words
    # A model that has learned nothing needs no cure of z.
    assert said.startswith("run: Not trained: ")
    assert "--cure" not in said


def test_what_would_help_a_model_that_has_learned_is_printed(run, capsys):
    diagnose(capsys, run.path)
    kept = run.read_json("studies/diagnosis.json")
    kept["result"]["unigram"] = None
    run.write_json("studies/diagnosis.json", kept)
    _, said, _ = diagnose(capsys, run.path)
    assert "--cure" in said


def test_a_verdict_that_hangs_on_chance_says_so(run, capsys):
    _, said, _ = diagnose(capsys, run.path)
    assert "Borderline" not in said
    kept = run.read_json("studies/diagnosis.json")
    found = kept["result"]
    found["unigram"] = None  # it has learned nothing, which is not the question here
    found["split"]["upper"] |= {"value": 9.0, "low": 8.9, "high": 9.1}
    found["match"] = found["held"] = None
    found["split"]["information"] |= {"value": 2.2, "low": 1.8, "high": 2.5}
    found["split"]["rate"] |= {"value": 9.0, "low": 8.9, "high": 9.1}
    found["listening"]["over_another"] |= {"value": 5.0, "low": 4.9, "high": 5.1}
    run.write_json("studies/diagnosis.json", kept)
    _, said, _ = diagnose(capsys, run.path)
    assert said.startswith("run: Healthy")
    doubt = "Borderline: the mutual information, 2.20 nats (95% interval 1.80 to 2.50)"
    assert f"{doubt}, lies on both sides of 2 nats" in said
    _, said, _ = diagnose(capsys, run.path, "--json")
    assert any(e.startswith(doubt) for e in json.loads(said)["diagnosis"]["evidence"])


def test_json_is_one_object_with_all_of_it(run, capsys):
    status, said, _ = diagnose(capsys, run.path, "--json")
    found = json.loads(said)
    assert status == 0
    assert found["run"] == "run"
    assert found["diagnosis"]["verdict"] in ("untrained", "healthy", "partial", "collapsed")
    assert found["split"]["rate"]["low"] <= found["split"]["rate"]["value"]
    assert {g["name"] for g in found["factors"]} >= {"tense", "object"}
    assert found["likelihood"]["draws"][-1] >= 100


def test_a_file_is_measured_whole_and_nothing_is_kept(run, sentences, capsys):
    status, said, _ = diagnose(capsys, run.path, "--data", sentences, "--json")
    found = json.loads(said)
    assert status == 0
    assert found["n"] == 60
    assert "mine.txt" in found["which"]["of"]
    assert studies.read(run, "diagnosis") is None


def test_another_seed_is_measured_and_not_kept(run, capsys):
    status, said, _ = diagnose(capsys, run.path, "--seed", 3, "--json")
    assert status == 0
    assert json.loads(said)["seed"] == 3
    assert not run.has("studies/diagnosis.json")


def test_a_file_can_be_measured_where_the_corpus_is_gone(run, sentences, capsys):
    stored = run.read_json("config.json")
    stored["corpus"]["source"] = {"kind": "upload"}
    run.write_json("config.json", stored)
    status, said, told = diagnose(capsys, run.path, "--data", sentences)
    assert status == 0
    assert "left out" in told
    assert "Gain by frequency" not in said


def _break(run: RunDirectory) -> None:
    kept = run.read_json("studies/diagnosis.json")
    kept["result"]["split"] = 3
    run.write_json("studies/diagnosis.json", kept)


def test_a_damaged_study_is_a_sentence(run, capsys):
    diagnose(capsys, run.path)
    _break(run)
    status, _, told = diagnose(capsys, run.path)
    assert status == 2
    assert told.splitlines()[-1].startswith("error: What was measured of this run")


@pytest.mark.parametrize(("text", "words"), [("", "empty"), ("One sentence only.", "sentence")])
def test_a_file_of_too_few_sentences_is_a_sentence(run, tmp_path, capsys, text, words):
    file = tmp_path / "few.txt"
    file.write_text(text)
    status, _, told = diagnose(capsys, run.path, "--data", file)
    assert status == 2
    assert words in told
    assert "Traceback" not in told


@pytest.mark.parametrize("arguments", [["--data", "nowhere.txt"], ["--text", "words"]])
def test_what_cannot_be_asked_is_a_sentence(run, capsys, arguments):
    status, _, told = diagnose(capsys, run.path, *arguments)
    assert status == 2
    assert told.startswith("error: ")


def test_a_run_that_does_not_exist_is_a_sentence(capsys):
    status, _, told = diagnose(capsys, "no-such-run")
    assert status == 2
    assert "no-such-run" in told
