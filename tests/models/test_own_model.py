"""The worked adapter is what it says: an exact posterior, a proper decoder, a likelihood."""

import numpy as np
import pytest
import torch
from numpy.polynomial.hermite_e import hermegauss
from scipy.special import logsumexp

from tests.adapters.factor_analysis import END, FactorSentences
from tests.fakes import seeded
from vae.backends import AdaptedModel
from vae.corpora import factors
from vae.diagnostics.likelihood import bound
from vae.explorer import Explorer
from vae.inference import totals
from vae.runs.store import RunDirectory

SENTENCES = factors.generate(300).sentences


@pytest.fixture(scope="module")
def model():
    return FactorSentences(SENTENCES, latent_dim=3)


@pytest.fixture(scope="module")
def narrow(tmp_path_factory):
    """One dimension, which can be integrated over."""
    run = RunDirectory(tmp_path_factory.mktemp("narrow"))
    return Explorer(
        run, AdaptedModel("tests:none", FactorSentences(SENTENCES, latent_dim=1), run.name)
    )


def test_the_posterior_is_that_of_the_joint_gaussian(model):
    """Conditioning the joint Gaussian of z and x on x, by brute force (Bishop, 2006, 2.81-2.82)."""
    few = SENTENCES[:20]
    q = model.encode(few)
    weights = model.write[model.used]  # (d, Z)
    joint = weights @ weights.T + np.diag(model.noise)
    gain = np.linalg.solve(joint, weights).T  # (Z, d)
    x = np.stack([model.row(s) for s in few])[:, model.used]
    assert q.mean.numpy() == pytest.approx((x - model.mu) @ gain.T, abs=1e-4)
    covariance = np.eye(3) - gain @ weights
    assert covariance == pytest.approx(np.diag(q.logvar[0].exp().numpy()), abs=1e-6)


def test_the_decoder_gives_every_place_one_word(model):
    scores = model.scores(np.zeros((2, 3)), model.scale)
    assert np.exp(scores).sum(2) == pytest.approx(1.0)


def test_the_scale_of_the_decoder_is_the_best_on_what_it_learned_from(model):
    means = model.encode(SENTENCES).mean

    def fit(scale: float) -> float:
        scores = model.scores(means.double().numpy(), scale)
        ids = [model.token_ids(s) for s in SENTENCES]
        return sum(scores[n, range(len(t)), t].sum() for n, t in enumerate(ids))

    assert fit(model.scale) > fit(0.8 * model.scale)
    assert fit(model.scale) > fit(1.25 * model.scale)
    assert fit(model.scale) > fit(0.0)


def test_every_token_is_scored_and_the_end_is_the_last(model):
    scores = model.log_likelihood(SENTENCES[:9], torch.zeros(9, 3))
    for sentence, score in zip(SENTENCES[:9], scores, strict=True):
        assert score.shape == (len(model.tokens(sentence)),)
        assert model.tokens(sentence)[-1] == END


def test_the_bound_of_another_model_comes_down_to_its_exact_likelihood(narrow):
    """-log of the integral of p(x|z) N(z; 0, 1), by Gauss and Hermite with 120 points."""
    few = SENTENCES[:6]
    points, weights = hermegauss(120)
    grid = torch.from_numpy(points).float()[:, None]
    exact = -np.array(
        [
            logsumexp(
                totals(narrow.log_likelihood([s] * 120, grid)).numpy(),
                b=weights / np.sqrt(2 * np.pi),
            )
            for s in few
        ]
    )
    q = narrow.encode(few)
    one, many = (narrow.importance_weights(few, q, k, seeded()) for k in (1, 1_000))
    assert bound(many, 1_000) == pytest.approx(exact, abs=0.1)
    assert bound(many, 1).mean() > bound(many, 50).mean() > exact.mean() - 0.01
    assert one.shape == (6, 1)


def test_a_sentence_comes_back_in_part(model):
    """It has no memory: what comes back are the words of its places."""
    means = model.encode(SENTENCES).mean
    said = [model.words(t) for t in model.decode(means)]
    empty = model.words(model.decode(torch.zeros(1, 3))[0])

    def hits(words: list[str], others: list[str]) -> float:
        return np.mean([a == b for a, b in zip(words, others, strict=False)])

    split = [model.words(s) for s in SENTENCES]
    same = np.mean([hits(a, b) for a, b in zip(split, said, strict=True)])
    assert same > np.mean([hits(a, empty) for a in split]) + 0.1
