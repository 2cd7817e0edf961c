"""What words and places cost: nats as guesses, and the KL by formula and by drawing."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from pages.common import figure_card, parts, resources, seeds, state
from pages.learn._lesson.scene import Scene
from pages.learn._lesson.views.sentence import read
from vae.diagnostics.kl_samples import KlSamples, kl_samples
from vae.explorer import Explorer
from vae.figures import sentence as figures
from vae.figures.kl_samples import kl_by_draws
from vae.handout.views.words import guessed


def guesses(scene: Scene) -> None:
    """Each token's cost in nats, and among how many equal words one would have to guess."""
    explorer = scene.explorer
    sentence = scene.sentence(explorer)
    seen = read(explorer, sentence, state.get("seed"))
    costs, below = guessed(seen)
    parts.table(costs, first="4.5rem")
    parts.show([below])


def costs(scene: Scene) -> None:
    """What each dimension of a sentence costs."""
    explorer = scene.explorer
    sentence = scene.sentence(explorer)
    seen = read(explorer, sentence, state.get("seed"))
    titles: Sequence[str] = resources.informative(scene.run_name).titles
    figure_card.show(figures.dimension_costs(seen, titles), key="lesson_costs")


def kl(scene: Scene) -> None:
    """The KL of a sentence by its formula, and by more and more draws."""
    explorer = scene.explorer
    sentence = scene.sentence(explorer)
    found = by_draws(explorer, sentence, scene.whole("draws", 2_000), state.get("seed"))
    seeds.draw_again(key="lesson_draw")
    figure_card.show(kl_by_draws(found), key="lesson_kl")


@resources.shared(max_entries=60)
def by_draws(explorer: Explorer, sentence: str, draws: int, seed: int) -> KlSamples:
    """The KL of a sentence's posterior, by the formula and by draws.

    Raises:
        UserError: the sentence cannot be read.
    """
    return kl_samples(explorer.encode([sentence]), draws, torch.Generator().manual_seed(seed))
