"""What a model says around a latent."""

import pytest
import torch

from vae.errors import UserError
from vae.latent.surroundings import surroundings


class Signs:
    """A model that says the signs of the first two numbers of a latent."""

    latent_dim = 4

    def decode(self, z: torch.Tensor) -> list[str]:
        return ["".join("+" if v > 0 else "-" for v in row[:2]) for row in z]


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_the_farther_away_the_more_sentences_are_said_and_the_own_ever_less():
    z = torch.tensor([2.0, 2.0, 0.0, 0.0])
    found = surroundings(Signs(), z, (0.0, 0.5, 2.0, 50.0), 400, seeded())
    assert found.distinct == (1, 1, 4, 4)
    assert found.said[0] == (("++", 400),)
    own = [dict(said).get("++", 0) for said in found.said]
    assert own == sorted(own, reverse=True)
    # At one standard deviation on either side a sign is kept by 84 of 100 draws.
    assert own[2] / 400 == pytest.approx(0.8413**2, abs=0.06)
    assert own[3] / 400 == pytest.approx(0.25, abs=0.08)
    for said in found.said:
        counts = [count for _, count in said]
        assert sum(counts) == found.n
        assert counts == sorted(counts, reverse=True)


def test_the_same_seed_draws_the_same():
    z = torch.zeros(4)
    first = surroundings(Signs(), z, (1.0,), 50, seeded())
    assert first == surroundings(Signs(), z, (1.0,), 50, seeded())


@pytest.mark.parametrize(("radii", "n"), [((-1.0,), 5), ((1.0,), 0)])
def test_what_cannot_be_drawn_is_refused(radii, n):
    with pytest.raises(UserError, match="need a radius"):
        surroundings(Signs(), torch.zeros(4), radii, n, seeded())
