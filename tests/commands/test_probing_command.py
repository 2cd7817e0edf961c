"""`python -m vae probe` and `disentanglement`: for a person and for a pipe."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests import fakes
from vae.cli import main
from vae.corpora import factors
from vae.diagnostics.disentanglement import WHAT


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    made = fakes.store_run(tmp_path_factory.mktemp("runs") / "run")
    facts = made.read_json("config.json")
    facts["corpus"]["source"]["n"] = 120
    made.write_json("config.json", facts)
    return str(made.path)


def test_probe_makes_the_study_once_and_shows_it_ever_after(run, capsys):
    assert main(["probe", run, "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert main(["probe", run, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == first
    mood = first["mood"]
    low, high = mood["ci"]
    assert low <= mood["accuracy"] <= high
    assert {"majority", "shuffled", "neighbours", "n", "classes"} <= set(mood)
    assert "r2" in first["length (words)"]
    with open(f"{run}/studies/probes.json", encoding="utf-8") as file:
        assert json.load(file)["result"]["labels"].keys() == first.keys()


def test_probe_tells_a_person(run, capsys):
    assert main(["probe", run]) == 0
    told = capsys.readouterr().out
    assert "5 folds" in told
    assert "mood" in told


def test_probe_of_a_file_stores_nothing(run, tmp_path, capsys):
    corpus = factors.generate(120, seed=1)
    moods = corpus.labels["mood"]
    text = "\n".join(f"{s}\t{m}" for s, m in zip(corpus.sentences, moods, strict=True))
    path = tmp_path / "new.tsv"
    path.write_text(f"text\tmood\n{text}\n", encoding="utf-8")
    with open(f"{run}/studies/probes.json", encoding="utf-8") as file:
        before = file.read()
    assert main(["probe", run, "--data", str(path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {"mood", "length (words)"}
    assert said["mood"]["n"] == 120
    with open(f"{run}/studies/probes.json", encoding="utf-8") as file:
        assert file.read() == before


@pytest.fixture
def typed(tmp_path):
    """A file with a label of every type; in some rows they are missing, in others they are words
    that only seem to say so."""
    corpus = factors.generate(120, seed=1)
    rows = [
        {
            "text": sentence,
            "stars": None if i % 10 == 0 else f" {i % 40 / 4}",
            "day": "" if i % 10 == 1 else f"2021-{i % 12 + 1:02}-01",
            "paid": (True, False, None)[i % 3],
            "word": (None, "none", "NA", "other (please say)")[i % 4],
        }
        for i, sentence in enumerate(corpus.sentences)
    ]
    path = tmp_path / "typed.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_labels_of_every_type_are_probed_as_what_they_are(run, typed, capsys):
    assert main(["probe", run, "--data", str(typed), "--json"]) == 0
    printed = capsys.readouterr()
    said = json.loads(printed.out)
    assert "stars (number), day (date), paid (yes or no), word (category)" in printed.err
    assert {name: each["kind"] for name, each in said.items()} == {
        "stars": "numeric",
        "day": "numeric",
        "paid": "categorical",
        "word": "categorical",
        "length (words)": "numeric",
    }
    assert (said["stars"]["n"], said["day"]["n"], said["paid"]["n"]) == (108, 108, 80)
    assert (said["word"]["n"], said["word"]["classes"]) == (90, 3)
    assert {"r2", "ci", "shuffled", "shuffled_ci"} <= set(said["day"])
    assert said["day"]["shuffled"] < 0.2
    other = ["--label-type", "stars=category", "--label-type", "day=category"]
    assert main(["probe", run, "--data", str(typed), "--json", *other]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["day"]["kind"], said["day"]["classes"]) == ("categorical", 12)


def test_what_is_missing_is_null_in_the_table_that_encode_writes(run, typed, tmp_path):
    out = tmp_path / "codes.parquet"
    assert main(["encode", run, str(typed), "--out", str(out)]) == 0
    word = pq.read_table(out)["word"].to_pylist()
    assert word[:4] == [None, "none", "NA", "other (please say)"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--labels", "mood"], "give it with --data"),
        (["--label-type", "mood=number"], "give it with --data"),
        (["--data", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_probe_refuses_in_a_sentence(run, arguments, said, capsys):
    assert main(["probe", run, *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_file_of_too_few_sentences_has_no_label_to_probe(run, tmp_path, capsys):
    path = tmp_path / "few.txt"
    path.write_text("She loves the film.\nHe hates the long film.\n", encoding="utf-8")
    assert main(["probe", run, "--data", str(path)]) == 2
    assert "No label can be probed on 2 sentences" in capsys.readouterr().err


@pytest.fixture
def tables(tmp_path):
    """Codes that hold two factors, in files."""
    rng = np.random.default_rng(0)
    kinds = rng.integers(0, 3, (240, 2))
    codes = kinds + 0.05 * rng.normal(size=(240, 2))
    (tmp_path / "codes.csv").write_text(
        "x,y\n" + "".join(f"{a},{b}\n" for a, b in codes), encoding="utf-8"
    )
    (tmp_path / "factors.csv").write_text(
        "a,b\n" + "".join(f"u{a},v{b}\n" for a, b in kinds), encoding="utf-8"
    )
    return tmp_path


def test_disentanglement_of_any_codes(tables, capsys):
    files = [str(tables / "codes.csv"), str(tables / "factors.csv")]
    assert main(["disentanglement", *files, "--seeds", "2", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert list(said) == list(WHAT)
    for metric in said.values():
        low, high = metric["ci"]
        assert 0 <= low <= metric["value"] <= high <= 1
    assert said["mig_neighbours"]["value"] > 0.95
    assert main(["disentanglement", *files, "--seeds", "2"]) == 0
    assert "2 dimensions, 2 factors; 2 seeds of 120 rows each, of 240" in capsys.readouterr().out


def test_a_factor_of_very_many_numbers_is_taken_by_its_thirds(tables, capsys):
    kinds = (tables / "factors.csv").read_text().splitlines()[1:]
    rows = "\n".join(f"{kind},{int(kind[1]) + i / 1000}" for i, kind in enumerate(kinds))
    (tables / "factors.csv").write_text(f"a,b,size\n{rows}\n")
    files = [str(tables / "codes.csv"), str(tables / "factors.csv")]
    assert main(["disentanglement", *files, "--seeds", "2", "--json"]) == 0
    assert "taken by their thirds: size" in capsys.readouterr().err


def test_codes_and_factors_that_do_not_belong_together_are_refused(tables, capsys):
    codes, kinds = tables / "codes.csv", tables / "factors.csv"
    lines = kinds.read_text().splitlines()

    def refused(said, factors=kinds, *more):
        assert main(["disentanglement", str(codes), str(factors), *more]) == 2
        told = capsys.readouterr().err
        assert said in told
        assert len(told.splitlines()) == 1

    short = tables / "short.csv"
    short.write_text("\n".join(lines[:-1]) + "\n")
    refused("240 rows of codes and 239 rows of factors", short)
    constant = tables / "constant.csv"
    constant.write_text("a,b\n" + "\n".join(f"{line.split(',')[0]},same" for line in lines[1:]))
    refused("has 1 value", constant)
    refused("--seeds is 1", kinds, "--seeds", "1")
    refused("no table", tables / "factors.doc")
    few = tables / "few.csv"
    few.write_text("\n".join(lines[:31]))
    codes.write_text("\n".join(codes.read_text().splitlines()[:31]))
    refused("30 rows, and 100 are needed", few)
