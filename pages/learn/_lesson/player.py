"""A lesson, one step a screen: predict, do, say what you saw, compare, explain."""

from __future__ import annotations

import streamlit as st

from pages.common import classroom, controls, presenter, state
from pages.learn._lesson import answers, handout, questions, undone, views
from vae.course import Course, Lesson, Step
from vae.course.lesson import KIND_NAMES
from vae.i18n import _, ngettext

# The step is what is read from the back row; which lesson it is of stands small above it.
_STYLE = """<style>
.st-key-lesson_head h1 { font-size: 1.15rem; padding: 0 0 0.3rem; }
.st-key-lesson_screen h2 { font-size: clamp(1.5rem, 2.6vw, 2.1rem); padding: 0.4rem 0 0.35rem; }
.st-key-lesson_text p, .st-key-lesson_text li { font-size: 1.12rem; line-height: 1.6; }
.st-key-lesson_text { max-width: 47rem; }
.st-key-lesson_screen [data-testid="stRadio"] p { font-size: 1.08rem; }
.st-key-lesson_screen [data-testid="stRadio"] [role="radiogroup"] { gap: 0.55rem; }
@media (max-width: 640px) {
  .st-key-lesson_text th, .st-key-lesson_text td { padding: 0.25rem 0.35rem; font-size: 0.9rem; }
}
@media (hover: none) {
  .st-key-lesson_moves kbd, .st-key-lesson_moves [data-testid="stShortcut"] { display: none; }
}
</style>"""

# On a wall: what to do and what to answer stays beside the figure, whose headings are the ideas.
_ON_A_WALL = """<style>
.st-key-lesson_head { flex-direction: row; align-items: center; gap: 1rem; padding-right: 3rem; }
.st-key-lesson_head > * { width: auto; flex: none; }
.st-key-lesson_head > *:nth-child(1) { display: none; }
.st-key-lesson_head h1 { font-size: 0.95rem; padding: 0; }
.st-key-lesson_head button { min-height: 1.6rem; padding: 0 0.5rem; }
.st-key-lesson_screen h2 { font-size: 1.45rem; padding: 0.2rem 0; }
.st-key-lesson_text p, .st-key-lesson_text li { line-height: 1.45; }
.st-key-lesson_beside > * > [data-testid="stHorizontalBlock"],
.st-key-lesson_beside > [data-testid="stHorizontalBlock"] { flex-direction: row !important; }
.st-key-lesson_beside > * > * > [data-testid="stColumn"],
.st-key-lesson_beside > * > [data-testid="stColumn"] {
  width: auto !important; flex: 2 1 0 !important; min-width: 0;
}
.st-key-lesson_beside > * > * > [data-testid="stColumn"]:first-child,
.st-key-lesson_beside > * > [data-testid="stColumn"]:first-child {
  flex-grow: 1.2 !important; position: sticky; top: 0.6rem; align-self: flex-start;
}
.st-key-lesson_beside .st-key-lesson_text p { font-size: 1rem; }
/* The bars come first, below the sentence that moves them. */
.st-key-lesson_kept [data-testid="stHorizontalBlock"] { flex-direction: column-reverse !important; }
</style>"""


def show(course: Course, lesson: Lesson) -> None:
    """The step that the link names."""
    total = len(lesson.steps)
    at = min(max(int(state.get("step")), 1), total)
    heading(course, lesson, at)
    step = lesson.steps[at - 1]
    with st.container(key="lesson_screen"), controls.page_error_boundary():
        screen(lesson, step, at)
    moves(course, lesson, at)


def heading(course: Course, lesson: Lesson, at: int) -> None:
    """Which lesson this is, and which of its steps."""
    st.html(_STYLE)
    if presenter.on():
        st.html(_ON_A_WALL)
    with st.container(key="lesson_head", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.button(
                _("All lessons"),
                key="lessons_all",
                icon=":material/arrow_back:",
                type="tertiary",
                on_click=leave,
            )
            classroom.note()
            handout.button(lesson, at)
            st.caption(
                _(
                    "Lesson {number} of {lessons} · {minutes}",
                    number=course.number(lesson.id),
                    lessons=len(course.lessons),
                    minutes=ngettext("about {n} minute", "about {n} minutes", lesson.minutes),
                )
            )
        st.title(controls.plain_markdown(lesson.title), anchor=False)
        st.segmented_control(
            _("Steps"),
            range(1, len(lesson.steps) + 1),
            format_func=lambda i: _step_name(i, lesson.steps[i - 1]) if i == at else str(i),
            required=True,
            label_visibility="collapsed",
            **state.widget("step"),
        )


def _step_name(number: int, step: Step) -> str:
    return _("{step} · {kind}", step=number, kind=KIND_NAMES[step.kind])


def screen(lesson: Lesson, step: Step, at: int) -> None:
    """What a step says, asks and shows."""
    st.header(controls.plain_markdown(step.title), anchor=False)
    if step.kind == "compare":
        questions.compared(lesson, at)
    else:
        questions.told(lesson, at)
    if presenter.on() and step.view and (step.question or step.kind == "do"):
        if step.question:
            # A text is read before one answers, on its own: beside the figure stands the question.
            show_text(step)
        with st.container(key="lesson_beside"):
            left, right = st.columns([3, 5], gap="medium")
        with left:
            if not step.question:
                show_text(step)
            ask(lesson, step, at)
        with right:
            show_view(lesson, step, at)
        return
    show_text(step)
    if step.kind == "observe":
        # What was seen stays in sight while one says it.
        show_view(lesson, step, at)
        ask(lesson, step, at)
        return
    ask(lesson, step, at)
    show_view(lesson, step, at)


def show_text(step: Step) -> None:
    """The text of a step, where it has one."""
    if step.body:
        with st.container(key="lesson_text"):
            st.markdown(step.body)


def ask(lesson: Lesson, step: Step, at: int) -> None:
    """The question of a step, where it has one."""
    if step.question:
        with st.container(border=True):
            questions.ask(lesson, step, at)


def show_view(lesson: Lesson, step: Step, at: int) -> None:
    """The view of a step, where it has one."""
    if step.view:
        with controls.page_error_boundary():
            views.show(step.view, lesson, at)


def moves(course: Course, lesson: Lesson, at: int) -> None:
    """Back and forward; a prediction comes before what follows."""
    step, total = lesson.steps[at - 1], len(lesson.steps)
    waits = step.kind == "predict" and answers.answer_of(lesson.id, at) is None
    number = course.number(lesson.id) or 0
    after = course.lessons[number] if number < len(course.lessons) else None
    with st.container(horizontal=True, vertical_alignment="center", key="lesson_moves"):
        st.button(
            _("Back"),
            key="lesson_back",
            icon=":material/arrow_back:",
            disabled=at == 1,
            on_click=go,
            args=(at - 1,),
            shortcut="Alt+Left",
        )
        if at < total:
            st.button(
                _("Next: {kind}", kind=KIND_NAMES[lesson.steps[at].kind]),
                key="lesson_next",
                icon=":material/arrow_forward:",
                icon_position="right",
                type="primary",
                disabled=waits,
                on_click=go,
                args=(at + 1,),
                shortcut="Alt+Right",
            )
        elif after is not None:
            from pages.learn._lesson.course_list import open_lesson

            st.button(
                _("Next lesson: {title}", title=controls.plain_markdown(after.title)),
                key="lesson_next",
                icon=":material/arrow_forward:",
                icon_position="right",
                type="primary",
                on_click=open_lesson,
                args=(after,),
                shortcut="Alt+Right",
            )
        if waits:
            st.caption(_("Predict first, or say that you do not know."))
        elif left := undone.left(lesson, step, at):
            st.caption(left)


def go(step: int) -> None:
    """Show a step."""
    state.put("step", step)
    state.put("stage", None)


def leave() -> None:
    """Go back to the list of lessons."""
    for name in ("lesson", "step", "answers", "stage", "draw"):
        state.put(name, None)
