"""The lesson on paper, with what the learner has predicted, seen and set."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from pages.common import presenter, resources, state
from pages.common.language import later
from pages.common.links import ANSWERS
from pages.learn._lesson.answers import of_lesson
from vae.course import Lesson
from vae.course.answers import Answers
from vae.errors import UserError
from vae.i18n import _, language
from vae.training.vector import VectorTraining

NOT_FOR_OTHERS = (*ANSWERS, "step", "class", "hide", "present", "tour")
SET = ("a", "b", "z", "seed", "draw", "beta", "source", "scale", "temperature", "method")


_SET = "learn:set"


def button(lesson: Lesson, at: int) -> None:
    """Makes the file when it is pressed; a wall has none. How a step is set is remembered."""
    if presenter.on():
        return
    everything = st.session_state.get(_SET, {})
    by_step = {**everything.get(lesson.id, {}), at: chosen()}
    st.session_state[_SET] = {**everything, lesson.id: by_step}
    st.download_button(
        _("Handout"),
        data=later(
            made,
            lesson,
            state.chosen_run(),
            by_step,
            at,
            of_lesson(lesson.id),
            state.address("lesson", {**set_so(), "lang": language()}),
        ),
        file_name=f"{lesson.id}-handout.html",
        mime="text/html",
        icon=":material/print:",
        key="lesson_handout",
        type="tertiary",
        on_click="ignore",
        help=_(
            "This lesson to be printed, with your answers and figures. What you have not predicted "
            "yet has room to write."
        ),
    )


def set_so() -> dict[str, str]:
    """The lesson as it is set, without what is one person's alone."""
    return {name: value for name, value in state.held().items() if name not in NOT_FOR_OTHERS}


def chosen() -> dict[str, Any]:
    """What the learner has set, as `vae.handout.Chosen` names it."""
    told = {name: state.get(name) for name in SET}
    return {name: value for name, value in told.items() if value is not None}


def made(
    lesson: Lesson,
    run: str,
    by_step: Mapping[int, Mapping[str, Any]],
    at: int,
    answers: Answers,
    link: str,
) -> str:
    """The file.

    Args:
        by_step: step to how it was set when it was last seen.
        at: the step that is seen now.
    """
    # Loaded when it is asked for: the lesson itself need not wait.
    from vae import handout

    return handout.make(
        lesson,
        resources.explorer(run),
        handout.Chosen(**by_step[at]),
        answers,
        link,
        by_step={step: handout.Chosen(**told) for step, told in by_step.items()},
        ranked=partial(resources.informative, run),
        trained=trained,
        steps=handout.reached(lesson, answers),
    )


def trained() -> list[VectorTraining]:
    """The two models of digits, where somebody has trained them in the lesson.

    Raises:
        UserError: nobody has.
    """
    from pages.learn._article import live
    from pages.learn._lesson.views import points

    found = [live.training(setting) for setting in points.settings()]
    if not all(each.over for each in found):
        raise UserError("Train both models in the lesson first: then their pictures stand here.")
    return found
