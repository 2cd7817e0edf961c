"""`python -m vae steer`."""

import json

import pytest

from tests import fakes
from vae import studies
from vae.cli import main
from vae.explorer import Explorer
from vae.studies import directions

CORPUS = fakes.corpus()
SENTENCE = next(
    sentence
    for sentence, tense in zip(CORPUS.sentences, CORPUS.labels["tense"], strict=True)
    if tense == "past"
)


def store(path) -> str:
    """A tiny run of 500 sentences without a map."""
    run = fakes.store_run(path)
    config = run.read_json("config.json")
    config["corpus"]["source"]["n"] = len(CORPUS)
    run.write_json("config.json", config)
    return str(run.path)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return store(tmp_path_factory.mktemp("runs") / "run")


def asked(run: str, capsys, *more: str) -> dict:
    assert main(["steer", run, "tense", "future", SENTENCE, "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_sentence_is_moved_step_by_step_and_read(run, capsys):
    found = asked(run, capsys)
    explorer = Explorer.load(run)
    assert (found["before"], found["from"], found["read_by"]) == ("past", "past", "grammar")
    assert found["from_all_others"] is False
    assert [step["strength"] for step in found["steps"]] == [0.0, 0.5, 1.0, 1.5, 2.0]
    start = explorer.decode(explorer.encode([SENTENCE]).mean)[0]
    assert found["steps"][0]["sentence"] == start
    assert found["told"] is None


def test_one_strength_gives_one_step_of_that_length(run, capsys):
    found = asked(run, capsys, "--strength", "0.75", "--how", "classifier")
    assert [step["strength"] for step in found["steps"]] == [0.75]
    assert found["how"] == "classifier"
    assert found["length"] <= asked(run, capsys)["length"]


def test_the_study_of_a_run_is_used_where_there_is_one(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(directions, "STEERED", 5)
    monkeypatch.setattr(directions.analogies, "MOST", 11)
    run = store(tmp_path / "run")
    before = asked(run, capsys)["told"]
    studies.make(Explorer.load(run), CORPUS, "directions")
    told = asked(run, capsys)["told"]
    assert before is None
    assert 0 <= told["accuracy"]["low"] <= told["accuracy"]["value"] <= 1


def test_a_decoder_that_does_not_listen_is_said_to(tmp_path, capsys):
    path = store(tmp_path / "deaf")
    assert main(["steer", path, "tense", "future", SENTENCE]) == 0
    assert "No step changes a word" not in capsys.readouterr().err
    explorer = Explorer.load(path)
    weights = explorer.backend.model.state_dict()
    weights["to_state.weight"].zero_()
    weights["decoder.weight_ih_l0"][:, -explorer.latent_dim :] = 0
    explorer.run.write_tensors("weights.safetensors", weights)
    assert main(["steer", path, "tense", "future", SENTENCE]) == 0
    assert "No step changes a word" in capsys.readouterr().err


def test_a_person_reads_a_table(run, capsys):
    assert main(["steer", run, "mood", "question", SENTENCE]) == 0
    printed = capsys.readouterr()
    assert printed.out.count("mood reads as") == 5
    assert "to question, difference" in printed.err


def test_a_sentence_of_another_language_comes_from_all_other_values(run, capsys):
    assert main(["steer", run, "mood", "question", "Blah blah.", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["before"], found["from_all_others"]) == (None, True)
    assert found["steps"][0]["changed"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mod", "question", SENTENCE], "it has subject, person"),
        (["mood", "angry", SENTENCE], "it has question, statement"),
        (["mood", "question", " "], "empty"),
        (["mood", "question", SENTENCE, "--strength", "nan"], "choose one from −10 to 10"),
    ],
)
def test_what_cannot_be_done_is_one_line(run, capsys, arguments, said):
    assert main(["steer", run, *arguments]) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith("error: ")
    assert said in error
