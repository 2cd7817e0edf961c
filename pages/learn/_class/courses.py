"""The lessons, for pages beside the player."""

from __future__ import annotations

import streamlit as st

from vae.course import Course, Lesson, catalogue
from vae.i18n import language


def lessons() -> tuple[Lesson, ...]:
    """All lessons in the language of the session."""
    return _course(language(), catalogue.version()).lessons


@st.cache_resource(max_entries=8, show_spinner=False)
def _course(spoken: str, version: str) -> Course:
    return catalogue.course(spoken)
