"""Questions of a lesson: asked, and laid beside what happened."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.common import controls
from pages.learn._lesson.answers import (
    DONT_KNOW,
    Answer,
    Kind,
    answer_of,
    keep_answer,
    worded,
)
from vae.classroom.entry import SURE
from vae.course import Lesson, Question, Step
from vae.i18n import _

_KIND: dict[str, Kind] = {"predict": "prediction", "observe": "observation"}


def ask(lesson: Lesson, step: Step, at: int) -> None:
    """The question of a step, with what was answered; a prediction is kept once one has looked."""
    question = step.question
    assert question is not None
    given = answer_of(lesson.id, at)
    looked = step.kind == "predict" and _looked(lesson, at)
    place = f"{lesson.id}_{at}"
    pick, sure = f"answer_{place}", f"sure_{place}"
    st.session_state[pick] = given and given.value
    st.session_state[sure] = (given and given.confidence) or None

    def keep() -> None:
        if (value := st.session_state[pick]) is not None:
            confidence = 0 if value == DONT_KNOW else st.session_state.get(sure) or 0
            kind = _KIND.get(step.kind, "answer")
            keep_answer(lesson.id, at, kind, Answer(value, confidence))

    letters = [chr(ord("a") + i) for i in range(len(question.choices))]
    texts = [controls.plain_markdown(choice.text) for choice in question.choices]
    said = dict(zip(letters, texts, strict=True)) | {DONT_KNOW: _("I don't know")}
    st.radio(
        f"**{controls.plain_markdown(question.text)}**",
        [*letters, DONT_KNOW],
        index=None,
        format_func=said.__getitem__,
        key=pick,
        on_change=keep,
        disabled=looked,
    )
    if given is None:
        return
    if given.value != DONT_KNOW:
        st.segmented_control(
            _("How sure are you?"),
            list(SURE),
            format_func=lambda level: str(SURE[level]),
            key=sure,
            on_change=keep,
            disabled=looked,
        )
    if looked:
        st.caption(_("You have seen what happens: your prediction stands as it was."))
    if step.kind not in _KIND:
        explained(question, given)


def explained(question: Question, given: Answer) -> None:
    """Whether an answer is right, and why; for a question that is no prediction."""
    right = question.right
    if right is None:
        return
    chosen = given.choice if given.choice is not None and worded(given, question) else None
    if chosen == right:
        st.success(_("Yes. {why}", why=question.choices[right].why), icon=":material/check:")
    elif chosen is not None:
        why = question.choices[chosen].why or question.choices[right].why
        st.info(_("No. {why}", why=why), icon=":material/close:")
    else:
        st.info(question.choices[right].why or question.choices[right].text)


def compared(lesson: Lesson, at: int) -> None:
    """Prediction, observation and what happened, side by side."""
    predicted, seen = lesson.compared(at - 1)
    shown: list[tuple[str, str, str]] = []
    for i, title, missing in (
        (predicted, _("You predicted"), _("You made no prediction.")),
        (seen, _("You saw"), _("You have not said what you saw.")),
    ):
        question = lesson.steps[i].question if i is not None else None
        if i is None or question is None:
            continue
        given = answer_of(lesson.id, i + 1)
        shown.append((title, worded(given, question) or missing, _mark(given, question)))
    happened = _happened(lesson, [seen, predicted])
    if happened:
        shown.append((_("What happened"), happened, ""))
    for column, (title, text, mark) in zip(st.columns(len(shown) or 1), shown, strict=False):
        with column.container(border=True, height="stretch"):
            st.caption(title)
            st.markdown(f"**{controls.plain_markdown(text)}**")
            if mark:
                st.caption(mark)


def _mark(given: Answer | None, question: Question) -> str:
    """Whether an answer is what happened, in words, and how sure the learner was."""
    if given is None or given.choice is None or question.right is None:
        return ""
    hit = given.choice == question.right
    sure = SURE.get(given.confidence)
    if sure is None:
        return _(":material/check: as it is") if hit else _(":material/close: it is otherwise")
    return (
        _(":material/check: as it is; you were: {sure}", sure=sure)
        if hit
        else _(":material/close: it is otherwise; you were: {sure}", sure=sure)
    )


def _happened(lesson: Lesson, steps: Sequence[int | None]) -> str:
    for i in steps:
        question = lesson.steps[i].question if i is not None else None
        if question is not None and question.right is not None:
            return question.choices[question.right].text
    return ""


def _looked(lesson: Lesson, at: int) -> bool:
    """Whether something after a prediction was answered: what follows it was seen."""
    later = range(at + 1, len(lesson.steps) + 1)
    after = next((i for i in later if lesson.steps[i - 1].question), None)
    return after is not None and answer_of(lesson.id, after) is not None
