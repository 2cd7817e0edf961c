"""A walk from one sentence to another, and how far from the origin it leads."""

from __future__ import annotations

import streamlit as st

from pages.common import figure_card, parts, resources, way_choice
from pages.learn._lesson.scene import Scene
from vae.explorer import PathPoint
from vae.handout.views.walk import frames, from_origin
from vae.i18n import _

EVERY = 6
"""Of the 61 points of a path, 11 are shown."""


def film(scene: Scene) -> None:
    """The sentences on the way, and how far each point is from the origin."""
    parts.table(frames(way(scene)))


def shell(scene: Scene) -> None:
    """How far from the origin the way leads, beside the shell of the prior."""
    way_there = way(scene)
    figure, look_for = from_origin(resources.waypoints(scene.explorer, way_there))
    figure_card.framed(
        figure.question,
        lambda: figure_card.plotly(figure.plot, key="lesson_shell", alt=figure.alt),
        key="lesson_shell",
        look_for=look_for.text,
        table=figure.table,
        file_name=figure.name,
    )


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
