"""Questions of a lesson: asked, and laid beside what happened."""

from __future__ import annotations

import streamlit as st

from pages.common import controls
from pages.learn._lesson.answers import Kind, answer_of, keep_answer, of_lesson
from vae.classroom.entry import SURE
from vae.course import Lesson, Question, Step
from vae.course.answers import DONT_KNOW, Answer, Recalled, laid_beside, why_predicted, worded
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
    side_by_side(lesson, predicted, seen)


def told(lesson: Lesson, at: int) -> None:
    """The prediction before a step beside what happened, where no later step looks back on it."""
    predicted = lesson.answered(at - 1)
    if predicted is not None and answer_of(lesson.id, predicted + 1) is not None:
        side_by_side(lesson, predicted, None)


def side_by_side(lesson: Lesson, predicted: int | None, seen: int | None) -> None:
    """The answers to two steps (from 0) and what happened, and why one may have predicted so."""
    given = of_lesson(lesson.id)
    shown = laid_beside(lesson, predicted, seen, given)
    for column, each in zip(st.columns(len(shown) or 1), shown, strict=False):
        with column.container(border=True, height="stretch"):
            st.caption(each.title)
            st.markdown(f"**{controls.plain_markdown(each.said or each.missing)}**")
            if mark := _mark(each):
                st.caption(mark)
    if why := why_predicted(lesson, predicted, given):
        st.markdown(why)


def _mark(each: Recalled) -> str:
    """Whether it is what happened, in words, and how sure the learner was."""
    if each.hit is None:
        return ""
    sure = SURE.get(each.sure)
    if sure is None:
        return _(":material/check: as it is") if each.hit else _(":material/close: it is otherwise")
    return (
        _(":material/check: as it is; you were: {sure}", sure=sure)
        if each.hit
        else _(":material/close: it is otherwise; you were: {sure}", sure=sure)
    )


def _looked(lesson: Lesson, at: int) -> bool:
    """Whether something after a prediction was answered: what follows it was seen."""
    later = range(at + 1, len(lesson.steps) + 1)
    after = next((i for i in later if lesson.steps[i - 1].question), None)
    return after is not None and answer_of(lesson.id, after) is not None
