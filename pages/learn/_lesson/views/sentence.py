"""One sentence: what is kept of it, and what draws from what is kept say."""

from __future__ import annotations

import streamlit as st
import torch

from pages.common import figure_card, parts, resources, seeds, state
from pages.learn._lesson import formula
from pages.learn._lesson.scene import Scene
from vae.course.worked import Worked
from vae.diagnostics import xray
from vae.diagnostics.xray import Saying
from vae.explorer import Explorer
from vae.figures import posterior as posteriors
from vae.handout.views.sentence import SHOWN_DIMENSIONS, comes_back, said_by_draws


def kept(scene: Scene) -> None:
    """What goes in, the posterior, and what comes back, as on the page Home."""
    explorer = scene.explorer
    sentence = scene.sentence(explorer)
    reading = explorer.read(sentence)
    with st.container(key="lesson_kept"):
        left, right = st.columns(2, gap="large")
    with left:
        parts.show(comes_back(reading))
    with right:
        ranking = resources.informative(scene.run_name)
        dims = ranking.order[:SHOWN_DIMENSIONS]
        former = state.sentence_before(scene.run_name, sentence)
        before = explorer.encode([former]) if former else None
        figure = posteriors.dimensions(
            reading.posterior, dims, ranking.titles, ranking.sample, before
        )
        figure_card.show(figure, key="lesson_kept", file_name=f"posterior-{scene.run_name}")


def through(scene: Scene) -> None:
    """The sentence through the whole model: formula, figure and code."""
    explorer = scene.explorer
    sentence = scene.sentence(explorer)
    worked = Worked(read(explorer, sentence, state.get("seed")), scene.number("beta", 1.0))
    titles = resources.informative(scene.run_name).titles
    formula.show(worked, titles, key="lesson_formula", stage=scene.whole("stage", 1) - 1)


@resources.shared(max_entries=200)
def read(explorer: Explorer, sentence: str, seed: int) -> xray.Xray:
    """The x-ray of a sentence.

    Raises:
        NotAvailableError: the model has no posterior or scores no tokens.
        UserError: the sentence cannot be read.
    """
    return xray.xray(explorer, sentence, torch.Generator().manual_seed(seed))


def draws(scene: Scene) -> None:
    """Draws from the posterior, and what each says; a press draws again."""
    explorer = scene.explorer
    sentence = scene.sentence(explorer)
    n = scene.whole("draws", 32)
    said = drawn(explorer, sentence, n, state.get("seed"))
    finding, *rest = said_by_draws(said, n, sentence)
    with st.container(horizontal=True, vertical_alignment="center"):
        seeds.draw_again(key="lesson_draw")
        parts.show([finding])
    parts.show(rest)


@resources.shared(max_entries=200)
def drawn(explorer: Explorer, sentence: str, n: int, seed: int) -> tuple[Saying, ...]:
    """What draws of a sentence's posterior say.

    Raises:
        NotAvailableError: the model has no posterior, scores no tokens or does not decode.
        UserError: the sentence cannot be read.
    """
    return xray.sayings(
        explorer, xray.xray(explorer, sentence, torch.Generator().manual_seed(seed), n)
    )
