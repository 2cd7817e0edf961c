"""`python -m vae report`: writes one file, and says what is wrong in a sentence."""

import pytest

from tests import fakes
from vae.cli import main


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> str:
    return str(fakes.store_run(tmp_path_factory.mktemp("command") / "mine").path)


def test_it_writes_the_file_and_makes_the_directory(run, tmp_path, capsys):
    out = tmp_path / "new" / "report.html"
    assert main(["report", run, "--out", str(out)]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "needs no network" in told.err
    first = out.read_bytes()
    assert first.startswith(b"<!doctype html>")
    assert main(["report", run, "--out", str(out)]) == 0
    assert out.read_bytes() == first


@pytest.mark.parametrize(
    ("out", "extra", "said"),
    [
        (".", [], "is a directory"),
        ("file/report.html", [], "cannot be written"),
        ("report.txt", [], "should end in .html"),
        ("report.html", ["--seed", "-1"], "--seed is -1"),
    ],
)
def test_what_cannot_be_written_is_said_in_one_line(run, tmp_path, capsys, out, extra, said):
    (tmp_path / "file").write_text("in the way")
    assert main(["report", run, "--out", str(tmp_path / out), *extra]) == 2
    told = capsys.readouterr().err
    assert told.startswith("error: ")
    assert told.count("\n") == 1
    assert said in told


def test_a_run_that_is_not_there_is_a_sentence(tmp_path, capsys):
    assert main(["report", "nowhere", "--out", str(tmp_path / "a.html")]) == 2
    assert "nowhere" in capsys.readouterr().err
    assert not (tmp_path / "a.html").exists()
