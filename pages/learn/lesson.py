"""What does a text VAE do? A course of ten lessons over the living model."""

from __future__ import annotations

import streamlit as st

from pages.common import controls, state
from pages.learn._courses import course_of
from pages.learn._lesson import answers, course_list, player
from vae.course import Lesson, catalogue
from vae.i18n import _, language, languages


def made_ready(lesson: Lesson) -> None:
    """What a link leaves open is as the lesson begins, and so is what it began with in another
    language: the languages may have runs and sentences of their own.
    """
    others = [course_of(spoken, catalogue.version()).lesson(lesson.id) for spoken in languages()]
    if any(other and other.scene != lesson.scene and _as_begun(other) for other in others):
        course_list.set_scene(lesson)
        st.rerun()
    if lesson.run and state.get("run") is None:
        if lesson.run != state.chosen_run():
            # The sidebar has named a run already.
            state.choose_run(lesson.run)
            st.rerun()
        state.put("run", lesson.run)
    if lesson.run in ("", state.chosen_run()):
        for end, text in lesson.sentences.items():
            if state.get(end) is None:
                state.set_sentence(end, text)


def _as_begun(lesson: Lesson) -> bool:
    """Whether run and sentences are those that a lesson begins with."""
    said = lesson.sentences
    return (
        bool(said)
        and lesson.run == state.chosen_run()
        and all(state.get(end) == text for end, text in said.items())
    )


with controls.page_error_boundary():
    course = course_of(language(), catalogue.version())
    name = state.get("lesson")
    lesson = course.lesson(name) if name else None
    if lesson is not None:
        made_ready(lesson)
        answers.take_over(lesson.id)
        player.show(course, lesson)
    else:
        if name:
            st.warning(
                _(
                    "There is no lesson '{name}' on this machine: it was renamed, or somebody else "
                    "has it. These are the lessons here.",
                    name=controls.plain_markdown(name),
                ),
                icon=":material/link_off:",
            )
        course_list.show(course)
