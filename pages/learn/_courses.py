"""The lessons, read once for all sessions."""

from __future__ import annotations

import streamlit as st

from vae.course import Course, Lesson, catalogue
from vae.i18n import language


def lessons() -> tuple[Lesson, ...]:
    """All lessons in the language of the session."""
    return course_of(language(), catalogue.version()).lessons


@st.cache_resource(max_entries=8, show_spinner=False)
def course_of(spoken: str, version: str) -> Course:
    """The lessons in a language; read again when a file has changed."""
    return catalogue.course(spoken)
