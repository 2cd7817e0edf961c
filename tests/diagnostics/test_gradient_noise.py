"""Both gradients are right on average, and the reparameterised one is the narrower."""

import numpy as np
import pytest
import torch

from tests.fakes import seeded, store_run, tiny
from vae.diagnostics.gradient_noise import gradient_noise
from vae.errors import UserError
from vae.explorer import Explorer
from vae.figures.gradient_noise import gradient_noise as figure
from vae.models import Posterior


class Bowl:
    """A decoder whose -log p(x|z) is |z - c|^2 / 2, so that the gradient in mu is mu - c."""

    centre = torch.tensor([1.0, -2.0])

    def log_likelihood(self, sentence, z, most):
        return -0.5 * (z - self.centre).square()


def test_both_have_the_mean_of_the_closed_form():
    posterior = Posterior(torch.tensor([[0.5, 0.5]]), torch.tensor([[-1.0, 0.0]]))
    found = [gradient_noise(Bowl(), "", posterior, 512, seeded(i)) for i in range(20)]
    exact = (posterior.mean[0] - Bowl.centre).numpy()
    for way in ("through", "around"):
        values = np.concatenate([getattr(each, way) for each in found])
        error = values.std(0, ddof=1) / np.sqrt(len(values))
        assert (np.abs(values.mean(0) - exact) < 5 * error + 1e-6).all()
    assert all(each.ratio > 1 for each in found)


def test_on_a_model_they_agree_and_the_path_through_the_draw_is_quieter(tmp_path):
    explorer = Explorer.load(store_run(tmp_path / "run", tiny(spread=1.5)).path)
    sentence = "We went to the beach."
    posterior = explorer.encode([sentence])
    found = gradient_noise(explorer.gradients(), sentence, posterior, 512, seeded())
    gap = (found.through - found.around).mean(0)
    error = found.around.std(0, ddof=1) / np.sqrt(512)
    assert (np.abs(gap) < 5 * error).all()
    assert found.ratio > 1
    drawn = figure(found, [0, 2], [""] * 4)
    assert len(drawn.table()) == 2
    assert f"{found.ratio:.0f} times" in drawn.question


@pytest.mark.parametrize("draws", [1, 1_000])
def test_a_wrong_number_of_draws_is_a_sentence(draws):
    posterior = Posterior(torch.zeros(1, 2), torch.zeros(1, 2))
    with pytest.raises(UserError, match="draws"):
        gradient_noise(Bowl(), "", posterior, draws, seeded())
