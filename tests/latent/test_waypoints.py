"""The points of a path: the prior's shell, the nearest training sentence, the way back."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import corpus, seeded, store_run
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent.returns import returns
from vae.latent.waypoints import shell, shell_bounds, surroundings


@pytest.fixture(scope="module")
def explorer(tmp_path_factory):
    return Explorer.load(store_run(tmp_path_factory.mktemp("runs") / "tiny").path)


# -- the shell ------------------------------------------------------------------------------------


@given(st.floats(0, 8), st.floats(0, 2 * math.pi))
def test_in_two_dimensions_the_quantile_is_rayleighs(radius, angle):
    z = radius * torch.tensor([[math.cos(angle), math.sin(angle)]], dtype=torch.double)
    norms, quantiles = shell(z)
    assert norms[0] == pytest.approx(radius, abs=1e-9)
    assert quantiles[0] == pytest.approx(1 - math.exp(-(radius**2) / 2), abs=1e-9)


@pytest.mark.parametrize("latent_dim", [1, 4, 32])
def test_draws_from_the_prior_have_uniform_quantiles(latent_dim):
    _, quantiles = shell(torch.randn(4_000, latent_dim, generator=seeded(3)))
    grid = np.linspace(0.05, 0.95, 19)
    # Kolmogorov's distance, whose 1% point is 1.63 / sqrt(n).
    found = (quantiles[:, None] <= grid).mean(0)
    assert np.abs(found - grid).max() < 1.63 / math.sqrt(4_000)


@pytest.mark.parametrize("latent_dim", [1, 4, 48])
def test_nine_of_ten_draws_lie_between_the_bounds(latent_dim):
    low, high = shell_bounds(latent_dim)
    norms, _ = shell(torch.randn(20_000, latent_dim, generator=seeded(4)))
    assert (norms < low).mean() == pytest.approx(0.05, abs=0.006)
    assert (norms > high).mean() == pytest.approx(0.05, abs=0.006)


def test_the_middle_of_a_straight_path_is_inside_the_shell():
    a, b = torch.randn(2, 32, generator=seeded(1))
    _, quantiles = shell(torch.stack([a, (a + b) / 2, b]))
    assert quantiles[1] < 0.05 < min(quantiles[0], quantiles[2])


def test_a_space_without_dimensions_has_no_shell():
    with pytest.raises(UserError, match="no shell"):
        shell(torch.zeros(2, 0))
    with pytest.raises(UserError, match="no shell"):
        shell_bounds(0)


# -- the surroundings -----------------------------------------------------------------------------


def test_a_training_sentence_is_at_no_distance_from_itself():
    means = torch.randn(60, 5, generator=seeded()).numpy()
    found = surroundings(torch.from_numpy(means[[7, 3]]), means, seed=0)
    assert found.row.tolist() == [7, 3]
    assert found.distance == pytest.approx([0, 0], abs=1e-6)
    assert found.n == 60


@given(st.integers(2, 40), st.integers(0, 99))
def test_distances_are_those_of_every_pair_compared(n, seed):
    means = torch.randn(n, 3, generator=seeded(seed))
    z = torch.randn(4, 3, generator=seeded(seed + 1))
    found = surroundings(z, means.numpy(), seed)
    pairs = torch.cdist(z.double(), means.double())
    assert found.distance == pytest.approx(pairs.min(1).values.numpy(), abs=1e-5)
    own = torch.cdist(means.double(), means.double()).fill_diagonal_(math.inf)
    assert found.norm == pytest.approx(float(means.norm(dim=1).quantile(0.5)), abs=1e-5)
    assert found.usual == pytest.approx(float(np.median(own.min(1).values.numpy())), abs=1e-5)


def test_one_training_sentence_is_no_measure():
    with pytest.raises(UserError, match="no training sentence"):
        surroundings(torch.zeros(1, 3), np.zeros((1, 3), dtype=np.float32), 0)


# -- the way back ---------------------------------------------------------------------------------


def test_the_way_back_is_measured_to_the_mean_of_the_sentence_said(explorer):
    z = 2 * torch.randn(9, 4, generator=seeded(5))
    said = explorer.decode(z)
    found = returns(explorer, z, said)
    for point, sentence, back in zip(z, said, found, strict=True):
        posterior = explorer.encode([sentence])
        assert back.sentence == sentence
        assert back.distance == pytest.approx(float((point - posterior.mean[0]).norm()), abs=1e-4)
        assert back.doubt == pytest.approx(float(posterior.logvar.exp().sum().sqrt()), rel=1e-4)
        assert back.again == explorer.decode(posterior.mean)[0]
        assert back.same == (explorer.tokens(back.again) == explorer.tokens(sentence))


def test_the_doubt_is_the_root_mean_square_of_draws(explorer):
    sentence = corpus().sentences[0]
    (back,) = returns(explorer, torch.zeros(1, 4), [sentence])
    posterior = explorer.encode([sentence])
    noise = torch.randn(20_000, 4, generator=seeded(2))
    gaps = ((0.5 * posterior.logvar).exp() * noise).square().sum(1)
    assert back.doubt == pytest.approx(float(gaps.mean().sqrt()), rel=0.03)


def test_a_point_that_says_nothing_has_no_way_back(explorer):
    found = returns(explorer, torch.zeros(2, 4), ["", "She loves the film."])
    assert found[0].distance is None
    assert not found[0].same
    assert found[1].distance is not None
    assert returns(explorer, torch.zeros(1, 4), [" "])[0].doubt is None


def test_points_and_sentences_come_in_pairs(explorer):
    with pytest.raises(UserError, match="for each point"):
        returns(explorer, torch.zeros(2, 4), ["She loves the film."])
