"""The frequency baseline of a run: counted on what it learned from, in the tokens it scores."""

from dataclasses import replace

import numpy as np
import pytest

from tests import fakes
from vae.corpora import factors
from vae.diagnostics.examination import gather
from vae.diagnostics.samples import Sample
from vae.diagnostics.unigram import Unigram
from vae.explorer import Explorer
from vae.models.explorable import NotAvailableError
from vae.studies import diagnosis
from vae.studies.evaluation import evaluate
from vae.studies.summary import figures
from vae.studies.unigram import frequency_costs


@pytest.fixture(scope="module")
def explorer(tmp_path_factory):
    return Explorer.load(fakes.store_run(tmp_path_factory.mktemp("unigram") / "run"))


@pytest.fixture(scope="module")
def learned():
    return factors.generate(500)


def test_it_is_the_cost_of_the_token_ids_that_the_model_scores(explorer, learned):
    asked = [*learned.select("test").sentences, "The qwertz zuiop the end the end."]
    tokenizer = explorer.backend.tokenizer
    assert len(tokenizer.unknown(asked[-1])) > 1  # unknown words are one and the same token
    frequencies = Unigram.of(
        tokenizer.encode_batch(learned.select("train").sentences), len(tokenizer)
    )
    expected = [frequencies.nats(ids) for ids in tokenizer.encode_batch(asked)]
    assert frequency_costs(explorer, asked, learned, 0) == pytest.approx(np.array(expected))


def test_the_study_and_the_evaluation_say_the_same(explorer, learned):
    brief = evaluate(explorer, learned, iw_samples=2)
    study = diagnosis.evidence_of(explorer, learned.select("test"), Sample("test"), learned, seed=0)
    assert brief.evidence.unigram == study.unigram
    assert study.unigram.n == study.n
    assert study.unigram.low < study.unigram.value < study.unigram.high
    assert figures(brief)["unigram"] == study.unigram.value


def test_without_the_text_that_was_learned_from_there_is_no_baseline(explorer, learned):
    sentences = learned.sentences[:20]
    assert frequency_costs(explorer, sentences, None, 0) is None
    untrained = replace(learned, assigned=("test",) * len(learned))
    assert frequency_costs(explorer, sentences, untrained, 0) is None
    assert gather(explorer, sentences, Sample("all"), seed=0, draws=2).unigram is None
    assert evaluate(explorer, learned, split="all", iw_samples=2).evidence.unigram is None


def test_a_model_without_tokens_has_none(explorer, learned, monkeypatch):
    def silent(sentence):
        raise NotAvailableError("This model scores no tokens.")

    monkeypatch.setattr(explorer.backend, "tokens", silent)
    assert frequency_costs(explorer, learned.sentences[:5], learned, 0) is None


def test_evidence_that_was_stored_without_it_still_opens(explorer, learned):
    stored = dict(diagnosis.measure(explorer, learned, 0, lambda *_: None))
    assert stored.pop("unigram")
    assert diagnosis.read(stored).unigram is None
