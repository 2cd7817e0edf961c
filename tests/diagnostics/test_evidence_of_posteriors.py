"""What the posteriors of a map alone tell of a latent space."""

import math

import pytest
import torch

from vae.diagnostics.examination import evidence_of_posteriors
from vae.errors import UserError
from vae.models import Posterior


def posterior(n: int = 400, spread: float = 1.0) -> Posterior:
    generator = torch.Generator().manual_seed(0)
    mean = torch.randn(n, 3, generator=generator) * spread
    return Posterior(mean, torch.full((n, 3), -4.0 if spread else 0.0))


def test_rate_is_the_sum_over_dimensions():
    measured = evidence_of_posteriors(posterior(), "map")
    assert measured.split.rate.value == pytest.approx(sum(measured.rate_per_dimension), rel=1e-5)
    assert measured.active_units == 3
    assert measured.diagnosis.verdict == "healthy"
    assert str(measured.which) == "400 sentences of the map"


def test_a_posterior_that_is_the_prior_has_collapsed():
    measured = evidence_of_posteriors(posterior(spread=0.0), "map")
    assert measured.split.rate.value == pytest.approx(0)
    assert max(measured.variances) < 1e-6
    assert measured.diagnosis.verdict == "collapsed"


def test_information_never_exceeds_its_ceiling():
    split = evidence_of_posteriors(posterior(50), "map").split
    assert split.information.value <= split.ceiling + 1e-6
    assert split.ceiling == pytest.approx(math.log(50))


def test_order_puts_the_most_informative_dimension_first():
    mean = torch.randn(200, 3, generator=torch.Generator().manual_seed(0))
    spread = Posterior(mean * torch.tensor([1.0, 9.0, 3.0]), mean * 0)
    assert list(evidence_of_posteriors(spread, "map").order) == [1, 2, 0]


def test_one_sentence_cannot_be_measured():
    with pytest.raises(UserError, match="two sentences"):
        evidence_of_posteriors(posterior(1), "map")


def test_a_map_of_few_sentences_says_that_its_verdict_is_a_guess():
    few = evidence_of_posteriors(posterior(20), "map")
    caution, unmatched = few.missing
    assert "on so few is a guess" in str(caution)
    assert "takes 50 sentences" in str(unmatched)
    assert few.match is None
    assert evidence_of_posteriors(posterior(60), "map").missing == ()


def test_posteriors_that_are_the_prior_match_it_and_others_do_not():
    same = evidence_of_posteriors(posterior(spread=0.0), "map").match
    assert same.moment_kl.value < 0.01
    assert abs(same.accuracy.value - 0.5) < 3 * 0.5 / math.sqrt(2 * 400)
    near = posterior(spread=0.1)
    away = evidence_of_posteriors(Posterior(near.mean + 8, near.logvar), "map").match
    assert away.moment_kl.low > 3 * 8**2 / 2
    assert away.accuracy.low > 0.95
