"""What a step asks for that has not been done yet: said beside the way on, which stays open."""

from __future__ import annotations

import streamlit as st

from pages.common import presenter, state
from pages.learn._lesson.answers import answer_of
from vae.course import Lesson, Step
from vae.i18n import _

# What of the link a view changes when somebody tries it. A view that is only looked at has none.
TRIED = {
    "formula": ("a", "stage", "draw"),
    "sentence": ("a",),
    "draws": ("a", "seed"),
    "kl": ("a", "seed"),
    "samples": ("source", "scale", "temperature", "seed"),
    "shell": ("a", "b", "method"),
    "dials": ("z",),
}
_BEGUN = "learn:begun"


def left(lesson: Lesson, step: Step, at: int) -> str:
    """A sentence of what is left to do at a step (from 1); "" where nothing is.

    In presenter mode, where it is the class that does it, always "".
    """
    tried = _tried(lesson, step, at)
    if presenter.on():
        return ""
    if step.kind == "do" and not tried:
        return _("You have not tried anything here yet. You can go on all the same.")
    if step.question is None or answer_of(lesson.id, at) is not None:
        return ""
    if step.kind == "observe":
        return _("You have not said yet what you saw. You can go on all the same.")
    return _("The question is still open. You can go on all the same.")


def _tried(lesson: Lesson, step: Step, at: int) -> bool:
    """Whether anything of a step's view has been moved since the step was first shown."""
    names = TRIED.get(step.view.name, ()) if step.view else ()
    if not names:
        return True
    begun = dict(st.session_state.get(_BEGUN, {}))
    place, now = (lesson.id, at), tuple(state.get(name) for name in names)
    before = begun.setdefault(place, now)
    if before is not None and before != now:
        begun[place] = None  # and so it stays, whatever is moved back
    st.session_state[_BEGUN] = begun
    return begun[place] is None
