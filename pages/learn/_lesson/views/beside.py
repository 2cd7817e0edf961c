"""Two kinds of model beside each other: what comes back, and what each says by itself."""

from __future__ import annotations

import streamlit as st

from pages.common import controls, parts, prose, resources, seeds, state
from pages.learn._lesson.scene import Scene
from pages.learn._lesson.views.beta import TWO, point_of
from vae.explorer import Explorer
from vae.handout.views import models
from vae.i18n import _
from vae.runs.catalogue import shipped_runs


def beside(scene: Scene) -> None:
    """The same sentence, and the same five draws of the prior, by both models."""
    explorers = [resources.explorer(name) for name in TWO]
    sentence = scene.sentence(explorers[0])
    seeds.draw_again(key="lesson_draw")
    for column, explorer in zip(st.columns(2, gap="large"), explorers, strict=True):
        with column:
            point, measured = point_of(explorer.name), resources.evaluated(explorer.run) or {}
            st.subheader(controls.plain_markdown(explorer.name), anchor=False)
            bills, bound = models.measured(point, measured)
            st.caption(bills)
            if bound:
                st.markdown(bound)
            back, new = said(explorer, sentence, state.get("seed"))
            st.markdown(_("**What comes back**"))
            prose.show(back, before=sentence, size="large")
            parts.table(models.of_its_own(new, explorer.name))


def inside(_scene: Scene) -> None:
    """What each model that ships is made of."""
    made = {name: resources.explorer(name).anatomy() for name in shipped_runs()}
    parts.table(models.anatomies(made))


@resources.shared(max_entries=120)
def said(explorer: Explorer, sentence: str, seed: int) -> tuple[str, tuple[str, ...]]:
    """What comes back from the mean, and sentences drawn word by word from prior draws.

    Raises:
        NotAvailableError: the model does not decode.
        UserError: the sentence cannot be read.
    """
    return models.spoken(explorer, sentence, seed)
