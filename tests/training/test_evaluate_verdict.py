"""What an evaluation says of its verdict: holes, a bound that falls short, and what would help."""

import numpy as np
import pytest
import torch

from tests import fakes
from tests.diagnostics import built
from vae.cli import main
from vae.corpora import factors
from vae.diagnostics.evidence import gather
from vae.diagnostics.holes import prior_holes
from vae.diagnostics.information import falls_short
from vae.diagnostics.samples import Sample
from vae.diagnostics.usage import usage_of_evaluation
from vae.explorer import Explorer
from vae.training import evaluate as module
from vae.training.evaluate import evaluate


def measured(path, model, most: int = 60):
    run = fakes.store_run(path, model)
    corpus = factors.generate(700)
    return (
        Explorer.load(run),
        corpus,
        evaluate(Explorer.load(run), corpus, iw_samples=2, most_sentences=most),
    )


@pytest.fixture(scope="module")
def healthy(tmp_path_factory):
    return measured(tmp_path_factory.mktemp("runs") / "healthy", built.trained())


def test_holes_are_those_of_the_estimator_on_the_same_posteriors(healthy):
    explorer, corpus, found = healthy
    rows = corpus.indices("test")
    rows = np.sort(np.random.default_rng(0).choice(rows, 60, replace=False))
    posterior = explorer.encode(corpus.subset(rows).sentences)
    holes = prior_holes(posterior, torch.Generator().manual_seed(0), np.random.default_rng(0))
    share = holes.share
    assert found["holes"] == {
        "value": share.value,
        "low": share.low,
        "high": share.high,
        "n": 60,
        "quantile": 0.01,
    }


def test_evaluation_and_diagnosis_advise_the_same(healthy):
    explorer, corpus, found = healthy
    again = usage_of_evaluation(found).diagnosis()
    assert [vars(a) for a in again.cures] == found["cures"]
    test = corpus.select("test").sentences
    evidence = gather(explorer, test, Sample("all"), seed=0, draws=2)
    assert found["verdict"] == evidence.diagnosis.verdict
    assert [a["cure"] for a in found["cures"]] == [a.cure for a in evidence.diagnosis.cures]


def test_measuring_holes_changes_no_other_figure(healthy, monkeypatch):
    explorer, corpus, found = healthy
    monkeypatch.setattr(module, "_holes", lambda *_: None)
    without = evaluate(explorer, corpus, iw_samples=2, most_sentences=60)
    told = {"holes", "cures"}
    assert {k: v for k, v in without.items() if k not in told} == {
        k: v for k, v in found.items() if k not in told
    }


def test_there_are_no_holes_without_a_space_or_with_one_sentence(tmp_path):
    _, _, plain = measured(tmp_path / "plain", fakes.tiny(latent_dim=0))
    assert plain["holes"] is None
    _, _, alone = measured(tmp_path / "alone", fakes.tiny(), most=1)
    assert alone["holes"] is None


def test_an_information_near_its_ceiling_is_marked_as_a_lower_bound(healthy, tmp_path):
    _, _, found = healthy
    assert found["mutual_information_falls_short"] is falls_short(
        found["mutual_information"], found["mutual_information_ceiling"]
    )
    _, _, prior = measured(tmp_path / "prior", built.posterior_is_the_prior())
    assert prior["mutual_information_falls_short"] is False


def test_probes_carry_wilsons_interval(healthy):
    _, _, found = healthy
    assert found["probes"]
    for probe in found["probes"].values():
        assert probe["low"] <= probe["accuracy"] <= probe["high"]
        assert probe["low"] < probe["high"]


@pytest.mark.parametrize(("model", "least"), [("far", True), ("prior", False)])
def test_the_shell_says_at_least_where_it_is_a_lower_bound(tmp_path, capsys, model, least):
    made = built.decoder_is_deaf() if model == "far" else built.posterior_is_the_prior()
    run = fakes.store_run(tmp_path / model, made)
    text = tmp_path / "some.txt"
    text.write_text("\n".join(factors.generate(80).sentences))
    assert main(["evaluate", str(run.path), "--data", str(text), "--iw-samples", "2"]) == 0
    said = capsys.readouterr().out
    (line,) = [li for li in said.splitlines() if li.split()[0] == "mutual_information"]
    assert ("at least" in line) is least
    assert "falls_short" not in said
