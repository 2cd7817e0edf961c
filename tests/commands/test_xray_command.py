"""`python -m vae xray`: for a person, and for a pipe."""

import json

import pytest

from tests.fakes import corpus, store_run, tiny
from vae.cli import main
from vae.explorer import Explorer
from vae.i18n.numbers import number

SENTENCE = corpus().sentences[0]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return str(store_run(tmp_path_factory.mktemp("runs") / "tiny").path)


def printed(capsys, *arguments):
    assert main(["xray", *arguments]) == 0
    return capsys.readouterr().out


def test_the_json_says_what_each_token_and_each_dimension_adds(run, capsys):
    found = json.loads(printed(capsys, run, SENTENCE, "--json"))
    assert [t["token"] for t in found["tokens"]] == list(Explorer.load(run).tokens(SENTENCE))
    assert all({"token", "logp", "logp_prior"} <= set(t) for t in found["tokens"])
    total = -sum(t["logp"] for t in found["tokens"]) + sum(found["kl"])
    assert found["loss"] == pytest.approx(total, abs=1e-6)
    assert found["elbo"] == -found["loss"]
    assert len(found["kl"]) == 4
    assert sum(one["draws"] for one in found["sayings"]) == found["draws"] == 8


def test_a_person_reads_the_formula_with_the_numbers_put_in(run, capsys):
    out = printed(capsys, run, SENTENCE, "--draws", "5")
    found = json.loads(printed(capsys, run, SENTENCE, "--draws", "5", "--json"))
    distortion, rate, elbo = (number(found[k], ".3f") for k in ("distortion", "rate", "elbo"))
    assert f"-({distortion} + {rate}) = {elbo} nats" in out
    assert "5 draws of z" in out
    assert out.count(" of 5  ") == len(found["sayings"])


def test_same_seed_same_figures(run, capsys):
    one, same, other = (printed(capsys, run, SENTENCE, "--json", "--seed", s) for s in "112")
    assert one == same
    assert json.loads(one)["loss"] != json.loads(other)["loss"]


def test_an_unknown_word_is_named_and_marked(run, capsys):
    assert main(["xray", run, "She loves gandalf."]) == 0
    told = capsys.readouterr()
    assert "gandalf" in told.err
    (line,) = [row for row in told.out.splitlines() if row.startswith("gandalf")]
    assert line.endswith("unknown")


def test_a_language_model_has_no_dimension_to_show(tmp_path, capsys):
    run = store_run(tmp_path / "lm", tiny("lstm", 0)).path
    out = printed(capsys, str(run), SENTENCE)
    assert "+ 0.000)" in out
    assert "dimension " not in out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([" "], "empty"),
        (["she " * 100], "too long"),
        ([SENTENCE, "--draws", "1"], "from 2 to 256"),
        ([], "required: sentence"),
    ],
)
def test_what_cannot_be_looked_at_is_one_sentence(run, capsys, arguments, why):
    assert main(["xray", run, *arguments]) == 2
    assert why in capsys.readouterr().err
