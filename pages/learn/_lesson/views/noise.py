"""What breaks without z = mu + sigma eps: the gradients of single draws."""

from __future__ import annotations

import torch

from pages.common import figure_card, resources, seeds, state
from pages.learn._lesson.scene import Scene
from pages.learn._lesson.views.sentence import read
from vae.diagnostics.gradient_noise import GradientNoise, gradient_noise
from vae.explorer import Explorer
from vae.figures import gradient_noise as figures

ROWS = 6


def gradients(scene: Scene) -> None:
    """Both gradients of the distortion, a mark for each draw."""
    explorer = scene.explorer
    sentence = scene.sentence(explorer)
    seed = state.get("seed")
    found = measured(explorer, sentence, scene.whole("draws", 64), seed)
    dims = read(explorer, sentence, seed).order[:ROWS]
    seeds.draw_again(key="lesson_draw")
    titles = resources.informative(scene.run_name).titles
    figure_card.show(figures.gradient_noise(found, dims, titles), key="lesson_gradients")


@resources.shared(max_entries=60)
def measured(explorer: Explorer, sentence: str, draws: int, seed: int) -> GradientNoise:
    """The gradients of a sentence.

    Raises:
        NotAvailableError: the model gives no gradients.
        UserError: the sentence cannot be read.
    """
    return gradient_noise(
        explorer.gradients(),
        sentence,
        explorer.encode([sentence]),
        draws,
        torch.Generator().manual_seed(seed),
    )
