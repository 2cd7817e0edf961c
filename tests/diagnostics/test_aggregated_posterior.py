"""The density of the aggregated posterior is that of its mixture."""

import numpy as np
import pytest
import torch
from scipy.stats import norm

from tests.fakes import seeded
from vae.diagnostics.aggregated_posterior import dimension_density, normal_density, pair_density
from vae.errors import UserError
from vae.models import Posterior

GRID = np.linspace(-8, 8, 401)
STEP = GRID[1] - GRID[0]


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


def test_no_sentence_has_no_density():
    with pytest.raises(UserError, match="no sentence"):
        dimension_density(Posterior(torch.zeros(0, 2), torch.zeros(0, 2)), 0, GRID)


def test_the_density_of_the_prior_sums_to_one():
    z = np.linspace(-8, 8, 4001)
    assert normal_density(z).sum() * (z[1] - z[0]) == pytest.approx(1)
