"""All lessons: what each is about, how long it takes, and how far one is."""

from __future__ import annotations

import streamlit as st

from pages.common import controls, state
from pages.learn._lesson import answers
from vae.course import Course, Lesson
from vae.i18n import _, ngettext


def show(course: Course) -> None:
    """The list, three to a row, and what is wrong with files that are no lesson."""
    st.title(_("Learn what a text VAE does"), anchor=False)
    st.markdown(
        _(
            "Each lesson takes about ten minutes, and each is against one thing that is easily "
            "believed and not so. You **predict** first, then **do** it on a living model, **say** "
            "what you saw, **compare** the two, and read why. Watching alone teaches little; a "
            "prediction that fails teaches most. Nothing you answer leaves this machine."
        )
    )
    st.html("<style>.st-key-lesson_list h2 { font-size: 1.5rem; }</style>")
    with st.container(key="lesson_list"):
        cards(course)
    st.page_link(
        "pages/learn/article.py",
        label=_("The smallest VAE, trained here in seconds, and five mistakes to find in its code"),
        icon=":material/article:",
    )
    for problem in course.problems:
        st.warning(controls.with_commands(str(problem)), icon=":material/description:")


def cards(course: Course) -> None:
    """All lessons, two to a row."""
    for start in range(0, len(course.lessons), 2):
        row = enumerate(course.lessons[start : start + 2], start + 1)
        for column, (number, lesson) in zip(st.columns(2, gap="medium"), row, strict=False):
            with column.container(border=True, height="stretch"):
                card(lesson, number)


def card(lesson: Lesson, number: int) -> None:
    """One lesson of the list."""
    st.header(
        _("{number}. {title}", number=number, title=controls.plain_markdown(lesson.title)),
        anchor=False,
    )
    st.markdown(_("“{belief}”", belief=controls.plain_markdown(lesson.misconception)))
    asked = [i for i, step in enumerate(lesson.steps, 1) if step.question]
    done = sum(answers.answer_of(lesson.id, i) is not None for i in asked)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Go on") if done else _("Begin"),
            key=f"open_{lesson.id}",
            icon=":material/play_arrow:",
            on_click=open_lesson,
            args=(lesson,),
            type="primary" if number == 1 and not done else "secondary",
        )
        minutes = ngettext("about {n} minute", "about {n} minutes", lesson.minutes)
        st.caption(
            _(
                "{minutes} · {done} of {total} questions answered",
                minutes=minutes,
                done=done,
                total=len(asked),
            )
            if done
            else minutes
        )


def open_lesson(lesson: Lesson) -> None:
    """Show a lesson, with its run and its sentences, at the first step without an answer."""
    asked = [i for i, step in enumerate(lesson.steps, 1) if step.question]
    left = [i for i in asked if answers.answer_of(lesson.id, i) is None]
    begun = len(left) < len(asked)
    state.put("lesson", lesson.id)
    state.put("step", (left or [1])[0] if begun else 1)
    answers.open_lesson(lesson.id)
    if not begun:
        set_scene(lesson)


def set_scene(lesson: Lesson) -> None:
    """Choose the run and the sentences that a lesson begins with."""
    if lesson.run and lesson.run != state.chosen_run():
        state.choose_run(lesson.run)
    for end, text in lesson.sentences.items():
        state.set_sentence(end, text)
