"""A walk from one sentence to another, and how far from the origin it leads."""

from __future__ import annotations

import streamlit as st

from pages.common import figure_card, prose, resources, way_choice
from pages.learn._lesson.scene import Scene
from vae.explorer import Explorer, PathPoint
from vae.figures import path as figures
from vae.i18n import _, pgettext
from vae.i18n.numbers import number
from vae.latent.changes import marked
from vae.latent.waypoints import Waypoints
from vae.latent.waypoints import waypoints as measured

EVERY = 6
"""Of the 61 points of a path, 11 are shown."""


def film(scene: Scene) -> None:
    """The sentences on the way, and how far each point is from the origin."""
    show_film(way(scene))


def shell(scene: Scene) -> None:
    """How far from the origin the way leads, beside the shell of the prior."""
    frames = way(scene)
    figure = figures.waypoints(beside(scene.explorer, frames))
    st.subheader(_("How far from the origin does the way lead?"), anchor=False)
    figure_card.plotly(figure.plot, key="lesson_shell", alt=figure.alt)
    st.caption(figure.look_for)
    figure_card.data(figure.table, key="lesson_shell", file_name=figure.name)


def way(scene: Scene) -> tuple[PathPoint, ...]:
    """The chosen path, and the fields that choose it."""
    explorer = scene.explorer
    left, right = st.columns(2, gap="medium")
    with left:
        a = scene.sentence(explorer, _("Sentence A"))
    with right:
        b = scene.sentence(explorer, _("Sentence B"), "b")
    method = way_choice.choose(scene.text("method", "slerp"))
    path = resources.path(scene.run_name, a, b, method, "greedy", 0)
    return path[::EVERY]


def show_film(frames: tuple[PathPoint, ...]) -> None:
    """One line a step; words that are new are marked."""
    rows = []
    for i, frame in enumerate(frames):
        before = frames[i - 1].sentence if i else None
        text = prose.html(marked(frame.sentence, before)) or _("(nothing)")
        length = number(float(frame.z.norm()), ".1f")
        rows.append([text, number(frame.t, ".1f"), length])
    prose.table([pgettext("column", "sentence"), "t", _("distance from the origin")], rows)


@resources.shared(max_entries=60)
def beside(explorer: Explorer, frames: tuple[PathPoint, ...]) -> Waypoints:
    """How the points lie to the prior's shell, the training sentences and their way back."""
    return measured(explorer, frames, lambda: explorer.atlas)
