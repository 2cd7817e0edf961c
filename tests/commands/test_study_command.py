"""`python -m vae study`: what is kept, what is said, and what is left out."""

import pytest

from tests import fakes
from vae import studies
from vae.cli import main
from vae.runs import jobs
from vae.studies import STUDIES


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run whose corpus has no label: there is nothing to steer, and nothing to take apart."""
    monkeypatch.setenv("LATENT_LENS_CACHE", str(tmp_path / "cache"))
    made = fakes.store_run(tmp_path / "run")
    text = tmp_path / "text.txt"
    text.write_text("\n".join(fakes.corpus().sentences[:400]), encoding="utf-8")
    stored = made.read_json("config.json")
    stored["corpus"]["source"] = {
        "kind": "file",
        "path": str(text),
        "text_column": None,
        "label_columns": [],
    }
    made.write_json("config.json", stored)
    return made


def test_without_a_name_all_studies_are_made_but_those_that_the_run_cannot_have(run, capsys):
    assert main(["study", str(run.path)]) == 0
    said = capsys.readouterr().err
    stored = {name: run.read_json(f"studies/{name}.json") for name in STUDIES}
    for name, study in stored.items():
        assert (f"{name}: kept in" in said) == ("result" in study)
        assert (f"{name}: not available." in said) == ("not_available" in study)
    assert "result" in stored["diagnosis"]
    assert "not_available" in stored["disentanglement"]


def test_of_a_plain_language_model_what_needs_a_latent_space_is_passed_over(run, capsys):
    corpus = run.read_json("config.json")["corpus"]
    fakes.store_run(run.path, fakes.tiny(latent_dim=0))
    run.write_json("config.json", {**run.read_json("config.json"), "corpus": corpus})
    assert main(["study", str(run.path)]) == 0
    said = capsys.readouterr().err
    for name in STUDIES:
        assert (f"{name}: not available." in said) == (name != "diagnosis")


def test_a_study_that_is_asked_for_by_name_and_cannot_be_is_an_error(run, capsys):
    assert main(["study", str(run.path), "disentanglement"]) == 2
    assert "error: " in capsys.readouterr().err


def test_a_name_that_is_no_study_is_said_before_anything_is_measured(run, capsys):
    assert main(["study", str(run.path), "probes", "astrology"]) == 2
    assert "diagnosis, probes" in capsys.readouterr().err
    assert not (run.path / "studies").exists()


def test_a_job_says_in_its_file_that_it_is_done_or_why_it_failed(run, tmp_path):
    for name, state in (("semantics", "finished"), ("disentanglement", "failed")):
        file = tmp_path / "jobs" / f"{name}.json"
        file.parent.mkdir(exist_ok=True)
        main(["study", str(run.path), name, "--progress-file", str(file)])
        job = jobs._read(file)
        assert job is not None
        assert job.state == state
        assert bool(str(job.message)) == (state == "failed")


def test_only_what_is_missing_is_measured_where_that_is_asked_for(run, capsys):
    assert main(["study", str(run.path), "semantics"]) == 0
    before = (run.path / "studies" / "semantics.json").stat().st_mtime_ns
    capsys.readouterr()
    assert main(["study", str(run.path), "--missing"]) == 0
    said = capsys.readouterr().err
    assert "diagnosis: kept in" in said
    assert "disentanglement: not available." in said
    assert "semantics" not in said
    assert (run.path / "studies" / "semantics.json").stat().st_mtime_ns == before
    assert studies.missing(run) == []  # what cannot be is not tried again
    assert main(["study", str(run.path), "--missing"]) == 0
    assert "kept in" not in capsys.readouterr().err
