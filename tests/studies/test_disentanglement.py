"""The study of whether each dimension stands for one thing."""

import json

import numpy as np
import pytest
import torch

from tests import fakes
from vae.corpora.corpus import Corpus
from vae.diagnostics.disentanglement import WHAT
from vae.errors import UserError
from vae.models import Posterior
from vae.models.explorable import NotAvailableError
from vae.studies import catalogue, disentanglement


class Tidy:
    """A model that is not ours: one dimension for the mood of a sentence, one for its polarity."""

    latent_dim = 2

    def encode(self, sentences):
        rng = np.random.default_rng(0)
        known = [[s.endswith("?"), " not " in s or "n't" in s] for s in sentences]
        mean = np.array(known, dtype=float) + 0.05 * rng.normal(size=(len(sentences), 2))
        return Posterior(torch.tensor(mean).float(), torch.zeros(len(sentences), 2))


def some(*labels, n=400):
    corpus = fakes.corpus().subset(np.arange(n))
    return Corpus("some", corpus.sentences, {name: corpus.labels[name] for name in labels})


@pytest.fixture(scope="module")
def found():
    steps = []
    corpus = some("mood", "polarity", "tense")
    result = disentanglement.measure(Tidy(), corpus, 0, lambda *step: steps.append(step))
    return result, steps


def test_a_tidy_model_scores_well_on_what_it_keeps_apart(found):
    result = disentanglement.read(json.loads(json.dumps(found[0])))
    assert result.metrics["dci_disentanglement_held_out"].value > 0.9
    assert result.factors == ("mood", "polarity", "tense")
    information = np.array(result.mutual_information)
    assert information.shape == (2, 3)
    assert information[0, 0] == pytest.approx(np.log(2), abs=0.02)
    assert information[1, 0] < 0.1


def test_every_metric_says_what_it_is_and_how_sure(found):
    result, steps = found
    for name, metric in result["metrics"].items():
        assert name in WHAT
        assert metric["low"] <= metric["value"] <= metric["high"]
    assert steps[-1][:2] == (21, 21)
    assert result["n"] <= result["of"]


def test_labels_that_follow_from_each_other_are_stated():
    corpus = some("subject", "person", n=300)
    result = disentanglement.measure(Tidy(), corpus)
    assert result["dependent"]["person"]["subject"] > 0.9


def test_it_is_the_study_of_the_catalogue(found):
    study = catalogue.study("disentanglement")
    assert study.compute() is disentanglement.measure
    study.check(found[0])


def test_labels_that_are_no_factors_are_left_out_with_a_reason():
    n = 200
    factors, left_out = disentanglement.factors_of(
        {
            "good": ["a", "b"] * 100,
            "gaps": ["a", ""] * 100,
            "name": [str(i) for i in range(n)],
            "rare": ["a"] * 190 + ["b"] * 10,
            "same": ["a"] * n,
        }
    )
    assert list(factors) == ["good"]
    assert {name: str(why).split(",")[0] for name, why in left_out.items()} == {
        "gaps": "100 sentences have no value",
        "name": "200 values",
        "rare": "all but 10 sentences have the same value",
        "same": "all sentences have the same value",
    }


def test_one_label_or_one_dimension_is_not_enough():
    with pytest.raises(NotAvailableError, match="two labels"):
        disentanglement.measure(Tidy(), some("mood"))

    class Thin(Tidy):
        latent_dim = 1

    with pytest.raises(NotAvailableError, match="two dimensions"):
        disentanglement.measure(Thin(), some("mood", "tense"))


def test_the_brief_form_gives_intervals_or_says_that_it_cannot():
    brief = disentanglement.measure_briefly(Tidy(), some("mood", "polarity"), 300)
    metrics = disentanglement.read(json.loads(json.dumps(brief))).metrics
    assert metrics["mig_neighbours"].value > 0.9
    assert metrics["dci_disentanglement"].n == disentanglement.BRIEF_SEEDS
    with pytest.raises(NotAvailableError):
        disentanglement.measure_briefly(Tidy(), some("mood", "polarity"), 100)


@pytest.mark.parametrize(
    "damage",
    [
        {"n": None},
        {"factors": ["mood"]},
        {"mutual_information": [[1.0, 2.0, float("inf")]] * 2},
        {"dci_importance": [[0.1, 0.2, 0.3]]},
        {"metrics": {"mig": {"value": "high"}}},
        {"metrics": []},
        {"dependent": {"a": 3}},
        {"dependent": {"a": {"b": "much"}}},
    ],
)
def test_a_damaged_result_is_refused_in_a_sentence(found, damage):
    with pytest.raises(UserError, match="python -m vae study RUN disentanglement"):
        disentanglement.read({**found[0], **damage})
