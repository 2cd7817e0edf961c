"""Holes of the aggregated posterior: where there are none, and where they are known."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import norm

from tests.fakes import seeded
from vae.diagnostics.holes import (
    QUANTILE,
    dimension_density,
    hole_mass,
    normal_density,
    pair_density,
    prior_holes,
)
from vae.errors import UserError
from vae.models import Posterior

GRID = np.linspace(-8, 8, 401)
STEP = GRID[1] - GRID[0]


def posteriors(n: int, latent: int, between: float, shift: float = 0.0) -> Posterior:
    """Together N(shift, 1), a share of the variance between them."""
    mean = shift + math.sqrt(between) * torch.randn(n, latent, generator=seeded())
    return Posterior(mean, torch.full((n, latent), math.log(1 - between)))


def holes(posterior: Posterior, seed: int = 0, quantile: float = QUANTILE):
    return prior_holes(posterior, seeded(100 + seed), np.random.default_rng(seed), quantile)


def by_chance(n: int, quantile: float) -> float:
    """Three standard errors of a share of n draws below a quantile of n others."""
    return 3 * math.sqrt(2 * quantile * (1 - quantile) / n)


@pytest.mark.parametrize("quantile", [QUANTILE, 0.1])
@pytest.mark.parametrize("latent", [1, 2, 8])
def test_where_the_aggregated_posterior_is_the_prior_the_share_is_the_quantile(latent, quantile):
    found = holes(posteriors(2_000, latent, 0.5), quantile=quantile)
    assert by_chance(2_000, quantile) < quantile  # so that a share of 0 does not pass
    assert found.share.value == pytest.approx(quantile, abs=by_chance(2_000, quantile))


@pytest.mark.parametrize("quantile", [QUANTILE, 0.1])
def test_a_collapsed_posterior_leaves_no_hole_but_the_quantile(quantile):
    found = holes(Posterior(torch.zeros(2_000, 3), torch.zeros(2_000, 3)), quantile=quantile)
    assert found.share.value == pytest.approx(quantile, abs=by_chance(2_000, quantile))


@pytest.mark.parametrize("between", [0.05, 0.5, 0.98])
def test_the_holes_of_a_shifted_gaussian_are_known_in_closed_form(between):
    """q = N(3, 1) is thin where |z - 3| passes 2.576; two thirds of the prior's draws are there."""
    found = holes(posteriors(3_000, 1, between, shift=3.0))
    reach = norm.ppf(0.995)
    expected = norm.cdf(3 - reach) + norm.sf(3 + reach)
    assert found.share.low - 0.02 <= expected <= found.share.high + 0.02
    assert found.median_prior < found.median_own


def test_narrow_clusters_leave_most_of_the_prior_empty():
    mean = torch.where(torch.rand(500, 2, generator=seeded()) < 0.5, -1.0, 1.0)
    found = holes(Posterior(mean, torch.full((500, 2), -6.0)))
    assert found.share.low > 0.9


@pytest.mark.parametrize(("shift", "share"), [(30.0, 1.0), (0.0, 0.0)])
def test_that_every_draw_falls_in_a_hole_or_none_is_not_certain(shift, share):
    # Wide posteriors about 0 have draws of their own far outside the prior.
    width = 0.5 if shift else 25.0
    found = holes(Posterior(torch.full((100, 1), shift), torch.full((100, 1), math.log(width))))
    assert found.share.value == share
    assert found.share.high - found.share.low > 0.02


def test_the_same_seed_finds_the_same_holes():
    assert holes(posteriors(50, 2, 0.9)) == holes(posteriors(50, 2, 0.9))


@pytest.mark.parametrize(("n", "latent"), [(1, 2), (5, 0)])
def test_where_nothing_lies_between_there_is_no_hole_to_look_for(n, latent):
    with pytest.raises(UserError, match="two sentences"):
        holes(posteriors(n, latent, 0.5))


def test_the_density_of_a_dimension_is_that_of_its_mixture():
    posterior = Posterior(torch.tensor([[-1.0, 9.0], [2.0, 9.0]]), torch.zeros(2, 2))
    expected = (norm.pdf(GRID, -1) + norm.pdf(GRID, 2)) / 2
    assert dimension_density(posterior, 0, GRID) == pytest.approx(expected, abs=1e-6)


def test_the_density_of_a_pair_sums_to_one_and_knows_its_axes():
    posterior = Posterior(torch.tensor([[3.0, -2.0]]), torch.full((1, 2), -2.0))
    density = pair_density(posterior, 0, 1, GRID)
    assert density.sum() * STEP**2 == pytest.approx(1, abs=1e-3)
    row, column = np.unravel_index(density.argmax(), density.shape)
    assert (GRID[column], GRID[row]) == pytest.approx((3, -2), abs=STEP)


def test_the_density_of_a_pair_is_that_of_its_mixture():
    """Three posteriors on a diagonal: the pair is no product of its two densities."""
    mean = torch.tensor([[-2.0, 9.0, -1.0], [0.5, 9.0, 0.5], [2.0, 9.0, 3.0]])
    logvar = torch.tensor([[0.0, 0.0, -1.0], [-2.0, 0.0, 0.3], [0.5, 0.0, 0.0]])
    deviation = (0.5 * logvar).exp()
    up, across = GRID[:, None, None], GRID[None, :, None]
    each = norm.pdf(across, mean[:, 0], deviation[:, 0]) * norm.pdf(up, mean[:, 2], deviation[:, 2])
    found = pair_density(Posterior(mean, logvar), 0, 2, GRID)
    assert found == pytest.approx(each.mean(-1), abs=1e-6)


def test_a_pair_of_independent_dimensions_is_their_product():
    posterior = Posterior(torch.randn(1, 2, generator=seeded()), torch.zeros(1, 2))
    across, up = (dimension_density(posterior, d, GRID) for d in (0, 1))
    assert pair_density(posterior, 0, 1, GRID) == pytest.approx(np.outer(up, across))


def test_the_mass_of_a_hole_is_the_priors():
    """A posterior that is empty below zero leaves half of the prior's mass in a hole."""
    prior = norm.pdf(GRID)
    assert hole_mass(np.where(GRID < -STEP / 2, 0.0, 2 * prior), prior) == pytest.approx(
        0.5, abs=STEP
    )
    assert hole_mass(prior, prior) == 0


def test_no_sentence_has_no_density():
    with pytest.raises(UserError, match="no sentence"):
        dimension_density(Posterior(torch.zeros(0, 2), torch.zeros(0, 2)), 0, GRID)


def test_the_density_of_the_prior_sums_to_one():
    z = np.linspace(-8, 8, 4001)
    assert normal_density(z).sum() * (z[1] - z[0]) == pytest.approx(1)
