"""What a class predicts at a step, before the reveal, and what it saw."""

from __future__ import annotations

import streamlit as st

from pages.common import classroom, controls, figure_card
from pages.learn._courses import lessons
from vae.classroom.outcome import counts
from vae.course import Lesson, Step
from vae.figures import said_by_class
from vae.i18n import _

KINDS = {"predict": "prediction", "observe": "observation"}
_LETTERS = "abcdefgh"


def show(code: str) -> None:
    """A lesson and a step to choose, and how the class's answers are spread."""
    st.header(_("What does the class predict?"), anchor=False)
    offered = {each.id: each for each in lessons() if asked(each)}
    if not offered:
        st.caption(_("No lesson on this machine asks for a prediction."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            _("Lesson"),
            list(offered),
            format_func=lambda name: offered[name].title,
            key="class_lesson",
            placeholder=_("Choose"),
            width=420,
        )
        lesson = offered[chosen or next(iter(offered))]
        steps = asked(lesson)
        key = f"class_step_{lesson.id}"
        at = st.segmented_control(
            _("Step"), steps, default=steps[0], key=key, required=True, width="content"
        )
        revealed = st.toggle(
            _("Show what happens"),
            key=f"class_reveal_{lesson.id}_{at}",
            help=_("Let pupils talk first: the right answer is marked only then."),
        )
    st.fragment(spread, run_every="3s")(code, lesson, at or steps[0], bool(revealed))


def asked(lesson: Lesson) -> list[int]:
    """Steps (from 1) at which a prediction is asked for."""
    return [i for i, s in enumerate(lesson.steps, 1) if s.kind == "predict" and s.question]


def spread(code: str, lesson: Lesson, at: int, revealed: bool) -> None:
    """How the answers are spread; counted again while one looks."""
    with controls.page_error_boundary():
        question = lesson.steps[at - 1].question
        assert question is not None
        store = classroom.store()
        rounds = [(_("predicted"), counts(store.answers(code, lesson.id, at, "prediction")))]
        seen = _observed(lesson, at)
        if seen is not None:
            saw = counts(store.answers(code, lesson.id, seen, "observation"))
            if saw:
                rounds.append((_("saw"), saw))
        right = None
        if revealed and question.right is not None:
            right = _LETTERS[question.right]
        if not any(counted for _title, counted in rounds):
            st.caption(controls.plain_markdown(question.text))
            st.info(
                _("Nobody has predicted here yet. The answers appear by themselves."),
                icon=":material/hourglass_empty:",
            )
            return
        choices = {_LETTERS[i]: choice.text for i, choice in enumerate(question.choices)}
        figure = said_by_class(question.text, choices, rounds, right)
        figure_card.show(figure, key="class_said", file_name=f"{code}-{lesson.id}-{at}")


def _observed(lesson: Lesson, at: int) -> int | None:
    """The step (from 1) that asks what was seen of a prediction, with the same choices."""
    asked_for = lesson.steps[at - 1].question
    for i, step in enumerate(lesson.steps[at:], at + 1):
        if step.kind == "predict":
            return None
        if step.kind == "observe" and step.question is not None:
            return i if _same(step, asked_for) else None
    return None


def _same(step: Step, asked_for: object) -> bool:
    # Bars beside each other are compared: only of the same choices.
    texts = [choice.text for choice in step.question.choices] if step.question else []
    return texts == [choice.text for choice in asked_for.choices]  # type: ignore[attr-defined]
