"""Does the decoder listen? Latents of a sentence's own, of another's, and of the prior."""

import pytest
import torch

from vae.diagnostics.latent_swap import conditions, finding
from vae.models import Posterior


def pair() -> Posterior:
    return Posterior(
        torch.randn(2, 3, generator=torch.Generator().manual_seed(0)), torch.full((2, 3), -4.0)
    )


def test_conditions_are_own_another_and_prior_and_follow_the_seed():
    sources, z = conditions(pair(), 3, seed=4)
    assert sources == ("own", "another", "prior", "prior", "prior")
    assert z.shape == (5, 3)
    assert torch.equal(z[-1], conditions(pair(), 3, seed=4)[1][-1])
    assert not torch.equal(z[-1], conditions(pair(), 3, seed=5)[1][-1])


def test_own_z_is_drawn_from_the_sentences_own_posterior():
    narrow = Posterior(torch.tensor([[5.0], [-5.0]]), torch.full((2, 1), -12.0))
    _, (own, another) = conditions(narrow, 0, seed=0)
    assert float(own) == pytest.approx(5, abs=0.05)
    assert float(another) == pytest.approx(-5, abs=0.05)


def test_a_decoder_reads_z_if_a_foreign_one_costs_likelihood():
    assert finding(-2, -40, -50).startswith("The decoder reads z")
    assert finding(-40, -40.2, -40.1).startswith("The decoder does not read z")
    assert finding(-40, -20, -41).startswith("The decoder does not read z")
    assert "gains a sentence −20.00 nats" in finding(-40, -20, None)
