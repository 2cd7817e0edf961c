"""What a latent space carries, and whether the decoder reads it."""

import json
import math

import numpy as np
import pytest
import torch

from vae.diagnostics.listening import conditions, finding
from vae.diagnostics.usage import (
    normal_density,
    usage_of_evaluation,
    usage_of_posterior,
)
from vae.errors import UserError
from vae.models import Posterior
from vae.runs.catalogue import shipped_runs


def posterior(n: int = 400, spread: float = 1.0) -> Posterior:
    generator = torch.Generator().manual_seed(0)
    mean = torch.randn(n, 3, generator=generator) * spread
    return Posterior(mean, torch.full((n, 3), -4.0 if spread else 0.0))


def test_rate_is_the_sum_over_dimensions():
    measured = usage_of_posterior(posterior(), "sentences")
    assert measured.rate == pytest.approx(measured.rate_per_dimension.sum(), rel=1e-5)
    assert measured.active_units() == 3
    assert measured.diagnosis().verdict == "healthy"


def test_a_posterior_that_is_the_prior_has_collapsed():
    measured = usage_of_posterior(posterior(spread=0.0), "sentences")
    assert measured.rate == pytest.approx(0)
    assert measured.active_units(1e-6) == 0
    assert measured.diagnosis().verdict == "collapsed"


def test_information_never_exceeds_its_ceiling():
    measured = usage_of_posterior(posterior(50), "sentences")
    assert measured.information <= measured.information_ceiling + 1e-6
    assert measured.information_ceiling == pytest.approx(math.log(50))


def test_order_puts_the_most_informative_dimension_first():
    mean = torch.randn(200, 3, generator=torch.Generator().manual_seed(0))
    measured = usage_of_posterior(Posterior(mean * torch.tensor([1.0, 9.0, 3.0]), mean * 0), "")
    assert list(measured.order) == [1, 2, 0]


def test_one_sentence_cannot_be_measured():
    with pytest.raises(UserError, match="Two sentences"):
        usage_of_posterior(posterior(1), "sentences")


def test_an_evaluation_without_a_figure_says_how_to_make_it_again():
    with pytest.raises(UserError, match="vae evaluate"):
        usage_of_evaluation({"n_sentences": 3})


@pytest.mark.parametrize("name", shipped_runs())
def test_shipped_evaluations_can_be_read(name):
    stored = json.loads((shipped_runs()[name].path / "evaluation.json").read_text())
    assert usage_of_evaluation(stored).latent_dim == stored["latent_dim"]


def test_the_density_of_the_prior_sums_to_one():
    z = np.linspace(-8, 8, 4001)
    assert normal_density(z).sum() * (z[1] - z[0]) == pytest.approx(1)


def test_conditions_are_own_another_and_prior_and_follow_the_seed():
    pair = posterior(2)
    asked = conditions(pair, 3, seed=4)
    assert [c.source for c in asked] == ["own", "another", "prior", "prior", "prior"]
    assert torch.equal(asked[-1].z, conditions(pair, 3, seed=4)[-1].z)
    assert not torch.equal(asked[-1].z, conditions(pair, 3, seed=5)[-1].z)


def test_own_z_is_drawn_from_the_sentences_own_posterior():
    narrow = Posterior(torch.tensor([[5.0], [-5.0]]), torch.full((2, 1), -12.0))
    own, another = conditions(narrow, 0, seed=0)
    assert float(own.z) == pytest.approx(5, abs=0.05)
    assert float(another.z) == pytest.approx(-5, abs=0.05)


def test_a_decoder_reads_z_if_a_foreign_one_costs_likelihood():
    assert finding(-2, -40, -50).startswith("The decoder reads z")
    assert finding(-40, -40.2, -40.1).startswith("The decoder does not read z")
    assert finding(-40, -20, -41).startswith("The decoder does not read z")


def test_the_verdict_hears_the_decoder_where_it_was_measured():
    stored = json.loads((shipped_runs()["factors"].path / "evaluation.json").read_text())
    assert usage_of_evaluation(stored).heard > 2
    deaf = {**stored, "decoder_listens": {"own": -20.0, "another": -20.1}}
    assert usage_of_evaluation(deaf).diagnosis().verdict == "collapsed"
    silent = {**stored, "decoder_listens": None}
    assert usage_of_evaluation(silent).heard is None
    assert usage_of_evaluation(silent).diagnosis().verdict == "healthy"


def test_holes_are_carried_to_the_verdict_where_they_were_measured():
    stored = json.loads((shipped_runs()["factors"].path / "evaluation.json").read_text())
    holed = {**stored, "holes": {"value": 0.44, "low": 0.4, "high": 0.5, "n": 2000}}
    assert usage_of_evaluation(holed).holes == 0.44
    assert [a.cure for a in usage_of_evaluation(holed).diagnosis().cures] == ["mmd"]
    for older in ({k: v for k, v in stored.items() if k != "holes"}, {**stored, "holes": None}):
        assert usage_of_evaluation(older).holes is None
        assert usage_of_evaluation(older).diagnosis().cures == ()


@pytest.mark.parametrize("holes", [{"value": "x"}, {"value": 7.0}, {}])
def test_a_share_of_holes_that_is_none_is_refused(holes):
    stored = json.loads((shipped_runs()["factors"].path / "evaluation.json").read_text())
    with pytest.raises(UserError, match="vae evaluate"):
        usage_of_evaluation({**stored, "holes": holes})


def test_posteriors_that_are_the_prior_have_no_more_holes_than_chance():
    assert usage_of_posterior(posterior(spread=0.0), "sentences").holes < 0.1
    near = posterior(spread=0.1)
    assert usage_of_posterior(Posterior(near.mean + 8, near.logvar), "").holes > 0.9


def test_a_rate_at_the_bound_is_borderline():
    stored = json.loads((shipped_runs()["factors"].path / "evaluation.json").read_text())
    close = {**stored, "rate": 0.55, "rate_standard_error": 0.05}
    (doubt,) = usage_of_evaluation(close).diagnosis().borderline
    assert "(95% interval 0.45 to 0.65)" in doubt
    assert usage_of_evaluation(stored).diagnosis().borderline == ()
