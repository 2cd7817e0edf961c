"""Every command that reads a file reads it by the same rules, and takes the same options."""

import json

import pandas as pd
import pytest

from tests import fakes
from vae.cli import build_parser, main
from vae.commands.train import _load_again
from vae.corpora import factors
from vae.corpora.files import read_file
from vae.corpora.reading import Reading
from vae.errors import UserError

CORPUS = factors.generate(120, seed=3)
# With a comma in every second sentence, and a letter beyond ASCII in every third.
SENTENCES = tuple(
    s.replace(".", f"{', well' if i % 2 else ''}{' né' if i % 3 == 0 else ''}.")
    for i, s in enumerate(CORPUS.sentences)
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return str(fakes.store_run(tmp_path_factory.mktemp("runs") / "run").path)


@pytest.fixture
def file(tmp_path):
    """A table as a European spreadsheet writes it, with a header that has commas."""
    moods = CORPUS.labels["mood"]
    rows = [f"{s};{m}" for s, m in zip(SENTENCES, moods, strict=True)]
    path = tmp_path / "answers.csv"
    text = "\r\n".join(["sep=;", '"Said (freely, in short)";mood', *rows])
    path.write_bytes(text.encode("cp1252"))
    return path


COMMANDS = {
    "encode": ["encode", "RUN", "FILE", "--out", "OUT"],
    "evaluate": ["evaluate", "RUN", "--data", "FILE", "--json", "--iw-samples=2", "--most=20"],
    "probe": ["probe", "RUN", "--data", "FILE", "--json"],
    "diagnose": ["diagnose", "RUN", "--data", "FILE", "--json"],
    "survey": ["survey", "FILE", "--json", "--preset=demonstration"],
}


def command(name, run, file, *options):
    places = {"RUN": run, "FILE": str(file), "OUT": str(file.with_suffix(".parquet"))}
    return main([*(places.get(word, word) for word in COMMANDS[name]), *options])


@pytest.mark.parametrize("name", COMMANDS)
def test_another_encoding_is_never_assumed_and_taken_when_it_is_said(name, run, file, capsys):
    assert command(name, run, file) == 2
    said = capsys.readouterr().err
    assert "is not UTF-8" in said
    assert "`--encoding cp1252`" in said
    assert "né" in said
    if name == "survey":  # the rest of it tries trainings
        return
    assert command(name, run, file, "--encoding", "windows-1252") == 0
    said = capsys.readouterr().err
    assert "answers.csv: 120 sentences." in said
    assert "Sentences from column 'Said (freely, in short)', labels: mood" in said


def test_the_sentences_are_whole_and_have_their_labels(run, file, capsys):
    assert command("encode", run, file, "--encoding=cp1252") == 0
    written = pd.read_parquet(file.with_suffix(".parquet"))
    assert tuple(written["sentence"]) == SENTENCES
    assert tuple(written["mood"]) == CORPUS.labels["mood"]
    assert command("encode", run, file, "--encoding=cp1252", "--no-header", "--separator=none") == 0
    written = pd.read_parquet(file.with_suffix(".parquet"))
    assert written["sentence"][1] == f"{SENTENCES[0]};{CORPUS.labels['mood'][0]}"


@pytest.mark.parametrize("name", ["evaluate", "probe", "diagnose"])
@pytest.mark.parametrize(
    ("option", "value"), [("--text", "said"), ("--encoding", "cp1252"), ("--separator", "tab")]
)
def test_without_a_file_there_is_nothing_to_be_read_so(name, option, value, run, capsys):
    assert main([name, run, option, value]) == 2
    assert f"{option} say how a file is read: give it with --data" in capsys.readouterr().err


def test_codes_with_decimal_commas_are_numbers(tmp_path, capsys):
    codes, dots = tmp_path / "codes.csv", tmp_path / "dots.csv"
    factors_file = tmp_path / "factors.csv"
    rows = [(i % 7 + i / 1000, (i * i) % 11 + 0.5) for i in range(300)]
    text = "".join(f"{a:.3f};{b:.1f}\n" for a, b in rows)
    codes.write_text("sep=;\nfirst;second\n" + text.replace(".", ","), encoding="utf-8")
    dots.write_text("first,second\n" + text.replace(";", ","), encoding="utf-8")
    values = "\n".join(f"größe {i % 7};{i * i % 11}" for i in range(300))
    factors_file.write_text("a;b\n" + values, encoding="latin-1")
    said = []
    for file in (codes, dots):
        asked = ["disentanglement", str(file), str(factors_file), "--seeds=2", "--json"]
        assert main(asked) == 2
        assert "--encoding cp1252" in capsys.readouterr().err
        assert main([*asked, "--encoding=latin-1"]) == 0
        said.append(json.loads(capsys.readouterr().out))
    assert said[0] == said[1]


def test_a_resumed_run_reads_its_file_as_it_was_read(file, tmp_path):
    corpus = read_file(file, reading=Reading(encoding="cp1252"))
    made = fakes.store_run(tmp_path / "run")
    facts = made.read_json("config.json")
    facts["corpus"]["source"] = dict(corpus.source)
    made.write_json("config.json", facts)
    asked = ["train", str(file), "--out", str(made.path), "--resume"]
    assert _load_again(build_parser().parse_args(asked)).digest == corpus.digest
    same = [*asked, "--separator=semicolon", "--header"]
    assert _load_again(build_parser().parse_args(same)).digest == corpus.digest
    with pytest.raises(UserError, match=r"--encoding \(it is cp1252, not big5\)"):
        _load_again(build_parser().parse_args([*asked, "--encoding=big5"]))
