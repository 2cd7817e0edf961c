"""A model of another make from the shell: it works, or says in a line what is not available."""

import json

import pandas as pd
import pytest

from tests import fakes
from vae.cli import main
from vae.models.adapters import PATIENCE, VARIABLE
from vae.runs.store import RunDirectory

ADAPTER = "tests.adapters.factor_analysis:make"
ADAPTERS = {
    "make": ADAPTER,
    "make_silent": f"{ADAPTER}_silent",
    "make_mute": f"{ADAPTER}_mute",
    "point": "tests.adapters.points:make",
    "unit": "tests.adapters.points:make_unit",
}
A, B = fakes.corpus().sentences[:2]


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """One of each make, adopted from the shell."""
    folder = tmp_path_factory.mktemp("adopted")
    (folder / "text.txt").write_text("\n".join(fakes.corpus().sentences[:80]))
    corpus = fakes.corpus().subset(range(300))
    # Two labels: what they cost grows with their number, and a command treats all alike.
    labels = {name: corpus.labels[name] for name in ("tense", "polarity")}
    pd.DataFrame({"sentence": corpus.sentences, **labels}).to_csv(
        folder / "labelled.csv", index=False
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_LENS_CACHE", str(folder / "cache"))
        patch.setattr("vae.latent.projection.NEIGHBOURS", 10_000)  # no UMAP, which is slow
        for name, adapter in ADAPTERS.items():
            # Points are shown labels too, and enough to hold some out.
            shown = "text.txt" if adapter.startswith(ADAPTER) else "labelled.csv"
            command = ["adopt", adapter, str(folder / shown)]
            command += ["--out", str(folder / name), "--iw-samples", "3", "--most", "20"]
            assert main(command) == 0
    return folder


@pytest.fixture(autouse=True)
def _allowed(monkeypatch):
    monkeypatch.setenv(VARIABLE, ",".join(ADAPTERS.values()))


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


@pytest.mark.parametrize("make", ["point", "unit"])
class TestOfAPoint:
    """A model that keeps a point, by every command."""

    def test_what_it_cannot_have_is_null_and_what_it_can_is_measured(self, runs, capsys, make):
        status, out, err = answer(
            capsys, "evaluate", runs / make, "--json", "--iw-samples", 3, "--most", 20
        )
        assert status == 0, err
        found = json.loads(out)
        for name in ("rate", "elbo", "mutual_information", "active_units", "nll_iw", "verdict"):
            assert found[name] is None
        assert found["moment_kl"] is found["told_apart"] is None
        assert found["exact_match"] is not None
        assert found["not_available"]["diagnosis"]
        status, out, err = answer(capsys, "evaluate", runs / make, "--most", 20)
        assert status == 0, err
        assert out.startswith("This model keeps a point")
        assert "rate" in out

    @pytest.mark.parametrize(
        "command",
        [["diagnose"], ["diagnose", "--json"], ["xray", A], ["sample", "-n", "2"]],
    )
    def test_it_says_in_a_line_what_there_cannot_be(self, runs, capsys, make, command):
        status, _, err = answer(capsys, command[0], runs / make, *command[1:])
        assert status == 2
        assert "keeps a point" in err
        assert "Traceback" not in err

    def test_a_walk_is_of_the_kind_that_fits_its_space(self, runs, capsys, make):
        status, out, err = answer(capsys, "interpolate", runs / make, A, B, "--steps", 3, "--json")
        assert status == 0, err
        found = json.loads(out)
        assert found["method"] == ("slerp" if make == "unit" else "lerp")
        assert [p["log_prior"] for p in found["points"]] == [None] * 3
        if make == "unit":
            for point in found["points"]:
                assert sum(x * x for x in point["z"]) == pytest.approx(1, abs=1e-3)

    @pytest.mark.parametrize(
        "command",
        [["probe"], ["steer", "tense", "past", A], ["map", "words"], ["study"]],
    )
    def test_what_reads_codes_works(self, runs, capsys, make, command):
        status, out, err = answer(capsys, command[0], runs / make, *command[1:])
        assert status == 0, err
        assert "Traceback" not in out + err

    def test_a_report_is_made_and_says_it(self, runs, capsys, make, tmp_path):
        status, _, err = answer(capsys, "report", runs / make, "--out", tmp_path / "r.html")
        assert status == 0, err
        page = (tmp_path / "r.html").read_text(encoding="utf-8")
        assert "keeps a point" in page
        assert "cannot be shown" not in page
        assert "nan" not in page.lower().split("<script")[0]

    def test_its_codes_are_written_without_a_rate(self, runs, capsys, make, tmp_path):
        status, _, err = answer(
            capsys, "encode", runs / make, runs / "text.txt", "--out", tmp_path / "out.parquet"
        )
        assert status == 0, err
        frame = pd.read_parquet(tmp_path / "out.parquet")
        assert "mean_0" in frame
        assert not [c for c in frame if c == "rate" or c.startswith("logvar")]


def test_its_posteriors_are_written(runs, capsys, tmp_path):
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


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("exits_at_import:make", "SystemExit: this machine has no GPU"),
        ("misbehaving:make_exit_in_making", "SystemExit: 3"),
        ("misbehaving:make_exit_in_encode", "failed in encode (SystemExit: 3)"),
        ("misbehaving:make_raise_in_decode", "failed in decode (RuntimeError: CUDA error"),
        ("misbehaving:make_die_in_decode", "ended its process in decode (exit status 7)"),
        ("misbehaving:make_hang_in_decode", "has not answered decode for"),
    ],
)
def test_an_adapter_that_ends_or_hangs_is_a_line_and_status_2(
    runs, capsys, tmp_path, monkeypatch, name, words
):
    monkeypatch.setenv(PATIENCE, "1" if "hang" in name else "60")
    adapter = f"tests.adapters.{name}"
    status, _, err = answer(
        capsys, "adopt", adapter, runs / "text.txt", "--out", tmp_path / "never"
    )
    assert status == 2
    assert words in err
    assert name.partition(":")[0] in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_what_was_adopted_says_how(runs):
    facts = RunDirectory(runs / "make").read_json("config.json")
    assert facts["adapter"] == ADAPTER
    assert facts["corpus"]["n_sentences"] == 80
    assert facts["parameters"] > 0
