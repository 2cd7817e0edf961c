"""What comes back, and what is said elsewhere: of the mean and of a draw, greedy and drawn."""

import copy
import json

import pytest
import torch

from tests import fakes
from tests.diagnostics import built
from vae.corpora import factors
from vae.corpora.corpus import Corpus
from vae.diagnostics.samples import Sample
from vae.explorer import Explorer
from vae.studies import reconstruction


def found(path, model, corpus) -> reconstruction.Reconstruction:
    explorer = Explorer.load(fakes.store_run(path, model))
    which = Sample("test", len(corpus))
    measured = reconstruction.measure(explorer, corpus, which)
    return reconstruction.read(json.loads(json.dumps(measured)))


def as_wide_as(logvar: float):
    """The trained model with posteriors of one width about their means."""
    model = copy.deepcopy(built.trained())
    with torch.no_grad():
        model.to_posterior.weight[4:] = 0.0
        model.to_posterior.bias[4:] = logvar
    return model


LEARNED = Corpus("learned", built.sentences())


def test_a_narrow_posterior_gives_back_from_a_draw_what_its_mean_does(tmp_path):
    measured = found(tmp_path, as_wide_as(-12.0), LEARNED)
    assert measured.exact_match.value > 0.5
    assert measured.exact_match_drawn == measured.exact_match


def test_a_wide_posterior_gives_back_less_from_a_draw_than_from_its_mean(tmp_path):
    measured = found(tmp_path, as_wide_as(3.0), LEARNED)
    assert measured.exact_match.value > 0.5
    assert measured.exact_match_drawn.high < measured.exact_match.low


def certain(model):
    """The same first choices, and no other: what is drawn is what is said greedily."""
    sure = copy.deepcopy(model)
    with torch.no_grad():
        sure.to_embedding.weight *= 1e4
        sure.to_embedding.bias *= 1e4
        sure.output_bias *= 1e4
    return sure


def test_a_decoder_without_doubt_draws_what_it_says_greedily(tmp_path):
    corpus = factors.generate(200)
    doubtful = found(tmp_path / "doubtful", built.trained(), corpus).grammatical
    sure = found(tmp_path / "sure", certain(built.trained()), corpus).grammatical
    assert sure.prior == doubtful.prior == sure.prior_drawn
    assert doubtful.prior_drawn.value < doubtful.prior.value
    assert doubtful.prior_drawn.n == doubtful.prior.n == 200


def test_a_result_of_before_there_were_draws_is_read(tmp_path):
    explorer = Explorer.load(fakes.store_run(tmp_path))
    corpus = factors.generate(40)
    stored = reconstruction.measure(explorer, corpus, Sample("test", 40))
    del stored["exact_match_drawn"], stored["grammatical"]["prior_drawn"]
    earlier = reconstruction.read(stored)
    assert earlier.exact_match_drawn is None
    assert earlier.grammatical.prior_drawn is None


@pytest.mark.parametrize("seed", [0, 1])
def test_the_same_seed_gives_the_same_draws(tmp_path, seed):
    explorer = Explorer.load(fakes.store_run(tmp_path))
    corpus, which = factors.generate(40), Sample("test", 40)
    one, two = (reconstruction.measure(explorer, corpus, which, seed) for _ in "ab")
    assert one == two


def test_without_a_latent_there_is_no_draw(tmp_path):
    measured = found(tmp_path, fakes.tiny(latent_dim=0), factors.generate(20))
    assert measured.exact_match_drawn is None
