"""Minutes of a run before it starts: the same updates, in parts that add up."""

import json
from dataclasses import replace

import pytest
import torch

from vae.config import DataConfig, ModelConfig, RunConfig, TrainConfig
from vae.corpora import Corpus, factors
from vae.errors import UserError
from vae.training import estimate as module
from vae.training import setup
from vae.training.estimate import Estimate, estimate

SMALL = RunConfig(
    DataConfig(min_count=1),
    ModelConfig(embedding_dim=6, encoder_hidden=5, decoder_hidden=7, latent_dim=3),
    TrainConfig(epochs=2, tokens_per_batch=256, precision="fp32", snapshots=4),
)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return factors.generate(400, seed=3)


def trained(config: RunConfig, **settings: object) -> RunConfig:
    return RunConfig(config.data, config.model, replace(config.train, **settings))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def found(corpus) -> Estimate:
    return estimate(corpus, SMALL)


def test_the_updates_are_those_that_the_run_will_make(tmp_path, corpus, found):
    session = setup.start(tmp_path / "run", corpus, SMALL)
    assert found.updates == session.trainer.total_steps
    assert found.parameters == sum(p.numel() for p in session.trainer.model.parameters())


def test_the_parts_add_up(found):
    parts = ["start", "training", "validation", "snapshots", "map", "evaluation"]
    assert list(found.seconds) == parts
    assert all(seconds >= 0 for seconds in found.seconds.values())
    # A run is open before it is measured.
    until = sum(found.seconds.values()) - found.seconds["evaluation"]
    assert found.minutes == pytest.approx(until / 60)
    assert found.all_told == pytest.approx(until + found.seconds["evaluation"])
    assert found.seconds["training"] == pytest.approx(found.updates * found.seconds_per_update)
    assert found.precision == "fp32"
    assert found.threads == torch.get_num_threads()
    assert not found.early


def test_more_epochs_are_more_updates_and_a_limit_of_steps_is_kept(corpus, found):
    assert estimate(corpus, trained(SMALL, epochs=6)).updates == 3 * found.updates
    assert estimate(corpus, trained(SMALL, steps=5)).updates == 5


def test_what_is_not_done_costs_nothing(corpus):
    assert estimate(corpus, trained(SMALL, snapshots=0)).seconds["snapshots"] == 0


def test_validating_more_often_costs_more(corpus, found, monkeypatch):
    monkeypatch.setattr(module, "_seconds", lambda work: 1.0)
    seldom = estimate(corpus, SMALL)
    often = estimate(corpus, trained(SMALL, validate_every=1))
    assert seldom.seconds["validation"] == 2
    assert often.seconds["validation"] == found.updates


def test_labels_and_time_for_reading_are_counted(corpus, monkeypatch):
    monkeypatch.setattr(module, "_seconds", lambda work: 0.0)
    unlabelled = Corpus("plain", corpus.sentences)
    plain = estimate(unlabelled, SMALL)
    assert estimate(corpus, SMALL).seconds["evaluation"] > plain.seconds["evaluation"]
    slow = estimate(unlabelled, SMALL, loading=100.0)
    assert slow.seconds["start"] - plain.seconds["start"] == pytest.approx(100, abs=5)


def test_of_a_large_corpus_a_sample_is_tried(corpus, found, monkeypatch):
    monkeypatch.setattr(module, "_MOST_TRIED", 100)
    assert estimate(corpus, SMALL).updates == pytest.approx(found.updates, rel=0.3)


def test_patience_may_end_it_earlier(corpus):
    assert estimate(corpus, trained(SMALL, patience=3)).early


def test_a_plain_language_model_has_an_estimate_too(corpus):
    model = replace(SMALL.model, latent_dim=0)
    assert estimate(corpus, RunConfig(SMALL.data, model, SMALL.train)).minutes > 0


def test_the_random_numbers_of_the_process_are_left_as_they_were(corpus):
    torch.manual_seed(7)
    estimate(corpus, SMALL)
    drawn = torch.rand(3)
    torch.manual_seed(7)
    assert torch.equal(drawn, torch.rand(3))


def test_a_corpus_that_cannot_be_split_is_refused():
    with pytest.raises(UserError, match="too few"):
        estimate(Corpus("one", ("The same sentence.",) * 60), SMALL)


def test_an_estimate_comes_back_from_json_as_it_was(found):
    assert Estimate.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    with pytest.raises(UserError, match="no estimate"):
        Estimate.from_dict({"updates": 3})
