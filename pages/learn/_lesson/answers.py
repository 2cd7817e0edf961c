"""What a learner answers: kept for the session and in the link, one answer a step.

All of the player's answers go through `keep_answer` and come from `answer_of`: whoever keeps them
elsewhere as well, as for a class, does it here.
"""

from __future__ import annotations

from typing import Literal

import streamlit as st

from pages.common import classroom, state
from vae.course.answers import DONT_KNOW, Answer, read, written

Kind = Literal["prediction", "observation", "answer"]

_KEPT = "learn:answers"


def keep_answer(lesson: str, step: int, kind: Kind, answer: Answer) -> None:
    """Keep the answer to a step (from 1) of a lesson, in place of an earlier one."""
    everything = dict(_kept())
    everything[lesson] = {**of_lesson(lesson), step: answer}
    st.session_state[_KEPT] = everything
    if state.get("lesson") == lesson:
        state.put("answers", written(everything[lesson]))
    value = None if answer.choice is None else answer.value
    classroom.record(lesson, step, kind, value, answer.confidence)


def answer_of(lesson: str, step: int) -> Answer | None:
    """What was answered to a step (from 1) of a lesson; None before it was."""
    return of_lesson(lesson).get(step)


def take_over(lesson: str) -> None:
    """Keep for the session what the link holds of the lesson that it shows."""
    if told := state.get("answers"):
        st.session_state[_KEPT] = {**st.session_state.get(_KEPT, {}), lesson: read(told)}


def open_lesson(lesson: str) -> None:
    """Let the link hold the answers to this lesson, and no longer those to the one before."""
    state.put("answers", written(_kept().get(lesson, {})) or None)


def forget(lesson: str) -> None:
    """Let go of all answers to a lesson."""
    everything = dict(_kept())
    everything.pop(lesson, None)
    st.session_state[_KEPT] = everything
    if state.get("lesson") == lesson:
        state.put("answers", None)


def of_lesson(lesson: str) -> dict[int, Answer]:
    """Step to answer: those of the link, of the lesson that it shows, else of the session."""
    if state.get("lesson") == lesson and (told := state.get("answers")):
        return read(told)
    return _kept().get(lesson, {})


def _kept() -> dict[str, dict[int, Answer]]:
    if _KEPT not in st.session_state:
        st.session_state[_KEPT] = _told_to_class()
    kept: dict[str, dict[int, Answer]] = st.session_state[_KEPT]
    return kept


def _told_to_class() -> dict[str, dict[int, Answer]]:
    """What a pupil has answered before its page was loaded again."""
    found: dict[str, dict[int, Answer]] = {}
    for entry in classroom.said():
        if entry.step.isdigit():
            answer = Answer(entry.value or DONT_KNOW, entry.confidence or 0)
            found.setdefault(entry.lesson, {})[int(entry.step)] = answer
    return found
