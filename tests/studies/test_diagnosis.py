"""The study "diagnosis": measured, kept, read again, and refused where it is damaged."""

import copy
import json
from dataclasses import replace

import pytest

from tests import fakes
from vae import studies
from vae.corpora import factors
from vae.diagnostics.samples import Sample
from vae.errors import UserError
from vae.explorer import Explorer
from vae.progress import silent
from vae.studies import diagnosis


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return fakes.store_run(tmp_path_factory.mktemp("study") / "run")


@pytest.fixture(scope="module")
def stored(run):
    """The result, as JSON gives it back."""
    explorer, corpus = Explorer.load(run), factors.generate(500)
    return json.loads(json.dumps(diagnosis.measure(explorer, corpus, 0, silent)))


def test_what_was_measured_is_read_with_its_types(stored):
    evidence = diagnosis.read(stored)
    assert evidence.n == len(factors.generate(500).indices("test"))
    assert str(evidence.which) == f"{evidence.n} test sentences of factors"
    assert evidence.split.rate.n == evidence.n
    curve = evidence.likelihood
    assert curve.draws[-1] in (100, 200, 400, 800)
    assert curve.level or curve.draws[-1] == 800
    assert (curve.proposal.chosen_on.kind, curve.proposal.chosen_on.n) == ("validation", 34)
    assert 1 <= curve.effective.low <= curve.effective.median <= curve.draws[-1]
    assert json.loads(json.dumps(evidence.diagnosis.to_dict())) == stored["diagnosis"]
    assert {g.name for g in evidence.factors} >= {"tense", "object", "topic"}
    assert evidence.vocabulary


def test_the_same_seed_measures_the_same(run, stored):
    again = diagnosis.measure(Explorer.load(run), factors.generate(500), 0, silent)
    assert json.loads(json.dumps(again)) == stored


def test_a_study_is_kept_with_its_run(tmp_path):
    run = fakes.store_run(tmp_path / "run")
    seen = []
    studies.make(
        Explorer.load(run),
        factors.generate(200),
        "diagnosis",
        progress=lambda done, total, what: seen.append((done, total)),
    )
    found = studies.read(run, "diagnosis")
    studies.study("diagnosis").check(found)
    assert all(0 <= done <= total for done, total in seen)


def test_a_corpus_without_factors_has_no_words_of_factors(run):
    corpus = factors.generate(100)
    plain = replace(corpus, source={"kind": "file"}, labels={})
    sample = plain.select("test")
    evidence = diagnosis.evidence_of(
        Explorer.load(run), sample, Sample("all", len(sample)), None, 0
    )
    assert evidence.factors == ()
    assert evidence.vocabulary == ()
    assert evidence.listening is not None


@pytest.mark.parametrize(
    "damage",
    [
        lambda r: r.pop("split"),
        lambda r: r.update(latent_dim=3),
        lambda r: r.update(latent_dim=-1),
        lambda r: r.update(n=1),
        lambda r: r["units"].update(thresholds=[0.01]),
        lambda r: r["units"].update(thresholds=[], counts=[]),
        lambda r: r["split"].update(ceiling=-1.0),
        lambda r: r["likelihood"].update(draws=[], nll=[]),
        lambda r: r["likelihood"]["nll"][0].update(value="1"),
        lambda r: r["listening"].update(positions=[{}]),
        lambda r: r.update(rate_per_dimension=[float("nan")] * 4),
        lambda r: r.update(which="x" * 10_000),
    ],
)
def test_a_damaged_result_is_a_sentence(stored, damage):
    damaged = copy.deepcopy(stored)
    damage(damaged)
    with pytest.raises(UserError, match="vae study RUN diagnosis"):
        diagnosis.read(damaged)
