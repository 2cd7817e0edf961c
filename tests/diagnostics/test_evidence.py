"""The verdict on models that were built to be healthy, partly collapsed, and collapsed."""

from dataclasses import replace

import numpy as np
import pytest

from tests.diagnostics import built
from tests.fakes import corpus, store_run, tiny
from vae import Explorer
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.examination import gather
from vae.diagnostics.samples import Sample
from vae.models.explorable import NotAvailableError
from vae.training.cures import CURES


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """The evidence on a model, by its name."""
    folder, found = tmp_path_factory.mktemp("built"), {}
    models = {
        "healthy": built.trained(),
        "one dimension": built.trained(1),
        "deaf": built.decoder_is_deaf(),
        "prior": built.posterior_is_the_prior(),
        "language model": tiny(latent_dim=0),
    }
    for name, model in models.items():
        explorer = Explorer.load(store_run(folder / name, model))
        found[name] = gather(explorer, built.sentences(), Sample("all"), seed=0, draws=10)
    return found


def cures(evidence: Evidence) -> list[str]:
    return [advice.cure for advice in evidence.diagnosis.cures]


def test_a_model_that_has_learned_its_sentences_is_healthy(measured):
    evidence = measured["healthy"]
    assert evidence.diagnosis.verdict == "healthy"
    assert evidence.units.at(0.01).value >= 2
    assert evidence.listening.over_another.low > 2
    assert "the decoder reads them" in evidence.diagnosis.sentence


def test_a_model_of_one_used_dimension_is_partly_collapsed(measured):
    evidence = measured["one dimension"]
    assert evidence.units.at(0.01).value == 1
    assert evidence.listening.over_another.low > 1
    assert evidence.diagnosis.verdict == "partial"
    assert "free-bits" in cures(evidence)


def test_a_posterior_that_is_the_prior_is_collapsed(measured):
    evidence = measured["prior"]
    assert evidence.split.rate.value == pytest.approx(0, abs=1e-6)
    assert evidence.split.information.value == pytest.approx(0, abs=0.02)
    assert evidence.diagnosis.verdict == "collapsed"
    assert cures(evidence)[0] == "annealing"
    assert "free-bits" in cures(evidence)


def test_a_rate_that_the_decoder_does_not_read_is_collapsed(measured):
    """All other figures of it are those of a healthy model."""
    evidence = measured["deaf"]
    assert evidence.split.rate.value > 5
    assert evidence.split.information.value > 3
    assert evidence.units.at(0.01).value == 4
    assert evidence.diagnosis.verdict == "collapsed"
    assert "nobody reads" in evidence.diagnosis.sentence
    assert "pretraining" in cures(evidence)
    assert "free-bits" not in cures(evidence)  # a floor would raise what is not read


def test_a_language_model_has_a_likelihood_and_nothing_else(measured):
    evidence = measured["language model"]
    assert evidence.diagnosis.sentence.startswith("A plain language model")
    assert evidence.likelihood.draws == (1,)
    assert evidence.listening is None
    assert evidence.match is None
    assert any("no z" in str(m) for m in evidence.missing)


def test_every_cure_that_is_named_exists(measured):
    named = {cure for evidence in measured.values() for cure in cures(evidence)}
    assert named
    assert named <= set(CURES)


def test_the_parts_rest_on_the_same_sentences(measured):
    evidence = measured["healthy"]
    assert {
        evidence.split.rate.n,
        evidence.units.counts[0].n,
        evidence.likelihood.nll[0].n,
        evidence.listening.own.n,
    } == {evidence.n}
    assert sum(evidence.rate_per_dimension) == pytest.approx(evidence.split.rate.value, rel=1e-5)
    assert np.diff([i.value for i in evidence.likelihood.nll]).max() < 0


class Silent:
    """A model of another make that encodes, and scores nothing."""

    def __init__(self, whole: Explorer) -> None:
        self.latent_dim, self.encode, self.tokens = whole.latent_dim, whole.encode, whole.tokens

    def log_likelihood(self, sentences, z):
        raise NotAvailableError("This model scores no tokens.")

    def importance_weights(self, *asked):
        raise NotAvailableError("This model scores no tokens.")


def test_what_a_model_cannot_give_is_not_there_and_never_zero(tmp_path):
    model = Silent(Explorer.load(store_run(tmp_path / "run")))
    evidence = gather(model, corpus().sentences[:30], Sample("all"), seed=0)
    assert evidence.listening is None
    assert evidence.likelihood is None
    assert sum("scores no tokens" in str(m) for m in evidence.missing) == 2
    assert "Heard" not in " ".join(evidence.diagnosis.evidence)


def test_sentences_that_are_all_alike_are_measured_but_for_the_hearing(tmp_path):
    explorer = Explorer.load(store_run(tmp_path / "run"))
    evidence = gather(explorer, [corpus().sentences[0]] * 5, Sample("all"), seed=0, draws=2)
    assert evidence.listening is None
    assert any("say the same" in str(m) for m in evidence.missing)
    assert any("Only 5 sentences" in str(m) for m in evidence.missing)
    assert evidence.split.information.value == pytest.approx(0, abs=1e-6)


def test_the_verdict_knows_the_intervals_of_its_evidence(measured):
    sure = measured["healthy"]
    assert sure.diagnosis.borderline == ()
    heard = replace(sure.listening.over_another, value=2.1, low=1.8, high=2.4)
    close = replace(sure, listening=replace(sure.listening, over_another=heard))
    (doubt,) = close.diagnosis.borderline
    assert "2.10 nats (95% interval 1.80 to 2.40), lies on both sides of 2 nats" in doubt
    rate = replace(sure.split.rate, value=0.5, low=0.4, high=0.6)
    thin = replace(sure, split=replace(sure.split, rate=rate))
    assert "Borderline: the rate" in thin.diagnosis.evidence[-1]
    assert thin.to_dict()["diagnosis"]["doubts"][-1]["figure"] == "rate"
