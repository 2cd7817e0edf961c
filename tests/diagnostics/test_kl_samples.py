"""Draws agree with the closed form of the KL, within their own error."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import seeded
from vae.diagnostics.kl_samples import kl_samples
from vae.errors import UserError
from vae.figures.kl_samples import kl_by_draws
from vae.models import Posterior


@given(
    st.lists(st.floats(-3, 3), min_size=3, max_size=3),
    st.lists(st.floats(-4, 2), min_size=3, max_size=3),
)
def test_the_mean_of_log_ratios_is_the_closed_form_within_five_errors(mean, logvar):
    found = kl_samples(Posterior(torch.tensor([mean]), torch.tensor([logvar])), 4_000, seeded())
    closed = sum(0.5 * (m * m + np.exp(v) - v - 1) for m, v in zip(mean, logvar, strict=True))
    assert found.exact == pytest.approx(closed, rel=1e-4, abs=1e-5)
    assert abs(found.running[-1] - found.exact) <= 5 * found.errors[-1] + 1e-6


def test_a_posterior_that_is_the_prior_costs_nothing_at_any_draw():
    found = kl_samples(Posterior(torch.zeros(1, 5), torch.zeros(1, 5)), 50, seeded())
    assert found.exact == pytest.approx(0)
    assert found.log_ratios == pytest.approx(np.zeros(50), abs=1e-12)


def test_the_error_falls_with_the_root_of_the_draws():
    found = kl_samples(Posterior(torch.ones(1, 2), torch.zeros(1, 2)), 400, seeded())
    assert found.errors[99] == pytest.approx(2 * found.errors[399])
    assert found.running[0] == found.log_ratios[0]


@pytest.mark.parametrize("draws", [0, 1, 10**6])
def test_a_wrong_number_of_draws_is_a_sentence(draws):
    with pytest.raises(UserError, match="draws"):
        kl_samples(Posterior(torch.zeros(1, 2), torch.zeros(1, 2)), draws, seeded())


def test_the_figure_says_both_numbers():
    found = kl_samples(Posterior(torch.ones(1, 2), torch.zeros(1, 2)), 400, seeded())
    figure = kl_by_draws(found)
    assert f"{found.running[-1]:.2f}" in figure.question
    assert "1.00" in figure.alt
    assert len(figure.table())
