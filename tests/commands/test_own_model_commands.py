"""A model of another make from the shell: it works, or says in a line what is not available."""

import json

import pytest

from tests import fakes
from vae.cli import main
from vae.models.adapters import VARIABLE
from vae.runs.store import RunDirectory

ADAPTER = "tests.adapters.factor_analysis:make"
A, B = fakes.corpus().sentences[:2]


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """One of each make, adopted from the shell."""
    folder = tmp_path_factory.mktemp("adopted")
    (folder / "text.txt").write_text("\n".join(fakes.corpus().sentences[:80]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_LENS_CACHE", str(folder / "cache"))
        patch.setattr("vae.latent.projection.NEIGHBOURS", 10_000)  # no UMAP, which is slow
        for name in ("make", "make_silent", "make_mute"):
            command = ["adopt", f"tests.adapters.factor_analysis:{name}", str(folder / "text.txt")]
            command += ["--out", str(folder / name), "--iw-samples", "3", "--most", "20"]
            assert main(command) == 0
    return folder


@pytest.fixture(autouse=True)
def _allowed(monkeypatch):
    monkeypatch.setenv(VARIABLE, f"{ADAPTER},{ADAPTER}_silent,{ADAPTER}_mute")


def answer(capsys, *command) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main([str(c) for c in command])
    told = capsys.readouterr()
    return status, told.out, told.err


@pytest.mark.parametrize("make", ["make", "make_silent", "make_mute"])
def test_it_is_evaluated_as_far_as_it_goes(runs, capsys, make):
    status, out, err = answer(
        capsys, "evaluate", runs / make, "--json", "--iw-samples", 3, "--most", 20
    )
    assert status == 0, err
    found = json.loads(out)
    assert found["rate"] > 0
    assert (found["nll_iw"] is None) == (make != "make")
    assert (found["exact_match"] is None) == (make == "make_mute")


@pytest.mark.parametrize(
    ("command", "available"),
    [
        (["interpolate", A, B, "--steps", "3"], {"make", "make_silent"}),
        (["sample", "-n", "2"], {"make", "make_silent"}),
        (["sample", "-n", "2", "--temperature", "0.7"], {"make"}),
        (["xray", A], {"make"}),
        (["xray", A, "--json"], {"make"}),
        (["diagnose"], {"make", "make_silent", "make_mute"}),
        (["probe"], {"make", "make_silent", "make_mute"}),
    ],
)
@pytest.mark.parametrize("make", ["make", "make_silent", "make_mute"])
def test_it_answers_or_says_what_is_missing(runs, capsys, make, command, available):
    status, out, err = answer(capsys, command[0], runs / make, *command[1:])
    if make in available:
        assert status == 0, err
        assert out.strip()
    else:
        assert status == 2
        assert "offers no" in err
        assert err.count("\n") == 1


def test_its_posteriors_are_written(runs, capsys, tmp_path):
    import pandas as pd

    for make in ("make", "make_silent"):
        status, _, err = answer(
            capsys, "encode", runs / make, runs / "text.txt", "--out", tmp_path / "out.parquet"
        )
        assert status == 0, err
        frame = pd.read_parquet(tmp_path / "out.parquet")
        assert len(frame) == 80
        # A model that does not tell has no column, rather than one without words.
        assert ("unknown_words" in frame) == (make == "make")


def test_without_leave_it_is_not_loaded(runs, capsys, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    status, _, err = answer(capsys, "sample", runs / "make")
    assert status == 2
    assert f"{VARIABLE}={ADAPTER}" in err


def test_an_adapter_that_is_none_is_a_line(runs, capsys, tmp_path):
    for name in ("nowhere:make", "no adapter", "os:sep"):
        status, _, err = answer(
            capsys, "adopt", name, runs / "text.txt", "--out", tmp_path / "never"
        )
        assert status == 2
        assert err.startswith("error: ")
        assert err.count("\n") == 1
    assert not (tmp_path / "never").exists()


def test_what_was_adopted_says_how(runs):
    facts = RunDirectory(runs / "make").read_json("config.json")
    assert facts["adapter"] == ADAPTER
    assert facts["corpus"]["n_sentences"] == 80
    assert facts["parameters"] > 0
