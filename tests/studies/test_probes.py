"""The study of what can be read off a latent."""

import json

import numpy as np
import pytest
import torch

from tests import fakes
from vae.corpora import factors
from vae.corpora.corpus import Corpus
from vae.diagnostics.probes import LENGTH
from vae.diagnostics.samples import Reason
from vae.errors import UserError
from vae.explorer import Explorer
from vae.models import Posterior
from vae.models.explorable import NotAvailableError
from vae.models.point import Codes
from vae.studies import catalogue, probes
from vae.studies.labelled import bounded, held_out, nameable


class Knowing:
    """A model that is not ours: its means are whether a sentence is a question, and noise."""

    latent_dim = 2

    def encode(self, sentences):
        noise = np.random.default_rng(len(sentences)).normal(size=len(sentences))
        asks = [float(s.endswith("?")) for s in sentences]
        mean = torch.tensor(np.stack([asks, noise], 1)).float()
        return Posterior(mean, torch.zeros_like(mean))


@pytest.fixture(scope="module")
def found():
    steps = []
    result = probes.measure(Knowing(), fakes.corpus(), 0, lambda *step: steps.append(step))
    return result, steps


def test_what_the_model_knows_is_read_off_and_what_it_does_not_is_not(found):
    result = probes.read(json.loads(json.dumps(found[0])))
    mood, tense = result.labels["mood"], result.labels["tense"]
    assert mood.linear.value == mood.neighbours.value == 1.0
    assert mood.shuffled.high < 0.7
    # Three tenses are as frequent as each other.
    assert tense.linear.low <= 1 / 3 <= tense.linear.high
    assert result.labels[LENGTH].metric == "r2"
    assert result.folds == 5


class Narrow(Knowing):
    """Its means know the mood by a hundredth of the width of its posteriors, or by a hundred."""

    def __init__(self, apart: float) -> None:
        self.apart = apart

    def encode(self, sentences):
        known = super().encode(sentences)
        return Posterior(known.mean * self.apart, known.logvar)


def test_a_label_that_drowns_in_the_posteriors_is_in_the_means_and_in_no_draw():
    hidden = probes.read(probes.measure(Narrow(0.01), fakes.corpus())).labels["mood"]
    assert hidden.linear.value == 1.0
    assert hidden.drawn.low <= hidden.majority <= hidden.drawn.high
    plain = probes.read(probes.measure(Narrow(100.0), fakes.corpus())).labels["mood"]
    assert plain.drawn.value == plain.linear.value == 1.0


def test_a_model_that_keeps_a_point_has_no_draw_to_be_probed():
    class Point(Knowing):
        def encode(self, sentences):
            return Codes(super().encode(sentences).mean)

    found = probes.read(probes.measure(Point(), fakes.corpus())).labels["mood"]
    assert found.linear.value == 1.0
    assert found.drawn is None


def test_a_study_of_before_there_were_draws_is_read(found):
    stored = json.loads(json.dumps(found[0]))
    for label in stored["labels"].values():
        del label["drawn"]
    assert all(p.drawn is None for p in probes.read(stored).labels.values())


def test_every_label_is_probed_or_said_to_be_left_out(found):
    result = probes.read(found[0])
    assert {*result.labels, *result.left_out} == {*fakes.corpus().labels, LENGTH}
    assert result.n == len(held_out(fakes.corpus(), 5_000, 0)[0])


def test_it_says_how_far_it_is(found):
    _, steps = found
    assert steps[-1][0] == steps[-1][1]
    assert {str(what) for *_, what in steps} == {"Encoding sentences", "Probing labels"}


def test_it_is_the_study_of_the_catalogue_and_works_on_a_run(tmp_path):
    explorer = Explorer.load(fakes.store_run(tmp_path / "run"))
    study = catalogue.study("probes")
    result = study.compute()(explorer, fakes.corpus(), 0, lambda *_: None)
    study.check(json.loads(json.dumps(result)))


def test_the_same_seed_gives_the_same_figures():
    one, two = (probes.measure(Knowing(), fakes.corpus().subset(np.arange(150)), 3) for _ in "ab")
    assert one == two


@pytest.mark.parametrize(("n", "splits"), [(1_500, ["test"]), (900, ["test", "validation"])])
def test_held_out_sentences_are_used_where_there_are_enough(n, splits):
    corpus = factors.generate(n)
    sample, which = held_out(corpus, 5_000, 0)
    assert len(sample) >= 100
    assert set(sample.sentences) == {s for split in splits for s in corpus.select(split).sentences}
    assert str(which) == f"{len(sample):,} held-out ({' and '.join(splits)}) sentences"


def test_where_few_are_held_out_all_are_used_and_it_is_said():
    corpus = fakes.corpus()
    few, which = held_out(corpus.subset(np.arange(60)), 5_000, 0)
    assert len(few) == 60
    assert "training included" in str(which)
    assert len(held_out(corpus, 70, 0)[0]) == 70


def test_a_label_of_three_sentences_over_and_over_takes_no_other_with_it():
    corpus = fakes.corpus()
    sentences = (*corpus.sentences[:3] * 20, *corpus.sentences[3:143])
    repeated = Corpus(
        "repeated",
        sentences,
        {
            "colour": ("red", "blue", "red") * 20 + ("",) * 140,
            "mood": tuple("asked" if s.endswith("?") else "said" for s in sentences),
        },
    )
    found = probes.read(probes.measure(Knowing(), repeated))
    assert set(found.labels) == {"mood", LENGTH}
    assert "different sentences" in str(found.left_out["colour"])


def test_without_a_latent_or_a_label_it_says_so():
    class Flat(Knowing):
        latent_dim = 0

    with pytest.raises(NotAvailableError, match="no latent"):
        probes.measure(Flat(), fakes.corpus())
    same = Corpus("same", tuple(f"word {i}" for i in range(120)))
    with pytest.raises(UserError, match="No label can be probed"):
        probes.measure(Knowing(), same)
    with pytest.raises(UserError, match="no sentence"):
        probes.measure(Knowing(), Corpus("none", ()))


def test_more_labels_than_a_page_can_show_are_counted():
    assert len(bounded({str(i): Reason("one-value") for i in range(500)})) == 101
    kept, left_out = nameable({"x" * 300: ("a",), "short": ("b",)})
    assert list(kept) == ["short"]
    assert "200 characters" in str(left_out["…"])


@pytest.mark.parametrize(
    "damage",
    [
        {"n": "many"},
        {"labels": None},
        {"labels": {"mood": {"kind": "categorical"}}},
        {"labels": {"x" * 1_000: {}}},
        {"left_out": {"a": 3}},
        {"left_out": {str(i): "why" for i in range(1_000)}},
    ],
)
def test_a_damaged_result_is_refused_in_a_sentence(found, damage):
    with pytest.raises(UserError, match="python -m vae study RUN probes"):
        probes.read({**found[0], **damage})


def test_a_figure_that_is_not_finite_is_refused(found):
    stored = json.loads(json.dumps(found[0]))
    stored["labels"]["mood"]["linear"]["value"] = float("nan")
    with pytest.raises(UserError, match="finite"):
        probes.read(stored)
