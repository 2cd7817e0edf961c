"""A model that listens to z beside one that does not."""

from __future__ import annotations

import streamlit as st

from pages.common import controls, figure_card, prose, resources, sections, state
from pages.common.components import curves
from pages.learn._lesson.scene import Scene
from pages.learn._lesson.views.beta import TWO
from vae.diagnostics.sentence_scores import SentenceScores, sentence_scores
from vae.explorer import Explorer
from vae.figures import training
from vae.figures.curves import Run
from vae.handout.views import models
from vae.i18n import _
from vae.i18n.numbers import number
from vae.runs.catalogue import find_run
from vae.runs.summary import latent_dim_of


def swap(scene: Scene) -> None:
    """One sentence from its own z, another's and the prior's, by both models."""
    explorers = [resources.explorer(name) for name in TWO]
    left, right = st.columns(2, gap="medium")
    with left:
        a = scene.sentence(explorers[0], _("The sentence"))
    with right:
        b = scene.sentence(explorers[0], _("The other, whose z is borrowed"), "b")
    both = [scores(explorer, a, b, state.get("seed")) for explorer in explorers]
    low = min(float(found.scores.min()) for found in both)
    for column, explorer, found in zip(st.columns(2, gap="large"), explorers, both, strict=True):
        with column:
            st.subheader(explorer.name, anchor=False)
            show_swap(explorer, found, low)


def show_swap(explorer: Explorer, found: SentenceScores, low: float) -> None:
    """What one model says under each z, and how likely it finds the sentence; colours of both
    models have one scale, whose dark end is `low`, in nats.
    """
    names = models.origins()
    prose.table(
        [_("decoded from"), _("−log p of the sentence, nats")],
        [
            [
                f"{prose.note(name)}<br>{prose.html([(said, False)])}",
                number(abs(total), ".1f"),
            ]
            for name, said, total in zip(names, found.said, found.totals.tolist(), strict=True)
        ],
    )
    figure_card.show(
        models.scores(found, low),
        key=f"lesson_scores_{explorer.name}",
        of=explorer.name,
    )


@resources.shared(max_entries=120)
def scores(explorer: Explorer, sentence: str, other: str, seed: int) -> SentenceScores:
    """A sentence under its own z, another's and one of the prior.

    Raises:
        UserError: a sentence cannot be read.
    """
    return sentence_scores(explorer, sentence, other, 1, seed)


def learning(scene: Scene) -> None:
    """How both models learned: rate and distortion, step by step."""
    runs = [find_run(name) for name in TWO]
    found = training.losses(
        [Run(run.name, resources.recorded(run), latent_dim_of(run)) for run in runs]
    )
    curves.card(found, "lesson")


def page(scene: Scene) -> None:
    """A way to a page of the app, with the run and the sentences as they are."""
    name = scene.text("page", "clinic")
    with st.container(border=True):
        st.page_link(sections.by_address()[name], icon=":material/arrow_forward:")
        st.caption(
            controls.plain_markdown(
                _("It opens with what you have chosen here. Come back by “Lessons”.")
            )
        )
